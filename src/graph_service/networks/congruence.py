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

from graph_service.networks.counts import Levels, Nodes, count, nodes
from graph_service.networks.edges import Edges
from graph_service.networks.network import Network, without_isolates
from graph_service.networks.products import Product, blocks
from graph_service.networks.specification import Isolates, Measure, Normalisation, Specification
from graph_service.networks.statements import Statements


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
    denominator = Denominator.of(specification.normalisation, counts)
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
        activity: n(a) of each node, shape (n,).
        used, repeated: for *jaccard* the products of B and of R, where B[a, (c, k)] is 1 where N is positive and
            R = N − B. As N = B + R, m10 = n(a) − N·Bᵀ, m01 = n(b) − B·Nᵀ and m11 = N·Nᵀ sum to
            n(a) + n(b) − B·Bᵀ + R·Rᵀ.
    """

    def __init__(
        self,
        normalisation: Normalisation,
        activity: NDArray[np.float64],
        used: Product | None = None,
        repeated: Product | None = None,
    ) -> None:
        self._normalisation = normalisation
        self._activity = activity
        self._used = used
        self._repeated = repeated

    @classmethod
    def of(cls, normalisation: Normalisation, counts: sp.csr_array) -> Denominator:
        """The denominators for counts N of shape (n, columns)."""
        activity = np.asarray(counts.sum(axis=1)).ravel()
        if normalisation is not Normalisation.JACCARD:
            return cls(normalisation, activity)
        used = counts.sign()
        repeated = counts - used
        repeated.eliminate_zeros()
        return cls(normalisation, activity, Product(used, used), Product(repeated, repeated) if repeated.nnz else None)

    def divide(self, numbers: NDArray[np.float64], start: int, stop: int) -> None:
        """Divide a block as `Product.block` gives it, in place."""
        if self._normalisation is Normalisation.NO:
            return
        first, second = self._activity[start:, None], self._activity[None, start:stop]
        if self._normalisation is Normalisation.AVERAGE:
            divisors = (first + second) / 2
        elif self._normalisation is Normalisation.COSINE:
            divisors = first * second
        else:
            divisors = first + second
            divisors += self._overlap(start, stop)
        # Where a denominator is 0 a node has no statement, so the number is 0 already.
        np.divide(numbers, divisors, out=numbers, where=divisors != 0)

    def _overlap(self, start: int, stop: int) -> NDArray[np.floating]:
        """R·Rᵀ − B·Bᵀ of a block."""
        assert self._used is not None  # noqa: S101 - only jaccard comes here
        used = self._used.block(start, stop)
        return (
            -used if self._repeated is None else np.subtract(self._repeated.block(start, stop), used, dtype=np.float64)
        )
