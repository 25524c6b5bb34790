"""Footnotes of a PDF: small lines at the foot of a column or page whose first begins with a number or stars."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from graph_service.reading.file_content import Removals
from graph_service.reading.pdf_lines import Line

_SMALL = 0.93
_MARK = re.compile(r"(\d{1,3}(?!\d)|\*{1,3}|†|‡)[.)]?\s*(?=\S)")


def divide(lines: Sequence[Line], body: float) -> tuple[list[Line], list[list[Line]]]:
    """The lines of one page without its footnotes, and the lines of each footnote.

    Lines of a footnote that goes on from the page before come first, if there are any.
    """
    low = [line for line in lines if _is_small(line, body) and not _above_text(line, lines, body)]
    begins = next((index for index, line in enumerate(low) if _begins(line)), None)
    if begins is None:
        return list(lines), []
    notes: list[list[Line]] = []
    for line in low[begins:]:
        if not notes or (_begins(line) and _follows(notes[-1][0], line)):
            notes.append([])
        notes[-1].append(line)
    taken = {id(line) for note in notes for line in note}
    return [line for line in lines if id(line) not in taken], notes


def mark_of(line: Line) -> str:
    """The number or stars at the beginning of a footnote."""
    found = _MARK.match(line.text)
    return found.group(1) if found else ""


def without_marks(lines: Iterable[Line], marks: frozenset[str], removals: Removals) -> None:
    """Take raised marks of footnotes out of lines; raised digits that no footnote has stay."""
    for line in lines:
        for start, end in reversed(line.marks):
            mark = line.text[start:end].strip()
            if start and mark and all(part in marks for part in re.split(r"[,;\s]+", mark)):
                removals.add("footnote-mark", mark, line.page)
                line.text = line.text[:start].rstrip() + line.text[end:] if end < len(line.text) else line.text[:start]


def _is_small(line: Line, body: float) -> bool:
    return line.size < _SMALL * body


def _above_text(line: Line, lines: Sequence[Line], body: float) -> bool:
    return any(
        other.top > line.top and not _is_small(other, body) and other.left < line.right and line.left < other.right
        for other in lines
    )


def _begins(line: Line) -> bool:
    return bool(_MARK.match(line.text)) and (not line.marks or line.marks[0][0] == 0)


def _follows(first: Line, line: Line) -> bool:
    before, mark = mark_of(first), mark_of(line)
    return int(mark) == int(before) + 1 if mark.isdigit() and before.isdigit() else True
