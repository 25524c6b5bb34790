"""Lines of a page of a PDF in the order in which they are read, column after column."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from graph_service.reading.list_markers import MARKER
from graph_service.reading.pdf_segments import PageText, Segment

# A column has so many lines, fills so much of its own width, and is so wide, in parts of what stands on the page.
_LINES, _FULL, _WIDE = 2, 0.5, 0.2
# So far from its edge, in parts of what stands on the page, lines of a column may begin.
_INDENT = 0.12
# Wider gaps in a line divide cells, in sizes of its type; narrower ones than the second are none.
_CELL, _BLANK = 1.8, 0.12
# So many lines show how wide a column is; columns begin at the same place if they do within so many points.
_ESTABLISHED, _GRID = 5, 12
# A column is justified if more than this part of its lines reach its right edge.
_JUSTIFIED = 0.4


@dataclass
class Line:
    """A line of one column; places are points, as in `pdf_segments.Segment`.

    Attributes:
        page: its number.
        text: its characters; cells are divided by tabs.
        text_left: where its words begin behind a sign or number of a list; `left` if there is none.
        edges: left and right edge of its column.
        marks: ranges of raised digits in the text.
        gap: width of the blank behind a sign or number, 0 if there is none.
        knows_width: whether its column has enough lines to show how wide it is.
    """

    page: int
    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    text_left: float
    edges: tuple[float, float]
    marks: list[tuple[int, int]] = field(default_factory=list)
    gap: float = 0.0
    knows_width: bool = True

    @property
    def cells(self) -> int:
        """How many parts wide gaps divide it into."""
        return self.text.count("\t") + 1

    @property
    def style(self) -> tuple[float, bool]:
        """Size and weight."""
        return self.size, self.bold


def rows(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Segments side by side, from top to bottom; those of a row from left to right."""
    found: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: (s.top + s.bottom, s.left)):
        row = found[-1] if found else []
        if row and _beside(max(row, key=lambda s: s.size), segment):
            row.append(segment)
        else:
            found.append([segment])
    for row in found:
        row.sort(key=lambda s: s.left)
    return found


def of_page(page: PageText, segments: Sequence[Segment]) -> list[Line]:
    """The lines of a page, of these of its segments."""
    lines = []
    for region in _regions(segments):
        edges = min(s.left for s in region), max(s.right for s in region)
        in_rows = rows(region)
        full = sum(_is_full(row, edges) for row in in_rows)
        is_justified = full > _JUSTIFIED * len(in_rows)
        lines += [_line(page.number, row, edges, is_justified=is_justified and _is_full(row, edges)) for row in in_rows]
    return lines


def widen_edges(lines: Sequence[Line]) -> None:
    """Give parts of a page with few lines the right edge of the narrowest column that begins where they do."""
    counts = Counter((line.page, line.edges) for line in lines)
    rights: dict[int, set[float]] = {}
    for (_, (left, right)), count in counts.items():
        if count >= _ESTABLISHED:
            rights.setdefault(round(left / _GRID), set()).add(right)
    for line in lines:
        left, right = line.edges
        if counts[line.page, line.edges] < _ESTABLISHED:
            wider = (edge for edge in rights.get(round(left / _GRID), ()) if edge >= right)
            line.edges = left, min(wider, default=right)
            line.knows_width = line.edges[1] in rights.get(round(left / _GRID), ())


def _beside(one: Segment, other: Segment) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap > 0.5 * min(one.height, other.height)


def _is_full(row: Sequence[Segment], edges: tuple[float, float]) -> bool:
    return row[-1].right > edges[1] - 0.3 * row[-1].size


