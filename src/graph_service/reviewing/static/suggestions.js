// What is suggested for a passage: propositions with score and the coded passages they resemble, and further codes.
import { h } from "./dom.js";
import { counted, t } from "./page_data.js";
import { ask } from "./server.js";

const SHOWN = 5;
// Of a score: below it a proposition is about something else.
const LEAST = 0.1;

export class Suggestions {
  constructor(choices) {
    this.choices = choices;
    this.known = new Map();
  }

  /** What is suggested for the words of a position; asked for once. */
  async of(key, words) {
    const known = this.known.get(key);
    if (known?.words === words) return known.found;
    const found = await ask("GET", `/suggestions/${key}`);
    this.known.set(key, { words, found });
    return found;
  }

  /** The list of propositions; `take` takes the code of one. */
  list(found, taken, take) {
    const propositions = (found.proposition ?? []).slice(0, SHOWN).filter(({ score }, index) => !index || score >= LEAST);
    if (!propositions.length) return h("p", { class: "quiet" }, t("suggestions.none"));
    const items = propositions.map(({ code, score, resembles }, index) =>
      h("li", { class: code === taken ? "taken" : "" },
        h("button", { type: "button", class: "suggestion", "aria-pressed": `${code === taken}`, onclick: () => take(code) },
          h("kbd", { "aria-hidden": "true" }, `${index + 1}`), h("span", {}, this.choices.label("propositions", code)), h("span", { class: "score" }, percent(score))),
        resembles?.length ? this.#resembling(resembles) : null,
      ),
    );
    return h("ol", { class: "suggested" }, items);
  }

  /**
   * Codes for another column, as buttons beside its field. Tab passes them by, so that it goes from field to field however
   * many there are; `s` takes the first, and the field itself has them all.
   */
  further(found, field, taken, take) {
    const open = (found[field.name] ?? []).filter(({ code }) => !taken.includes(code)).slice(0, field.several ? 3 : 1);
    if (!field.several && taken.length) return [];
    const label = (code) => (field.list ? this.choices.label(field.list, code) : code);
    return open.map(({ code, score }) =>
      h("button", { type: "button", class: "second small", tabIndex: -1, title: percent(score), "aria-label": t("suggestions.take", { label: label(code) }), onclick: () => take(code) }, "+ ", label(code)));
  }

  #resembling(resembles) {
    return h("details", { class: "resembles" },
      h("summary", { title: counted("suggestions.resembles", resembles.length) }, h("span", { class: "hidden" }, counted("suggestions.resembles", resembles.length)), h("span", { "aria-hidden": "true" }, `≈ ${resembles.length}`)),
      h("ul", {}, resembles.map(({ text, document, score }) => h("li", {}, text, " ", h("small", {}, `${document}, ${percent(score)}`)))),
    );
  }
}

function percent(score) { return `${Math.round(score * 100)} %`; }
