"""Alpha for unitizing: how far coders mark the same stretches of a text, and give these the same value.

Source: K. Krippendorff, Y. Mathet, S. Bouvry, A. Widlöcher, On the reliability of unitizing textual continua: Further
developments, Quality & Quantity 50 (2016), nominal. Each coder divides the text into units with a value and gaps. Two
coders coincide in a value as often as both give it to a character; by chance they do so as often as two characters
drawn from all coders, but not from one unit, have it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Unit:
    """A stretch of text with a value, half-open; the value None is a gap."""

    start: int
    end: int
    value: Hashable

    @property
    def length(self) -> int:
        """Characters."""
        return self.end - self.start


@dataclass(frozen=True)
class UnitizingAgreement:
    """Coefficients of 1 (coders agree) and 0 (as by chance); None where nothing varies, so that chance cannot be told.

    Attributes:
        identified: |u-alpha, whether a character belongs to a unit or to a gap.
        unitized: u-alpha, which value it has or whether it belongs to a gap.
        coded: cu-alpha, which value it has, where units of two coders intersect.
        coverage: share of the text, 0 to 1, that `coded` rests on.
    """

    identified: float | None
    unitized: float | None
    coded: float | None
    coverage: float


Coincidences = Mapping[tuple[Hashable, Hashable], float]


def measure(coders: Sequence[Sequence[Unit]], length: int) -> UnitizingAgreement:
    """Measure the agreement of all coders in time linear in the number of units.

    Args:
        coders: units of each coder, in order and without overlaps.
        length: of the text, in characters.

    Raises:
        ValueError: there is one coder only, or units overlap or leave the text.
    """
    if len(coders) < 2:
        raise ValueError("agreement needs two coders")
    valued = [list(_with_gaps(units, length)) for units in coders]
    marked = [[replace(unit, value=unit.value is not None or None) for unit in units] for units in valued]
    intersections, within = _where_units_intersect(valued)
    return UnitizingAgreement(
        identified=_alpha(_coincidences(marked), _same_unit(marked)),
        unitized=_alpha(_coincidences(valued), _same_unit(valued)),
        coded=_alpha(intersections, within),
        coverage=sum(intersections.values()) / (len(coders) * length) if length else 0.0,
    )


def _alpha(observed: Coincidences, same_unit: Mapping[Hashable, float]) -> float | None:
    """1 - observed disagreement / expected disagreement (equations 4, 5 and 10, 11).

    Args:
        observed: characters that a pair of values has in common.
        same_unit: by value, the number of pairs of characters that lie in one unit.
    """
    totals: defaultdict[Hashable, float] = defaultdict(float)
    for (value, _), count in observed.items():
        totals[value] += count
    number = sum(totals.values())
    if not number:
        return None
    pairs = number - sum(same_unit.values()) / number
    by_chance = sum(total**2 - same_unit.get(value, 0) for value, total in totals.items()) / pairs
    expected = number - by_chance
    if expected <= number * 1e-12:
        return None
    return 1 - (number - sum(observed.get((value, value), 0) for value in totals)) / expected


def _same_unit(coders: Sequence[Sequence[Unit]]) -> Mapping[Hashable, float]:
    """Squared lengths of units; a gap has no structure, each of its characters stands alone."""
    found: defaultdict[Hashable, float] = defaultdict(float)
    for unit in (unit for units in coders for unit in units):
        found[unit.value] += unit.length if unit.value is None else unit.length**2
    return found


def _coincidences(coders: Sequence[Sequence[Unit]]) -> Coincidences:
    """How many characters each pair of values has, over all pairs of coders (equation 1)."""
    found: defaultdict[tuple[Hashable, Hashable], float] = defaultdict(float)
    for _, one, _, other, length in _intersections(coders):
        found[one.value, other.value] += length / (len(coders) - 1)
        found[other.value, one.value] += length / (len(coders) - 1)
    return found


def _where_units_intersect(coders: Sequence[Sequence[Unit]]) -> tuple[Coincidences, Mapping[Hashable, float]]:
    """The same without gaps; beside it the squared lengths of what remains of each unit."""
    found: defaultdict[tuple[Hashable, Hashable], float] = defaultdict(float)
    remains: defaultdict[tuple[int, Unit], float] = defaultdict(float)
    for i, one, j, other, length in _intersections(coders):
        if one.value is not None and other.value is not None:
            share = length / (len(coders) - 1)
            found[one.value, other.value] += share
            found[other.value, one.value] += share
            remains[i, one] += share
            remains[j, other] += share
    within: defaultdict[Hashable, float] = defaultdict(float)
    for (_, unit), characters in remains.items():
        within[unit.value] += characters**2
    return found, within


def _intersections(coders: Sequence[Sequence[Unit]]) -> Iterator[tuple[int, Unit, int, Unit, int]]:
    """Each unit or gap of a coder with each of another that it shares characters with, and how many."""
    for i, ones in enumerate(coders):
        for j, others in enumerate(coders[i + 1 :], i + 1):
            a = b = 0
            while a < len(ones) and b < len(others):
                one, other = ones[a], others[b]
                length = min(one.end, other.end) - max(one.start, other.start)
                if length > 0:
                    yield i, one, j, other, length
                a, b = (a + 1, b) if one.end <= other.end else (a, b + 1)


def _with_gaps(units: Sequence[Unit], length: int) -> Iterator[Unit]:
    place = 0
    for unit in units:
        if not place <= unit.start < unit.end <= length:
            raise ValueError(f"the unit {unit.start} to {unit.end} overlaps another or leaves the text")
        if place < unit.start:
            yield Unit(place, unit.start, None)
        yield unit
        place = unit.end
    if place < length:
        yield Unit(place, length, None)
