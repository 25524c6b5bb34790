// What one can do on the page, by key and by button.
import { announce, isField } from "./dom.js";
import { t } from "./page_data.js";

export class Deeds {
  constructor(page) { Object.assign(this, page); }

  /** Buttons for a position of this status. */
  of(status) {
    const all = [
      ["accepted", { label: t("deed.accept"), key: "a", run: () => this.accept(), primary: true }],
      ["rejected", { label: t("deed.reject"), key: "x", run: () => this.form.reject() }],
      ["proposed", { label: t("deed.reopen"), key: "o", run: () => this.reopen() }],
    ];
    return all.filter(([state]) => state !== status).map(([, deed]) => deed);
  }

  get selected() { return this.cards.selected; }

  choose(key, { focus = true, text = true } = {}) {
    if (!this.draft.get(key)) return;
    this.cards.select(key);
    this.view.select(key);
    const [start, end] = this.draft.get(key).ranges[0];
    if (text) {
      this.marking.moveTo(start);
      this.view.show({ start, end });
    }
    if (focus) {
      this.show("draft");
      this.cards.focus();
    }
    this.draft.remember({ selected: key });
  }

  step(by, undecided = false) {
    const keys = undecided ? this.cards.shown.filter((key) => (this.draft.get(key).status ?? "proposed") === "proposed") : this.cards.shown;
    if (!keys.length) return announce(t(undecided ? "progress.done" : "cards.none"));
    const order = this.draft.positions.map(({ key }) => key);
    const now = order.indexOf(this.selected);
    const ahead = by > 0 ? keys.find((key) => order.indexOf(key) > now) : keys.findLast((key) => order.indexOf(key) < now);
    this.choose(ahead ?? (by > 0 ? keys[0] : keys.at(-1)));
  }

  /** A new position at what is marked, or at the sentence of the cursor. */
  mark() {
    const { start, end } = this.marking.chosen ?? {};
    if (end === undefined) return;
    const key = this.draft.create({ ranges: [[start, end]], status: "proposed" });
    this.marking.clear();
    this.choose(key, { focus: false, text: false });
    this.show("draft");
    this.form.focus();
    announce(t("passage.made", { n: key.slice(1) }));
  }

  /** What is marked becomes the place of the selected position, or a further range of it. */
  place(add) {
    const { range } = this.marking;
    const content = this.draft.get(this.selected);
    if (!range || !content) return announce(t("marked.none"));
    const others = add ? content.ranges.filter(([start, end]) => end <= range.start || start >= range.end) : [];
    const ranges = [...others, [range.start, range.end]].sort((one, other) => one[0] - other[0]);
    this.draft.change(this.selected, { ranges });
    this.marking.clear();
    this.view.select(this.selected);
    announce(t("passage.moved", { n: this.selected.slice(1) }));
  }

  removeRange(index) {
    const { ranges } = this.draft.get(this.selected);
    this.draft.change(this.selected, { ranges: ranges.filter((_, at) => at !== index) });
  }

  accept() {
    if (!this.draft.get(this.selected)) return;
    this.draft.change(this.selected, { status: "accepted", reason: "" });
    announce(t("status.accepted"));
  }

  acceptAndGoOn() {
    this.draft.flush();
    this.accept();
    this.step(1, true);
  }

  rejected(reason) {
    this.form.rejecting = false;
    this.draft.change(this.selected, { status: "rejected", reason });
    this.cards.focus();
    announce(t("status.rejected"));
  }

  reopen() {
    if (this.selected) this.draft.change(this.selected, { status: "proposed", reason: "" });
  }

  agree(value) {
    if (!this.selected) return false;
    this.draft.change(this.selected, { agreement: [value] });
    announce(t(`choice.agreements.${value}`));
    return true;
  }

  suggested(number) {
    const code = this.selected && this.form.take(number);
    announce(code ? t("form.chosen", { label: this.choices.label("propositions", code) }) : t("suggestions.none"));
  }

  firsts() {
    if (this.selected) announce(t("suggestions.taken", { n: this.form.takeFirsts() }));
  }

  back(redo) {
    const key = redo ? this.draft.redo() : this.draft.undo();
    if (key === null) return announce(t(redo ? "redo.none" : "undo.none"));
    if (key === false) return this.toast(t("undo.changed"));
    if (key[0] === "p" && this.draft.get(key)) this.choose(key, { focus: false });
    announce(t(redo ? "redo.done" : "undo.done"));
  }

  edit() {
    if (!this.selected) return this.step(1);
    this.show("draft");
    this.form.focus();
  }

  toText() {
    this.show("text");
    this.view.element.focus();
  }

  /** Out of a field to its card; in the text, what is marked is let go. */
  leave(event) {
    if (isField(event.target) || event.target.closest(".position-form")) return this.selected ? this.cards.focus() : event.target.blur();
    if (event.target === this.view.element || this.marking.range) return this.marking.clear();
    return this.toText();
  }

  toFacts() {
    const facts = document.getElementById("facts");
    facts.open = true;
    facts.querySelector("input, select").focus();
  }
}

/** The keys of the page and what they do. */
export function table(deeds, keys) {
  return [
    ["m Enter", "mark", (event) => (event.key === "Enter" && event.target !== deeds.view.element ? false : deeds.mark())],
    ["g", "place", () => deeds.place(false)],
    ["h", "add", () => deeds.place(true)],
    ["n j", "next", () => deeds.step(1)],
    ["p k", "previous", () => deeds.step(-1)],
    ["u", "undecided", () => deeds.step(1, true)],
    ["1 2 3 4 5", "suggestion", (event) => deeds.suggested(Number(event.key) - 1)],
    ["s", "firsts", () => deeds.firsts()],
    ["+", "agrees", () => deeds.agree("1")],
    ["0", "mixed", () => deeds.agree("0")],
    ["-", "disagrees", () => deeds.agree("-1")],
    ["a", "accept", () => deeds.accept()],
    ["Ctrl+Enter", "accept-next", () => deeds.acceptAndGoOn()],
    ["x", "reject", () => deeds.selected && deeds.form.reject()],
    ["o", "reopen", () => deeds.reopen()],
    ["e", "edit", () => deeds.edit()],
    ["t", "to-text", () => deeds.toText()],
    ["d", "facts", () => deeds.toFacts()],
    ["f", "filter", () => document.getElementById("filter").focus()],
    ["Escape", "leave", (event) => deeds.leave(event)],
    ["Ctrl+z", "undo", () => deeds.back(false)],
    ["Ctrl+y Ctrl+Shift+Z", "redo", () => deeds.back(true)],
    ["?", "help", () => keys().help()],
  ];
}
