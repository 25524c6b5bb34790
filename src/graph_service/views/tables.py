"""Answers to SELECT as tables: plain JSON rows, CSV, NDJSON, Parquet, Arrow, and sheets of a workbook.

CSV cells are guarded against formulas (`rdf.csv_cells`); all others carry values as they are.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pydantic_core

from graph_service.errors import SettingsError
from graph_service.rdf import csv_cells
from graph_service.rdf.answers import Row, Value, value
from graph_service.rdf.csv_cells import PLAIN, Dialect
from graph_service.rdf.namespaces import XSD
from graph_service.rdf.workbooks import Sheet
from graph_service.views.labels import Labels

_DAY = f"{XSD}date"


@dataclass(frozen=True)
class Table:
    """Columns and rows; a cell is a plain value, None where nothing is bound. `days` are the columns of `xsd:date`."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Value]]
    days: frozenset[str] = frozenset()

    def sheet(self, name: str) -> Sheet:
        """The table as a sheet of a workbook."""
        return Sheet(name, self.columns, self.rows, self.days)

    def records(self) -> Iterator[dict[str, Value]]:
        """Each row as a map from column to value."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


def labelled(columns: Sequence[str], rows: Sequence[Row], labels: Labels, language: str) -> Table:
    """A table in which a column `NAME_label` follows each column that holds IRIs."""
    named = {name for row in rows for name, binding in row.items() if binding["type"] == "uri"}
    # A query that brings its own labels keeps them: no column is there twice.
    named = {name for name in named if f"{name}_label" not in columns}
    table: list[list[Value]] = []
    for row in rows:
        cells: list[Value] = []
        for name in columns:
            binding = row.get(name)
            cells.append(None if binding is None else value(binding))
            if name in named:
                is_iri = binding is not None and binding["type"] == "uri"
                cells.append(labels.text(binding["value"], language) if is_iri and binding else None)
        table.append(cells)
    wide = [name for column in columns for name in ((column, f"{column}_label") if column in named else (column,))]
    days = {name for row in rows for name, binding in row.items() if binding.get("datatype") == _DAY}
    return Table(tuple(wide), table, frozenset(days))


def to_csv(table: Table, dialect: Dialect = PLAIN) -> bytes:
    """CSV in UTF-8, safe to open in a spreadsheet: that of RFC 4180, unless another dialect is named."""
    return csv_cells.document(table.columns, table.rows, dialect)


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
    _, arrow = _arrow(table, about)
    out = io.BytesIO()
    import_module("pyarrow.parquet").write_table(arrow, out, compression="zstd")
    return out.getvalue()


def to_arrow(table: Table, about: Mapping[str, str]) -> bytes:
    """An Apache Arrow IPC stream, with `about` in its schema.

    Raises:
        SettingsError: pyarrow is not installed.
    """
    pyarrow, arrow = _arrow(table, about)
    out = io.BytesIO()
    with pyarrow.ipc.new_stream(out, arrow.schema) as writer:
        writer.write_table(arrow)
    return out.getvalue()


def _arrow(table: Table, about: Mapping[str, str]) -> tuple[Any, Any]:
    """The library, and the table in it; a column of several types becomes text."""
    try:
        pyarrow = import_module("pyarrow")
    except ImportError:
        hint = "Install the extra: pip install 'graph-service[parquet]'."
        raise SettingsError("Parquet and Arrow need pyarrow, which is not installed here.", hint=hint) from None
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
    arrow = pyarrow.Table.from_arrays(columns, names=list(table.columns))
    return pyarrow, arrow.replace_schema_metadata(dict(about))
