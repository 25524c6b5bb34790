// Lets the drawing of a network be moved, zoomed and asked. It reads the drawing that the server made, so both are one.
const drawing = document.getElementById("drawing");
const panel = document.getElementById("panel");
const svg = drawing.querySelector("svg");

// The reasons of an edge, as the page of it tells them.
async function explain(address) {
  panel.hidden = false;
  panel.textContent = panel.dataset.wait;
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const reasons = page.getElementById("reasons");
    if (!answer.ok || !reasons) throw new Error(answer.statusText);
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

function elements() {
  const nodes = [...svg.querySelectorAll("g[data-id]")].map((node) => {
    const { e: x, f: y } = node.transform.baseVal[0].matrix;
    const { id, shape } = node.dataset;
    const colour = getComputedStyle(node.firstElementChild).fill;
    return { data: { id, shape, colour, label: node.querySelector("text").textContent }, position: { x, y } };
  });
  const edges = [...svg.querySelectorAll("line")].map((line) => ({
    data: { source: line.dataset.a, target: line.dataset.b, width: Number(line.getAttribute("stroke-width")) },
    classes: line.getAttribute("class") ?? "",
  }));
  return [...nodes, ...edges];
}

function style() {
  const colour = (name) => {
    const probe = document.createElement("i");
    probe.className = name;
    drawing.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
  return [
    {
      selector: "node",
      style: {
        shape: "data(shape)", "background-color": "data(colour)", width: 18, height: 18, label: "data(label)",
        color: colour("ink"), "font-size": 10, "text-valign": "bottom", "text-margin-y": 3,
        "text-outline-width": 2, "text-outline-color": colour("paper"),
      },
    },
    { selector: "edge", style: { width: "data(width)", "line-color": colour("tie"), opacity: 0.55, "curve-style": "haystack" } },
    { selector: "edge.apart", style: { "line-color": colour("apart"), "line-style": "dashed", "curve-style": "straight" } },
    { selector: ":selected, edge:active", style: { opacity: 1, "line-color": colour("ink") } },
  ];
}

function draw() {
  const host = document.createElement("div");
  host.className = "canvas";
  // cytoscape writes a <style> unless something has this name; the policy forbids it, and site.css has its one rule.
  host.id = "__________cytoscape_stylesheet";
  drawing.append(host);
  const cy = window.cytoscape({
    container: host, elements: elements(), style: style(), layout: { name: "preset", padding: 20 },
    minZoom: 0.2, maxZoom: 5,
  });
  svg.classList.add("replaced");
  cy.on("tap", "edge", ({ target }) => {
    const address = new URL(panel.dataset.edge, location.href);
    address.searchParams.set("a", target.data("source"));
    address.searchParams.set("b", target.data("target"));
    explain(address);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy.style(style()));
  drawing.dataset.ready = "true";
  // For whoever wants to look closer in the console, and for tests.
  drawing.network = cy;
}

document.querySelectorAll("a.why").forEach((link) =>
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    explain(link.href);
  }),
);
if (window.cytoscape) draw();
