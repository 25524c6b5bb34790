"""Networks as CSV (RFC 4180): matrix, edge list and node list, safe to open in a spreadsheet.

`rdf.csv_cells` guards the cells against formulas.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from graph_service.networks.formats.described import edges as edges_of
from graph_service.networks.formats.described import of_nodes
from graph_service.networks.network import Network
from graph_service.rdf.csv_cells import cell


def matrix(network: Network) -> Iterator[str]:
    """Names in the first row and column, all numbers between; in one mode symmetric with a diagonal of 0."""
    whole = network.matrix()
    whole.sort_indices()
    row_names = network.rows.tolist()
    column_names = row_names if network.is_one_mode else network.columns.tolist()
    yield from _lines([["", *column_names]])
    for place, name in enumerate(row_names):
        yield from _lines([[name, *whole[[place]].toarray()[0].tolist()]])


def edges(network: Network) -> Iterator[str]:
    """`source,target,weight`, one row an edge, the names Gephi looks for."""
    yield from _lines([["source", "target", "weight"]])
    yield from _lines(edges_of(network))


def nodes(network: Network) -> Iterator[str]:
    """`id` and all attributes, one row a node."""
    names = list(network.attributes)
    yield from _lines([["id", *names]])
    yield from _lines([node, *(attributes.get(name, "") for name in names)] for node, attributes in of_nodes(network))


def _lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in rows:
        writer.writerow([cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
