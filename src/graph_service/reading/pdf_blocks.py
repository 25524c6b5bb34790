"""Lines of a PDF become headings, paragraphs, list items and rows of tables, over the ends of columns and pages."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from graph_service.reading import line_ends
from graph_service.reading.characters import SOFT_HYPHEN, clean
from graph_service.reading.file_content import BlockText, Removals
from graph_service.reading.list_markers import BULLETS, MARKER, number_of
from graph_service.reading.paper import BlockKind
from graph_service.reading.pdf_lines import Line

_ENDS = tuple(".:!?…")
_CLOSING = "“”\"'’)»*]"
_HEADING_LENGTH, _HEADING_LINES = 200, 4
# A line is farther from the one before than lines of a paragraph are, in parts of their distance.
_FAR = 1.25
# So many distances between lines of a size show what is usual.
_COMMON = 20

Pages = tuple[tuple[int, int], ...]


@dataclass
class LineGroup:
    """Lines of one block."""

    lines: list[Line] = field(default_factory=list)
    marker: str = ""

    @property
    def style(self) -> tuple[float, bool]:
        """Size and weight of most of its characters."""
        counts: Counter[tuple[float, bool]] = Counter()
        for line in self.lines:
            counts[line.style] += len(line.text)
        return counts.most_common(1)[0][0]


def group(lines: Iterable[Line]) -> list[LineGroup]:
    """The lines of a paper, in the order in which they are read, divided into blocks."""
    ordered = list(lines)
    pitches = _pitches(ordered)
    groups: list[LineGroup] = []
    for line in ordered:
        marker = MARKER.match(line.text)
        sign = marker.group(1) if marker else ""
        if groups and not _begins(groups[-1], line, sign, pitches):
            groups[-1].lines.append(line)
        else:
            groups.append(LineGroup([line], sign))
    return groups


def of_groups(groups: Sequence[LineGroup], body: float, removals: Removals) -> list[BlockText]:
    """The blocks of these groups; `body` is the size of most of the paper's type."""
    whole = line_ends.words([line.text for g in groups for line in g.lines])
    kinds = [_kind(g, body) for g in groups]
    styles = {g.style for g, kind in zip(groups, kinds, strict=True) if kind is BlockKind.HEADING}
    levels = {style: level for level, style in enumerate(sorted(styles, reverse=True), 1)}
    blocks: list[BlockText] = []
    indents: list[float] = []
    for g, kind in zip(groups, kinds, strict=True):
        if kind is not BlockKind.LIST_ITEM:
            indents = []
            blocks += _of_group(g, kind, levels.get(g.style, 1) if kind is BlockKind.HEADING else 0, whole, removals)
            continue
        first = g.lines[0]
        indents = [left for left in indents if left < first.left - 0.3 * first.size]
        indents.append(first.left)
        blocks += _of_group(g, kind, len(indents), whole, removals)
    return blocks


def text_of(lines: Sequence[Line], whole: frozenset[str], removals: Removals) -> tuple[str, Pages]:
    """The text of lines, and where in it each page begins."""
    text = ""
    pages: list[tuple[int, int]] = []
    for line in lines:
        # A soft hyphen at the end is for `join`.
        end = SOFT_HYPHEN if line.text.endswith(SOFT_HYPHEN) else ""
        following = clean(line.text.removesuffix(SOFT_HYPHEN), removals, line.page) + end
        before = len(text)
        text, hyphen = line_ends.join(text, following, whole)
        if hyphen:
            removals.add("line-end-hyphen", hyphen, line.page)
        if not pages or pages[-1][1] != line.page:
            pages.append((0 if not pages else min(before, len(text)), line.page))
    return text, tuple(pages)


def _of_group(
    g: LineGroup, kind: BlockKind, level: int, whole: frozenset[str], removals: Removals
) -> Iterator[BlockText]:
    if kind is BlockKind.TABLE_ROW:
        cells = [clean(cell, removals, g.lines[0].page) for cell in g.lines[0].text.split("\t")]
        yield BlockText(kind, "\t".join(cells), pages=((0, g.lines[0].page),))
        return
    text, pages = text_of(g.lines, whole, removals)
    marker = MARKER.match(text) if g.marker and kind is BlockKind.LIST_ITEM else None
    cut = marker.end() if marker else 0
    placed = tuple((max(0, offset - cut), page) for offset, page in pages)
    yield BlockText(kind, text[cut:], level, " ".join(marker.group(1).split()) if marker else "", placed)


def _kind(g: LineGroup, body: float) -> BlockKind:
    size, bold = g.style
    text = " ".join(line.text for line in g.lines).rstrip()
    is_short = len(text) <= _HEADING_LENGTH and len(g.lines) <= _HEADING_LINES
    stands_out = size > 1.08 * body or (bold and size >= 0.95 * body)
    is_title = text[-1] not in ".,;" and any(sign.isalpha() for sign in text) and g.marker[:1] not in tuple(BULLETS)
    if is_short and stands_out and is_title:
        return BlockKind.HEADING
    if g.marker:
        return BlockKind.LIST_ITEM
    if len(g.lines) == 1 and g.lines[0].cells > 1:
        return BlockKind.TABLE_ROW
    return BlockKind.PARAGRAPH


