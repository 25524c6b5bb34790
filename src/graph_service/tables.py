"""Answers to SELECT as tables for who does not speak SPARQL: plain rows, CSV, lines of JSON, columns.

A spreadsheet runs what it takes for a formula, so in CSV a cell that begins like one gets an apostrophe in front
(OWASP, CSV Injection); JSON and Parquet carry values as they are.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeAlias

import pydantic_core

from graph_service.errors import SettingsError
from graph_service.labels import Labels
from graph_service.namespaces import XSD

# One solution as SPARQL 1.1 Query Results JSON has it: variable to `type`, `value`, `datatype`, `xml:lang`.
Binding: TypeAlias = dict[str, str]
Row: TypeAlias = dict[str, Binding]
Value: TypeAlias = str | int | float | bool | None

_WHOLE = frozenset(XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger"))
_FRACTIONS = frozenset(XSD + name for name in ("decimal", "double", "float"))
_BOOLEAN = f"{XSD}boolean"
# The other spelling of each truth value, which some stores write (XML Schema 1.1 Part 2, section 3.3.2.2).
_TRUTHS = {"1": "true", "0": "false"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Table:
    """Columns and rows; a cell is a plain value, None where nothing is bound."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Value]]

    def records(self) -> Iterator[dict[str, Value]]:
        """Each row as a map from column to value."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


def solutions(answer: bytes) -> tuple[tuple[str, ...], list[Row]]:
    """Variables and rows of an answer in SPARQL 1.1 Query Results TSV; a term that comes twice is one object."""
    head, *lines = answer.decode().split("\n")
    columns = tuple(name[1:] for name in head.rstrip("\r").split("\t"))
    known: dict[str, Binding] = {}
    rows: list[Row] = []
    for line in lines[:-1]:
        row: Row = {}
        for name, term in zip(columns, line.rstrip("\r").split("\t"), strict=True):
            if term:
                found = known.get(term)
                if found is None:
                    found = known[term] = binding(term)
                row[name] = found
        rows.append(row)
    return columns, rows


def binding(term: str) -> Binding:
    """A term as SPARQL 1.1 Query Results TSV writes it (section 4), which is Turtle's way, in the words of JSON.

    Truth values are spelled `true` and `false`, whatever the store writes.
    """
    if term.startswith("<"):
        return {"type": "uri", "value": term[1:-1]}
    if term.startswith("_:"):
        return {"type": "bnode", "value": term[2:]}
    if not term.startswith('"'):
        kind = "boolean" if term in ("true", "false") else "integer" if term.lstrip("+-").isdigit() else "decimal"
        kind = "double" if kind == "decimal" and "e" in term.lower() else kind
        return {"type": "literal", "value": term, "datatype": XSD + kind}
    end = term.rindex('"')
    text = term[1:end]
    found = {"type": "literal", "value": json.loads(f'"{text}"') if "\\" in text else text}
    if term[end + 1 : end + 2] == "@":
        found["xml:lang"] = term[end + 2 :]
    elif term[end + 1 :].startswith("^^"):
        found["datatype"] = term[end + 4 : -1]
        if found["datatype"] == _BOOLEAN:
            found["value"] = _TRUTHS.get(text, text)
    return found


def value(binding: Binding) -> Value:
    """The plain value of a term: numbers and booleans as such, IRIs and everything else as text."""
    text, datatype = binding["value"], binding.get("datatype")
    if datatype is None:
        return text
    try:
        if datatype in _WHOLE:
            return int(text)
        if datatype in _FRACTIONS:
            # A decimal without a fraction stays whole, so that its text stays what it was.
            return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return text
    return text == "true" if datatype == _BOOLEAN and text in ("true", "false") else text


def truth(row: Row, name: str) -> bool:
    """Whether a variable is bound to the `xsd:boolean` that is true."""
    return name in row and row[name]["value"] == "true"


def iris(rows: Sequence[Row]) -> set[str]:
    """All IRIs that occur in the rows."""
    return {binding["value"] for row in rows for binding in row.values() if binding["type"] == "uri"}


def labelled(columns: Sequence[str], rows: Sequence[Row], labels: Labels, language: str) -> Table:
    """A table in which a column `NAME_label` follows each column that holds IRIs."""
    named = {name for row in rows for name, binding in row.items() if binding["type"] == "uri"}
    # A query that brings its own labels keeps them: no column is there twice.
    named = {name for name in named if f"{name}_label" not in columns}
    made: list[list[Value]] = []
    for row in rows:
        cells: list[Value] = []
        for name in columns:
            binding = row.get(name)
            cells.append(None if binding is None else value(binding))
            if name in named:
                is_iri = binding is not None and binding["type"] == "uri"
                cells.append(labels.text(binding["value"], language) if is_iri and binding else None)
        made.append(cells)
    wide = [name for column in columns for name in ((column, f"{column}_label") if column in named else (column,))]
    return Table(tuple(wide), made)


def to_csv(table: Table) -> bytes:
    """CSV (RFC 4180) in UTF-8, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(name) for name in table.columns])
    writer.writerows([_cell(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode()


def to_ndjson(table: Table) -> bytes:
    """One JSON object a line."""
    return b"".join(to_json(record) + b"\n" for record in table.records())


def to_json(content: object) -> bytes:
    """Compact JSON in UTF-8."""
    return pydantic_core.to_json(content)


def to_parquet(table: Table, about: Mapping[str, str]) -> bytes:
    """Apache Parquet, with `about` in the file's own metadata.

    Raises:
        SettingsError: pyarrow is not installed.
    """
    _, made = _arrow(table, about)
    out = io.BytesIO()
    import_module("pyarrow.parquet").write_table(made, out, compression="zstd")
    return out.getvalue()


def to_arrow(table: Table, about: Mapping[str, str]) -> bytes:
    """An Apache Arrow IPC stream, with `about` in its schema.

    Raises:
        SettingsError: pyarrow is not installed.
    """
    pyarrow, made = _arrow(table, about)
    out = io.BytesIO()
    with pyarrow.ipc.new_stream(out, made.schema) as writer:
        writer.write_table(made)
    return out.getvalue()


def _arrow(table: Table, about: Mapping[str, str]) -> tuple[Any, Any]:
    """The library, and the table in it; a column of several types becomes text."""
    try:
        pyarrow = import_module("pyarrow")
    except ImportError:
        mend = "Install the extra: pip install 'graph-service[parquet]'."
        raise SettingsError("Parquet and Arrow need pyarrow, which is not installed here.", mend=mend) from None
    columns = []
    for number in range(len(table.columns)):
        cells = [row[number] for row in table.rows]
        kinds = {type(cell) for cell in cells if cell is not None}
        if kinds == {int, float}:
            columns.append(pyarrow.array([None if cell is None else float(str(cell)) for cell in cells]))
        elif not kinds or len(kinds) > 1:
            cells = [None if cell is None else str(cell) for cell in cells]
            columns.append(pyarrow.array(cells, pyarrow.string()))
        else:
            columns.append(pyarrow.array(cells))
    made = pyarrow.Table.from_arrays(columns, names=list(table.columns))
    return pyarrow, made.replace_schema_metadata(dict(about))


def _cell(cell: Value) -> str:
    """A cell as text; what could be a formula gets an apostrophe, numbers keep their sign."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return str(cell)
