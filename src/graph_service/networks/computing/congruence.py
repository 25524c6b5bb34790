"""One-mode networks: actors through the concepts they share, or concepts through the actors they share.

Congruence, conflict and their difference after Leifeld's discourse network analysis, as DNA 3.1 computes them. With
N[a, c, k] statements of actor a on concept c at level k, n(a, c) = Σ_k N[a, c, k], and n(a) = Σ_c n(a, c):

    ignore       Σ_c n(a, c) · n(b, c)
    congruence   Σ_c Σ_k Σ_l N[a, c, k] · N[b, c, l] · (1 − |k − l| / range)
    conflict     the same with |k − l| / range
    subtract     congruence − conflict

    average      divides by (n(a) + n(b)) / 2
    cosine       divides by n(a) · n(b)
    jaccard      divides by m10 + m01 + m11 over all cells (c, k)
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph_service.network_choices import Isolates, Measure, Normalisation
from graph_service.networks.computing.edges import Edges
from graph_service.networks.computing.products import Product, blocks
from graph_service.networks.network import Network, without_isolates
from graph_service.networks.specification import Specification
from graph_service.networks.table.counts import Levels, Nodes, count, nodes
from graph_service.networks.table.statements import Statements


def one_mode(statements: Statements, levels: Levels, specification: Specification) -> Network:
    """The network of statements whose duplicates are removed.

    Args:
        statements: after filters and duplicates.
        levels: of the statements after the filters, which a time window may not all have.
        specification: of mode `actors` or `concepts`.

    Raises:
        LimitExceeded: it has more edges than `specification.ceiling`.
    """
    ours, through = nodes(statements, specification.mode, specification.isolates)
    counts = count(ours, through, levels.of_rows(statements), len(levels.values))
    numerator, divisor = _numerator(counts, levels, len(through), specification.measure)
    denominator = Denominator(specification.normalisation, counts)
    edges = Edges((len(ours), len(ours)), specification)
    for start, stop in blocks(len(ours)):
        numbers = np.divide(numerator.block(start, stop), divisor, dtype=np.float64)
        denominator.divide(numbers, start, stop)
        edges.add_block(numbers, start)
    names, weights = _kept(ours, edges.matrix(), specification.isolates)
    return Network(specification, names, names, weights, statements, levels)


def _kept(ours: Nodes, weights: sp.csr_array, isolates: Isolates) -> tuple[NDArray[np.object_], sp.csr_array]:
    return without_isolates(ours.names, weights) if isolates is Isolates.DROP else (ours.names, weights)


def _numerator(counts: sp.csr_array, levels: Levels, through: int, measure: Measure) -> tuple[Product, float]:
    """The product whose cells, divided by the number returned with it, are the measure before normalisation."""
    if measure is Measure.IGNORE:
        pooled = counts @ _over_levels(np.ones((len(levels.values), 1)), through)
        return Product(pooled, pooled), 1.0
    affinity, divisor = levels.affinity(measure)
    left, right = counts, counts @ _over_levels(affinity, through)
    used = np.flatnonzero(np.bincount(left.indices, minlength=left.shape[1]))
    return Product(left[:, used], right[:, used]), divisor


def _over_levels(affinity: NDArray[np.float64], through: int) -> sp.csr_array:
    """A matrix that acts on the levels of each concept alike: block diagonal, without zeros."""
    matrix = sp.kron(sp.eye_array(through), sp.csr_array(affinity), format="csr")
    matrix.eliminate_zeros()
    return matrix


class Denominator:
    """What numbers are divided by; a denominator of 0 gives 0.

    Args:
        normalisation: one of those for one mode.
        counts: N, shape (n, columns).
    """

    def __init__(self, normalisation: Normalisation, counts: sp.csr_array) -> None:
        self._normalisation = normalisation
        self._activity: NDArray[np.float64] = np.asarray(counts.sum(axis=1)).ravel()
        self._overlap = _overlap(counts) if normalisation is Normalisation.JACCARD else None

    def divide(self, numbers: NDArray[np.float64], start: int, stop: int) -> None:
        """Divide a block as `Product.block` gives it, in place."""
        if self._normalisation is Normalisation.NO:
            return
        first, second = self._activity[start:, None], self._activity[None, start:stop]
        if self._overlap is not None:
            divisors = first + second
            divisors += self._overlap.block(start, stop)
        else:
            divisors = first * second if self._normalisation is Normalisation.COSINE else (first + second) / 2
        # Where a denominator is 0 a node has no statement, so the number is 0 already.
        np.divide(numbers, divisors, out=numbers, where=divisors != 0)


def _overlap(counts: sp.csr_array) -> Product:
    """The product that, added to n(a) + n(b), gives m10 + m01 + m11.

    Let B be 1 where N is positive, and R = N − B. Then m10 = n(a) − N·Bᵀ, m01 = n(b) − B·Nᵀ and m11 = N·Nᵀ sum to
    n(a) + n(b) + R·Rᵀ − B·Bᵀ, which is one product of both side by side.
    """
    used = counts.sign()
    repeated = counts - used
    repeated.eliminate_zeros()
    repeated = repeated[:, np.flatnonzero(np.bincount(repeated.indices, minlength=counts.shape[1]))]
    return Product(sp.hstack([repeated, used], format="csr"), sp.hstack([repeated, -used], format="csr"))
