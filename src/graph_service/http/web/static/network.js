// Makes a slider of the years, shows who is tied to whom under the pointer, and gives the reasons of an edge in place.
const form = document.getElementById("asked");
const found = () => document.getElementById("found");

async function page(address) {
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// The reasons of an edge, as the page of it tells them.
async function explain(address) {
  const panel = document.getElementById("panel");
  panel.hidden = false;
  panel.textContent = panel.dataset.wait;
  try {
    const reasons = (await page(address)).getElementById("reasons");
    const title = document.createElement("h2");
    title.append(...reasons.querySelector("h1").childNodes);
    reasons.querySelector("h1").replaceWith(title);
    panel.replaceChildren(...reasons.childNodes);
    panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  } catch {
    panel.textContent = panel.dataset.failed;
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.why, .ties a");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  explain(link.href.baseVal ?? link.href);
});

// A node with its edges and neighbours, or an edge with its ends; all others fade.
function light(event) {
  const svg = event.target.closest?.(".drawing svg");
  document.querySelectorAll(".net.lit, .net .lit").forEach((one) => one.classList.remove("lit"));
  const part = svg && event.target.closest("[data-n], [data-e]");
  if (!part) return;
  const { n, e } = part.dataset;
  const nodes = new Set(e ? e.split(" ") : [n]);
  for (const line of svg.querySelectorAll("line")) {
    const ends = line.dataset.e.split(" ");
    if (e ? line !== part : !ends.includes(n)) continue;
    line.classList.add("lit");
    ends.forEach((end) => nodes.add(end));
  }
  svg.querySelectorAll("[data-n]").forEach((one) => nodes.has(one.dataset.n) && one.classList.add("lit"));
  svg.classList.add("lit");
}

document.addEventListener("pointerover", light);

// The years as a slider: its first place is the first entry of the field, all years.
const years = form.elements.year;
const slider = document.createElement("input");
const told = document.createElement("output");

function setUp() {
  Object.assign(slider, { type: "range", min: 0, max: years.options.length - 1, value: years.selectedIndex });
  tell();
}

function tell() {
  years.selectedIndex = slider.value;
  told.textContent = years.selectedOptions[0].textContent;
  slider.setAttribute("aria-valuetext", told.textContent);
}

let wanted = 0;

async function show() {
  const turn = ++wanted;
  const address = new URL(form.action);
  address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  try {
    const other = await page(address);
    if (turn !== wanted) return;
    found().replaceWith(other.getElementById("found"));
    history.replaceState(null, "", address);
  } catch {
    form.submit();
  }
}

if (years.options.length > 2) {
  years.hidden = true;
  years.before(slider, told);
  slider.addEventListener("input", tell);
  slider.addEventListener("change", show);
  setUp();
}
document.documentElement.dataset.ready = "true";
