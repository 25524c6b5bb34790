/** An element with properties and children. Keys with a hyphen, and `for`, `role` and `lang`, are attributes. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || ["for", "role", "lang", "class", "list"].includes(name)) element.setAttribute(name, value === true ? "" : value);
    else element[name] = value;
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Say something to those who listen to the page instead of seeing it. */
export function announce(words) {
  document.getElementById("spoken").textContent = words;
}

/** Bring an element into the view of its pane, and nothing else. */
export function reveal(element, block = "nearest") {
  element?.scrollIntoView({ block, inline: "nearest" });
}

/** Whether keys belong to the element: a field into which one types or from which one chooses. */
export function isField(element) {
  return element instanceof HTMLElement && element.matches("input, select, textarea, [contenteditable]");
}
