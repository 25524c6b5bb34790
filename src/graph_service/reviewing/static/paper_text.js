// The text of the paper and its places. All places are code points, as on disk; the browser counts UTF-16 units.

// Of the mark of a list item, such as `- 12.`.
const LONGEST_MARK = 8;

/** How many numbers of a sorted list are smaller than one. */
function below(sorted, number) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class PaperText {
  constructor({ text, title, language, pages, blocks, sentences }) {
    Object.assign(this, { text, title, language, pages });
    // Characters that take two units: their places in both ways of counting.
    this.wide = [];
    this.wideUnits = [];
    for (const found of text.matchAll(/[\u{10000}-\u{10FFFF}]/gu)) {
      this.wide.push(found.index - this.wide.length);
      this.wideUnits.push(found.index);
    }
    this.length = text.length - this.wide.length;
    this.blocks = this.#withGaps(blocks.map(([kind, start, end, level]) => ({ kind, start, end, level })));
    this.starts = this.blocks.map((block) => block.start);
    this.sentences = this.#steps(sentences.map(([start, end]) => ({ start, end })));
    this.sentenceStarts = this.sentences.map((sentence) => sentence.start);
    this.pageStarts = pages.map(([, start]) => start);
  }

  /** The UTF-16 unit at which a code point begins. */
  unit(point) { return point + below(this.wide, point); }

  /** The code point in which a UTF-16 unit lies. */
  point(unit) { return unit - below(this.wideUnits, unit); }

  slice(start, end) { return this.text.slice(this.unit(start), this.unit(end)); }

  cut(ranges) { return ranges.map(([start, end]) => this.slice(start, end)).join("\n"); }

  /** The index of the block in which a place lies, or of the last one before it. */
  blockAt(place) { return Math.max(0, below(this.starts, place + 1) - 1); }

  sentenceAt(place) { return Math.max(0, below(this.sentenceStarts, place + 1) - 1); }

  /** The number of the page on which a place lies, 0 if there are no pages. */
  pageAt(place) {
    const index = below(this.pageStarts, place + 1) - 1;
    return this.pages[Math.max(0, index)]?.[0] ?? 0;
  }

  headingAt(place) {
    for (let index = this.blockAt(place); index >= 0; index--) {
      const block = this.blocks[index];
      if (block.kind === "heading" && block.start <= place) return this.slice(block.start, block.end).trim();
    }
    return "";
  }

  /** A range without blanks at its ends; null if nothing is left. */
  trimmed(start, end) {
    const slice = this.slice(start, end);
    const left = slice.length - slice.trimStart().length;
    const right = slice.length - slice.trimEnd().length;
    return left === slice.length ? null : { start: start + left, end: end - right };
  }

  /** The end of the next word behind a place. */
  wordEnd(place) {
    const rest = this.text.slice(this.unit(place));
    const found = /^\s*\S+/u.exec(rest);
    return found ? this.point(this.unit(place) + found[0].length) : place;
  }

  /** The start of the word before a place. */
  wordStart(place) {
    const found = /\S+\s*$/u.exec(this.text.slice(Math.max(0, this.unit(place) - 400), this.unit(place)));
    return found ? this.point(this.unit(place) - found[0].length) : place;
  }

  /**
   * Text that stands in no block is shown as well, for nothing may be hidden from the coder: the mark of a list before its
   * item, anything longer as a paragraph.
   */
  #withGaps(blocks) {
    const all = [];
    let last = 0;
    for (const block of [...blocks, null]) {
      const end = block ? block.start : this.length;
      const gap = end > last ? this.trimmed(last, end) : null;
      if (gap && block && gap.end - gap.start <= LONGEST_MARK) block.start = gap.start;
      else if (gap) all.push({ kind: "paragraph", ...gap, level: 0 });
      if (block) all.push(block);
      last = block?.end;
    }
    return all;
  }

  /** What the cursor steps over: sentences, and blocks without any. */
  #steps(sentences) {
    const held = new Set(sentences.map((sentence) => this.blockAt(sentence.start)));
    const others = this.blocks.filter((_, index) => !held.has(index)).map(({ start, end }) => this.trimmed(start, end));
    return [...sentences, ...others.filter(Boolean)].sort((one, other) => one.start - other.start);
  }
}
