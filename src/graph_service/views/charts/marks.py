"""A picture as marks in the units of its `viewBox`, so that geometry can be tested without reading SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from graph_service.views.charts.letters import shortened, width_of, wrapped

WIDE, NARROW = 720, 360
_TITLE, _SOURCE = 15, 11


@dataclass(frozen=True)
class Box:
    """A rectangle with its sides parallel to the axes."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether both share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True)
class Bar:
    """A rectangle that is `look`, a class of the style sheet."""

    x: float
    y: float
    width: float
    height: float
    look: str

    @property
    def box(self) -> Box:
        """What it covers."""
        return Box(self.x, self.y, self.x + self.width, self.y + self.height)


@dataclass(frozen=True)
class Line:
    """A straight line; `arrow` puts a head on its second end."""

    x1: float
    y1: float
    x2: float
    y2: float
    look: str
    arrow: bool = False

    @property
    def box(self) -> Box:
        """What it covers."""
        return Box(min(self.x1, self.x2), min(self.y1, self.y2), max(self.x1, self.x2), max(self.y1, self.y2))


@dataclass(frozen=True)
class Dot:
    """A circle around a point."""

    x: float
    y: float
    radius: float
    look: str

    @property
    def box(self) -> Box:
        """What it covers."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


@dataclass(frozen=True)
class Words:
    """One line of text, with its baseline at `y`; `href` is where it leads."""

    x: float
    y: float
    text: str
    look: str = "ink"
    size: int = 13
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False
    href: str = ""

    @property
    def box(self) -> Box:
        """What it covers at most, whatever the font."""
        width = width_of(self.text, self.size, bold=self.bold)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return Box(left, self.y - 0.8 * self.size, left + width, self.y + 0.25 * self.size)


Mark: TypeAlias = Bar | Line | Dot | Words


@dataclass(frozen=True)
class Chart:
    """A picture: the size of its `viewBox`, which begins at 0, and its marks from back to front."""

    width: int
    height: int
    marks: Sequence[Mark]


def empty(text: str, width: int) -> Chart:
    """A picture that says why there is nothing to see."""
    return Chart(width, 60, [Words(width / 2, 36, shortened(text, 13, width - 20), "quiet", 13, "middle")])


def captioned(chart: Chart, title: str, source: str) -> Chart:
    """The same picture between its title and its source, since pictures travel without the page around them."""
    lines = wrapped(title, 1.1 * _TITLE, chart.width - 20, 6)
    top = 12 + round(1.25 * _TITLE * len(lines))
    head = [Words(10, 8 + _TITLE * (1 + 1.25 * n), line, "ink", _TITLE, bold=True) for n, line in enumerate(lines)]
    foot = [
        Words(10, top + chart.height + 14 * (n + 1), line, "quiet", _SOURCE)
        for n, line in enumerate(wrapped(source, _SOURCE, chart.width - 20, 3))
    ]
    return Chart(
        chart.width, top + chart.height + 14 * len(foot) + 10, [*head, *(_lower(m, top) for m in chart.marks), *foot]
    )


def _lower(mark: Mark, by: float) -> Mark:
    if isinstance(mark, Line):
        return replace(mark, y1=mark.y1 + by, y2=mark.y2 + by)
    return replace(mark, y=mark.y + by)


def column(lines: Sequence[str], x: float, middle: float, size: int, look: str = "ink") -> list[Words]:
    """Lines of text below each other, as a whole in the middle of a height."""
    step = 1.2 * size
    first = middle - step * (len(lines) - 1) / 2 + 0.35 * size
    return [Words(x, first + step * number, line, look, size) for number, line in enumerate(lines)]
