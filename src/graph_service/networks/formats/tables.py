"""Networks as tables: matrix, edge list and node list, each as rows with the names of the columns first.

The names are those that Gephi's import of spreadsheets looks for, in any case of letters: `Source`, `Target`, `Type`,
`Weight` of edges, `Id` and `Label` of nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from graph_service.networks.formats.attributes import edges as edges_of
from graph_service.networks.formats.attributes import ids, of_nodes
from graph_service.networks.network import Network
from graph_service.rdf import csv_cells
from graph_service.rdf.csv_cells import PLAIN, Dialect

_EDGE = ("source", "target", "weight", "type", "sign")


def matrix(network: Network) -> Iterator[list[Any]]:
    """Names in the first row and column, all numbers between; in one mode symmetric with a diagonal of 0."""
    whole = network.matrix()
    whole.sort_indices()
    row_names = network.rows.tolist()
    column_names = row_names if network.is_one_mode else network.columns.tolist()
    yield ["", *column_names]
    for place, name in enumerate(row_names):
        yield [name, *whole[[place]].toarray()[0].tolist()]


def edges(network: Network) -> Iterator[list[Any]]:
    """One row an edge: both ends, the number and its sign (1 or -1); the labels of both ends if nodes have any."""
    given = network.attributes.get("label")
    labels = {} if given is None else dict(zip(ids(network), given.tolist(), strict=True))
    yield [*_EDGE, *(() if given is None else ("source_label", "target_label"))]
    for source, target, weight in edges_of(network):
        end_labels = () if given is None else (labels[source] or source, labels[target] or target)
        yield [source, target, weight, "Undirected", 1 if weight > 0 else -1, *end_labels]


def nodes(network: Network) -> Iterator[list[Any]]:
    """`id` and all attributes, one row a node."""
    names = list(network.attributes)
    yield ["id", *names]
    yield from ([node, *(attributes.get(name) for name in names)] for node, attributes in of_nodes(network))


ROWS: dict[str, Callable[[Network], Iterator[list[Any]]]] = {"edges": edges, "matrix": matrix, "nodes": nodes}


def csv(name: str, network: Network, dialect: Dialect = PLAIN) -> Iterator[str]:
    """A table of `ROWS` as CSV (RFC 4180 unless another dialect is named), safe to open in a spreadsheet."""
    return csv_cells.lines(ROWS[name](network), dialect)
