// What the page changes: positions, the facts on the document, and new rows. A content is flat: fields by name.
import { ask, Refused } from "./server.js";

const PLACE = new Set(["ranges", "status", "reason"]);
export const DOCUMENT = "document";

/** A position of the server as a content. */
export function contentOf(position) {
  if (!position) return null;
  const { ranges, status, reason, codes } = position;
  return filled({ ranges, status, reason, ...codes });
}

/** A content without what is empty. */
export function filled(content) {
  if (content === null) return null;
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null && value !== undefined && value.length !== 0));
}

export function same(one, other) {
  if (one === null || other === null || one === undefined || other === undefined) return (one ?? null) === (other ?? null);
  if (typeof one !== "object") return one === other;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => name in other && same(one[name], other[name]));
}

/** The names of the fields in which two contents differ. */
export function differing(one, other) {
  const names = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})]);
  return [...names].filter((name) => !same(one?.[name], other?.[name]));
}

export class Record {
  /** `base` is what the server has, `local` what the page wants it to have; null where there is nothing. */
  constructor(key, base, details = {}) {
    Object.assign(this, { key, base, local: base, details, conflict: null, due: 0 });
  }

  get isPending() { return !same(this.base, this.local); }

  get revision() { return this.details.revision ?? 0; }

  /** What the server has now. */
  take(content, details = {}) {
    this.base = filled(content);
    this.details = details;
    this.conflict = null;
  }

  /** Ask the server for the wanted content; returns its answer. */
  async send(wanted) {
    if (this.key === DOCUMENT) return this.#sendFacts(wanted);
    if (this.key.startsWith("row/")) return this.#sendRow(wanted);
    if (wanted === null) return ask("DELETE", `/positions/${this.key}?revision=${this.revision}`);
    const codes = Object.fromEntries(Object.entries(wanted).filter(([name]) => !PLACE.has(name)));
    const { ranges, status = "proposed", reason = "" } = wanted;
    return ask("PUT", `/positions/${this.key}`, { revision: this.base ? this.revision : 0, ranges, codes, status, reason });
  }

  /** Take over what the server says of this record. */
  accept(answer, wanted) {
    if (this.key === DOCUMENT) this.take(answer.document, { obstacles: answer.document_obstacles });
    else if (this.key.startsWith("row/")) this.take(wanted);
    else this.take(contentOf(answer.position), answer.position ?? {});
  }

  async #sendFacts(wanted) {
    const changes = differing(this.base, wanted).map((name) => [name, { before: this.base?.[name] ?? "", after: wanted?.[name] ?? "" }]);
    return ask("PATCH", "/document", Object.fromEntries(changes));
  }

  async #sendRow(wanted) {
    const [, table, name] = this.key.split("/");
    if (wanted === null) return ask("DELETE", `/tables/${table}/${name}`);
    try {
      return await ask("POST", `/tables/${table}`, { row: wanted, shown: [] });
    } catch (error) {
      // It was made once, so the similar ones were seen.
      if (!(error instanceof Refused) || !error.answer?.similar) throw error;
      return ask("POST", `/tables/${table}`, { row: wanted, shown: error.answer.similar.map((one) => one.code) });
    }
  }
}
