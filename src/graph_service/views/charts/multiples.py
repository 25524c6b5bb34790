"""Small multiples: a small picture for each actor on one scale, with what it says for and against year by year."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_service.views.charts.bars import SideWords
from graph_service.views.charts.letters import shortened, width_of
from graph_service.views.charts.marks import NARROW, Bar, Chart, Dot, Line, Mark, Words

_MARGIN, _SPACE = 10, 24
_TITLE, _NUMBER, _YEAR = 14, 10, 11
# Pixels of one position, and of the highest and the lowest bar together.
_UNIT, _BARS = 13.0, 84.0
_LANE = 15


@dataclass(frozen=True)
class YearCount:
    """How many positions of a year are for, against, and neither."""

    pro: int = 0
    against: int = 0
    neither: int = 0


@dataclass(frozen=True)
class Panel:
    """One small picture: its name, and counts by year."""

    label: str
    years: Mapping[int, YearCount]


def small_multiples(panels: Sequence[Panel], words: SideWords, width: int) -> Chart:
    """Bars up for what is for, down for what is against, and below them how much is neither.

    Args:
        panels: in their order, row by row.
        words: what the three counts are called.
        width: of the picture; a narrow one has one panel in a row, any other two.
    """
    across = 1 if width <= NARROW or len(panels) == 1 else 2
    span = (width - 2 * _MARGIN - _SPACE * (across - 1)) / across
    years = [year for panel in panels for year in panel.years]
    counts = [count for panel in panels for count in panel.years.values()]
    frame = _Frame(
        first=min(years, default=0),
        last=max(years, default=0),
        span=span,
        up=max((one.pro for one in counts), default=0),
        down=max((one.against for one in counts), default=0),
        lane=any(one.neither for one in counts),
    )
    marks, top = _legend(words, width, lane=frame.lane)
    for number, panel in enumerate(panels):
        x = _MARGIN + (number % across) * (span + _SPACE)
        marks += frame.panel(panel, x, top + number // across * (frame.height + _SPACE))
    rows = -(-len(panels) // across)
    return Chart(width, round(top + rows * (frame.height + _SPACE)), marks)


def _legend(words: SideWords, width: int, *, lane: bool) -> tuple[list[Mark], float]:
    """What colours and patterns mean, in as many lines as it takes, and where it ends."""
    marks: list[Mark] = []
    x, y = float(_MARGIN), 18.0
    for look, word in (("for", words.pro), ("against", words.against), *([("mixed", words.neither)] if lane else [])):
        room = width_of(word, 12) + 20
        if x + room > width - _MARGIN and x > _MARGIN:
            x, y = float(_MARGIN), y + 18
        marks += [Bar(x, y - 10, 12, 12, look), Words(x + 18, y, word, "ink", 12)]
        x += room + 14
    return marks, y + 18


@dataclass(frozen=True)
class _Frame:
    """What all panels share."""

    first: int
    last: int
    span: float
    up: int
    down: int
    lane: bool

    @property
    def unit(self) -> float:
        return min(_UNIT, _BARS / ((self.up + self.down) or 1))

    @property
    def slot(self) -> float:
        return self.span / (self.last - self.first + 1)

    @property
    def zero(self) -> float:
        """From the top of a panel to its line of zero."""
        return _TITLE + 8 + _NUMBER + 2 + self.up * self.unit

    @property
    def floor(self) -> float:
        """From the top of a panel to its lane of what is neither."""
        return self.zero + self.down * self.unit + (_NUMBER + 8 if self.down else 6)

    @property
    def height(self) -> float:
        return self.floor + (_LANE if self.lane else 0) + _YEAR + 4

    def panel(self, panel: Panel, x: float, y: float) -> list[Mark]:
        title = shortened(panel.label, _TITLE, self.span, bold=True)
        zero = y + self.zero
        marks: list[Mark] = [
            Words(x, y + _TITLE, title, "ink", _TITLE, bold=True),
            Line(x, zero, x + self.span, zero, "quiet"),
        ]
        for year, count in sorted(panel.years.items()):
            marks += self._year(count, x + (year - self.first + 0.5) * self.slot, y)
        return marks + self._axis(x, y + self.height)

    def _year(self, count: YearCount, middle: float, y: float) -> list[Mark]:
        marks: list[Mark] = []
        zero, width = y + self.zero, min(18.0, 0.74 * self.slot)
        if count.pro:
            high = count.pro * self.unit
            marks += [Bar(middle - width / 2, zero - high, width, high, "for")]
            marks += self._number(str(count.pro), middle, zero - high - 3)
        if count.against:
            low = count.against * self.unit
            marks += [Bar(middle - width / 2, zero, width, low, "against")]
            marks += self._number(str(count.against), middle, zero + low + _NUMBER)
        if count.neither:
            base = y + self.floor + _LANE - 5
            label = self._number(f"\u00b1{count.neither}", middle, base, "mixed")
            marks += label or [Dot(middle, base - 4, min(3.0, width / 2), "mixed")]
        return marks

    def _number(self, text: str, middle: float, base: float, look: str = "ink") -> list[Mark]:
        """A number; none where it would run into that of the next year."""
        fits = width_of(text, _NUMBER) <= self.slot
        return [Words(middle, base, text, look, _NUMBER, "middle")] if fits else []

    def _axis(self, x: float, base: float) -> list[Mark]:
        """The first year, and as many others as there is room for."""
        half = width_of("2000", _YEAR) / 2
        # Those at the edges stand farther in than their year.
        room = 2 * half + 8 + 2 * max(0.0, half - self.slot / 2)
        step = max(1, math.ceil(room / self.slot))
        marks: list[Mark] = []
        for year in range(self.first, self.last + 1, step):
            middle = min(max(x + (year - self.first + 0.5) * self.slot, x + half), x + self.span - half)
            marks.append(Words(middle, base, str(year), "quiet", _YEAR, "middle"))
        return marks
