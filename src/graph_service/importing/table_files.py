"""Reading tables: CSV as people and Excel write it, XLSX, and JSON with one list a table.

CSV and XLSX are read row by row. Cells become text as a person reads it (`spreadsheets.clean`). Column names are read
in any case, with blanks, hyphens or dots for underscores. XLSX and large files are read in a process of their own,
with limits of memory and time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from graph_service import spreadsheets
from graph_service.errors import Location, SourceError
from graph_service.importing import bounded_reading, workbook_files
from graph_service.importing.cell_values import as_text
from graph_service.importing.findings import SheetRow

Note = Callable[[str], None]
_SMALL_BYTES = 1 << 20
_LONGEST_CELL = 100_000  # Excel has at most 32,767
_ERROR_VALUE = re.compile(r"#(REF|NAME|VALUE|DIV/0|NULL|NUM|BEZUG|WERT|ZAHL)[!?]|#N/A|#NV")
_OWN_COLUMNS = {
    "scheme": "terms",
    "text_de": "propositions",
    "text_en": "propositions",
    "name_de": "actors",
    "name_en": "actors",
}


def read(path: Path, sheet: str, sheets: Iterable[str], note: Note = lambda _: None) -> Iterator[SheetRow]:
    """The rows of a table file, in the order in which they stand there.

    Args:
        path: a `.csv`, `.tsv`, `.xlsx` or `.json` file.
        sheet: the table a file with only one table is taken for.
        sheets: the tables that a file with several may hold; others are passed over.
        note: takes warnings, such as an encoding other than UTF-8 or sheets that are ignored.

    Raises:
        SourceError: the file cannot be read as what its extension says, holds no row, or is too large.
    """
    if path.suffix.lower() not in _READERS:
        raise SourceError("is not a table.", where=Location(path), hint="Give a .csv, .tsv, .xlsx or .json file.")
    if not path.is_file():
        what = "is no file." if path.exists() else "does not exist."
        raise SourceError(what, where=Location(path), hint="Name a file.")
    if path.suffix.lower() == ".xlsx" or path.stat().st_size > _SMALL_BYTES:
        return bounded_reading.rows(path, sheet, sheets, note)
    return read_here(path, sheet, frozenset(sheets), note)


def read_here(path: Path, sheet: str, sheets: frozenset[str], note: Note) -> Iterator[SheetRow]:
    """The rows of a table file, read in this process; see `read`."""
    found = False
    try:
        for row in _READERS[path.suffix.lower()](path, sheet, sheets, note):
            found = True
            yield row
    except (OSError, ValueError, RecursionError) as error:
        what = "it is nested too deeply" if isinstance(error, RecursionError) else str(error).rstrip(".")
        raise SourceError(f"cannot be read: {what}.", where=Location(path, getattr(error, "lineno", 0))) from error
    if not found:
        message = f"holds no row of {_listed(sheets)}."
        raise SourceError(message, where=Location(path), hint="Below the header there must be at least one row.")


def column_name(text: str) -> str:
    """The name of a column as the importer knows it: `Locator.First words` is `locator_first_words`.

    Only what follows `codes_` keeps its hyphens: it is the name of a coder.
    """
    name = spreadsheets.clean(text).casefold().replace(" ", "_").replace(".", "_")
    return name if name.startswith("codes_") else name.replace("-", "_")


def _csv(path: Path, sheet: str, sheets: frozenset[str], note: Note) -> Iterator[SheetRow]:
    taken = spreadsheets.encoding(path)
    if not taken.startswith("utf"):
        note(f"{path.name} is not UTF-8; it was read as {taken}.")
    yield from _rows(path, sheet, sheets, spreadsheets.records(path, taken))


def _xlsx(path: Path, sheet: str, sheets: frozenset[str], note: Note) -> Iterator[SheetRow]:
    for name, records in workbook_files.tables(path, sheet, sheets, note):
        yield from _rows(path, name, sheets, records)


def _rows(
    path: Path, sheet: str, sheets: frozenset[str], records: Iterable[tuple[int, Sequence[Any]]]
) -> Iterator[SheetRow]:
    """Rows from records, the first of which is the header; blank ones before it do not matter."""
    header: list[str] = []
    for number, record in records:
        if not header:
            if any(str(cell or "").strip() for cell in record):
                header = _header(path, number, record)
                sheet = _table_of(header, sheet, sheets)
            continue
        cells: dict[str, str] = {}
        for place, value in enumerate(record):
            name = header[place] if place < len(header) else ""
            text = _cell(path, number, name or f"number {place + 1}", value)
            if text and not name:
                what = "has no name" if place < len(header) else "is beyond the header"
                message = f"row {number} of sheet {sheet}: “{text[:80]}” stands in column {place + 1}, which {what}."
                hint = "Name the column, or put cells that hold the delimiter into quotes."
                raise SourceError(message, where=Location(path), hint=hint)
            if text:
                cells[name] = text
        if cells:
            yield SheetRow(path.name, sheet, number, cells)


def _table_of(header: Sequence[str], sheet: str, sheets: frozenset[str]) -> str:
    """A sheet taken for actors may be one of propositions or terms, by its columns; one taken for claims, of terms."""
    if sheet == "claims":
        return "terms" if "scheme" in header and "terms" in sheets else sheet
    if sheet != "actors":
        return sheet
    return next((table for name, table in _OWN_COLUMNS.items() if name in header and table in sheets), sheet)


def _header(path: Path, number: int, record: Sequence[Any]) -> list[str]:
    header = []
    for place, cell in enumerate(record, 1):
        _check_formula(path, number, f"number {place}", cell)
        try:
            header.append(column_name(as_text(cell)))
        except ValueError as error:
            raise spreadsheets.unreadable(path, number, f"number {place}", error) from error
    spreadsheets.check_header(path, header)
    return header


def _check_formula(path: Path, number: int, column: str, value: Any) -> None:
    if value is workbook_files.UNCALCULATED:
        message = f"row {number}, column {column}: holds a formula whose value is not in the file."
        hint = "Open it in Excel or LibreOffice and save it, which computes the values; or put the value there."
        raise SourceError(message, where=Location(path), hint=hint)


def _cell(path: Path, number: int, column: str, value: Any) -> str:
    if value is None:
        return ""
    _check_formula(path, number, column, value)
    if workbook_files.is_mistaken_date(value, column):
        message = f"row {number}, column {column}: the spreadsheet holds the date {as_text(value)} here."
        hint = "It made a date of what was typed. Format the column as text and type it again."
        raise SourceError(message, where=Location(path), hint=hint)
    try:
        text = spreadsheets.clean(as_text(value))
    except ValueError as error:
        raise spreadsheets.unreadable(path, number, column, error) from error
    if len(text) > _LONGEST_CELL:
        message = f"row {number}, column {column}: has {len(text)} characters; {_LONGEST_CELL} are allowed."
        raise SourceError(message, where=Location(path), hint="Is a quotation mark missing?")
    if _ERROR_VALUE.fullmatch(text):
        message = f"row {number}, column {column}: holds the error {text} of a formula."
        raise SourceError(message, where=Location(path), hint="Put the value there.")
    return text


def _json(path: Path, sheet: str, sheets: frozenset[str], _: Note) -> Iterator[SheetRow]:
    content = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_object)
    if isinstance(content, list):
        content = {sheet: content}
    if not isinstance(content, dict):
        message = "is neither a list of rows nor an object with one list a table."
        raise SourceError(message, where=Location(path), hint=f"Name the lists {_listed(sheets)}.")
    named = {name.strip().casefold(): records for name, records in content.items()}
    if not named.keys() & sheets:
        there = ", ".join(content) or "nothing"
        message = f"has no list named {_listed(sheets)}; it has {there[:200]}."
        raise SourceError(message, where=Location(path), hint="Rename the list.")
    for table, records in named.items():
        if table in sheets:
            yield from _json_rows(path, table, records)


def _json_rows(path: Path, table: str, records: Any) -> Iterator[SheetRow]:
    if not isinstance(records, list):
        raise SourceError(
            f"{table} is not a list.", where=Location(path), hint="Give a list with an object for each row."
        )
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            message = f"row {number} of {table} is no object: {json.dumps(record)[:80]}."
            raise SourceError(message, where=Location(path), hint='Write {"id": …, "actor": …}.')
        cells: dict[str, str] = {}
        for name, value in _flat(record):
            column = column_name(name)
            text = _cell(path, number, column, value)
            if column in cells:
                raise SourceError(f"row {number} of {table} has {column} twice.", where=Location(path))
            if text:
                cells[column] = text
        if cells:
            yield SheetRow(path.name, table, number, cells)


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"an object has {next(name for name in names if names.count(name) > 1)!r} twice")
    return unique


def _flat(record: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The fields of a record; `{"locator": {"heading": …}}` becomes `locator_heading`."""
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}_")
        else:
            yield prefix + name, value


def _listed(sheets: Iterable[str]) -> str:
    return " or ".join(sorted(sheets))


_READERS: Mapping[str, Callable[[Path, str, frozenset[str], Note], Iterator[SheetRow]]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".txt": _csv,
    ".xlsx": _xlsx,
    ".json": _json,
}
