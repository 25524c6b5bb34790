"""Networks as tables: matrix, edge list and node list, each as rows with the names of the columns first.

The names are those that Gephi's import of spreadsheets looks for, in any case of letters: `Source`, `Target`, `Type`,
`Weight` of edges, `Id` and `Label` of nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from graph_service.networks.formats.described import edges as edges_of
from graph_service.networks.formats.described import ids, of_nodes
from graph_service.networks.network import Network
from graph_service.rdf import csv_cells
from graph_service.rdf.csv_cells import PLAIN, Dialect

_EDGE = ("source", "target", "weight", "type", "sign", "source_label", "target_label")


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
    """One row an edge: both ends, the number and its sign (1 or -1), labels; a node without `label` shows its id."""
    names = ids(network)
    given = network.attributes["label"].tolist() if "label" in network.attributes else names
    labels = {name: label or name for name, label in zip(names, given, strict=True)}
    yield [*_EDGE]
    for source, target, weight in edges_of(network):
        sign = 1 if weight > 0 else -1
        yield [source, target, weight, "Undirected", sign, labels[source], labels[target]]


def nodes(network: Network) -> Iterator[list[Any]]:
    """`id` and all attributes, one row a node."""
    names = list(network.attributes)
    yield ["id", *names]
    yield from ([node, *(attributes.get(name) for name in names)] for node, attributes in of_nodes(network))


ROWS: dict[str, Callable[[Network], Iterator[list[Any]]]] = {"edges": edges, "matrix": matrix, "nodes": nodes}


def csv(name: str, network: Network, dialect: Dialect = PLAIN) -> Iterator[str]:
    """A table of `ROWS` as CSV (RFC 4180 unless another dialect is named), safe to open in a spreadsheet."""
    return csv_cells.lines(ROWS[name](network), dialect)
