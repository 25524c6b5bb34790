// Two windows have changed the same thing: what differs is shown side by side, and one of the two is chosen.
import { h } from "./dom.js";
import { data, t } from "./page_data.js";
import { differing, DOCUMENT } from "./record.js";

export function conflictDialog(draft, paper, choices) {
  const dialog = document.getElementById("conflict");
  // It is settled one way or the other; the change waits in this window until then.
  dialog.addEventListener("cancel", (event) => event.preventDefault());

  const shown = (name, value) => {
    if (value === undefined || value === null) return t("conflict.nothing");
    if (name === "ranges") return paper.cut(value);
    if (name === "status") return t(`status.${value}`);
    const field = [...data.position, ...data.document].find((one) => one.name === name);
    const list = Array.isArray(value) ? value : [value];
    return list.map((code) => (field?.list ? choices.label(field.list, code) : code)).join("; ");
  };

  return (record) => {
    if (dialog.open) return;
    const { content } = record.conflict;
    const isDocument = record.key === DOCUMENT;
    const settle = (mine) => {
      dialog.close();
      draft.settle(record, mine);
    };
    const rows = differing(record.local, content).map((name) =>
      h("tr", {}, h("th", { scope: "row" }, t(`${isDocument ? "fact" : "field"}.${name}`)), h("td", {}, shown(name, record.local?.[name])), h("td", {}, shown(name, content?.[name]))));
    dialog.replaceChildren(
      h("h2", { id: "conflict-title" }, isDocument ? t("conflict.document") : t("conflict.position", { n: record.key.slice(1) })),
      h("p", {}, content || isDocument ? t("conflict.note") : t("conflict.gone")),
      h("div", { class: "wide", tabIndex: 0, role: "group", "aria-labelledby": "conflict-title" }, h("table", {}, h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, t("conflict.here")), h("th", { scope: "col" }, t("conflict.there")))), h("tbody", {}, rows))),
      h("p", { class: "deeds" }, h("button", { type: "button", onclick: () => settle(true) }, t("conflict.mine")), h("button", { type: "button", class: "second", onclick: () => settle(false) }, t("conflict.theirs"))),
    );
    dialog.setAttribute("aria-labelledby", "conflict-title");
    dialog.showModal();
  };
}
