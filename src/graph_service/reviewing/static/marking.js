// What is marked in the text: by the mouse, or by keys that step over sentences and words.
import { announce, h } from "./dom.js";
import { t } from "./page_data.js";

export class Marking {
  /** `say` is told of each change. */
  constructor(view, say) {
    Object.assign(this, { view, paper: view.paper, say });
    this.cursor = 0;
    this.anchor = null;
    this.range = null;
    const note = () => this.#fromMouse();
    view.element.addEventListener("mouseup", note);
    view.element.addEventListener("touchend", note);
    view.element.addEventListener("keydown", (event) => this.#key(event));
    view.element.addEventListener("focus", () => this.#draw());
    view.element.addEventListener("blur", () => this.#draw());
  }

  /** The marked range, or the sentence at the cursor. */
  get chosen() { return this.range ?? this.paper.sentences[this.cursor]; }

  clear() {
    this.range = this.anchor = null;
    getSelection().removeAllRanges();
    this.#draw();
    this.say();
  }

  /** Put the cursor onto the sentence of a place. */
  moveTo(place) {
    this.cursor = this.paper.sentenceAt(place);
    this.range = this.anchor = null;
    this.#draw();
    this.say();
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey) return;
    const line = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const word = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (line && event.shiftKey) this.#extendBySentence(line);
    else if (line) this.#move(this.cursor + line);
    else if (word && event.shiftKey) this.#extendByWord(word, event.altKey);
    else if (event.key === "Home") this.#move(0);
    else if (event.key === "End") this.#move(this.paper.sentences.length - 1);
    else if (event.key === "PageDown" || event.key === "PageUp") this.#turn(event.key === "PageDown" ? 1 : -1);
    else return;
    event.preventDefault();
  }

  #move(index) {
    this.cursor = Math.max(0, Math.min(index, this.paper.sentences.length - 1));
    this.range = this.anchor = null;
    getSelection().removeAllRanges();
    this.#show(this.paper.sentences[this.cursor]);
  }

  /** To the first sentence of the next page or the last one; without pages, by twenty sentences. */
  #turn(step) {
    const { pages, sentences } = this.paper;
    const now = pages.findLastIndex(([, start]) => start <= sentences[this.cursor].start);
    const page = pages[now + step];
    this.#move(page ? sentences.findIndex(({ end }) => end > page[1]) : this.cursor + step * 20);
  }

  /** The marked range reaches from the sentence where it began to the one at the cursor. */
  #extendBySentence(step) {
    const { sentences } = this.paper;
    this.anchor ??= this.cursor;
    const next = this.range ? Math.max(0, Math.min(this.cursor + step, sentences.length - 1)) : this.cursor;
    this.cursor = next;
    const [one, other] = [Math.min(this.anchor, next), Math.max(this.anchor, next)];
    this.range = { start: sentences[one].start, end: sentences[other].end };
    this.#show(sentences[next]);
  }

  #extendByWord(step, atStart) {
    const range = { ...this.chosen };
    if (atStart) range.start = step > 0 ? this.#nextStart(range.start) : this.paper.wordStart(range.start);
    else range.end = step > 0 ? this.paper.wordEnd(range.end) : this.paper.wordStart(range.end);
    const trimmed = range.start < range.end ? this.paper.trimmed(range.start, range.end) : null;
    if (!trimmed) return;
    this.range = trimmed;
    this.anchor ??= this.cursor;
    this.#show(trimmed);
  }

  #nextStart(place) {
    const end = this.paper.wordEnd(place);
    return this.paper.wordStart(this.paper.wordEnd(end));
  }

  #fromMouse() {
    const selection = getSelection();
    if (!selection.rangeCount) return;
    const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
    const [start, end] = [this.view.place(startContainer, startOffset), this.view.place(endContainer, endOffset)];
    if (start === null || end === null) return;
    this.cursor = this.paper.sentenceAt(start);
    this.anchor = null;
    this.range = end > start ? this.paper.trimmed(start, end) : null;
    this.#draw();
    this.say();
  }

  #show(range) {
    this.#draw();
    this.view.show(range);
    announce(this.range ? t("text.marked", { text: this.paper.slice(this.range.start, this.range.end) }) : this.paper.slice(range.start, range.end));
    this.say();
  }

  #draw() {
    const highlights = CSS.highlights;
    if (!highlights) return;
    const paint = (name, range) => (range ? highlights.set(name, new Highlight(this.view.range(range.start, range.end))) : highlights.delete(name));
    paint("marked", this.range);
    const sentence = this.paper.sentences[this.cursor];
    paint("cursor", !this.range && sentence && document.activeElement === this.view.element ? sentence : null);
  }
}

/** The bar below the text: what is marked, and what can be done with it. */
export function markedBar(element, marking, deeds) {
  const { range } = marking;
  element.hidden = !range;
  if (!range) return;
  const words = marking.paper.slice(range.start, range.end).split(/\s+/u).filter(Boolean).length;
  element.replaceChildren(
    h("span", { class: "what" }, t("marked.words", { n: words })),
    ...deeds.map(({ label, key, run, primary }) =>
      h("button", { type: "button", class: primary ? "" : "second", onclick: run }, label, " ", h("kbd", {}, key)),
    ),
  );
}
