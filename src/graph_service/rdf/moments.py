"""Dates and times by value.

Source: W3C XML Schema Definition Language 1.1 Part 2, appendix D.2.1 (the date/timeSevenPropertyModel).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import NamedTuple

_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,8}|0[0-9]{3}))"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9](?:\.[0-9]+)?)|24:00:00(?:\.0+)?)"
_ZONE = r"(?P<zone>Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"

FORMS = {
    "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}",
    "date": f"{_YEAR}-{_MONTH}-{_DAY}",
    "time": _TIME,
    "gYearMonth": f"{_YEAR}-{_MONTH}",
    "gYear": _YEAR,
    "gMonthDay": f"--{_MONTH}-{_DAY}",
    "gMonth": f"--{_MONTH}",
    "gDay": f"---{_DAY}",
}
"""The lexical forms, without time zone, by the local name of their datatype in XML Schema."""

_LEAP_YEAR = 2000
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097


class Moment(NamedTuple):
    """A value of a datatype of dates and times; a property that the datatype lacks is None.

    Attributes:
        day: in days since 0001-01-01 where the year is known, else as it is written.
        second: of the day.
        offset: of the time zone, in minutes.
    """

    year: int | None
    month: int | None
    day: int | None
    second: Fraction | None
    offset: int | None

    def same_instant(self, other: Moment) -> bool:
        """Whether both lie at the same point of the time line, in whatever time zone."""
        if self.offset is None or other.offset is None or (self.day is None and self.second is None):
            return self == other
        return self._seconds() == other._seconds()

    def _seconds(self) -> Fraction:
        return (self.day or 0) * 86_400 + (self.second or Fraction()) - (self.offset or 0) * 60


def reader(name: str) -> Callable[[str], Moment]:
    """What reads the lexical forms of a datatype of `FORMS`; it raises ValueError where a text is none."""
    form = re.compile(FORMS[name] + _ZONE)

    def read(text: str) -> Moment:
        match = form.fullmatch(text)
        if match is None:
            raise ValueError(text)
        return _moment(match.groupdict(), timed="T" in form.pattern or name == "time")

    return read


def _moment(parts: dict[str, str | None], *, timed: bool) -> Moment:
    year, month, day = (int(found) if (found := parts.get(part)) else None for part in ("year", "month", "day"))
    second = _second(parts) if timed else None
    if day is not None and month is not None:
        ordinal = _ordinal(_LEAP_YEAR if year is None else year, month, day)
        if second == 86_400:
            return Moment(None, None, ordinal + 1, Fraction(), _offset(parts["zone"]))
        if year is not None:
            return Moment(None, None, ordinal, second, _offset(parts["zone"]))
    elif second == 86_400:
        second = Fraction()
    return Moment(year, month, day, second, _offset(parts["zone"]))


def _second(parts: dict[str, str | None]) -> Fraction:
    hour, minute, second = parts["hour"], parts["minute"], parts["second"]
    if not (hour and minute and second):
        return Fraction(86_400)
    return int(hour) * 3600 + int(minute) * 60 + Fraction(second)


def _ordinal(year: int, month: int, day: int) -> int:
    """The number of the day in the proleptic Gregorian calendar, for years that `datetime` does not know as well."""
    cycles, within = divmod(year, _CYCLE_YEARS)
    return date(within + _CYCLE_YEARS, month, day).toordinal() + (cycles - 1) * _CYCLE_DAYS


def _offset(zone: str | None) -> int | None:
    if not zone:
        return None
    if zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:])
    return -minutes if zone[0] == "-" else minutes
