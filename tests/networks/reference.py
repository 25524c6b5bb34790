"""The formulas as a plain loop over pairs, slow and obvious: what the sparse products are compared with.

Nothing here is shared with the package but the rows that go in. A row has actor, concept, level (a number), document,
place and date (a `datetime.date`).
"""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Row:
    actor: str
    concept: str
    level: float
    document: str
    place: int
    date: datetime.date


Numbers = dict[tuple[str, str], float]


def without_duplicates(rows: Sequence[Row], rule: str, measure: str) -> list[Row]:
    """The first of each key; equal keys at the same place and time are told apart by their level."""
    ordered = sorted(rows, key=lambda row: (row.date, row.document, row.place, row.actor, row.concept, row.level))
    if rule == "include":
        return ordered
    kept: dict[tuple[object, ...], Row] = {}
    for row in ordered:
        level = () if measure == "ignore" else (row.level,)
        kept.setdefault((row.actor, row.concept, *level, PERIODS[rule](row)), row)
    return list(kept.values())


PERIODS: dict[str, Callable[[Row], object]] = {
    "document": lambda row: row.document,
    "week": lambda row: row.date.isocalendar()[:2],
    "month": lambda row: (row.date.year, row.date.month),
    "year": lambda row: row.date.year,
    "range": lambda row: None,
}


def levels_of(rows: Sequence[Row], binary: bool) -> list[float]:
    return [0, 1] if binary else sorted({row.level for row in rows})


def one_mode(
    rows: Sequence[Row], levels: Sequence[float], measure: str, normalisation: str, concepts: bool = False
) -> Numbers:
    """All numbers that are not 0, keyed by the two names in order; `rows` are without duplicates."""
    n: dict[tuple[str, str, float], int] = defaultdict(int)
    for row in rows:
        a, c = (row.concept, row.actor) if concepts else (row.actor, row.concept)
        n[a, c, row.level] += 1
    ours, through = sorted({a for a, _, _ in n}), sorted({c for _, c, _ in n})
    count = {a: {(c, k): n.get((a, c, k), 0) for c in through for k in levels} for a in ours}
    numbers = {}
    for a, b in combinations(ours, 2):
        number = _measure(count[a], count[b], through, levels, measure)
        denominator = _denominator(count[a], count[b], normalisation)
        number = number / denominator if denominator else 0
        if number:
            numbers[a, b] = number
    return numbers


def _measure(
    a: dict[tuple[str, float], int],
    b: dict[tuple[str, float], int],
    through: Sequence[str],
    levels: Sequence[float],
    measure: str,
) -> float:
    span = max(levels) - min(levels)
    total = 0.0
    for c in through:
        if measure == "ignore":
            total += sum(a[c, k] for k in levels) * sum(b[c, k] for k in levels)
            continue
        for k in levels:
            for l in levels:  # noqa: E741 - as the formula has it
                conflict = abs(k - l) / span if span else 0
                weight = {"congruence": 1 - conflict, "conflict": conflict, "subtract": 1 - 2 * conflict}[measure]
                total += a[c, k] * b[c, l] * weight
    return total


def _denominator(a: dict[tuple[str, float], int], b: dict[tuple[str, float], int], normalisation: str) -> float:
    n_a, n_b = sum(a.values()), sum(b.values())
    if normalisation == "average":
        return (n_a + n_b) / 2
    if normalisation == "cosine":
        return n_a * n_b
    if normalisation == "jaccard":
        m10 = sum(a[cell] for cell in a if b[cell] == 0)
        m01 = sum(b[cell] for cell in b if a[cell] == 0)
        m11 = sum(a[cell] * b[cell] for cell in a if a[cell] > 0 and b[cell] > 0)
        return m10 + m01 + m11
    return 1


def two_mode(rows: Sequence[Row], binary: bool, measure: str, normalisation: str) -> Numbers:
    numbers: Numbers = {}
    for a in {row.actor for row in rows}:
        for c in {row.concept for row in rows}:
            levels = [row.level for row in rows if (row.actor, row.concept) == (a, c)]
            number: float = {
                "ignore": len(levels),
                "subtract": levels.count(1) - levels.count(0) if binary else math.fsum(levels),
                "combine": (1 if 1 in levels else 0) + (2 if 0 in levels else 0),
            }[measure]
            if normalisation == "activity":
                number /= sum(row.actor == a for row in rows)
            if normalisation == "prominence":
                number /= sum(row.concept == c for row in rows)
            if number:
                numbers[a, c] = number
    return numbers


def windows(
    start: datetime.date, stop: datetime.date, size: int, unit: str, step: int = 1
) -> list[tuple[datetime.date, datetime.date, datetime.date]]:
    """Midpoint, first and last day of each window, by trying every unit."""
    reach = math.floor((size - 1) / 2 + 0.5)
    found = []
    for number in range(0, (stop - start).days + 1, step):
        midpoint = shift(start, number, unit)
        first, last = shift(midpoint, -reach, unit), shift(midpoint, reach, unit)
        if midpoint <= stop and first >= start and last <= stop:
            found.append((midpoint, first, last))
    return found


def shift(day: datetime.date, units: int, unit: str) -> datetime.date:
    if unit in ("days", "weeks"):
        return day + datetime.timedelta(**{unit: units})
    months = units * (12 if unit == "years" else 1)
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        year, month = (year + 1, 1) if month == 13 else (year - 1, 12) if month == 0 else (year, month)
    for last in (day.day, 30, 29, 28):
        try:
            return datetime.date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
