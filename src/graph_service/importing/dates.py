"""Dates as people give them, as intervals: the first and the last day that is possible."""

from __future__ import annotations

import calendar
import datetime
import re
from typing import NamedTuple

_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_UNDATED = frozenset({"", "undated", "undatiert", "o. d.", "o.d.", "n.d."})


class Interval(NamedTuple):
    """Two days, both inclusive."""

    first: datetime.date
    last: datetime.date


def is_undated(text: str) -> bool:
    """Whether a text says that there is no date."""
    return text.strip().casefold() in _UNDATED


def interval(text: str) -> Interval:
    """The days that a date may mean: `2021-06` is 1 to 30 June 2021, `2020/2021` two years.

    Also read are `28.06.2019`, a time of day after the date, and `FIRST; LAST`.

    Raises:
        ValueError: the text is no date, or ends before it begins.
    """
    first, _, last = (part.strip() for part in re.sub(r"[;/]", "|", text).partition("|"))
    found = Interval(_one(first).first, _one(last or first).last)
    if found.last < found.first:
        raise ValueError(text)
    return found


def _one(text: str) -> Interval:
    if _YEAR.fullmatch(text):
        year = int(text)
        return Interval(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    if month := _MONTH.fullmatch(text):
        year, number = int(month[1]), int(month[2])
        first = datetime.date(year, number, 1)
        return Interval(first, first.replace(day=calendar.monthrange(year, number)[1]))
    if german := _GERMAN.match(text):
        day = datetime.date(int(german[3]), int(german[2]), int(german[1]))
        return Interval(day, day)
    day = datetime.date.fromisoformat(text[:10])
    return Interval(day, day)
