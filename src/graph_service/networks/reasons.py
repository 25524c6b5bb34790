"""Reasons: the statements behind the number of an edge, each with what it contributes."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph_service.network_choices import Measure, Mode, Normalisation
from graph_service.networks.network import Network
from graph_service.networks.table.coded_column import CodedColumn
from graph_service.networks.table.statements import Statement, Statements


class Reason(NamedTuple):
    """One pair of statements that share a concept (or an actor), or in two modes one statement.

    Attributes:
        shared: the concept or actor that both are about; in two modes the concept.
        first, second: the statements, of the edge's ends in the order asked for; in two modes `second` is None.
        contribution: what the pair adds before normalisation.
        share: what it adds to the number of the edge; the shares of all reasons sum to it.
    """

    shared: str
    first: Statement
    second: Statement | None
    contribution: float
    share: float


class Reasons:
    """All reasons of one edge, in the order of what is shared, then of first and second statement.

    Args:
        network: any.
        source, target: its nodes; in two modes an actor and a concept.

    Raises:
        ParameterError: the network has no such node.
    """

    def __init__(self, network: Network, source: str, target: str) -> None:
        network.place(source, network.rows)
        network.place(target, network.columns)
        self._network = network
        statements = network.statements
        mode = network.specification.mode
        ours, self._shared = (
            (statements.concept, statements.actor) if mode is Mode.CONCEPTS else (statements.actor, statements.concept)
        )
        self._first = _rows(ours, source)
        if network.is_one_mode:
            self._second = _rows(ours, target) if source != target else np.empty(0, np.int64)
        else:
            self._first = np.intersect1d(self._first, _rows(statements.concept, target))
            self._second = np.empty(0, np.int64)
        self.denominator = self._denominator(source, target)

    def __iter__(self) -> Iterator[Reason]:
        return self._pairs() if self._network.is_one_mode else self._singles()

    def first(self, most: int) -> list[Reason]:
        """The `most` reasons that contribute most, by absolute contribution; of equal ones the first."""
        return heapq.nsmallest(most, self, key=lambda reason: -abs(reason.contribution))

    def _pairs(self) -> Iterator[Reason]:
        statements, levels = self._network.statements, self._network.levels
        affinity, divisor = levels.affinity(self._network.specification.measure)
        level = levels.of_rows(statements)
        common = np.intersect1d(self._shared.codes[self._first], self._shared.codes[self._second])
        for code in common:
            theirs = self._second[self._shared.codes[self._second] == code]
            for row in self._first[self._shared.codes[self._first] == code]:
                for other in theirs:
                    contribution = float(affinity[level[row], level[other]]) / divisor
                    if contribution:
                        yield self._reason(int(row), int(other), contribution)

    def _singles(self) -> Iterator[Reason]:
        statements, measure = self._network.statements, self._network.specification.measure
        seen: set[float] = set()
        for row in self._first:
            level = float(statements.level[row])
            if measure is Measure.IGNORE:
                contribution = 1.0
            elif measure is Measure.COMBINE:
                # 1 for positive and 2 for negative, each once: the first statement of its level brings it.
                contribution = 0.0 if level in seen else 2.0 - level
                seen.add(level)
            else:
                contribution = 2 * level - 1 if statements.binary else level
            if contribution:
                yield self._reason(int(row), None, contribution)

    def _reason(self, row: int, other: int | None, contribution: float) -> Reason:
        statements = self._network.statements
        return Reason(
            self._shared[row],
            statements[row],
            None if other is None else statements[other],
            contribution,
            contribution / self.denominator,
        )

    def _denominator(self, source: str, target: str) -> float:
        """What the contributions are divided by, straight from the formulas for this one pair."""
        statements, rule = self._network.statements, self._network.specification.normalisation
        first, second = len(self._first), len(self._second)
        match rule:
            case Normalisation.AVERAGE:
                return (first + second) / 2
            case Normalisation.COSINE:
                return float(first * second)
            case Normalisation.JACCARD:
                return _jaccard(*(self._cells(statements, rows) for rows in (self._first, self._second)))
            case Normalisation.ACTIVITY:
                return float(len(_rows(statements.actor, source)))
            case Normalisation.PROMINENCE:
                return float(len(_rows(statements.concept, target)))
        return 1.0

    def _cells(self, statements: Statements, rows: NDArray[np.int64]) -> dict[tuple[int, float], int]:
        """N of one node: how often each cell (c, k) is used."""
        cells: dict[tuple[int, float], int] = {}
        for cell in zip(self._shared.codes[rows].tolist(), statements.level[rows].tolist(), strict=True):
            cells[cell] = cells.get(cell, 0) + 1
        return cells


def _jaccard(first: dict[tuple[int, float], int], second: dict[tuple[int, float], int]) -> float:
    """m10 + m01 + m11."""
    alone = sum(n for cell, n in first.items() if cell not in second)
    alone += sum(n for cell, n in second.items() if cell not in first)
    return float(alone + sum(n * second[cell] for cell, n in first.items() if cell in second))


def _rows(column: CodedColumn, name: str) -> NDArray[np.int64]:
    return np.flatnonzero(column.codes == column.code(name))
