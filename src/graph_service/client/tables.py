"""Rows of plain values, read from each kind of answer."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, TypeAlias

from graph_service.client import pages
from graph_service.client.flow import Flow, Received
from graph_service.client.pages import Asked

Row: TypeAlias = dict[str, Any]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_BOOLEANS: Mapping[str, Any] = {"true": True, "1": True, "false": False, "0": False}
_READERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys((f"{_XSD}integer", f"{_XSD}int", f"{_XSD}long", f"{_XSD}nonNegativeInteger"), int),
    **dict.fromkeys((f"{_XSD}decimal", f"{_XSD}double", f"{_XSD}float"), float),
    f"{_XSD}boolean": _BOOLEANS.__getitem__,
}


@dataclass(frozen=True)
class Table:
    """Columns and rows; a row has a value for each column, None where there is none.

    Attributes:
        answer: the first answer that they were read from.
    """

    columns: Sequence[str]
    rows: list[Row]
    answer: Received


def of_records(request: Asked) -> Flow[Table]:
    """A table of the API, page by page: JSON lines, which keep numbers and texts apart.

    Without a row there are no columns in JSON lines; those of CSV are taken then.
    """
    page = first = yield from pages.first(request, "ndjson")
    rows = _lines(page.answer)
    while page.answer.next:
        page = yield from pages.after(request, page)
        rows += _lines(page.answer)
    if rows:
        return Table(list(rows[0]), rows, first.answer)
    empty = yield from request.follow(request.address("csv"))
    return Table(next(csv.reader(StringIO(empty.content.decode("utf-8-sig"), newline="")), []), [], first.answer)


def of_query(request: Asked) -> Flow[Table]:
    """The rows of a named query."""
    received = yield from request.follow(request.address("rows"))
    content = json.loads(received.content)
    return Table(content["columns"], content["rows"], received)


def of_results(request: Asked) -> Flow[Table]:
    """SPARQL 1.1 Query Results JSON Format: numbers and booleans as such, all else as text."""
    received = yield from request.follow(request.address("json"))
    content = json.loads(received.content)
    if "boolean" in content:
        return Table(["answer"], [{"answer": content["boolean"]}], received)
    columns = content["head"]["vars"]
    rows = [
        {name: _value(solution[name]) if name in solution else None for name in columns}
        for solution in content["results"]["bindings"]
    ]
    return Table(columns, rows, received)


def of_network(request: Asked) -> Flow[Table]:
    """The edges of a network with the labels of their ends; over time, those of each window with its days."""
    received = yield from request.follow(request.address("json"))
    network = json.loads(received.content)
    labels = {node["id"]: node["label"] for node in network["nodes"]}
    window_columns = ["midpoint", "since", "until", "last_midpoint", "windows"] if network.get("windows") else []
    rows = [
        {
            **{name: window[name] for name in window_columns},
            "source": edge["source"],
            "source_label": labels[edge["source"]],
            "target": edge["target"],
            "target_label": labels[edge["target"]],
            "weight": edge["weight"],
        }
        for window in network.get("windows") or [network]
        for edge in window["edges"]
    ]
    columns = [*window_columns, "source", "source_label", "target", "target_label", "weight"]
    return Table(columns, rows, received)


def _lines(received: Received) -> list[Row]:
    return [json.loads(line) for line in received.content.splitlines() if line]


def _value(term: Mapping[str, str]) -> Any:
    """The value of a term; a literal that its datatype does not allow stays text."""
    try:
        return _READERS.get(term.get("datatype", ""), str)(term["value"])
    except (ValueError, KeyError):
        return term["value"]
