"""Diverging bars: how many are against to the left of a line, how many for to the right, and those of no side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.views.charts.letters import width_of, wrapped
from graph_service.views.charts.marks import NARROW, Bar, Chart, Line, Mark, Words, column

_SIZE, _SMALL = 13, 12
_MARGIN, _GAP, _BAR = 8, 14, 16
_LABEL = 226


@dataclass(frozen=True)
class Sides:
    """A row: how many are against, for, and neither."""

    label: str
    against: int
    pro: int
    neither: int


@dataclass(frozen=True)
class SideWords:
    """What the three counts are called."""

    against: str
    pro: str
    neither: str


def diverging_bars(rows: Sequence[Sides], words: SideWords, width: int) -> Chart:
    """A bar for each count of each row, all on one scale.

    Args:
        rows: from top to bottom.
        words: heads of the columns.
        width: of the picture; labels stand above the bars where it is narrow.
    """
    above = width <= NARROW
    left = _MARGIN if above else _LABEL + 2 * _MARGIN
    most = [max((count for count in counts), default=0) for counts in zip(*map(_counts, rows), strict=True)] or [0] * 3
    heads = [words.against, words.pro, *([words.neither] if most[2] else [])]
    unit, regions = _regions(most, heads, width - left - _MARGIN)
    zero = left + regions[0]
    third = zero + regions[1] + _GAP
    y = 30.0
    marks: list[Mark] = []
    for row in rows:
        lines = wrapped(row.label, _SIZE, width - 2 * _MARGIN if above else _LABEL, 2)
        text = 1.2 * _SIZE * len(lines)
        if above:
            marks += column(lines, _MARGIN, y + text / 2, _SIZE)
            y += text + 2
        height = _BAR if above else max(_BAR, text)
        if not above:
            marks += column(lines, _MARGIN, y + height / 2, _SIZE)
        # Where labels stand above the bars, the line of zero leaves them free.
        marks.append(Line(zero, y - (2 if above else 4), zero, y + height + (2 if above else 4), "quiet"))
        marks += _bars(row, zero, third, y + (height - _BAR) / 2, unit)
        y += height + (12 if above else 8)
    head = [Words(zero - 5, 18, words.against, "against", _SMALL, "end", bold=True)]
    head.append(Words(zero + 5, 18, words.pro, "for", _SMALL, bold=True))
    if most[2]:
        head.append(Words(third, 18, words.neither, "mixed", _SMALL, bold=True))
    return Chart(width, round(y + _MARGIN), [*head, *marks])


def _counts(row: Sides) -> tuple[int, int, int]:
    return row.against, row.pro, row.neither


def _regions(most: Sequence[int], heads: Sequence[str], width: float) -> tuple[float, list[float]]:
    """Pixels of one, and the widths of the columns: each has room for its longest bar with number, and for its head."""
    numbers = [width_of(str(count), _SMALL) + 8 for count in most[: len(heads)]]
    least = [width_of(head, _SMALL, bold=True) + 6 for head in heads]
    width -= _GAP * (len(heads) - 2)
    # A column that its head makes wide enough leaves the rest to the others.
    fixed: set[int] = set()
    while True:
        free = [n for n in range(len(heads)) if n not in fixed]
        room = width - sum(least[n] for n in fixed) - sum(numbers[n] for n in free)
        unit = max(0.0, min(40.0, room / (sum(most[n] for n in free) or 1)))
        narrow = {n for n in free if numbers[n] + most[n] * unit < least[n]}
        if not narrow:
            break
        fixed |= narrow
    unit = min([unit, *((least[n] - numbers[n]) / most[n] for n in fixed if most[n])])
    return unit, [max(least[n], numbers[n] + most[n] * unit) for n in range(len(heads))]


def _bars(row: Sides, zero: float, third: float, y: float, unit: float) -> list[Mark]:
    base = y + _BAR / 2 + 0.35 * _SMALL
    marks: list[Mark] = []
    if row.against:
        end = zero - row.against * unit
        marks += [
            Bar(end, y, zero - end, _BAR, "against"),
            Words(end - 4, base, str(row.against), "ink", _SMALL, "end"),
        ]
    for count, start, look in ((row.pro, zero, "for"), (row.neither, third, "mixed")):
        if count:
            marks.append(Bar(start, y, count * unit, _BAR, look))
            marks.append(Words(start + count * unit + 4, base, str(count), "ink", _SMALL))
    return marks
