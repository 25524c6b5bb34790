// The keys of the page, and the list of them that `?` opens. Single letters hold wherever one does not type; they can be
// switched off (WCAG 2.2, criterion 2.1.4).
import { h, isField } from "./dom.js";
import { data, t } from "./page_data.js";

const SWITCH = "review single keys";

// Keys of the text itself, which `marking.js` reads.
const [ENDS, TURN] = data.language === "de" ? ["Pos1 Ende", "Bild↑ Bild↓"] : ["Home End", "PgUp PgDn"];
const IN_TEXT = ["↑ ↓", "⇧ ↑ ↓", "⇧ ← →", "Alt ⇧ ← →", ENDS, TURN];
const IN_TEXT_NAMES = ["sentence", "extend", "word", "word-start", "ends", "turn"];

export class Keys {
  /** `table` lists the keys: `[names of the key, name of the deed, what it does]`. */
  constructor(table) {
    this.table = table;
    this.on = localStorage.getItem(SWITCH) !== "off";
    this.dialog = document.getElementById("keys");
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  /** The list of keys. */
  help() {
    const row = (keys, words) => h("tr", {}, h("th", { scope: "row" }, keys.split(" ").map((key) => [h("kbd", {}, key), " "])), h("td", {}, words));
    const part = (title, rows) => h("table", {}, h("caption", {}, title), h("tbody", {}, rows));
    const single = h("input", { type: "checkbox", id: "single", checked: this.on, onchange: () => this.#switch(single.checked) });
    this.dialog.replaceChildren(
      h("form", { method: "dialog", class: "close" }, h("button", { class: "second" }, t("keys.close"))),
      h("h2", { id: "keys-title" }, t("keys.title")),
      h("div", { class: "tables" },
        part(t("keys.text"), IN_TEXT.map((keys, index) => row(keys, t(`key.${IN_TEXT_NAMES[index]}`)))),
        part(t("keys.page"), this.table.map(([keys, name]) => row(written(keys), t(`key.${name}`))))),
      h("p", {}, single, " ", h("label", { for: "single" }, t("keys.single"))),
    );
    this.dialog.setAttribute("aria-labelledby", "keys-title");
    this.dialog.showModal();
  }

  #switch(on) {
    this.on = on;
    localStorage.setItem(SWITCH, on ? "on" : "off");
  }

  #key(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const held = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.key}`;
    const pressed = event.shiftKey && held.startsWith("Ctrl+") ? `Ctrl+Shift+${event.key.toUpperCase()}` : held;
    const typing = isField(event.target);
    const single = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
    if (event.altKey || (single && (typing || !this.on))) return;
    // In a field, undo is that of the browser until the field has nothing more to take back.
    if (typing && /^Ctrl\+(Shift\+)?[zy]$/iu.test(pressed) && event.target.matches("textarea, input[type=text]")) return;
    const found = this.table.find(([keys]) => keys.split(" ").includes(pressed));
    if (!found || (pressed === "Enter" && event.target.matches("button, summary, a, input, select, textarea"))) return;
    if (found[2](event) !== false) event.preventDefault();
  }
}

function written(keys) {
  const control = data.language === "de" ? "Strg" : "Ctrl";
  return keys.replaceAll("Ctrl+Shift+", `${control}+⇧+`).replaceAll("Ctrl+", `${control}+`).replace("Escape", "Esc").replace("Enter", "⏎");
}