def _begins(g: LineGroup, line: Line, marker: str, pitches: dict[float, float]) -> bool:
    """Whether a line begins a new block."""
    last = g.lines[-1]
    if line.cells > 1 or last.cells > 1:
        return True
    same_column = _same_column(last, line) and line.top > last.top
    if abs(line.size - last.size) > 0.08 * last.size or _changes_weight(g, line):
        return True
    ended = _has_ended(last, line)
    if marker and _is_item(g, line, marker, ended=ended, same_column=same_column):
        return True
    if not same_column:
        return ended or (_ends_sentence(last) and not _is_full(last)) or _is_heading_like(g, line)
    if line.top - last.top > _FAR * pitches.get(last.size, 1.3 * last.size):
        return True
    if _is_outdented(g, line) or _is_indented(g, line, ended=ended):
        return True
    return ended


def _changes_weight(g: LineGroup, line: Line) -> bool:
    last = g.lines[-1]
    if line.bold == last.bold:
        return False
    if line.bold:
        return _ends_sentence(last)
    return all(each.bold for each in g.lines) and not line.text[0].islower()


def _is_heading_like(g: LineGroup, line: Line) -> bool:
    return all(each.bold for each in g.lines) != line.bold


def _is_item(g: LineGroup, line: Line, marker: str, *, ended: bool, same_column: bool) -> bool:
    """Whether a sign or number at the beginning of a line begins an item, and not by chance ("am | 1. Mai")."""
    if ended or _ends_sentence(g.lines[-1]):
        return True
    number, before = number_of(marker), number_of(g.marker)
    if g.marker and (number == before + 1 if number else marker[-1] == g.marker[-1]):
        # A dash or number within an item begins no item where its lines are indented behind its own sign.
        return not same_column or line.left < _words_left(g) - 0.3 * line.size
    if not same_column:
        return number <= 1 and not _ends_in_hyphen(g.lines[-1])
    return abs(line.left - g.lines[-1].left) > 0.5 * line.size or _stands_apart(line)


def _is_outdented(g: LineGroup, line: Line) -> bool:
    """Whether a line stands to the left of the words of an item."""
    if not g.marker:
        return False
    first, last = g.lines[0], g.lines[-1]
    if last is first:
        # The words of a wide number begin farther to the right than those of the lines below it.
        middle = (first.left + first.text_left) / 2
        return line.left < first.left - 0.3 * line.size or (line.left < middle and _stands_apart(first))
    is_hanging = not _same_column(first, last) or last.left > first.left + 0.3 * line.size
    return line.left < last.left - 0.3 * line.size and (is_hanging or _ends_sentence(last))


def _stands_apart(item: Line) -> bool:
    """Whether a sign or number stands apart from the words, as tabs make it."""
    return item.gap > 0.45 * item.size


def _words_left(g: LineGroup) -> float:
    """Where the words of an item begin in the column of its last line."""
    return g.lines[0].text_left if len(g.lines) == 1 else g.lines[-1].left


def _same_column(one: Line, other: Line) -> bool:
    return one.page == other.page and one.edges == other.edges


def _is_indented(g: LineGroup, line: Line, *, ended: bool) -> bool:
    """Whether a line begins a paragraph by its indentation."""
    if g.marker and len(g.lines) == 1:
        return False
    return line.left > g.lines[-1].left + 0.7 * line.size and (ended or _ends_sentence(g.lines[-1]))


def _has_ended(last: Line, line: Line) -> bool:
    """Whether the first word of a line would have found room behind the line before it."""
    if _ends_in_hyphen(last):
        return False
    width = (line.right - line.left) / max(1, len(line.text))
    word = re.split(r"[\s/-]", line.text, maxsplit=1)[0]
    room = last.edges[1] - last.right - (len(word) + 1.5) * width
    if _ends_sentence(last):
        return room > 0
    # Without a full stop the line must be much shorter; a small letter goes on in any case.
    return room > 0.2 * (last.edges[1] - last.edges[0]) and not line.text[0].islower()


def _ends_sentence(line: Line) -> bool:
    return line.text.rstrip(_CLOSING).endswith(_ENDS)


def _ends_in_hyphen(line: Line) -> bool:
    return line.text.endswith(("-", SOFT_HYPHEN)) and line.text[-2:-1].isalnum()


def _is_full(line: Line) -> bool:
    return line.knows_width and line.right >= line.edges[1] - 0.6 * line.size


def _pitches(lines: Sequence[Line]) -> dict[float, float]:
    """The usual distance between lines of a size: the smallest that is common; of rare sizes, in proportion."""
    distances: dict[float, Counter[float]] = {}
    for one, other in itertools.pairwise(lines):
        if one.page == other.page and one.size == other.size and 0 < other.top - one.top < 3 * one.size:
            distances.setdefault(one.size, Counter())[round((other.top - one.top) * 2) / 2] += 1
    usual = {size: _usual(found) for size, found in distances.items()}
    body = max(distances, key=lambda size: (distances[size].total(), size), default=0.0)
    return {
        size: pitch if distances[size].total() >= _COMMON else min(pitch, usual[body] / body * size)
        for size, pitch in usual.items()
    }


def _usual(distances: Counter[float]) -> float:
    most = max(distances.values())
    return min(distance for distance, count in distances.items() if count >= 0.3 * most)
