"""Statements from a CSV file: a coding sheet, an event list of DNA, or the answer to a query."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from graph_service.errors import Location, SourceError
from graph_service.networks.statements import Statements


def read_csv(path: Path, *, columns: Mapping[str, str] | None = None, binary: bool = False) -> Statements:
    """The statements of a CSV file with a header, in UTF-8, separated by commas, semicolons or tabs.

    Args:
        path: the file; a byte order mark is allowed.
        columns: where a column of ours has another name in the file.
        binary: levels are codes; see `Statements.from_rows`.

    Raises:
        SourceError: the file cannot be read, lacks a column, or a row has a value that cannot be read.
    """
    names = {"actor": "actor", "concept": "concept", **(columns or {})}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=_delimiter(header), strict=True, restkey="", restval="")
            missing = [name for name in names.values() if name not in (reader.fieldnames or ())]
            if missing:
                known = ", ".join(reader.fieldnames or ())
                raise SourceError(
                    f"There is no column {missing[0]!r}.", where=Location(path, 1), hint=f"The columns are: {known}."
                )
            rows = [{key: value for key, value in row.items() if key} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"This is no CSV in UTF-8: {error}.", where=Location(path)) from error
    try:
        return Statements.from_rows(rows, columns=columns, binary=binary)
    except SourceError as error:
        raise SourceError(error.message, where=Location(path), hint=error.hint) from error


def _delimiter(header: str) -> str:
    """The separator that the header has most of; a comma where it has none."""
    return max(",;\t", key=header.count)