def _line(page: int, row: Sequence[Segment], edges: tuple[float, float], *, is_justified: bool) -> Line:
    main = max(row, key=lambda s: (len(s.text) * s.size, -s.left))
    text, lefts, marks = "", list[float](), list[tuple[int, int]]()
    right = row[0].left
    for segment in row:
        gap = segment.left - right
        is_raised = segment.size < 0.85 * main.size and segment.bottom < main.bottom - 0.1 * main.size
        if text and gap > (_BLANK if not is_raised else 0.4) * main.size:
            text += " "
            lefts.append(right)
        marks += [(start + len(text), end + len(text)) for start, end in segment.raised]
        if is_raised:
            marks.append((len(text), len(text) + len(segment.text)))
        text += segment.text
        lefts += segment.lefts[: len(segment.text)]
        right = segment.right
    marker = MARKER.match(text)
    words = marker.end() if marker else 0
    for place in _cells(text, lefts, main.size, words, is_justified=is_justified):
        text = f"{text[:place]}\t{text[place + 1 :]}"
    bold = all(s.bold for s in row)
    gap = lefts[words] - lefts[words - 1] if words else 0.0
    return Line(
        page, text, row[0].left, right, main.top, main.bottom, main.size, bold, lefts[words], edges, marks, gap
    )  # fmt: skip


def _cells(text: str, lefts: Sequence[float], size: float, words: int, *, is_justified: bool) -> list[int]:
    """Where gaps divide a line into cells; the gaps of a justified line may be wide, too, but are alike."""
    gaps = {i: lefts[i + 1] - lefts[i] for i in range(words, len(text) - 1) if text[i] == " "}
    if is_justified and min(gaps.values(), default=0.0) > 0.6 * max(gaps.values(), default=0.0):
        return []
    return [place for place, gap in gaps.items() if gap > _CELL * size]


def _regions(segments: Sequence[Segment]) -> list[Sequence[Segment]]:
    """Parts of a page that have one column each, in the order in which they are read."""
    gutter = _gutter(segments)
    if gutter is None:
        return [segments] if segments else []
    found: list[Sequence[Segment]] = []
    left: list[Segment] = []
    right: list[Segment] = []
    across: list[Segment] = []
    for segment in sorted(segments, key=lambda s: s.top):
        if segment.left < gutter < segment.right:
            found += _regions(left) + _regions(right)
            left, right = [], []
            across.append(segment)
            continue
        if across:
            found.append(across)
            across = []
        (left if segment.right <= gutter else right).append(segment)
    return found + ([across] if across else []) + _regions(left) + _regions(right)


def _gutter(segments: Sequence[Segment]) -> float | None:
    """Where two columns are divided, None if there is one only."""
    edges = Counter(round(s.left / 2) for s in segments)
    width = max((s.right for s in segments), default=0.0) - min((s.left for s in segments), default=0.0)
    best: tuple[int, float] | None = None
    for edge, count in edges.items():
        left = [s for s in segments if s.right <= edge * 2 - 2]
        if count < _LINES or len(left) < _ESTABLISHED:
            continue
        x = max(s.right for s in left)
        right = [s for s in segments if s.left >= x]
        across = len(segments) - len(left) - len(right)
        if across > min(len(left), len(right)) or not (_is_column(left, width) and _is_column(right, width)):
            continue
        if not _side_by_side(left, right):
            continue
        if best is None or (across, x) < best:
            best = across, x
    return best[1] if best else None


def _is_column(segments: Sequence[Segment], page_width: float) -> bool:
    """Whether the leftmost of these segments fill a column; others may stand to the right of it."""
    edge = min((s.left for s in segments), default=0.0) + _INDENT * page_width
    column = rows(s for s in segments if s.left < edge)
    if len(column) < _LINES:
        return False
    widths = [max(s.right for s in row) - row[0].left for row in column]
    return max(widths) >= _WIDE * page_width and statistics.median(widths) >= _FULL * max(widths)


def _side_by_side(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
    tops = [min(s.top for s in side) for side in (left, right)]
    bottoms = [max(s.bottom for s in side) for side in (left, right)]
    shared = min(bottoms) - max(tops)
    return shared >= 0.3 * min(bottoms[0] - tops[0], bottoms[1] - tops[1])
