"""Dates as intervals: the first and the last possible day of a date as people write it."""

from __future__ import annotations

import calendar
import datetime
import re
from typing import NamedTuple

_YEAR = re.compile(r"\d{4}", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_TIME = r"(?:(?:T|,?\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?"
_DAY = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_TIME}", re.ASCII)
_GERMAN = re.compile(rf"(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}}){_TIME}", re.ASCII)
_BETWEEN = re.compile(r"\s*[;/|–—]\s*|\s+(?:-|bis|to|until)\s+|(?<=^\d{4})-(?=\d{4}$)", re.ASCII)
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

    Also read are `28.06.2019`, a time of day after the date, and two dates with `;`, `/`, `–`, `bis` or `to` between.

    Raises:
        ValueError: the text is not a date, has anything else behind it, or ends before it begins.
    """
    ends = [_one(part) for part in _BETWEEN.split(text.strip())]
    if len(ends) > 2:
        raise ValueError(text)
    found = Interval(ends[0].first, ends[-1].last)
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
    if german := _GERMAN.fullmatch(text):
        day = datetime.date(int(german[3]), int(german[2]), int(german[1]))
    elif iso := _DAY.fullmatch(text):
        day = datetime.date(int(iso[1]), int(iso[2]), int(iso[3]))
    else:
        raise ValueError(text or "a date is missing")
    return Interval(day, day)
