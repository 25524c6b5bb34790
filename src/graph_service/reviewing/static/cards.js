// The positions of the draft as cards in the order of the text; the selected one is open.
import { h } from "./dom.js";
import { counted, t } from "./page_data.js";

const SIGN = { 1: ["for", "+"], 0: ["mixed", "±"], "-1": ["against", "−"] };
export const FILTERS = ["all", "proposed", "accepted", "rejected", "lacking"];

export class Cards {
  constructor({ element, draft, paper, choices, form, choose }) {
    Object.assign(this, { element, draft, paper, choices, form, choose });
    this.cards = new Map();
    this.filter = "all";
    this.selected = "";
  }

  /** The keys of the cards that the filter shows, in order. */
  get shown() { return this.draft.positions.filter((record) => this.#passes(record)).map((record) => record.key); }

  /** Draw the cards of these keys anew, and bring all into order. */
  draw(keys) {
    for (const key of keys) {
      const record = this.draft.records.get(key);
      if (key[0] === "p" && record?.local) this.#drawCard(record);
    }
    const wanted = this.draft.positions;
    const standing = new Set(wanted.map((record) => record.key));
    for (const [key, card] of this.cards) if (!standing.has(key)) card.element.remove(), this.cards.delete(key);
    let before = null;
    for (const record of wanted) {
      const card = this.cards.get(record.key) ?? this.#drawCard(record);
      const place = before ? before.nextSibling : this.element.firstChild;
      if (card.element !== place) this.element.insertBefore(card.element, place);
      card.element.hidden = !this.#passes(record) && record.key !== this.selected;
      before = card.element;
    }
    document.getElementById("no-cards").hidden = this.shown.length > 0;
    if (keys.includes(this.selected)) this.form.show();
  }

  select(key) {
    if (key && key === this.selected && this.cards.has(key)) return;
    const before = this.cards.get(this.selected);
    if (before) {
      before.body.replaceChildren();
      before.head.setAttribute("aria-expanded", "false");
      before.element.classList.remove("open");
      const record = this.draft.records.get(this.selected);
      before.element.hidden = record?.local ? !this.#passes(record) : true;
    }
    this.selected = key;
    const card = this.cards.get(key);
    if (!card) return;
    card.element.hidden = false;
    card.element.classList.add("open");
    card.head.setAttribute("aria-expanded", "true");
    card.body.append(this.form.open(key));
    card.element.scrollIntoView({ block: "start" });
  }

  focus(key = this.selected) { this.cards.get(key)?.head.focus({ preventScroll: true }); }

  show(filter) {
    this.filter = filter;
    this.draw([]);
  }

  #passes({ local, details }) {
    const status = local.status ?? "proposed";
    if (this.filter === "all") return true;
    if (this.filter === "lacking") return status !== "rejected" && Boolean(details.obstacles?.length || details.missing?.length);
    return status === this.filter;
  }

  #drawCard({ key, local, details }) {
    let card = this.cards.get(key);
    if (!card) {
      const head = h("button", { type: "button", class: "head", id: `head-${key}`, "aria-expanded": "false", "aria-controls": `body-${key}`, onclick: () => this.choose(key) });
      const body = h("div", { class: "body", id: `body-${key}` });
      card = { head, body, element: h("li", { class: "card" }, head, body) };
      this.cards.set(key, card);
    }
    const status = local.status ?? "proposed";
    card.element.dataset.status = status;
    const [stance, sign] = SIGN[local.agreement?.[0]] ?? [];
    const said = local.proposition?.length ? this.choices.label("propositions", local.proposition[0]) : short(this.paper.cut(local.ranges));
    const lacks = (details.obstacles?.length ?? 0) + (details.missing?.length ?? 0);
    const parts = [
      h("span", { class: "number" }, key.slice(1)),
      h("span", { class: `status ${status}` }, t(`status.${status}`)),
      stance ? h("span", { class: "stance", "data-stance": stance }, h("span", { class: "hidden" }, t(`choice.agreements.${local.agreement[0]}`)), h("span", { "aria-hidden": "true" }, sign)) : null,
      lacks && status !== "rejected" ? h("span", { class: "lacks" }, counted("lacks", lacks)) : null,
      h("span", { class: local.proposition?.length ? "said" : "said words" }, said),
    ];
    card.head.replaceChildren(...parts.filter(Boolean));
    return card;
  }
}

function short(text) { return text.length > 110 ? `${text.slice(0, 110)}…` : text; }
