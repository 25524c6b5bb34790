// The facts on the document, as a form at the top.
import { h } from "./dom.js";
import { fieldOf } from "./form_fields.js";
import { data, t } from "./page_data.js";
import { DOCUMENT } from "./record.js";

const DIVIDED = /\s*;\s*/u;

export class Facts {
  constructor({ element, draft, paper, choices, create }) {
    Object.assign(this, { element, draft, choices });
    this.read = { title: paper.title, language: paper.language };
    this.fields = data.document.map((field) => {
      const values = () => this.values(field);
      const change = (codes, group = "") => draft.change(DOCUMENT, { [field.name]: codes.join("; ") }, group);
      return fieldOf({ field, values, change, choices, create: create(field), form: "fact", done: () => draft.flush() });
    });
    this.note = h("p", { class: "obstacles" });
    element.append(h("div", { class: "grid" }, this.fields.map((field) => field.element)), this.note);
  }

  /** The codes of a fact; several are divided by semicolons, as in a sheet. */
  values({ name, several }) {
    const value = this.draft.get(DOCUMENT)?.[name] ?? "";
    return value ? (several ? value.split(DIVIDED).filter(Boolean) : [value]) : [];
  }

  show() {
    for (const field of this.fields) {
      field.show();
      // What the file says of itself holds until the coder says something else.
      const { name, list } = field.field;
      const input = field.element.querySelector("input, select");
      if (name === "title") input.placeholder = this.read.title ?? "";
      if (name === "language" && this.read.language) input.options[0].textContent = this.choices.label(list, this.read.language);
    }
    const { obstacles = [] } = this.draft.records.get(DOCUMENT)?.details ?? {};
    const names = obstacles.map(({ key, column }) => t(key === "no-fact" ? `fact.${column}` : `obstacle.${key}`));
    this.note.textContent = names.length ? t("obstacles.document", { columns: names.join(", ") }) : "";
    document.getElementById("facts-lack").textContent = names.length ? t("facts.lack", { columns: names.join(", ") }) : "";
  }
}
