"""Dumbbells: where something stood earlier and where it stands later, on a scale from against to for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from graph_service.views.charts.letters import width_of, wrapped
from graph_service.views.charts.marks import NARROW, Chart, Dot, Line, Mark, Words, column

_SIZE, _SMALL = 13, 12
_MARGIN, _SCALE = 8, 230
_RADIUS = 6.0


@dataclass(frozen=True)
class Change:
    """A row: `earlier` and `later` are -1, 0 or 1; rows of one group stand under its name."""

    group: str
    label: str
    earlier: int
    later: int


@dataclass(frozen=True)
class ChangeWords:
    """What the three places of the scale are called, and the two ends."""

    against: str
    neither: str
    pro: str
    earlier: str
    later: str


def dumbbells(changes: Sequence[Change], words: ChangeWords, width: int) -> Chart:
    """An arrow from the earlier to the later place of each row; what did not move is a dot in a ring.

    Args:
        changes: from top to bottom, those of a group next to each other.
        words: heads and legend.
        width: of the picture; labels stand above the arrows where it is narrow.
    """
    above = width <= NARROW
    room = width - 2 * _MARGIN if above else width - _SCALE - 4 * _MARGIN
    ends = (_MARGIN + 40.0, width - _MARGIN - 40.0) if above else (room + 4 * _MARGIN + 12.0, width - _MARGIN - 30.0)
    places = [ends[0], sum(ends) / 2, ends[1]]
    marks, top = _legend(words, width)
    for place, word, look in zip(
        places, (words.against, words.neither, words.pro), ("against", "mixed", "for"), strict=True
    ):
        half = width_of(word, _SMALL, bold=True) / 2
        x = min(max(place, half + 2), width - half - 2)
        marks.append(Words(x, top, word, look, _SMALL, "middle", bold=True))
    start = y = top + 10
    rows: list[Mark] = []
    for group, found in groupby(changes, key=lambda one: one.group):
        if group:
            rows.append(Words(_MARGIN, y + 18, group, "ink", 14, bold=True))
            y += 28
        for one in found:
            lines = wrapped(one.label, _SIZE, room, 2)
            text = 1.2 * _SIZE * len(lines)
            rows += column(lines, _MARGIN, y + (text if above else max(20.0, text)) / 2, _SIZE)
            middle = y + text + 10 if above else y + max(20.0, text) / 2
            rows += _arrow(places[one.earlier + 1], places[one.later + 1], middle)
            y = middle + 16 if above else y + max(20.0, text) + 8
    grid = [Line(place, start, place, y, "line") for place in places] if not above else []
    return Chart(width, round(y + _MARGIN), [*grid, *marks, *rows])


def _legend(words: ChangeWords, width: int) -> tuple[list[Mark], float]:
    marks: list[Mark] = [Dot(_MARGIN + _RADIUS, 14, _RADIUS, "open"), Words(28, 18, words.earlier, "ink", _SMALL)]
    x, y = 28 + width_of(words.earlier, _SMALL) + 24, 18.0
    if x + 22 + width_of(words.later, _SMALL) > width:
        x, y = float(_MARGIN), 38.0
    marks += [Dot(x + _RADIUS, y - 4, _RADIUS, "ink"), Words(x + 20, y, words.later, "ink", _SMALL)]
    return marks, y + 26


def _arrow(earlier: float, later: float, y: float) -> list[Mark]:
    if earlier == later:
        return [Dot(earlier, y, _RADIUS, "open"), Dot(later, y, _RADIUS - 2.5, "ink")]
    look, way = ("for", 1) if later > earlier else ("against", -1)
    return [
        Line(earlier, y, later - way * (_RADIUS + 1), y, look, arrow=True),
        Dot(earlier, y, _RADIUS, "open"),
        Dot(later, y, _RADIUS, "ink"),
    ]
