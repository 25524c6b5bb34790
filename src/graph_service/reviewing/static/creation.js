// Something new: a proposition, an actor or a term. The server makes it only after the similar ones were shown.
import { TERMS } from "./choices.js";
import { h } from "./dom.js";
import { fieldOf } from "./form_fields.js";
import { data, t } from "./page_data.js";
import { ask, Refused } from "./server.js";

const TABLES = { propositions: "propositions", actors: "actors" };

/** Returns, for a field, the function that makes a new member of its list; undefined where the list is closed. */
export function creation(draft, choices) {
  return ({ list }) => {
    const table = TABLES[list] ?? (TERMS.includes(list) ? "terms" : null);
    return table ? (typed) => new NewRow(draft, choices, table, list).ask(typed) : undefined;
  };
}

class NewRow {
  constructor(draft, choices, table, list) {
    Object.assign(this, { draft, choices, table, list });
    this.row = {};
    this.shown = [];
    this.dialog = document.getElementById("creation");
  }

  /** Show the form; resolves with the code of what was made or chosen, null if neither. */
  ask(typed) {
    const columns = data.tables[this.table];
    const naming = columns.find(({ name }) => name.endsWith(`_${data.language}`));
    this.row[naming.name] = typed;
    this.fields = columns.map((column) => this.#field(column));
    this.similar = h("div", { class: "similar", role: "status" });
    this.submit = h("button", {}, t("new.make"));
    const form = h("form", { onsubmit: (event) => (event.preventDefault(), this.#make()) },
      h("h2", { id: "creation-title" }, t(`new.${this.table}`, { list: t(`list.${this.list}`) })),
      h("p", { class: "quiet" }, t("new.note")),
      h("div", { class: "grid" }, this.fields.map((field) => field.element)), this.similar,
      h("p", { class: "deeds" }, this.submit, h("button", { type: "button", class: "second", onclick: () => this.#end(null) }, t("new.cancel"))));
    this.dialog.replaceChildren(form);
    this.dialog.oncancel = (event) => (event.preventDefault(), this.#end(null));
    this.dialog.setAttribute("aria-labelledby", "creation-title");
    this.dialog.showModal();
    this.fields[0].focus();
    return new Promise((resolve) => (this.resolve = resolve));
  }

  #field(column) {
    const field = column.name === "broader" ? this.#broader(column) : column;
    const values = () => (this.row[field.name] ? [this.row[field.name]] : []);
    const change = (codes) => (this.row[field.name] = codes[0] ?? "");
    return fieldOf({ field, values, change, choices: this.choices, form: "new" });
  }

  /** An instrument has a kind, other terms may have a broader one. */
  #broader(column) {
    const isInstrument = this.list === "instruments";
    return { ...column, list: isInstrument ? "instrument-kinds" : this.list, required: isInstrument };
  }

  async #make() {
    const row = this.table === "terms" ? { ...this.row, scheme: this.list } : this.row;
    try {
      const answer = await ask("POST", `/tables/${this.table}`, { row, shown: this.shown });
      this.choices.take(answer.tables);
      this.draft.made(this.table, answer.row, answer.tables);
      this.#end(answer.row.id);
    } catch (error) {
      if (error instanceof Refused && error.answer.similar) this.#showSimilar(error.answer.similar.map((one) => one.code));
      else this.similar.replaceChildren(h("p", { class: "error" }, error instanceof Refused ? this.#refusal(error) : t("state.offline.short")));
    }
  }

  /** Why nothing was made; the cursor goes to the first field that is empty. */
  #refusal({ message, answer: { lacking } }) {
    if (!lacking) return message;
    this.fields.find(({ field }) => field.name === lacking[0]).focus();
    return t("new.lacks", { columns: lacking.map((column) => t(`new.${column}`)).join("; ") });
  }

  #showSimilar(codes) {
    this.shown = [...new Set([...this.shown, ...codes])];
    const items = codes.map((code) => h("li", {}, h("button", { type: "button", class: "second", onclick: () => this.#end(code) }, this.choices.label(this.list, code))));
    this.similar.replaceChildren(h("h3", {}, t("new.similar")), h("ul", {}, items));
    this.submit.textContent = t("new.nonetheless");
  }

  #end(code) {
    this.dialog.close();
    this.resolve(code);
  }
}
