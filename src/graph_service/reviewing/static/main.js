// Puts the page together: text on the left, draft on the right.
import { Cards } from "./cards.js";
import { Choices } from "./choices.js";
import { conflictDialog } from "./conflict.js";
import { creation } from "./creation.js";
import { Deeds, table } from "./deeds.js";
import { announce } from "./dom.js";
import { Draft } from "./draft.js";
import { Facts } from "./facts.js";
import { Keys } from "./keys.js";
import { Marking, markedBar } from "./marking.js";
import { t } from "./page_data.js";
import { PaperText } from "./paper_text.js";
import { PositionForm } from "./position_form.js";
import { showProgress, showState } from "./progress.js";
import { DOCUMENT } from "./record.js";
import { ask } from "./server.js";
import { TextView } from "./text_view.js";

const by = (id) => document.getElementById(id);

async function start() {
  const draft = new Draft();
  const choices = new Choices();
  const [paper] = await Promise.all([ask("GET", "/paper").then((answer) => new PaperText(answer)), choices.load()]);
  const deeds = new Deeds({ draft, choices, show, toast, saved: (key) => saved(draft, key) });
  const create = creation(draft, choices);
  const view = new TextView(by("text"), paper, (key) => deeds.choose(key, { text: false }));
  const marking = new Marking(view, () => {
    markedBar(by("marked"), marking, markedDeeds(deeds));
    draft.remember({ cursor: marking.cursor });
  });
  const form = new PositionForm({ draft, paper, choices, create, deeds });
  const cards = new Cards({ element: by("cards"), draft, paper, choices, form, choose: (key) => deeds.choose(key) });
  const facts = new Facts({ element: by("facts-form"), draft, paper, choices, create });
  Object.assign(deeds, { view, marking, form, cards, facts });
  const keys = new Keys(table(deeds, () => keys));

  draft.addEventListener("changed", ({ detail }) => {
    if (detail.some((key) => key.startsWith("row/"))) choices.take(draft.tables);
    if (detail.includes(DOCUMENT)) facts.show();
    view.draw(draft.positions);
    cards.draw(detail);
    if (cards.selected && !draft.get(cards.selected)) cards.select("");
    showProgress(draft.positions);
    showState(draft);
  });
  draft.addEventListener("state", () => showState(draft));
  draft.addEventListener("refused", ({ detail }) => toast(detail));
  draft.addEventListener("renamed", ({ detail }) => cards.selected === detail.from && setTimeout(() => deeds.choose(detail.to, { focus: false })));
  const showConflict = conflictDialog(draft, paper, choices);
  draft.addEventListener("conflict", ({ detail }) => showConflict(detail));
  by("conflict").addEventListener("close", () => {
    const next = draft.pending.find((record) => record.conflict);
    if (next) showConflict(next);
  });
  listen(deeds, keys);
  await draft.load();
  resume(draft, deeds, view);
  document.body.dataset.ready = "";
}

/** Buttons of the head. */
function listen(deeds, keys) {
  by("undo").onclick = () => deeds.back(false);
  by("redo").onclick = () => deeds.back(true);
  by("next-open").onclick = () => deeds.step(1, true);
  by("help").onclick = () => keys.help();
  by("filter").onchange = ({ target }) => {
    deeds.cards.show(target.value);
    announce(t("cards.shown", { n: deeds.cards.shown.length }));
  };
  for (const button of document.querySelectorAll("[data-show]")) button.onclick = () => show(button.dataset.show);
}

function markedDeeds(deeds) {
  const selected = deeds.selected && { n: deeds.selected.slice(1) };
  return [
    { label: t("marked.new"), key: "⏎", run: () => deeds.mark(), primary: true },
    ...(selected ? [
      { label: t("marked.place", selected), key: "g", run: () => deeds.place(false) },
      { label: t("marked.add", selected), key: "h", run: () => deeds.place(true) },
    ] : []),
    { label: t("marked.clear"), key: "Esc", run: () => deeds.marking.clear() },
  ];
}

/** Go on where this window was before it was loaded again. */
function resume(draft, deeds, view) {
  const { selected, cursor } = draft.place;
  if (selected && draft.get(selected)) deeds.choose(selected, { focus: false });
  else if (draft.positions.length) deeds.choose(draft.positions[0].key, { focus: false, text: false });
  if (cursor === undefined || !view.paper.sentences[cursor]) return;
  deeds.marking.cursor = cursor;
  view.show(view.paper.sentences[cursor]);
}

/** Resolves once the server has the words of a position. */
function saved(draft, key) {
  const isSaved = () => draft.records.get(key)?.base;
  return new Promise((resolve) => {
    if (isSaved()) return resolve();
    const look = () => isSaved() && (draft.removeEventListener("changed", look), resolve());
    draft.addEventListener("changed", look);
  });
}

/** Which of the two panes a narrow window shows. */
function show(pane) {
  document.body.dataset.pane = pane;
  for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", `${button.dataset.show === pane}`);
}

function toast(words) {
  const element = by("toast");
  element.textContent = words;
  element.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (element.hidden = true), 12000);
}

start().catch((error) => {
  const element = by("state");
  element.dataset.state = "refused";
  element.textContent = t("state.failed", { message: error.message || t("state.offline.short") });
  throw error;
});
