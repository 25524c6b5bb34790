"""The counts N[a, c, k]: how often an actor states a concept at a level, as a sparse matrix.

Rows are the nodes of the network, columns the pairs of the other mode and a level: for actors (concept, level), for
concepts (actor, level). So the formulas for actors are those for concepts with both swapped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph_service.errors import LimitExceeded
from graph_service.network_choices import Isolates, Measure, Mode
from graph_service.networks.table.coded_column import CodedColumn, Words
from graph_service.networks.table.statements import Statements

MOST_LEVELS = 101
_DECIMALS = 6


@dataclass(frozen=True)
class Levels:
    """The levels of a table after its filters, and their distances.

    Attributes:
        values: `float64`, ascending, shape (levels,); 0 and 1 for codes, else those that occur.
    """

    values: NDArray[np.float64]

    @classmethod
    def of(cls, statements: Statements) -> Levels:
        """The levels of these statements.

        Raises:
            LimitExceeded: a scale has more than `MOST_LEVELS` levels.
        """
        values = np.array([0.0, 1.0]) if statements.binary else np.unique(statements.level)
        if len(values) > MOST_LEVELS:
            raise LimitExceeded(
                f"The scale has {len(values)} levels, more than {MOST_LEVELS}.", hint="Round the levels first."
            )
        return cls(values)

    def of_rows(self, statements: Statements) -> NDArray[np.int64]:
        """The place of each statement's level; shape (n,)."""
        return np.searchsorted(self.values, statements.level)

    def affinity(self, measure: Measure) -> tuple[NDArray[np.float64], float]:
        """What a pair of statements on one concept adds, by their levels, as whole numbers where these suffice.

        For congruence this is 1 − |k − l| / range, for conflict |k − l| / range, for subtract their difference; with a
        range of 0 there is no conflict.

        Returns:
            An array of shape (levels, levels) and what to divide it by.
        """
        units = _whole(self.values)
        distance = np.abs(units[:, None] - units[None, :])
        span = float(distance.max(initial=0)) or 1.0
        match measure:
            case Measure.CONGRUENCE:
                return span - distance, span
            case Measure.CONFLICT:
                return distance, span
            case Measure.SUBTRACT:
                return span - 2 * distance, span
        return np.ones_like(distance), 1.0


def _whole(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Levels with up to six decimals as whole multiples of a power of ten: their products are then exact."""
    for power in range(_DECIMALS + 1):
        scaled: NDArray[np.float64] = np.round(values * 10**power)
        if np.array_equal(scaled / 10**power, values) and np.abs(scaled).max(initial=0) < 2**24:
            return scaled
    return values


@dataclass(frozen=True, eq=False)
class Nodes:
    """The nodes of one mode among the words of a column.

    Attributes:
        names: `object` (str), sorted, shape (nodes,).
        rows: `int32`, shape (n,); the node of each statement.
    """

    names: Words
    rows: NDArray[np.int32]

    @classmethod
    def of(cls, column: CodedColumn, isolates: Isolates) -> Nodes:
        """The words that occur in the statements, or all that the table knows."""
        occurring = np.unique(column.codes)
        known = np.flatnonzero(column.words != "") if isolates is Isolates.ALL else occurring
        places = np.full(len(column.words), -1, np.int32)
        places[known] = np.arange(len(known), dtype=np.int32)
        return cls(column.words[known], places[column.codes])

    def __len__(self) -> int:
        return len(self.names)


def nodes(statements: Statements, mode: Mode, isolates: Isolates) -> tuple[Nodes, Nodes]:
    """The nodes of the network and those that connect them; actors and concepts for two modes."""
    actors, concepts = Nodes.of(statements.actor, isolates), Nodes.of(statements.concept, isolates)
    return (concepts, actors) if mode is Mode.CONCEPTS else (actors, concepts)


def count(of: Nodes, through: Nodes, level: NDArray[np.int64], levels: int) -> sp.csr_array:
    """N as a sparse matrix of `float64`, shape (nodes, through × levels), column c × levels + k."""
    columns = through.rows.astype(np.int64) * levels + level
    shape = (len(of), len(through) * levels)
    return sp.coo_array((np.ones(len(columns)), (of.rows, columns)), shape=shape).tocsr()
