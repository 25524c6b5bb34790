"""The edges that a computation keeps while its cells pass by: above a minimum, the strongest, not too many."""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph_service.errors import LimitExceeded
from graph_service.networks.specification import Specification

_ROOM = 1_000_000
_MAPPED_FROM = 4_000_000


class Edges:
    """Collects the cells of a matrix row by row.

    Args:
        shape: of the matrix.
        specification: its `minimum`, `limit` and `ceiling` are obeyed.
    """

    def __init__(self, shape: tuple[int, int], specification: Specification) -> None:
        self._shape = shape
        self._minimum = specification.minimum
        self._limit = specification.limit
        self._ceiling = specification.ceiling
        self._per_row = np.zeros(shape[0], np.int64)
        room = min(shape[0] * shape[1], self._ceiling)
        self._columns, self._numbers = reserved(room, np.int32), reserved(room, np.float64)
        self._count = 0

    def add_block(self, numbers: NDArray[np.float64], start: int) -> None:
        """Take the cells above the diagonal of the rows from `start`, after those of all rows before.

        Cells that are 0 or lie below the minimum are left out.

        Args:
            numbers: the cells of the columns from `start` in these rows, shape (n − start, rows); overwritten.
            start: the first row.

        Raises:
            LimitExceeded: more edges than the ceiling would have to be held.
        """
        numbers[np.triu_indices(numbers.shape[1])] = 0
        numbers = np.ascontiguousarray(numbers.T)
        kept = np.abs(numbers) >= self._minimum if self._minimum else numbers != 0
        self._per_row[start : start + len(numbers)] = np.count_nonzero(kept, axis=1)
        columns = np.broadcast_to(np.arange(start, start + numbers.shape[1], dtype=np.int32), numbers.shape)
        self._append(columns[kept], numbers[kept])

    def add_all(self, matrix: sp.csr_array) -> None:
        """Take all cells of a sparse matrix whose indices are sorted; see `add_block`."""
        kept = (matrix.data != 0) & (np.abs(matrix.data) >= self._minimum)
        rows = np.repeat(np.arange(self._shape[0]), np.diff(matrix.indptr))
        self._per_row = np.bincount(rows[kept], minlength=self._shape[0])
        self._append(matrix.indices[kept], matrix.data[kept])

    def matrix(self) -> sp.csr_array:
        """What was kept, as a sparse matrix with sorted indices."""
        if self._limit is not None:
            self._keep_strongest(self._limit)
        # Of the type of the columns: otherwise scipy would copy these.
        bounds = np.concatenate([[0], np.cumsum(self._per_row)]).astype(np.int32)
        return sp.csr_array((self._numbers[: self._count], self._columns[: self._count], bounds), shape=self._shape)

    def _append(self, columns: NDArray[np.integer], numbers: NDArray[np.float64]) -> None:
        end = self._count + len(numbers)
        if end > self._ceiling:
            raise LimitExceeded(
                f"The network has more than {self._ceiling:,} edges.",
                hint="Filter the statements, ask for a minimum weight or for a number of strongest edges.",
            )
        self._columns[self._count : end], self._numbers[self._count : end] = columns, numbers
        self._count = end
        if self._limit is not None and self._count > 2 * self._limit + _ROOM:
            self._keep_strongest(self._limit)

    def _keep_strongest(self, limit: int) -> None:
        """Of equally strong edges the first stay; what stays keeps its order."""
        if self._count <= limit:
            return
        columns, numbers = self._columns[: self._count], self._numbers[: self._count]
        rows = np.repeat(np.arange(len(self._per_row)), self._per_row)
        kept = strongest(np.abs(numbers), limit)
        self._per_row = np.bincount(rows[kept], minlength=len(self._per_row))
        self._columns[:limit], self._numbers[:limit] = columns[kept], numbers[kept]
        self._count = limit


def reserved(size: int, kind: type[np.generic]) -> NDArray[Any]:
    """Room for as many numbers as there may ever be; the system gives memory only where something is written.

    Large arrays of numpy ask for huge pages, which took a second of system time for 600 MB on a machine whose memory
    was fragmented; a plain mapping does not.
    """
    length = size * np.dtype(kind).itemsize
    if length < _MAPPED_FROM:
        return np.empty(size, kind)
    return np.frombuffer(mmap.mmap(-1, length, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS), kind)


def strongest(sizes: NDArray[Any], limit: int) -> NDArray[np.int64]:
    """The places of the `limit` largest sizes in ascending order; of equal ones the first."""
    if limit == 0:
        return np.empty(0, np.int64)
    least = np.partition(sizes, len(sizes) - limit)[len(sizes) - limit]
    above, equal = np.flatnonzero(sizes > least), np.flatnonzero(sizes == least)
    return np.sort(np.concatenate([above, equal[: limit - len(above)]]))
