// The text of the paper on the page: blocks, page numbers in the margin, and lines under the passages.
import { h } from "./dom.js";
import { lanesOf } from "./lanes.js";
import { t } from "./page_data.js";

// Blocks in one part of the page, which the browser lays out when it comes into view.
const TOGETHER = 24;
const MARGIN = 60;
const MARKED = /^\s*(?:[•▪◦‣·*–—-]+|\(?[0-9a-zA-Z]{1,3}[.)])\s/u;

export class TextView {
  constructor(element, paper, choose) {
    Object.assign(this, { element, paper, choose });
    this.drawn = paper.blocks.map(() => ({ element: null, signature: null }));
    this.selected = "";
    this.#build();
    element.addEventListener("click", (event) => {
      const badge = event.target.closest(".badge");
      if (badge) return choose(badge.dataset.key);
      const keys = event.target.closest("[data-keys]")?.dataset.keys.split(" ");
      if (!keys || !getSelection().isCollapsed) return;
      // A further press on the same place goes to the next of the passages that overlap there.
      choose(keys[(keys.indexOf(this.selected) + 1) % keys.length]);
    });
  }

  /** Draw the blocks anew in which passages have changed. */
  draw(positions) {
    const inBlocks = new Map();
    for (const range of lanesOf(positions)) {
      for (let index = this.paper.blockAt(range.start); index < this.paper.blocks.length && this.paper.blocks[index].start < range.end; index++) {
        if (!inBlocks.has(index)) inBlocks.set(index, []);
        inBlocks.get(index).push(range);
      }
    }
    this.drawn.forEach((drawn, index) => {
      const ranges = inBlocks.get(index) ?? [];
      const signature = ranges.map(({ key, start, end, lane, status, first }) => [key, start, end, lane, status, first].join()).join(";");
      if (signature === drawn.signature) return;
      drawn.signature = signature;
      drawn.element.replaceChildren(...this.#pieces(this.paper.blocks[index], ranges));
    });
    this.select(this.selected);
  }

  /** Show which passage is selected. */
  select(key) {
    for (const piece of this.element.querySelectorAll(".chosen")) piece.classList.remove("chosen");
    this.selected = key;
    if (!key) return;
    for (const piece of this.#piecesOf(key)) piece.classList.add("chosen");
    this.element.querySelector(`.badge[data-key="${key}"]`)?.classList.add("chosen");
  }

  /** Bring a range into view, its start if it is long; further than needed, so that one sees what follows. */
  show({ start, end }) {
    // A part of the page that was never in view has no layout yet.
    this.#pieceAt(start).scrollIntoView({ block: "nearest" });
    const pane = this.element;
    const scrolls = pane.scrollHeight > pane.clientHeight + 1;
    const scroller = scrolls ? pane : document.scrollingElement;
    const room = scrolls ? pane.getBoundingClientRect() : { top: 0, bottom: innerHeight };
    const box = this.range(start, end).getBoundingClientRect();
    if (box.top < room.top + MARGIN) scroller.scrollTop += box.top - room.top - 2 * MARGIN;
    else if (box.bottom > room.bottom - MARGIN) scroller.scrollTop += Math.min(box.bottom - room.bottom + 2 * MARGIN, box.top - room.top - MARGIN);
  }

  /** A range of the document for highlighting. */
  range(start, end) {
    const range = document.createRange();
    range.setStart(...this.#point(start, false));
    range.setEnd(...this.#point(end, true));
    return range;
  }

  /** The place in the text of a point in the document; null if it lies outside. */
  place(node, offset) {
    if (!this.element.contains(node)) return null;
    if (node.nodeType === Node.TEXT_NODE) {
      const piece = node.parentElement.closest("[data-at]");
      // A number in the text is no text: its place is that of what follows.
      return piece ? this.paper.point(this.paper.unit(Number(piece.dataset.at)) + offset) : this.#after(node.parentElement);
    }
    const child = node.childNodes[offset];
    if (child) return this.#after(child);
    const last = [...node.querySelectorAll?.("[data-at]") ?? []].at(-1);
    return last ? this.paper.point(this.paper.unit(Number(last.dataset.at)) + last.textContent.length) : null;
  }

  #after(node) {
    const walker = document.createTreeWalker(this.element, NodeFilter.SHOW_ELEMENT);
    walker.currentNode = node;
    let found = node;
    while (found && !found.dataset?.at) found = walker.nextNode();
    return found ? Number(found.dataset.at) : this.paper.length;
  }

  #build() {
    let part, list, level = 2;
    this.paper.blocks.forEach((block, index) => {
      if (index % TOGETHER === 0) {
        this.element.append((part = h("div", { class: "part" })));
        list = null;
      }
      const text = this.paper.slice(block.start, block.end);
      let element;
      if (block.kind === "list-item") {
        if (!list) part.append((list = h("ul")));
        element = h("li", { class: `level-${Math.min(block.level || 1, 4)}${MARKED.test(text) ? " marked" : ""}` });
        list.append(element);
      } else {
        list = null;
        if (block.kind === "heading") level = Math.min(level + 1, 6, (block.level || 1) + 2);
        element = h(block.kind === "heading" ? `h${Math.max(level, 3)}` : "p", { class: block.kind });
        part.append(element);
      }
      if (this.paper.language) element.lang = this.paper.language;
      this.drawn[index].element = element;
    });
  }

  #pieces(block, ranges) {
    const { pages: all, pageStarts } = this.paper;
    const pages = pageStarts.length ? all.filter(([, start]) => start > block.start && start < block.end) : [];
    const first = this.#pageOpenedBy(block);
    const cuts = new Set([block.start, block.end, ...pages.map(([, start]) => start)]);
    for (const { start, end } of ranges) for (const place of [start, end]) if (place > block.start && place < block.end) cuts.add(place);
    const places = [...cuts].sort((one, other) => one - other);
    const pieces = first ? [pageNumber(first[0])] : [];
    for (let index = 0; index + 1 < places.length; index++) {
      const [start, end] = [places[index], places[index + 1]];
      const page = pages.find(([, at]) => at === start);
      if (page) pieces.push(pageNumber(page[0]));
      const over = ranges.filter((range) => range.start < end && range.end > start);
      for (const range of over) if (range.first && range.start === start) pieces.push(badge(range));
      const names = over.map((range) => `lane-${range.lane}-${range.status}`);
      const piece = h("span", { class: ["piece", ...names].join(" ") }, this.paper.slice(start, end));
      piece.dataset.at = start;
      if (over.length) piece.dataset.keys = over.map((range) => range.key).join(" ");
      pieces.push(piece);
    }
    return pieces;
  }

  /** The page of which a block is the first, unless a block before it runs on into that page. */
  #pageOpenedBy(block) {
    const before = this.paper.blocks[this.paper.blockAt(block.start) - 1];
    const page = this.paper.pages.findLast(([, start]) => start <= block.start);
    return page && (!before || before.end <= page[1]) ? page : null;
  }

  #piecesOf(key) {
    return this.element.querySelectorAll(`[data-keys~="${key}"]`);
  }

  #pieceAt(place) {
    const pieces = [...this.drawn[this.paper.blockAt(place)].element.querySelectorAll("[data-at]")];
    return pieces.findLast((piece) => Number(piece.dataset.at) <= place) ?? pieces[0];
  }

  #point(place, isEnd) {
    const piece = this.#pieceAt(isEnd ? place - 1 : place);
    return [piece.firstChild, Math.min(piece.firstChild.length, this.paper.unit(place) - this.paper.unit(Number(piece.dataset.at)))];
  }
}

function pageNumber(number) {
  return h("span", { class: "page-number", "aria-label": t("text.page", { n: number }), role: "note" }, h("span", { "aria-hidden": "true" }, `${number}`));
}

function badge({ key, status }) {
  const words = t("text.passage", { n: key.slice(1), status: t(`status.${status}`) });
  const button = h("button", { class: `badge ${status}`, type: "button", tabIndex: -1, "aria-label": words }, key.slice(1));
  button.dataset.key = key;
  return button;
}
