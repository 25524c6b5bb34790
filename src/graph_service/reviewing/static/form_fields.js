// Fields of a form made from their columns: select boxes, searched lists and text.
import { Combobox } from "./combobox.js";
import { h } from "./dom.js";
import { data, t } from "./page_data.js";

let number = 0;

/**
 * A field as an object with `element`, `show()` and `focus()`. `values()` gives its codes or its text in a list, `change`
 * takes new ones; `typing` is called when a text is typed and `done` when its field is left.
 */
export function fieldOf({ field, values, change, choices, create, form = "field", done = () => {} }) {
  const label = t(`${form}.${field.name}`) + (field.required ? " *" : "");
  if (field.list && !field.short) {
    const combobox = new Combobox({ field, label, choices, values, change, create });
    return { field, element: combobox.element, further: combobox.further, show: () => combobox.show(), focus: () => combobox.input.focus() };
  }
  const id = `field-${++number}`;
  const input = field.list ? select(field, id, choices, change) : text(field, id, change, done);
  const show = () => {
    const value = values()[0] ?? "";
    if (input !== document.activeElement || field.list) input.value = value;
    // A code that is in no list is shown, for it cannot be kept otherwise.
    if (field.list && input.value !== value) input.append(h("option", { value }, value)), (input.value = value);
  };
  show();
  const further = h("span", { class: "further" });
  return { field, further, element: h("div", { class: `field ${field.long ? "long" : "short"}` }, h("label", { for: id }, label), further, input), show, focus: () => input.focus() };
}

function select(field, id, choices, change) {
  const options = choices.of(field.list).map(({ name }) => h("option", { value: name, title: choices.definition(field.list, name) }, choices.label(field.list, name)));
  const input = h("select", { id, onchange: () => change(input.value ? [input.value] : []) }, h("option", { value: "" }, t("form.open")), options);
  return input;
}

function text(field, id, change, done) {
  const typed = () => change(input.value ? [input.value] : [], `typing ${field.name}`);
  const common = { id, maxLength: 5000, oninput: typed, onblur: done, autocomplete: "off", placeholder: data.words[`hint.${field.name}`] ?? "" };
  const language = /_(de|en)$/u.exec(field.name)?.[1];
  const input = field.long ? h("textarea", { ...common, rows: 2, lang: language }) : h("input", { ...common, type: "text", lang: language });
  return input;
}
