// The draft as this window has it. Each change is noted in the window's own storage, then sent; the server answers once it
// is on disk. `undo` and `redo` are changes like any others.
import { data } from "./page_data.js";
import { contentOf, differing, DOCUMENT, filled, Record, same } from "./record.js";
import { ask, Refused, Unreachable } from "./server.js";
import { stands, Steps } from "./steps.js";

const TYPING = 400;
const AGAIN = 1000;
const LOOK = 5000;

export class Draft extends EventTarget {
  constructor(storage = sessionStorage) {
    super();
    this.storage = storage;
    this.name = `review ${data.paper} ${data.coder} ${data.text_sha256}`;
    this.records = new Map();
    this.steps = new Steps();
    this.place = {};
    this.tables = {};
    this.state = "saved";
    this.trouble = "";
    this.revision = 0;
    this.next = 1;
    this.busy = false;
    this.sent = 0;
  }

  async load() {
    this.#merge(await ask("GET", "/draft"));
    this.#restore();
    this.#changed([...this.records.keys()]);
    this.#pump();
    setInterval(() => document.visibilityState === "visible" && this.look(), LOOK);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.look());
    addEventListener("beforeunload", (event) => this.pending.length && event.preventDefault());
    addEventListener("pagehide", () => this.flush());
  }

  get(key) { return this.records.get(key)?.local ?? null; }

  get positions() {
    const found = [...this.records.values()].filter((record) => record.key[0] === "p" && record.local !== null);
    const number = (record) => Number(record.key.slice(1));
    return found.sort((one, other) => one.local.ranges[0][0] - other.local.ranges[0][0] || one.local.ranges[0][1] - other.local.ranges[0][1] || number(one) - number(other));
  }

  get pending() { return [...this.records.values()].filter((record) => record.isPending); }

  /** Change fields of a record. Changes that follow each other in one `group`, such as typing, are one step of undo. */
  change(key, fields, group = "") {
    const record = this.records.get(key);
    const before = record.local ?? {};
    const after = filled({ ...before, ...fields });
    const names = differing(before, after);
    if (!names.length) return;
    const part = (content) => Object.fromEntries(names.map((name) => [name, content[name] ?? null]));
    record.local = after;
    record.due = group ? Date.now() + TYPING : 0;
    this.#note({ key, part: true, before: part(before), after: part(after), group });
  }

  /** Make a position; returns its name. */
  create(content) {
    const key = `p${this.next++}`;
    const record = new Record(key, null, { origin: "coder" });
    record.local = filled(content);
    this.records.set(key, record);
    this.#note({ key, part: false, before: null, after: record.local });
    return key;
  }

  /** Note a row that the server has just made. */
  made(table, row, tables) {
    const key = `row/${table}/${row.id}`;
    this.records.set(key, new Record(key, row));
    this.tables = tables;
    this.#note({ key, part: false, before: null, after: row });
  }

  undo() { return this.#step("undo", "redo"); }

  redo() { return this.#step("redo", "undo"); }

  /** Send what was typed without waiting for more. */
  flush() {
    for (const record of this.records.values()) record.due = 0;
    this.#pump();
  }

  /** Settle a conflict: with `mine`, what this window changed stands upon what the other wrote. */
  settle(record, mine) {
    const { content, details } = record.conflict;
    const own = mine ? Object.fromEntries(differing(record.base, record.local).map((name) => [name, record.local?.[name] ?? null])) : {};
    const removed = mine && record.local === null;
    record.take(content, details);
    record.local = removed ? null : mine || content ? filled({ ...content, ...own }) : null;
    this.#persist();
    this.#changed([record.key]);
    this.#pump();
  }

  /** Whether another has changed the draft; what this window has not touched is taken over. */
  async look() {
    if (this.busy) return;
    try {
      const { revision } = await ask("GET", "/revision");
      if (this.state === "offline" && !this.pending.length) this.#say("saved");
      if (revision === this.revision) return;
      const { sent } = this;
      const answer = await ask("GET", "/draft");
      // What was sent meanwhile is newer than this answer; the next look comes soon.
      if (sent === this.sent) this.#changed(this.#merge(answer));
    } catch (error) {
      if (error instanceof Unreachable && !this.pending.length) this.#say("offline");
    }
  }

  remember(place) {
    Object.assign(this.place, place);
    this.#persist();
  }

  #merge(answer) {
    const keys = [];
    const take = (key, content, details) => {
      let record = this.records.get(key);
      if (!record) this.records.set(key, (record = new Record(key, null)));
      if (record.isPending) return;
      if (same(record.base, filled(content)) && record.revision === (details.revision ?? 0)) return void (record.details = details);
      record.take(content, details);
      record.local = record.base;
      keys.push(key);
    };
    const names = new Set(answer.positions.map((position) => position.id));
    for (const position of answer.positions) take(position.id, contentOf(position), position);
    for (const record of this.records.values()) {
      if (record.key[0] === "p" && !names.has(record.key)) take(record.key, null, {});
    }
    take(DOCUMENT, answer.document, { obstacles: answer.document_obstacles });
    for (const [table, rows] of Object.entries(answer.tables)) for (const row of rows) take(`row/${table}/${row.id}`, row, {});
    this.tables = answer.tables;
    this.revision = answer.revision;
    this.next = Math.max(this.next, answer.next);
    return keys;
  }

  #restore() {
    let kept;
    try {
      kept = JSON.parse(this.storage.getItem(this.name) ?? "null");
    } catch {
      kept = null;
    }
    if (!kept) return;
    this.steps = new Steps(kept.steps);
    this.place = kept.place;
    for (const { key, base, revision, local } of kept.pending) {
      const record = this.records.get(key) ?? new Record(key, null, { origin: "coder" });
      this.records.set(key, record);
      if (same(record.base, local)) continue;
      if (!same(record.base, base) || (base && record.revision !== revision)) {
        record.conflict = { content: record.base, details: record.details };
        record.base = base;
      }
      record.local = local;
      if (key[0] === "p") this.next = Math.max(this.next, Number(key.slice(1)) + 1);
    }
    this.#conflicts();
  }

  #persist() {
    const pending = this.pending.map(({ key, base, revision, local }) => ({ key, base, revision, local }));
    const keep = () => this.storage.setItem(this.name, JSON.stringify({ pending, steps: this.steps, place: this.place }));
    try {
      keep();
    } catch {
      // No room: the steps back go first, for what is pending must be kept.
      this.steps = new Steps();
      keep();
    }
  }

  #note(step) {
    this.steps.note(step);
    this.#persist();
    this.#changed([step.key]);
    this.#pump();
  }

  /** Take a step back or forward; returns its key, null if there is none, false if another has changed it since. */
  #step(from, to) {
    const step = this.steps.take(from);
    if (!step) return null;
    const [was, becomes] = from === "undo" ? [step.after, step.before] : [step.before, step.after];
    const record = this.records.get(step.key) ?? new Record(step.key, null, { origin: "coder" });
    this.records.set(step.key, record);
    if (!stands(step, was, record.local)) {
      this.#persist();
      return false;
    }
    record.local = step.part ? filled({ ...record.local, ...becomes }) : becomes;
    record.due = 0;
    this.steps[to].push(step);
    this.#persist();
    this.#changed([step.key]);
    this.#pump();
    return step.key;
  }

  #changed(keys) {
    if (keys.length) this.dispatchEvent(new CustomEvent("changed", { detail: keys }));
  }

  #say(state, trouble = "") {
    this.state = state;
    this.trouble = trouble;
    this.dispatchEvent(new Event("state"));
  }

  #conflicts() {
    const record = this.pending.find((one) => one.conflict);
    if (record) this.dispatchEvent(new CustomEvent("conflict", { detail: record }));
  }

  async #pump() {
    if (this.busy) return;
    clearTimeout(this.timer);
    const waiting = this.pending.filter((record) => !record.conflict);
    if (!waiting.length) return this.#say(this.pending.length ? "conflict" : "saved");
    // Rows come before the positions that name them; else what waits longest.
    const due = waiting.filter((record) => record.due <= Date.now()).sort((one, other) => other.key.startsWith("row/") - one.key.startsWith("row/"));
    if (this.state !== "offline") this.#say("saving");
    if (!due.length) {
      this.timer = setTimeout(() => this.#pump(), Math.min(...waiting.map((record) => record.due)) - Date.now() + 1);
      return;
    }
    this.busy = true;
    const again = await this.#send(due[0]);
    this.busy = false;
    if (again) this.timer = setTimeout(() => this.#pump(), again);
    else this.#pump();
  }

  /** Send a record; returns the milliseconds after which to try again, 0 if it went through. */
  async #send(record) {
    const wanted = record.local;
    this.sent++;
    try {
      const answer = await record.send(wanted);
      record.accept(answer, wanted);
      if (same(record.local, wanted)) record.local = record.base;
      if (answer.tables) this.tables = answer.tables;
      // A greater step means that another wrote in between: the next look fetches that.
      if (answer.revision === this.revision + 1) this.revision = answer.revision;
      if (this.state === "offline") this.#say("saving");
      // What a position lacks depends on who speaks in the document.
      if (record.key === DOCUMENT) this.revision = 0, setTimeout(() => this.look());
    } catch (error) {
      if (error instanceof Unreachable) return this.#say("offline"), AGAIN;
      if (!(error instanceof Refused)) throw error;
      if (error.status === 403) return this.#say("locked"), AGAIN;
      if (error.status >= 500) return this.#say("refused", error.message), LOOK;
      if (error.status === 409) this.#meet(record, wanted, error.answer);
      else {
        record.local = record.base;
        this.dispatchEvent(new CustomEvent("refused", { detail: error.message }));
      }
    }
    this.#persist();
    this.#changed([record.key]);
    return 0;
  }

  /** Another has changed the record meanwhile. */
  #meet(record, wanted, answer) {
    const isDocument = record.key === DOCUMENT;
    const content = isDocument ? filled(answer.document) : contentOf(answer.position);
    const details = isDocument ? { obstacles: answer.document_obstacles } : answer.position ?? {};
    if (record.base === null && content !== null) {
      // Two windows took the same name for something new: this one takes the next.
      const key = `p${this.next++}`;
      const moved = new Record(key, null, { origin: "coder" });
      moved.local = record.local;
      this.records.set(key, moved);
      this.steps.rename(record.key, key);
      record.take(content, details);
      record.local = record.base;
      this.dispatchEvent(new CustomEvent("renamed", { detail: { from: record.key, to: key } }));
      this.#changed([key]);
      return;
    }
    record.conflict = { content, details };
    this.#conflicts();
  }
}
