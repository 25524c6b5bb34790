// The selected position with its codes as form controls.
import { h } from "./dom.js";
import { fieldOf } from "./form_fields.js";
import { data, t } from "./page_data.js";
import { Suggestions } from "./suggestions.js";

const FIRST = "proposition";
// Of a score: what the words of a passage say outright has as much; below it a code rests on other passages alone.
const SURE = 0.3;

export class PositionForm {
  /** `deeds` are the commands of the page that the form has buttons for. */
  constructor({ draft, paper, choices, create, deeds }) {
    Object.assign(this, { draft, paper, choices, create, deeds });
    this.suggestions = new Suggestions(choices);
    this.found = {};
    this.key = "";
  }

  /** A form for a position. */
  open(key) {
    this.key = key;
    this.found = {};
    this.words = null;
    this.rejecting = false;
    this.fields = data.position.map((field) => this.#field(field));
    this.quote = h("div", { class: "quote" });
    this.list = h("div", { class: "suggesting", "aria-live": "off" });
    this.obstacles = h("div", { class: "obstacles" });
    this.reason = this.#reason();
    this.deedsBar = h("p", { class: "deeds" });
    const seldom = h("details", { class: "seldom" }, h("summary", {}, t("form.more")), h("div", { class: "grid" }, this.fields.filter(({ field }) => field.seldom).map(({ element }) => element)));
    const often = h("div", { class: "grid" }, this.fields.filter(({ field }) => !field.seldom).map(({ element }) => element));
    this.element = h("form", { class: "position-form", onsubmit: (event) => event.preventDefault() }, this.quote, this.list, often, seldom, this.obstacles, this.reason, this.deedsBar);
    this.show();
    return this.element;
  }

  /** Show the position as it is now. */
  show() {
    const content = this.draft.get(this.key);
    if (!content) return;
    for (const field of this.fields) field.show();
    const words = this.paper.cut(content.ranges);
    if (words !== this.words) {
      this.words = words;
      this.quote.replaceChildren(...this.#quote(content));
      this.#suggest(words);
    }
    this.#showSuggestions();
    this.#showObstacles();
    const rejected = content.status === "rejected";
    this.reason.hidden = !rejected && !this.rejecting;
    const input = this.reason.querySelector("input");
    if (document.activeElement !== input) input.value = content.reason ?? "";
    this.deedsBar.replaceChildren(...this.deeds.of(content.status ?? "proposed").map(({ label, key, run, primary }) =>
      h("button", { type: "button", class: primary ? "" : "second", onclick: run }, label, " ", h("kbd", {}, key))));
  }

  focus(name = FIRST) { this.fields.find(({ field }) => field.name === name)?.focus(); }

  /** Take the suggested proposition of this number. */
  take(number) {
    const suggested = this.found.proposition?.[number];
    if (suggested) this.draft.change(this.key, { proposition: [suggested.code] });
    return suggested?.code;
  }

  /**
   * Take the first suggestion for each column that is empty; returns how many were taken. Whom a passage is about, and
   * whom it addresses, may be nobody: such columns take only what is sure.
   */
  takeFirsts() {
    const content = this.draft.get(this.key);
    const mayStayEmpty = new Set(data.position.filter(({ several }) => several).map(({ name }) => name));
    const open = Object.entries(this.found).filter(([name, [first]]) =>
      first && !content[name]?.length && (first.score >= SURE || !mayStayEmpty.has(name)));
    this.draft.change(this.key, Object.fromEntries(open.map(([name, [first]]) => [name, [first.code]])));
    return open.length;
  }

  /** Ask for the reason of a rejection. */
  reject() {
    this.rejecting = true;
    this.reason.hidden = false;
    this.reason.querySelector("input").focus();
  }

  #field(field) {
    const key = this.key;
    const values = () => this.draft.get(key)?.[field.name] ?? [];
    const change = (codes, group = "") => this.draft.change(key, { [field.name]: codes }, group);
    return fieldOf({ field, values, change, choices: this.choices, create: this.create(field), done: () => this.draft.flush() });
  }

  #quote({ ranges }) {
    const [start] = ranges[0];
    const page = this.paper.pageAt(start);
    const where = [page ? t("text.page", { n: page }) : "", this.paper.headingAt(start)].filter(Boolean).join(" · ");
    const parts = ranges.map(([from, to], index) =>
      h("q", { lang: this.paper.language || null }, this.paper.slice(from, to), " ", ranges.length > 1 && h("button", { type: "button", class: "second small", onclick: () => this.deeds.removeRange(index), "aria-label": t("passage.remove", { n: index + 1 }) }, "×")));
    return [h("p", { class: "where" }, where), ...parts];
  }

  async #suggest(words) {
    const { key } = this;
    this.found = {};
    // What is suggested rests on the words on disk.
    await this.deeds.saved(key);
    const found = await this.suggestions.of(key, words).catch(() => ({}));
    if (key !== this.key || words !== this.words) return;
    this.found = found;
    this.#showSuggestions();
    this.element.dataset.suggested = Object.values(found).some((list) => list.length);
  }

  #showSuggestions() {
    const content = this.draft.get(this.key) ?? {};
    const take = (name, several) => (code) => this.draft.change(this.key, { [name]: several ? [...(content[name] ?? []), code] : [code] });
    const open = this.list.querySelector("details[open]") && [...this.list.querySelectorAll("details")].map((details) => details.open);
    this.list.replaceChildren(h("h3", {}, t("suggestions.title")), this.suggestions.list(this.found, content.proposition?.[0], take("proposition")));
    if (open) [...this.list.querySelectorAll("details")].forEach((details, index) => (details.open = open[index] ?? false));
    for (const { field, further } of this.fields) {
      if (field.name === FIRST) continue;
      further.replaceChildren(...this.suggestions.further(this.found, field, content[field.name] ?? [], take(field.name, field.several)));
    }
  }

  #showObstacles() {
    const { local, details } = this.draft.records.get(this.key);
    const { obstacles = [], missing = [] } = local.status === "rejected" ? {} : details;
    const items = obstacles.map(({ key, column, value }) => h("li", {}, t(`obstacle.${key}`, { column: t(`field.${column}`), value })));
    const lacks = missing.map((column) => h("li", { class: "quiet" }, t("missing", { column: t(`field.${column}`) })));
    this.obstacles.replaceChildren(...(items.length ? [h("p", {}, t("obstacles.title")), h("ul", {}, items)] : []), ...(lacks.length ? [h("ul", {}, lacks)] : []));
    this.obstacles.classList.toggle("none", !items.length);
  }

  #reason() {
    const input = h("input", { type: "text", id: "reason", maxLength: 5000, autocomplete: "off", onkeydown: (event) => event.key === "Enter" && done() });
    const done = () => input.value.trim() && this.deeds.rejected(input.value.trim());
    return h("div", { class: "reason", hidden: true }, h("label", { for: "reason" }, t("form.reason")), input, h("button", { type: "button", onclick: done }, t("deed.reject.done")));
  }
}
