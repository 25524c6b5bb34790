"""Two-mode networks: actors and the concepts they speak about, after DNA 3.1.

ignore       n(a, c)
subtract     positives − negatives for codes, Σ_k k · N[a, c, k] for a scale
combine      1 positive, 2 negative, 3 both; for codes only

activity     divides a row by the actor's number of statements
prominence   divides a column by the concept's number of statements
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph_service.errors import ParameterError
from graph_service.network_choices import Isolates, Measure, Mode, Normalisation
from graph_service.networks.computing.edges import Edges
from graph_service.networks.network import Network
from graph_service.networks.specification import Specification
from graph_service.networks.table.counts import Levels, count, nodes
from graph_service.networks.table.statements import Statements


def two_mode(statements: Statements, levels: Levels, specification: Specification) -> Network:
    """The network of statements whose duplicates are removed; see `congruence.one_mode` for the arguments.

    Raises:
        ParameterError: *combine* is asked for a scale.
        LimitExceeded: it has more edges than `specification.ceiling`.
    """
    actors, concepts = nodes(statements, Mode.TWO_MODE, specification.isolates)
    counts = count(actors, concepts, levels.of_rows(statements), len(levels.values))
    numbers = _numbers(counts, levels, len(concepts), statements.binary, specification.measure)
    numbers.sort_indices()
    numbers.data = _normalised(numbers.tocoo(), counts, len(levels.values), specification.normalisation)
    edges = Edges(numbers.shape, specification)
    edges.add_all(numbers)
    weights = edges.matrix()
    rows, columns = actors.names, concepts.names
    if specification.isolates is Isolates.DROP:
        speaking, spoken = np.diff(weights.indptr) > 0, np.bincount(weights.indices, minlength=len(columns)) > 0
        rows, columns, weights = rows[speaking], columns[spoken], weights[speaking][:, spoken]
    return Network(specification, rows, columns, weights, statements, levels)


def _numbers(counts: sp.csr_array, levels: Levels, concepts: int, binary: bool, measure: Measure) -> sp.csr_array:
    """The measure of each actor and concept, shape (actors, concepts)."""
    if measure is Measure.COMBINE:
        if not binary:
            raise ParameterError("The measure combine needs codes, not a scale.", hint="Take subtract.")
        return counts.sign() @ _per_concept(np.array([2.0, 1.0]), concepts)
    if measure is Measure.IGNORE:
        return counts @ _per_concept(np.ones(len(levels.values)), concepts)
    return counts @ _per_concept(np.array([-1.0, 1.0]) if binary else levels.values, concepts)


def _per_concept(weights: NDArray[np.float64], concepts: int) -> sp.csr_array:
    """A matrix that adds up the levels of each concept with these weights."""
    return sp.kron(sp.eye_array(concepts), sp.csr_array(weights[:, None]), format="csr")


def _normalised(
    numbers: sp.coo_array, counts: sp.csr_array, levels: int, normalisation: Normalisation
) -> NDArray[np.float64]:
    """The numbers of the cells, divided; a cell has a statement, so no denominator is 0."""
    if normalisation is Normalisation.ACTIVITY:
        return np.asarray(numbers.data / np.asarray(counts.sum(axis=1)).ravel()[numbers.row])
    if normalisation is Normalisation.PROMINENCE:
        of_concepts = np.asarray(counts.sum(axis=0)).reshape(numbers.shape[1], levels).sum(axis=1)
        return np.asarray(numbers.data / of_concepts[numbers.col])
    return np.asarray(numbers.data)
