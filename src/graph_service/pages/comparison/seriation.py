"""Seriation: an order of rows and columns that places similar ones side by side.

The first singular vectors of the matrix by power iteration, unknown cells taken as 0: the order that correspondence
analysis gives, without its weights (Greenacre, Correspondence Analysis in Practice, chapter 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt

# More rounds change no place of the shipped graph.
_ROUNDS = 12


def ordered(
    numbers: Mapping[tuple[str, str], float], rows: Sequence[str], columns: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Rows and columns, each from one end to the other; those without a number last.

    Args:
        numbers: agreement, −1 to 1, by row and column.
        rows: all rows in a stable order, which breaks ties.
        columns: all columns in a stable order.
    """
    cells = [(row, column, number) for (row, column), number in sorted(numbers.items())]
    of_rows = {row: 1 + place / len(rows) for place, row in enumerate(rows)}
    of_columns: dict[str, float] = {}
    for _ in range(_ROUNDS):
        of_columns = _projected(((column, number * of_rows[row]) for row, column, number in cells), columns)
        of_rows = _projected(((row, number * of_columns[column]) for row, column, number in cells), rows)
    spoken = {row for row, _, _ in cells}, {column for _, column, _ in cells}
    return (
        sorted(rows, key=lambda row: (row not in spoken[0], -of_rows[row])),
        sorted(columns, key=lambda column: (column not in spoken[1], -of_columns.get(column, 0.0))),
    )


def _projected(parts: Iterable[tuple[str, float]], names: Sequence[str]) -> dict[str, float]:
    sums = dict.fromkeys(names, 0.0)
    for name, part in parts:
        sums[name] += part
    length = sqrt(sum(value * value for value in sums.values())) or 1.0
    return {name: value / length for name, value in sums.items()}
