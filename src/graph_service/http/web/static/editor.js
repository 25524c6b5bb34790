/* Makes an editor of the form of /sparql and shows answers below it.

   Yasqe (with completion from the classes and properties that the page names) and Yasr (with labels in place of IRIs) do
   the work. Both are told to keep nothing and to ask nobody but this service. */

const given = JSON.parse(document.getElementById("given").textContent);
const words = given.words;
const { Yasqe, Yasr } = globalThis.Yasgui;

const form = document.getElementById("ask");
const field = document.getElementById("query");
const result = document.querySelector(".result");
const status = result.querySelector("[role=status]");
const share = document.getElementById("share");
// Addresses longer than this go wrong somewhere on the way: the query then stands behind the `#` or in a body.
const LONGEST_ADDRESS = 7000;

/* Completion */

const labels = new Map([...given.class, ...given.property]);

function complete(kind) {
  Yasqe.forkAutocompleter(kind, {
    name: `known-${kind}`,
    bulk: true,
    persistenceId: null,
    get: () => given[kind].map(([iri]) => iri),
    postprocessHints: (yasqe, hints) => hints.map((hint) => ({ ...hint, displayText: named(yasqe, hint.text) })),
  });
}

/** A suggestion with its label behind it. */
function named(yasqe, text) {
  const prefixes = yasqe.getPrefixesFromQuery();
  const [prefix, local] = text.split(/:(.*)/s);
  const iri = text.startsWith("<") ? text.slice(1, -1) : `${prefixes[prefix] ?? ""}${local}`;
  return labels.has(iri) ? `${text}   ${labels.get(iri)}` : text;
}

