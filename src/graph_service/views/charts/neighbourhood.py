"""A thing and what it is linked with: the thing in the middle, by property what points to it and what it points to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from graph_service.views.charts.letters import shortened, wrapped
from graph_service.views.charts.marks import WIDE, Bar, Chart, Line, Mark, Words

_SIZE, _SMALL = 13, 12
_ROW, _GAP = 20, 10
_PAD, _LINES = 10, 4
# The thing in the middle between two columns, or at the left of the only one.
_MIDDLE, _BETWEEN = 150, 44
_COLUMN = (WIDE - _MIDDLE) / 2 - _BETWEEN
_EDGE = 2


@dataclass(frozen=True)
class Neighbour:
    """A thing by its name, and the address of its page; empty for none."""

    name: str
    address: str


@dataclass(frozen=True)
class Tied:
    """What is tied to the thing by one property; `outward` if the thing is the subject."""

    property: str
    outward: bool
    neighbours: Sequence[Neighbour]


_Side: TypeAlias = Literal["start", "end"]


def neighbourhood(name: str, groups: Sequence[Tied]) -> Chart:
    """The picture: an arrow leads from a subject to its values; names that find no room are shortened.

    Args:
        name: of the thing in the middle.
        groups: what is around it, from top to bottom.
    """
    inward, outward = ([one for one in groups if one.outward is way] for way in (False, True))
    both = bool(inward and outward)
    left = _COLUMN + _BETWEEN if both else _EDGE
    lines = wrapped(name, _SIZE, (_MIDDLE - 2 * _PAD) / 1.1, _LINES)
    tall = 2 * _PAD + round(1.2 * _SIZE * len(lines))
    height = max(tall + 2 * _EDGE, *(_height(side) for side in (inward, outward)))
    middle = height / 2
    marks: list[Mark] = []
    if both:
        marks += _side(inward, left, "end", _COLUMN, middle)
        marks += _side(outward, left + _MIDDLE, "start", _COLUMN, middle)
    else:
        marks += _side(groups, left + _MIDDLE, "start", WIDE - left - _MIDDLE - _BETWEEN, middle)
    marks.append(Bar(left, middle - tall / 2, _MIDDLE, tall, "open"))
    first = middle - 1.2 * _SIZE * (len(lines) - 1) / 2 + 0.35 * _SIZE
    for number, line in enumerate(lines):
        y = first + 1.2 * _SIZE * number
        marks.append(Words(left + _MIDDLE / 2, y, line, "ink", _SIZE, "middle", bold=True))
    return Chart(WIDE, round(height), marks)


def _height(groups: Sequence[Tied]) -> float:
    rows = sum(1 + len(one.neighbours) for one in groups)
    return rows * _ROW + _GAP * max(len(groups) - 1, 0)


def _side(groups: Sequence[Tied], edge: float, anchor: _Side, width: float, middle: float) -> Iterator[Mark]:
    """The groups of one side of the thing, which ends at `edge`: their lines, then their names."""
    away = 1 if anchor == "start" else -1
    trunk, end = edge + away * _BETWEEN / 3, edge + away * (_BETWEEN - 4)
    top = middle - _height(groups) / 2
    # A group at the height of the middle draws its own line to it.
    heights = [middle]
    for group in groups:
        at = top + _ROW / 2
        heights.append(at)
        yield Line(trunk, at, end, at, "quiet", arrow=group.outward)
        text = shortened(group.property, _SMALL, width)
        yield Words(edge + away * _BETWEEN, at + 0.35 * _SMALL, text, "quiet", _SMALL, anchor)
        for one in group.neighbours:
            top += _ROW
            text = shortened(one.name, _SIZE, width)
            yield Words(
                edge + away * _BETWEEN, top + _ROW / 2 + 0.35 * _SIZE, text, "ink", _SIZE, anchor, False, one.address
            )
        top += _ROW + _GAP
    yield Line(trunk, min(heights), trunk, max(heights), "quiet")
    yield Line(trunk, middle, edge, middle, "quiet", arrow=any(not one.outward for one in groups))
