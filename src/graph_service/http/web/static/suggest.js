// Suggestions while somebody types into a search field: names of actors, issues, propositions and documents, each a way
// to its page. Without this script the field is a plain form. Combobox pattern of WAI-ARIA 1.2.

const MOST = 8;
let lists = 0;

function offer(input) {
  const list = document.createElement("ul");
  list.id = `suggestions-${++lists}`;
  list.role = "listbox";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("aria-label", input.getAttribute("aria-label") || input.labels[0]?.textContent.trim() || "");
  input.after(list);
  const words = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false" };
  for (const [name, value] of Object.entries({ ...words, "aria-controls": list.id })) input.setAttribute(name, value);
  let latest = 0;
  let timer;

  function choose(option) {
    for (const one of list.children) one.setAttribute("aria-selected", String(one === option));
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function show(found) {
    list.replaceChildren(...found.slice(0, MOST).map((one, place) => {
      const option = document.createElement("li");
      option.role = "option";
      option.id = `${list.id}-${place}`;
      option.dataset.to = new URL(`${document.body.dataset.pages}${one.id.split("/id/")[1]}`, location.href).href;
      const kind = document.createElement("small");
      kind.textContent = one.notable[0].name;
      option.append(one.name, " ", kind);
      return option;
    }));
    choose(null);
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  async function ask() {
    const asked = ++latest;
    const prefix = input.value.trim();
    if (prefix.length < 2) return show([]);
    const address = new URL(document.body.dataset.suggest, location.href);
    address.search = new URLSearchParams({ prefix, lang: document.documentElement.lang });
    try {
      const answer = await fetch(address);
      const { result } = answer.ok ? await answer.json() : { result: [] };
      if (asked === latest) show(result);
    } catch {
      show([]);
    }
  }

  function go(option) {
    const to = new URL(option.dataset.to);
    const language = input.form.elements.lang?.value;
    if (language) to.searchParams.set("lang", language);
    location.assign(to);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    const options = [...list.children];
    const place = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (list.hidden || !options.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = place + (event.key === "ArrowDown" ? 1 : -1);
      choose(options[(next + options.length) % options.length] ?? options.at(-1));
      event.preventDefault();
    } else if (event.key === "Enter" && place >= 0) {
      go(options[place]);
      event.preventDefault();
    } else if (event.key === "Escape") {
      show([]);
      event.preventDefault();
    }
  });
  // Before the field loses its focus, which hides the list.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("li");
    if (option) go(option);
  });
  input.addEventListener("blur", () => {
    latest += 1;
    show([]);
  });
}

for (const input of document.querySelectorAll("form[role=search] input[name=q]")) offer(input);