complete("class");
complete("property");
Yasqe.forkAutocompleter("prefixes", {
  name: "known-prefixes",
  persistenceId: null,
  get: () => Object.entries(given.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`).sort(),
});

/* Editor */

const yasqe = new Yasqe(makeRoom(), {
  value: field.value.trimEnd(),
  autocompleters: ["known-prefixes", "known-class", "known-property", "variables"],
  persistenceId: null,
  consumeShareLink: null,
  createShareableLink: undefined,
  showQueryButton: false,
  resizeable: false,
  editorHeight: "auto",
  screenReaderLabel: document.querySelector("label[for=query]").textContent,
  extraKeys: {
    ...Yasqe.defaults.extraKeys,
    "Ctrl-Enter": () => run(),
    "Cmd-Enter": () => run(),
    // Who moves by keys must be able to leave.
    Tab: false,
    "Shift-Tab": false,
  },
});

// A long query scrolls within its frame, by keys too.
Object.assign(yasqe.getScrollerElement(), { tabIndex: 0, role: "group", ariaLabel: words.query });

function makeRoom() {
  const room = document.createElement("div");
  field.before(room);
  field.hidden = true;
  document.querySelector("label[for=query]").addEventListener("click", () => yasqe.focus());
  return room;
}

/** Everything that the form says of the query, as the protocol names it. */
function asked() {
  field.value = yasqe.getValue();
  const pairs = new URLSearchParams(new FormData(form));
  pairs.delete("format");
  return pairs;
}

/** The address of a query for people; a long one stands where no server reads it. */
function address(pairs) {
  const text = pairs.toString();
  return form.action + (text.length > LONGEST_ADDRESS ? "#" : "?") + text;
}

function follow() {
  share.href = address(asked());
  const isGraph = ["CONSTRUCT", "DESCRIBE"].includes(yasqe.getQueryType());
  const [tables, graphs] = form.querySelectorAll("optgroup");
  tables.disabled = isGraph;
  graphs.disabled = !isGraph;
  const options = (isGraph ? graphs : tables).children;
  if (![...options].some((option) => option.selected)) options[0].selected = true;
}

/* Answers */

/** The table of the library with labels, links into this site, and words in the language of the page. */
class Table extends Yasr.plugins.table {
  label = words.table;
  helpReference = undefined;

  // The library makes columns resizable by a style sheet written into the page, which the security policy forbids. A
  // table that denies being one is left alone.
  set tableEl(table) {
    this.table = table;
    if (table) table.matches = (selector) => selector !== "table" && Element.prototype.matches.call(table, selector);
  }

  get tableEl() {
    return this.table;
  }

  getUriLinkFromBinding(binding, prefixes) {
    const label = known.get(binding.value);
    const link = document.createElement("a");
    link.className = "iri";
    link.href = /^(https?|mailto|urn):/i.test(binding.value) ? here(binding.value) : "#";
    link.title = binding.value;
    link.textContent = label?.text ?? shorten(binding.value, prefixes);
    if (label && label.language !== given.language) link.lang = label.language;
    return link.outerHTML;
  }

  getColumns() {
    return super.getColumns().map((column) => {
      const render = column.render;
      const shown = (cell, type, ...rest) =>
        cell?.type === "uri" && (type === "filter" || type === "sort")
          ? `${known.get(cell.value)?.text ?? ""} ${cell.value}`
          : render(cell, type, ...rest);
      return { ...column, title: column.title || `<span class="hidden">${words.number}</span>`, render: shown };
    });
  }

  drawControls() {
    super.drawControls();
    const [compact, ellipse] = this.tableControls.querySelectorAll(".switch");
    compact.querySelector("span").textContent = words.compact;
    ellipse.parentElement.remove();
    this.tableFilterField.placeholder = words.filter;
    this.tableFilterField.setAttribute("aria-label", words.filter);
    this.tableControls.querySelector(".pageSizerLabel").textContent = words.page;
    this.tableSizeField.setAttribute("aria-label", words.page);
    this.tableSizeField.lastElementChild.textContent = words.all;
  }
}

Table.defaults = {
  openIriInNewWindow: false,
  tableConfig: {
    ...Yasr.plugins.table.defaults.tableConfig,
    language: {
      info: words.info,
      infoEmpty: words.none,
      infoFiltered: words.filtered,
      zeroRecords: words.none,
      emptyTable: words.none,
      paginate: { first: "«", last: "»", next: "›", previous: "‹" },
      aria: {
        orderable: `: ${words.sort}`,
        orderableReverse: `: ${words.sort}`,
        orderableRemove: `: ${words.sort}`,
        paginate: { first: words.first, last: words.last, next: words.next, previous: words.previous },
      },
    },
  },
};

class Raw extends Yasr.plugins.response {
  label = words.response;
  helpReference = undefined;
}

class Boolean extends Yasr.plugins.boolean {
  draw() {
    super.draw();
    this.yasr.resultsEl.querySelector("span").textContent = this.yasr.results.getBoolean() ? words.yes : words.no;
  }
}

Yasr.registerPlugin("boolean", Boolean);
Yasr.registerPlugin("table", Table);
Yasr.registerPlugin("response", Raw);

const yasr = new Yasr(document.getElementById("answer"), {
  persistenceId: null,
  maxPersistentResponseSize: 0,
  prefixes: given.prefixes,
  pluginOrder: ["table", "response"],
  plugins: {
    table: { enabled: true, dynamicConfig: { compact: true, isEllipsed: false, pageSize: 50 } },
    response: { enabled: true },
    boolean: { enabled: true },
  },
});

/** An IRI of this publisher at the service that is being asked: there it leads to a page. */
function here(iri) {
  if (!iri.startsWith(given.base)) return iri;
  const url = new URL(given.root + "/" + iri.slice(given.base.length), location.href);
  if (given.asked) url.searchParams.set("lang", given.asked);
  return url.href;
}

function shorten(iri, prefixes) {
  const found = Object.entries(prefixes ?? {}).find(([, start]) => iri.startsWith(start) && iri !== start);
  if (found) return `${found[0]}:${iri.slice(found[1].length)}`;
  return iri.startsWith(given.base) ? iri.slice(given.base.length) : iri;
}

/** Labels by IRI, as far as answers needed them. */
const known = new Map();
const LABELS_AT_ONCE = 1000;
const FALLBACK = [given.language, "en", "de", ""];

/** Whether there was anything to learn. */
async function learn(iris, signal) {
  const missing = [...new Set(iris)].filter((iri) => !known.has(iri) && !/[<>"{}|^`\\\s]/.test(iri));
  for (let start = 0; start < missing.length; start += LABELS_AT_ONCE) {
    const batch = missing.slice(start, start + LABELS_AT_ONCE);
    const values = batch.map((iri) => `<${iri}>`).join(" ");
    const query = given.labels.replace(/(VALUES\s+\?item\s*\{)[^}]*/, (_, head) => `${head} ${values} `);
    const rows = await labelsOf(query, signal);
    for (const iri of batch) known.set(iri, pick(rows.get(iri) ?? []));
  }
  return missing.length > 0;
}

/** Rows by the IRI that they name; none if the question was given up or went wrong: an answer without labels is one. */
async function labelsOf(query, signal) {
  try {
    const response = await post(new URLSearchParams({ query }), signal);
    const { results } = await response.json();
    return Map.groupBy(results.bindings, (row) => row.item.value);
  } catch {
    return new Map();
  }
}

