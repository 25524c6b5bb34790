// A field that searches a list as one types (ARIA Authoring Practices, editable combobox with list autocomplete).
import { announce, h } from "./dom.js";
import { counted, t } from "./page_data.js";

const SHOWN = 40;
const PAUSE = 150;
let number = 0;

export class Combobox {
  /**
   * `field` is the column, `values()` its codes, `change(codes)` takes the new ones, `choices` the lists; `create(typed)`,
   * where there is one, makes something new and returns its code, or null.
   */
  constructor({ field, label, choices, values, change, create }) {
    Object.assign(this, { field, choices, values, change, create });
    this.id = `combobox-${++number}`;
    this.chips = h("span", { class: "chips" });
    this.input = h("input", {
      id: this.id, type: "text", role: "combobox", autocomplete: "off", spellcheck: false,
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${this.id}-list`,
      oninput: () => this.#typed(), onkeydown: (event) => this.#key(event), onblur: () => this.#leave(), onclick: () => this.#open(), onfocus: () => this.input.select(),
    });
    this.list = h("ul", { id: `${this.id}-list`, role: "listbox", "aria-label": label, hidden: true, onmousedown: (event) => event.preventDefault(), onclick: (event) => this.#clicked(event) });
    this.further = h("span", { class: "further" });
    this.element = h("div", { class: `field combobox${field.several ? " several" : ""}` }, h("label", { for: this.id }, label), this.further, this.chips, this.input, this.list);
    this.options = [];
    this.active = -1;
    this.show();
  }

  /** Show the values as they are now; what is being typed stays. */
  show() {
    const codes = this.values();
    if (!this.field.several) {
      if (document.activeElement !== this.input) this.input.value = codes.length ? this.#label(codes[0]) : "";
      this.element.classList.toggle("new", Boolean(this.choices.find(this.field.list, codes[0])?.new));
      return;
    }
    this.chips.replaceChildren(...codes.map((code) => this.#chip(code)));
  }

  #label(code) { return this.choices.label(this.field.list, code); }

  #chip(code) {
    const label = this.#label(code);
    const remove = () => {
      this.change(this.values().filter((other) => other !== code));
      this.input.focus();
    };
    return h("span", { class: "chip" }, label, " ", h("button", { type: "button", "aria-label": t("form.remove", { label }), onclick: remove }, "×"));
  }

  #typed() {
    this.#open();
    clearTimeout(this.timer);
    const typed = this.input.value;
    this.timer = setTimeout(async () => {
      const like = await this.choices.like(this.field.list, typed).catch(() => []);
      if (this.input.value === typed && !this.list.hidden) this.#fill(typed, like);
    }, PAUSE);
  }

  #open() {
    const typed = this.input.value;
    const [code] = this.field.several ? [] : this.values();
    // A value that stands there is no search: the whole list is open below it.
    this.#fill(code && typed === this.#label(code) ? "" : typed, []);
  }

  #fill(typed, like) {
    const { list } = this.field;
    const taken = this.field.several ? new Set(this.values()) : new Set();
    const codes = [...new Set([...this.choices.matching(list, typed), ...like])].filter((code) => !taken.has(code)).slice(0, SHOWN);
    const wasActive = this.options[this.active]?.code;
    this.options = codes.map((code) => ({ code }));
    if (this.create && typed.trim()) this.options.push({ create: typed.trim() });
    this.list.replaceChildren(...this.options.map((option, index) => this.#option(option, index)));
    const nothing = !this.options.length;
    if (nothing) this.list.append(h("li", { class: "nothing", role: "option", "aria-disabled": "true", "aria-selected": "false" }, t("form.nothing")));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    // What is new is never taken by a key that was meant for something else.
    this.#activate(typed.trim() && codes.length ? Math.max(0, codes.indexOf(wasActive)) : -1);
    announce(nothing ? t("form.nothing") : counted("form.found", codes.length));
  }

  #option({ code, create }, index) {
    const properties = { id: `${this.id}-${index}`, role: "option", "aria-selected": "false" };
    if (create) return h("li", { ...properties, class: "create" }, t("form.create", { text: create }));
    const definition = this.choices.definition(this.field.list, code);
    return h("li", properties, this.#label(code), definition && h("small", {}, definition));
  }

  #activate(index) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = index < 0 ? null : this.list.children[index];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const isOpen = !this.list.hidden;
    const last = this.options.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!isOpen) this.#open();
      const down = event.key === "ArrowDown";
      if (last >= 0) this.#activate(down ? (this.active >= last ? 0 : this.active + 1) : this.active <= 0 ? last : this.active - 1);
    } else if (event.key === "Enter" && isOpen && !event.ctrlKey) this.#take(this.options[this.active]);
    else if (event.key === "Escape" && isOpen) this.#close(true);
    else if (event.key === "Backspace" && this.field.several && !this.input.value && this.values().length) this.change(this.values().slice(0, -1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #clicked(event) {
    const index = [...this.list.children].indexOf(event.target.closest("[role=option]"));
    this.#take(this.options[index]);
  }

  async #take(option) {
    if (!option) return;
    this.#close();
    const code = option.create ? await this.create(option.create) : option.code;
    if (!code) return this.#close(true);
    this.input.value = "";
    this.change(this.field.several ? [...this.values(), code] : [code]);
    if (!this.field.several) this.input.value = this.#label(code);
    this.input.focus();
    announce(t("form.chosen", { label: this.#label(code) }));
  }

  #close(restore = false) {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.#activate(-1);
    if (!restore) return;
    const [code] = this.field.several ? [] : this.values();
    this.input.value = code ? this.#label(code) : "";
  }

  /** An emptied field has no value; anything else that was typed and not chosen is dropped. */
  #leave() {
    if (!this.field.several && !this.input.value.trim() && this.values().length) this.change([]);
    this.#close(true);
  }
}
