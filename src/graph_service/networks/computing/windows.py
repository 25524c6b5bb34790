"""Time windows that move over the time range by one step, as DNA 3.1 moves them.

The midpoint starts at the first day and moves by units; a window reaches round((size − 1) / 2) units, half up, to both
sides, both ends inclusive; only windows wholly inside the time range count. So a window of three days has three days,
one of two days has three as well, and one of a single month is a single day.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from graph_service.errors import LimitExceeded, ParameterError
from graph_service.network_choices import Unit
from graph_service.networks.table import days
from graph_service.networks.table.statements import Statements

MOST_WINDOWS = 10_000


@dataclass(frozen=True)
class Window:
    """How windows are made. Strings are taken for units.

    Attributes:
        size: in units, at least 1.
        unit: days, weeks, months or years.
        step: by how many units the midpoint moves; DNA always moves by 1.
        since, until: the time range, both inclusive; None for the first and last day of the statements.

    Raises:
        ParameterError: there is no such unit, size or step.
    """

    size: int
    unit: Unit = Unit.DAYS
    step: int = 1
    since: datetime.date | None = None
    until: datetime.date | None = None

    def __post_init__(self) -> None:
        if self.unit not in list(Unit):
            raise ParameterError(f"There is no unit {str(self.unit)[:40]!r}.", hint=f"Choose from {', '.join(Unit)}.")
        object.__setattr__(self, "unit", Unit(self.unit))
        for name, value in (("size", self.size), ("step", self.step)):
            if value < 1:
                raise ParameterError(f"The {name} of a time window is {value}.", hint="It must be at least 1.")

    @property
    def reach(self) -> int:
        """Units to both sides of the midpoint: round((size − 1) / 2), half up."""
        return self.size // 2


def windows(statements: Statements, window: Window) -> Iterator[tuple[int, int, int]]:
    """Midpoint, first and last day of each window, in days since 1970-01-01.

    Months and years are counted from the first day of the range; where a month has no such day, its last one is
    taken.

    Raises:
        LimitExceeded: the range has more than `MOST_WINDOWS` windows.
    """
    start, stop = _range(statements, window)
    for number in range(MOST_WINDOWS + 1):
        midpoint = shift(start, number * window.step, window.unit) if stop >= start else stop + 1
        if midpoint > stop:
            return
        first, last = shift(midpoint, -window.reach, window.unit), shift(midpoint, window.reach, window.unit)
        if start <= first and last <= stop:
            yield midpoint, first, last
    raise LimitExceeded(f"The time range has more than {MOST_WINDOWS:,} midpoints.", hint="Take a larger unit or step.")


def shift(day: int, units: int, unit: Unit) -> int:
    """A day moved by so many units; the result is bounded by the years 1 and 9999."""
    if unit in (Unit.DAYS, Unit.WEEKS):
        return day + units * (7 if unit is Unit.WEEKS else 1)
    date = days.date(day)
    months = date.year * 12 + date.month - 1 + units * (12 if unit is Unit.YEARS else 1)
    year, month = divmod(months, 12)
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        return days.number(datetime.date.min if year < datetime.MINYEAR else datetime.date.max) + (
            1 if units > 0 else -1
        )
    last = calendar.monthrange(year, month + 1)[1]
    return days.number(datetime.date(year, month + 1, min(date.day, last)))


def _range(statements: Statements, window: Window) -> tuple[int, int]:
    dated = statements.first != days.NEVER_BEGINS
    first, last = statements.first[dated], statements.last[dated]
    start = days.number(window.since) if window.since else int(np.min(first, initial=days.NEVER_BEGINS))
    stop = days.number(window.until) if window.until else int(np.max(last, initial=days.NEVER_ENDS))
    return start, stop