/** One of several labels: the lowest rank in the first language of the fallback that there is one in. */
function pick(rows) {
  const rank = (row) => FALLBACK.indexOf(row.label["xml:lang"]?.toLowerCase() ?? "") >>> 0;
  const best = rows.sort((a, b) => rank(a) - rank(b) || a.rank.value - b.rank.value)[0];
  return best && { text: best.label.value, language: best.label["xml:lang"] ?? "" };
}

function post(pairs, signal) {
  const accept = "application/sparql-results+json, text/turtle;q=0.9";
  return fetch(form.action, { method: "POST", body: pairs, headers: { accept }, signal });
}

let running = new AbortController();

/** Ask what stands in the editor, and go to the answer if the reader wants it: a page that just opened stays where it
    is. A question that is still running is given up. */
async function run(isWanted = true) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const pairs = asked();
  history.replaceState(null, "", address(pairs));
  unmark();
  tell(words.running);
  const started = performance.now();
  let response, data;
  try {
    response = await post(pairs, signal);
    data = await response.text();
  } catch (error) {
    if (error.name !== "AbortError") tell(words.unreachable, true);
    return;
  }
  const ms = Math.round(performance.now() - started);
  if (response.ok) await show(data, response.headers.get("content-type"), ms, signal);
  else complain(data, response.status);
  // Of a mistake the reader wants to see the query, too.
  if (isWanted) result.scrollIntoView({ block: response.ok ? "start" : "nearest" });
}

async function show(data, contentType, ms, signal) {
  document.getElementById("answer").hidden = false;
  yasr.setResponse({ data, contentType, status: 200, executionTime: ms });
  const bindings = yasr.results.getBindings();
  const count = (number) => number.toLocaleString(given.language);
  tell(words.rows.replace("{rows}", count(bindings?.length ?? 1)).replace("{ms}", count(ms)));
  const iris = (bindings ?? []).flatMap(Object.values).filter((cell) => cell.type === "uri");
  if (await learn(iris.map((cell) => cell.value), signal)) yasr.draw();
}

/** What the service has against a query: where, in which line, and what repairs it. */
function complain(body, code) {
  let problem = {};
  try {
    problem = JSON.parse(body);
  } catch {
    // Something in between answered, and not with a problem document.
  }
  const place = problem.line ? ` (${words.row.replace("{line}", problem.line).replace("{column}", problem.column)})` : "";
  const name = problem.type?.split("/").pop();
  tell(`${given.problems[name] ?? problem.title ?? code}${place}`, true);
  if (problem.line_text) status.append(element("code", problem.line_text));
  if (problem.detail) status.append(element("p", problem.detail, { lang: "en" }));
  if (problem.declaration) status.append(offer(problem.declaration));
  if (problem.line) mark(problem.line - 1, (problem.column ?? 1) - 1);
}

function element(name, text, attributes = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...attributes });
}

/** A button that declares a prefix in front of the query and runs it again. */
function offer(declaration) {
  const button = element("button", words.declare.replace("{declaration}", declaration), { type: "button" });
  const [, prefix, namespace] = /^PREFIX (.*): <(.*)>$/.exec(declaration);
  button.addEventListener("click", () => {
    yasqe.addPrefixes({ [prefix]: namespace });
    run();
  });
  return button;
}

function mark(line, column) {
  yasqe.addLineClass(line, "background", "wrong");
  yasqe.setCursor({ line, ch: column }, null, { scroll: false });
}

function unmark() {
  for (let line = 0; line < yasqe.lineCount(); line++) yasqe.removeLineClass(line, "background", "wrong");
}

function tell(text, isError = false) {
  result.hidden = false;
  status.textContent = text;
  status.classList.toggle("error", isError);
  if (isError) document.getElementById("answer").hidden = true;
}

/* Downloads: the form itself, by a link that names the file; what is too long for an address is posted. */

function download(event) {
  const pairs = asked();
  pairs.set("format", form.elements.format.value);
  const text = pairs.toString();
  const isLong = text.length > LONGEST_ADDRESS;
  form.method = isLong ? "post" : "get";
  if (isLong) return;
  event.preventDefault();
  const link = document.createElement("a");
  link.href = `${form.action}?${text}`;
  link.download = `query.${given.extensions[form.elements.format.value]}`;
  link.click();
}

/* Start */

document.getElementById("run").hidden = false;
document.getElementById("run").addEventListener("click", () => run());
document.querySelector(".keys").hidden = false;
const fetchButton = document.getElementById("fetch");
fetchButton.textContent = fetchButton.dataset.enhanced;
fetchButton.classList.add("second");
share.hidden = false;
form.addEventListener("submit", download);
form.addEventListener("change", follow);
yasqe.on("change", follow);

const behind = new URLSearchParams(location.hash.slice(1)).get("query");
if (behind) yasqe.setValue(behind);
follow();
if (given.run || behind) run(false);
