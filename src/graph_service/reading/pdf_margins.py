"""Headers, footers and page numbers: what stands at the edge of several pages, in the same words, at the same height.

Numbers in it may grow with the pages. A line is looked at only if all lines between it and the edge of the page are
headers or footers, too, and a gap or another size of type divides them from the text.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.reading.file_content import Removals
from graph_service.reading.pdf_lines import rows
from graph_service.reading.pdf_segments import PageText, Segment

# Parts of a page's height, from each edge, in which headers and footers stand.
_ZONE = 0.16
# Points by which the height may differ.
_TOLERANCE = 4.0
# Distance from the text, in heights of the line.
_GAP = 0.6
# So many lines of the same words are compared with each.
_ENOUGH = 50
_DIGITS = re.compile(r"\d{1,9}")
_NUMBER = re.compile(
    r"\W*(?:seite|page|blatt|s\.|p\.)?\s*(\d{1,4})\s*(?:(?:von|of|/|\|)\s*\d{1,4})?\W*", re.IGNORECASE
)  # fmt: skip


@dataclass(frozen=True)
class _MarginLine:
    """A line near an edge of a page; `is_apart` says whether the text begins at a distance behind it."""

    page: int
    is_top: bool
    height: float
    text: str
    row: tuple[Segment, ...]
    is_apart: bool

    def wording(self) -> tuple[bool, str]:
        """Its edge and its words without numbers."""
        return self.is_top, _DIGITS.sub("#", " ".join(self.text.split()).casefold())

    def repeats(self, other: _MarginLine) -> bool:
        """Whether a line of the same words stands as high, and its numbers are the same or grow with the pages."""
        if abs(self.height - other.height) > _TOLERANCE:
            return False
        pairs = zip(_DIGITS.findall(self.text), _DIGITS.findall(other.text), strict=True)
        return all(one == another or int(one) - int(another) == self.page - other.page for one, another in pairs)

    def number(self) -> int | None:
        """The number of the page, if nothing else stands there."""
        found = _NUMBER.fullmatch(self.text)
        return int(found.group(1)) if found else None


_Alike = dict[tuple[bool, str], list[_MarginLine]]


def remove(pages: Sequence[PageText], removals: Removals) -> list[list[Segment]]:
    """The segments of each page without headers, footers and page numbers."""
    edges = [(_at_edge(page, is_top=True), _at_edge(page, is_top=False)) for page in pages]
    alike: _Alike = defaultdict(list)
    shifts: Counter[int] = Counter()
    for line in (line for both in edges for lines in both for line in lines):
        alike[line.wording()].append(line)
        if (number := line.number()) is not None:
            shifts[number - line.page] += 1
    kept = []
    for page, both in zip(pages, edges, strict=True):
        gone: set[int] = set()
        for lines in both:
            for line, kind in _margin(lines, alike, shifts, len(pages)):
                removals.add(kind, line.text, page.number)
                gone.update(id(segment) for segment in line.row)
        kept.append([segment for segment in page.segments if id(segment) not in gone])
    return kept


def _at_edge(page: PageText, *, is_top: bool) -> list[_MarginLine]:
    """Lines near an edge, the outermost first."""
    found = rows(page.segments)
    ordered = found if is_top else found[::-1]
    zone = _ZONE * page.height
    lines = []
    for number, row in enumerate(ordered):
        height = row[0].top if is_top else page.height - row[0].bottom
        if height + row[0].height > zone:
            break
        inner = ordered[number + 1][0] if number + 1 < len(ordered) else None
        is_apart = inner is None or _is_apart(row[0], inner)
        lines.append(
            _MarginLine(page.number, is_top, height, " ".join(s.text for s in row), tuple(row), is_apart)
        )  # fmt: skip
    return lines


def _is_apart(line: Segment, inner: Segment) -> bool:
    gap = max(inner.top - line.bottom, line.top - inner.bottom)
    return gap > _GAP * line.height or abs(line.size - inner.size) > 0.08 * inner.size


def _margin(
    lines: Sequence[_MarginLine], alike: _Alike, shifts: Counter[int], pages: int
) -> list[tuple[_MarginLine, str]]:
    """The lines at one edge that belong to the page, with the kind of each."""
    found = []
    for line in lines:
        kind = _kind(line, alike, shifts, pages)
        if not kind:
            break
        found.append((line, kind))
    while found and not found[-1][0].is_apart:
        found.pop()
    return found


def _kind(line: _MarginLine, alike: _Alike, shifts: Counter[int], pages: int) -> str:
    """What is to be taken out; empty if the line belongs to the text."""
    number = line.number()
    if number is not None:
        shift = number - line.page
        return "page-number" if shifts[shift] > 1 or (shift == 0 and pages == 1) else ""
    repeated = sum(line.repeats(other) for other in itertools.islice(alike[line.wording()], _ENOUGH))
    # Two in a long paper may be chance, such as a heading that is repeated.
    if repeated < min(3, max(2, pages // 2)):
        return ""
    return "page-header" if line.is_top else "page-footer"
