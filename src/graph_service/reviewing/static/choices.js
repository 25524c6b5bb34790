// The lists from which codes are chosen, with names in the language of the page, and searching them.
import { data, t } from "./page_data.js";
import { ask } from "./server.js";

const FIXED = { agreements: ["1", "0", "-1"], forms: ["organisation", "body", "group"], "yes-no": ["yes", "no"], languages: ["de", "en"] };
const OTHER = { de: "en", en: "de" };
// Tables of a draft, and the lists of which their rows are members; `terms` name their list themselves.
const NAMING = { propositions: "text", actors: "name", terms: "label" };
export const TERMS = ["actor-kinds", "instrument-kinds", "instruments", "issues", "levels", "target-groups"];

export class Choices {
  async load() {
    this.graph = await ask("GET", "/codes");
    for (const [list, codes] of Object.entries(FIXED)) {
      this.graph[list] = codes.map((name) => ({ name, labels: { [data.language]: t(`choice.${list}.${name}`) }, definitions: {}, further: [] }));
    }
    this.take({});
  }

  /** Add what the draft brings along. */
  take(tables) {
    this.lists = Object.fromEntries(Object.entries(this.graph).map(([name, members]) => [name, [...members]]));
    for (const [table, naming] of Object.entries(NAMING)) {
      for (const row of tables[table] ?? []) {
        const labels = Object.fromEntries(["de", "en"].filter((tag) => row[`${naming}_${tag}`]).map((tag) => [tag, row[`${naming}_${tag}`]]));
        const definitions = Object.fromEntries(["de", "en"].filter((tag) => row[`definition_${tag}`]).map((tag) => [tag, row[`definition_${tag}`]]));
        (this.lists[table === "terms" ? row.scheme : table] ??= []).push({ name: row.id, labels, definitions, further: [], new: true });
      }
    }
    this.byCode = new Map();
    this.folded = new Map();
  }

  of(list) { return this.lists[list] ?? []; }

  find(list, code) {
    if (!this.byCode.has(list)) this.byCode.set(list, new Map(this.of(list).map((choice) => [choice.name, choice])));
    return this.byCode.get(list).get(code);
  }

  /** The name of a code in the language of the page, in the other one if it has none, else the code. */
  label(list, code) {
    const labels = this.find(list, code)?.labels ?? {};
    return labels[data.language] || labels[OTHER[data.language]] || Object.values(labels)[0] || code;
  }

  definition(list, code) { return this.find(list, code)?.definitions?.[data.language] ?? ""; }

  /** Codes whose names have all words of a text, those that begin with it first. */
  matching(list, typed) {
    const words = fold(typed).split(/\s+/u).filter(Boolean);
    if (!this.folded.has(list)) {
      const of = this.of(list).map((choice) => ({ code: choice.name, name: fold(this.label(list, choice.name)), all: fold([choice.name, ...Object.values(choice.labels), ...choice.further].join(" | ")) }));
      this.folded.set(list, of.sort((one, other) => one.name.localeCompare(other.name, data.language)));
    }
    const found = this.folded.get(list).filter(({ all }) => words.every((word) => all.includes(word)));
    const first = (one) => !one.name.startsWith(words[0] ?? "");
    return found.sort((one, other) => first(one) - first(other)).map(({ code }) => code);
  }

  /** Codes that somebody may mean who typed this, by likeness; the server knows. */
  async like(list, typed) {
    if (typed.trim().length < 3) return [];
    return (await ask("GET", `/search/${list}?typed=${encodeURIComponent(typed.slice(0, 500))}`)).map((found) => found.code);
  }
}

function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ß/gu, "ss");
}
