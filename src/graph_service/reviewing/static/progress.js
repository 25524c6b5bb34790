// How far the review is: counts in the head of the page, and whether all is on disk.
import { h } from "./dom.js";
import { counted, t } from "./page_data.js";

const QUIET = new Set(["saved", "saving"]);
const STATUSES = ["accepted", "proposed", "rejected"];

export function showProgress(positions) {
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0]));
  let lacks = 0;
  for (const { local, details } of positions) {
    const status = local.status ?? "proposed";
    counts[status]++;
    if (status !== "rejected") lacks += (details.obstacles?.length ?? 0) + (details.missing?.length ?? 0);
  }
  const bar = document.getElementById("bar");
  bar.max = Math.max(1, positions.length);
  bar.value = positions.length - counts.proposed;
  document.getElementById("counts").replaceChildren(
    ...STATUSES.map((status) => h("span", { class: `count ${status}` }, counted(`count.${status}`, counts[status]))),
    h("span", { class: "count lacks" }, counted("lacks", lacks)),
  );
}

export function showState(draft) {
  const element = document.getElementById("state");
  const words = draft.state === "refused" ? t("state.refused", { message: draft.trouble }) : t(`state.${draft.state}`, { n: draft.pending.length });
  element.dataset.state = draft.state;
  // Who listens to the page hears of trouble, and not of each change that is saved.
  element.setAttribute("aria-live", QUIET.has(draft.state) ? "off" : "polite");
  if (element.textContent !== words) element.textContent = words;
  document.getElementById("undo").disabled = !draft.steps.undo.length;
  document.getElementById("redo").disabled = !draft.steps.redo.length;
}
