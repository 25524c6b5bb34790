// Words, forms and names that the server put into the page.
export const data = JSON.parse(document.getElementById("data").textContent);

/** The words of a key, with values in place of `{name}`. */
export function t(key, values = {}) {
  const words = data.words[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Words for a number: `KEY.one` for 1, else `KEY`. */
export function counted(key, n) {
  return t(n === 1 && data.words[`${key}.one`] ? `${key}.one` : key, { n });
}
