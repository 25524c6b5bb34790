"""Agreement of coders: Krippendorff's alpha, for any number of coders and with codes missing.

Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), with the coincidence matrix and the
difference functions named there. Alpha is 1 where coders agree throughout, 0 where they agree as by chance.

Sets of codes are compared by MASI: R. Passonneau, Measuring Agreement on Set-valued Items (MASI) for Semantic and
Pragmatic Annotation (LREC 2006).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graph_service.errors import GraphServiceError

Code = float | str | frozenset[str]
"""A number, the name of a category, or a set of such names."""

Codes = Mapping[str, Mapping[str, Code]]
"""Code by coder, by unit; each metric takes the codes that it can compare."""

Row = Mapping[str, str]
"""A coding: its position, coder and code, and the proposition where there is one."""

Difference = Callable[[Any, Any], float]


class Metric(StrEnum):
    """How far apart two values are: equal or not, by rank, by distance, or by what two sets share."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    MASI = "masi"


@dataclass(frozen=True)
class Agreement:
    """How far coders agree.

    Attributes:
        coders: who coded, by name.
        units: number of units with at least two codes.
        equal: share of the units on which all codes are equal, 0 to 1.
        alpha: Krippendorff's alpha; None where all codes are one value, so that chance cannot be told.
        differing: the units on which codes differ.
    """

    coders: tuple[str, ...]
    units: int
    equal: float
    alpha: float | None
    differing: tuple[str, ...]


def measure(codes: Codes, metric: Metric = Metric.NOMINAL) -> Agreement:
    """Measure the agreement of all coders.

    Raises:
        ValueError: no unit has two codes.
    """
    pairable = {unit: list(values.values()) for unit, values in codes.items() if len(values) > 1}
    if not pairable:
        raise ValueError("no unit has two codes")
    differing = sorted(unit for unit, values in pairable.items() if len(set(values)) > 1)
    return Agreement(
        coders=tuple(sorted({coder for values in codes.values() for coder in values})),
        units=len(pairable),
        equal=1 - len(differing) / len(pairable),
        alpha=_alpha(pairable.values(), metric),
        differing=tuple(differing),
    )


def report(rows: Iterable[Row], metric: Metric) -> str:
    """The agreement in words.

    Args:
        rows: `position`, `coder` and `code` of each coding.
        metric: how differences are weighed.

    Raises:
        GraphServiceError: nothing was coded twice.
    """
    codes = _codes(rows)
    try:
        found = measure(codes, metric)
    except ValueError as error:
        raise GraphServiceError(f"{error}.", hint="Import sheets of at least two coders.") from error
    alpha = "not defined, all codes are one value" if found.alpha is None else f"{found.alpha:.3f}"
    lines = [
        f"{len(found.coders)} coders, {found.units} positions with at least two codes",
        f"all codes equal: {found.equal:.1%}",
        f"Krippendorff's alpha ({metric}): {alpha}",
        *(
            f"differs: {unit} " + ", ".join(f"{c.rpartition('/')[2]}={v:g}" for c, v in sorted(codes[unit].items()))
            for unit in found.differing
        ),
    ]
    return "\n".join(lines)


def report_by_proposition(rows: Iterable[Row], metric: Metric) -> str:
    """The agreement on each proposition as a Markdown table, the worst first.

    Alpha is left empty where all codes are one value. Positions on no proposition are left out.

    Args:
        rows: as of `report`, with `proposition`.
        metric: how differences are weighed.

    Raises:
        GraphServiceError: nothing was coded twice.
    """
    by_proposition: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get("proposition"):
            by_proposition[row["proposition"].rpartition("/")[2]].append(row)
    codes = {name: _codes(found) for name, found in by_proposition.items()}
    twice = {name: found for name, found in codes.items() if any(len(values) > 1 for values in found.values())}
    if not twice:
        raise GraphServiceError("no position on a proposition has two codes.", hint="Import sheets of two coders.")
    measured = {name: measure(found, metric) for name, found in twice.items()}
    lines = ["| proposition | coded twice | differ | equal | alpha |", "|---|---:|---:|---:|---:|"]
    for name, found in sorted(measured.items(), key=lambda one: (one[1].equal, -one[1].units, one[0])):
        alpha = "" if found.alpha is None else f"{found.alpha:.3f}"
        lines.append(f"| `{name}` | {found.units} | {len(found.differing)} | {found.equal:.1%} | {alpha} |")
    return "\n".join(lines)


def _codes(rows: Iterable[Row]) -> dict[str, dict[str, float]]:
    codes: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for row in rows:
        codes[row["position"]][row["coder"]] = float(row["code"])
    return codes


def _alpha(units: Iterable[Sequence[Code]], metric: Metric) -> float | None:
    """1 - observed disagreement / expected disagreement."""
    coincidences = _coincidences(units)
    totals: defaultdict[Code, float] = defaultdict(float)
    for (value, _), weight in coincidences.items():
        totals[value] += weight
    number = sum(totals.values())
    difference = _difference(metric, totals)
    expected = sum(totals[a] * totals[b] * difference(a, b) for a in totals for b in totals)
    if not expected:
        return None
    observed = sum(weight * difference(a, b) for (a, b), weight in coincidences.items())
    return 1 - (number - 1) * observed / expected


def _coincidences(units: Iterable[Sequence[Code]]) -> Mapping[tuple[Code, Code], float]:
    """How often each pair of values occurs within units, each unit counting as many times as it has codes."""
    found: defaultdict[tuple[Code, Code], float] = defaultdict(float)
    for values in units:
        for i, one in enumerate(values):
            for j, other in enumerate(values):
                if i != j:
                    found[one, other] += 1 / (len(values) - 1)
    return found


def masi_distance(one: frozenset[str], other: frozenset[str]) -> float:
    """1 - Jaccard × monotonicity: 1 of equal sets, 2/3 of a set and its subset, 1/3 of others that share something."""
    if one == other:
        return 0.0
    monotonicity = 2 / 3 if one < other or other < one else 1 / 3
    return 1 - monotonicity * len(one & other) / len(one | other)


def _difference(metric: Metric, totals: Mapping[Any, float]) -> Difference:
    if metric is Metric.NOMINAL:
        return lambda a, b: float(a != b)
    if metric is Metric.INTERVAL:
        return lambda a, b: (a - b) ** 2
    if metric is Metric.MASI:
        return masi_distance

    def by_rank(a: float, b: float) -> float:
        low, high = sorted((a, b))
        between = sum(total for value, total in totals.items() if low <= value <= high)
        return (between - (totals[a] + totals[b]) / 2) ** 2

    return by_rank
