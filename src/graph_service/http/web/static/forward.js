// Leads a name to its page on a host of files that has no rules, such as GitHub Pages, which answers every path without
// a file by `404.html`. Names whose files do not lie at their own path stand in `forward/`, in parts of bounded size.

const { root, parts, languages } = document.currentScript.dataset;

// As `forwarding.part_of` in Python.
function partOf(name) {
  return new TextEncoder().encode(name).reduce((sum, byte) => (sum * 31 + byte) % Number(parts), 0);
}

async function fileOf(path, query) {
  const name = decodeURIComponent(path) + (query && `?${decodeURIComponent(query)}`);
  const part = await fetch(`${root}/forward/${partOf(name)}.json`);
  const elsewhere = part.ok ? await part.json() : {};
  const spoken = navigator.language.slice(0, 2);
  const language = languages.split(" ").includes(spoken) ? spoken : languages.split(" ")[0];
  if (Object.hasOwn(elsewhere, name)) return elsewhere[name].replace("{language}", language);
  if (path === "ontology" || path.startsWith("ontology/")) return `ontology.${language}.html`;
  return `page/${decodeURIComponent(path.replace(/^(id|page)\//, ""))}.${language}.html`;
}

async function forward() {
  const path = location.pathname.slice(root.length + 1);
  if (path.endsWith(".html")) return;
  const file = (await fileOf(path, location.search.slice(1))).split("/").map(encodeURIComponent).join("/");
  const target = `${root}/${file}`;
  if ((await fetch(target, { method: "HEAD" })).ok) location.replace(target + location.hash);
}

forward();
