"""A network as it was computed: nodes with attributes, weighted edges, and the statements behind them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph_service.errors import ParameterError
from graph_service.network_choices import Mode
from graph_service.networks.specification import Specification
from graph_service.networks.table.coded_column import Words, words
from graph_service.networks.table.counts import Levels
from graph_service.networks.table.statements import Statements

Attribute: TypeAlias = NDArray[Any]


class Edge(NamedTuple):
    """Two nodes and the number between them; in one mode `source` sorts before `target`."""

    source: str
    target: str
    weight: float


@dataclass(frozen=True, eq=False)
class Network:
    """An undirected weighted network.

    Attributes:
        specification: the choices it was made by.
        rows: names of the nodes, sorted, `object` (str), shape (r,).
        columns: the same array in one mode; names of the concepts in two modes, shape (c,).
        weights: `float64`, sparse, shape (r, c), without zeros; in one mode only above the diagonal, as weights are
            symmetric and the diagonal is 0.
        statements: those counted, after filters and duplicates.
        levels: the levels of the statements after the filters.
        attributes: of nodes, in the order of `ids`, by name: arrays of shape (nodes,) whose type is that of the
            attribute: bool, int64, float64 (NaN for none) or object (str, "" for none).
        notes: what else is to be known of the whole network, such as the days of a time window.
    """

    specification: Specification
    rows: Words
    columns: Words
    weights: sp.csr_array
    statements: Statements
    levels: Levels
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    notes: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def is_one_mode(self) -> bool:
        """Whether both ends of an edge are of one kind."""
        return self.specification.mode is not Mode.TWO_MODE

    @property
    def kinds(self) -> tuple[str, str]:
        """What rows and columns are: `actor` or `concept`, or what an affiliation is with."""
        if self.is_one_mode:
            kind = "actor" if self.specification.mode is Mode.ACTORS else "concept"
            return kind, kind
        return "actor", str(self.notes.get("affiliation", "concept"))

    @property
    def names(self) -> Words:
        """Names of all nodes: rows, then in two modes columns; shape (nodes,)."""
        return self.rows if self.is_one_mode else np.concatenate([self.rows, self.columns])

    @property
    def edge_count(self) -> int:
        """Number of edges."""
        return int(self.weights.nnz)

    def edges(self) -> Iterator[Edge]:
        """All edges, ordered by source and target."""
        for source, targets, numbers in self.adjacency():
            for target, number in zip(self.columns[targets].tolist(), numbers.tolist(), strict=True):
                yield Edge(str(self.rows[source]), target, number)

    def adjacency(self) -> Iterator[tuple[int, NDArray[np.int32], NDArray[np.float64]]]:
        """For each row its place, the places of its columns in ascending order, and their numbers."""
        bounds = self.weights.indptr
        for row in range(len(self.rows)):
            span = slice(bounds[row], bounds[row + 1])
            yield row, self.weights.indices[span], self.weights.data[span]

    def weight(self, source: str, target: str) -> float:
        """The number between two nodes, 0 where no edge is; in one mode in either order.

        Raises:
            ParameterError: the network has no such node.
        """
        first, second = self.place(source, self.rows), self.place(target, self.columns)
        if self.is_one_mode:
            first, second = sorted((first, second))
        return float(self.weights[first, second])

    def place(self, name: str, among: Words) -> int:
        """The place of a node among `rows` or `columns`.

        Raises:
            ParameterError: it is not there.
        """
        place = int(np.searchsorted(among, name)) if len(among) else 0
        if place == len(among) or among[place] != name:
            raise ParameterError(f"The network has no node {name[:200]!r}.", hint="Is it filtered out, or an isolate?")
        return place

    def matrix(self) -> sp.csr_array:
        """The whole matrix, in one mode both triangles; sparse, shape (r, c)."""
        return (self.weights + self.weights.T).tocsr() if self.is_one_mode else self.weights

    def whole(self) -> sp.csr_array:
        """The symmetric adjacency matrix over all nodes; in two modes shape (r + c, r + c)."""
        if self.is_one_mode:
            return self.matrix()
        return sp.block_array([[None, self.weights], [self.weights.T, None]], format="csr")

    def with_attributes(self, attributes: Mapping[str, Attribute], **notes: str | int) -> Network:
        """The same with further attributes of nodes, and notes."""
        return dataclasses.replace(self, attributes={**self.attributes, **attributes}, notes={**self.notes, **notes})

    def with_words(self, name: str, known: Mapping[str, str]) -> Network:
        """The same with an attribute of strings, such as labels, given by names of nodes; "" where none is known."""
        return self.with_attributes({name: words(known.get(node, "") for node in self.names.tolist())})


def without_isolates(rows: Words, weights: sp.csr_array) -> tuple[Words, sp.csr_array]:
    """A one-mode network without the nodes that have no edge."""
    kept = np.diff(weights.indptr) > 0
    # In pieces, because numpy makes eight bytes of each of these indices.
    for start in range(0, weights.nnz, 1_000_000):
        kept[weights.indices[start : start + 1_000_000]] = True
    return (rows, weights) if kept.all() else (rows[kept], weights[kept][:, kept])
