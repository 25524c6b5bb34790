"""Dates as days: single days, uncertain dates as intervals, and the calendar periods that days fall into.

A day is the number of days since 1970-01-01 (`int32`). A date of which only the year or the month is known is the
interval of all its days. Weeks run from Monday to Sunday; a week or month belongs to its year, so January 2005 is not
January 2006 (DNA 3.1 compares the bare numbers of weeks and months).
"""

from __future__ import annotations

import calendar
import datetime
import re
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Days: TypeAlias = NDArray[np.int32]

# An undated statement begins after and ends before every day: it is in no window, and sorts last.
NEVER_BEGINS = int(np.iinfo(np.int32).max)
NEVER_ENDS = int(np.iinfo(np.int32).min)
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T[\d:.]+)?(?:Z|[+-]\d{2}:\d{2})?")


def interval(text: str) -> tuple[int, int]:
    """The first and the last day of a date as XML Schema writes it.

    Args:
        text: `xsd:date`, `xsd:dateTime` (its day as written), `xsd:gYearMonth`, `xsd:gYear`, or empty.

    Returns:
        Two days, both inclusive; (`NEVER_BEGINS`, `NEVER_ENDS`) if `text` is empty.

    Raises:
        ValueError: it is none of these, or no such day exists.
    """
    if not text:
        return NEVER_BEGINS, NEVER_ENDS
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a date")
    year, month, day = (int(part) if part else 0 for part in found.groups())
    first = datetime.date(year, month or 1, day or 1)
    last_month = month or 12
    last = datetime.date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    return number(first), number(last)


def number(date: datetime.date) -> int:
    """The day of a date."""
    return date.toordinal() - _EPOCH


def date(day: int) -> datetime.date:
    """The date of a day."""
    return datetime.date.fromordinal(day + _EPOCH)


def iso(day: int) -> str:
    """A day as `xsd:date` writes it; empty for an undated statement."""
    return "" if day in (NEVER_BEGINS, NEVER_ENDS) else date(day).isoformat()


def week(days: Days) -> NDArray[np.int64]:
    """The number of the week from Monday to Sunday that each day is in, counted through all years."""
    return (days.astype(np.int64) + 3) // 7


def month(days: Days) -> NDArray[np.int64]:
    """The number of the month that each day is in, counted through all years."""
    return _calendar(days, "M")


def year(days: Days) -> NDArray[np.int64]:
    """The number of the year that each day is in."""
    return _calendar(days, "Y")


def _calendar(days: Days, unit: str) -> NDArray[np.int64]:
    return days.astype("datetime64[D]").astype(f"datetime64[{unit}]").astype(np.int64)
