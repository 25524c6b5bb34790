"""Networks as CSV (RFC 4180): matrix, edge list and node list, safe to open in a spreadsheet.

A text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line end) gets an
apostrophe in front, the spreadsheets' own mark of a text; numbers stay numbers, also negative ones.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from graph_service.networks.formats.described import edges as edges_of
from graph_service.networks.formats.described import of_nodes
from graph_service.networks.network import Network

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


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


def cell(value: object) -> object:
    """A cell as spreadsheets may see it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in rows:
        writer.writerow([cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
