"""Reading tables: CSV as people and Excel write it, XLSX, and JSON with one list a table.

CSV and XLSX are read row by row. Text becomes Unicode NFC with LF line ends and loses blanks at both ends; nothing else
changes. Column names are read in any case, with blanks, hyphens or dots for underscores.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from graph_service.errors import Location, SourceError
from graph_service.importing.findings import SheetRow

_DELIMITERS = ";,\t|"
_CHUNK = 1 << 16


def read(path: Path, sheet: str, sheets: Iterable[str]) -> Iterator[SheetRow]:
    """The rows of a table file, in the order in which they stand there.

    Args:
        path: a `.csv`, `.tsv`, `.xlsx` or `.json` file.
        sheet: the table a file with only one table is taken for.
        sheets: the tables that a file with several may hold; others are passed over.

    Raises:
        SourceError: the file cannot be read as what its extension says.
    """
    readers = {".csv": _csv, ".tsv": _csv, ".txt": _csv, ".xlsx": _xlsx, ".json": _json}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise SourceError("is no table.", where=Location(path), hint="Give a .csv, .tsv, .xlsx or .json file.")
    try:
        yield from reader(path, sheet, frozenset(sheets))
    except (OSError, BadZipFile, UnicodeDecodeError, csv.Error, json.JSONDecodeError) as error:
        line = getattr(error, "lineno", 0)
        raise SourceError(f"cannot be read: {error}.", where=Location(path, line)) from error


def column_name(text: str) -> str:
    """The name of a column as the importer knows it: `Locator.First words` is `locator_first_words`.

    Only what follows `codes_` keeps its hyphens: it is the name of a coder.
    """
    name = clean(text).casefold().replace(" ", "_").replace(".", "_")
    return name if name.startswith("codes_") else name.replace("-", "_")


def clean(text: str) -> str:
    """Unicode NFC, LF line ends, no blanks at the ends."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _csv(path: Path, sheet: str, _: frozenset[str]) -> Iterator[SheetRow]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as lines:
        first = lines.readline()
        if first.lower().startswith("sep="):  # Excel names the delimiter so
            delimiter, skipped = first.strip()[4:5] or ";", 1
        else:
            delimiter, skipped = _delimiter(first), 0
            lines.seek(0)
        records = csv.reader(lines, delimiter=delimiter, strict=True)
        yield from _rows(path, sheet, records, first_number=1 + skipped)


def _rows(path: Path, sheet: str, records: Iterable[Sequence[str]], first_number: int = 1) -> Iterator[SheetRow]:
    """Rows from records, the first of which is the header."""
    header: list[str] = []
    for number, record in enumerate(records, first_number):
        if not header:
            header = _header(path, sheet, record)
            continue
        if any(cell.strip() for cell in record[len(header) :]):
            message = f"row {number} of sheet {sheet} has more cells than the header."
            raise SourceError(message, where=Location(path), hint="Put cells that hold the delimiter into quotes.")
        cells = {name: clean(cell) for name, cell in zip(header, record, strict=False) if name and cell.strip()}
        if cells:
            yield SheetRow(path.name, sheet, number, cells)


def _header(path: Path, sheet: str, record: Sequence[str]) -> list[str]:
    header = [column_name(cell) for cell in record]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        message = f"sheet {sheet} has the column {twice[0]} twice."
        raise SourceError(message, where=Location(path), hint="Remove or rename one.")
    return header


def _encoding(path: Path) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM, else the Windows code page of Western Europe."""
    with path.open("rb") as content:
        start = content.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8")()
        content.seek(0)
        try:
            while chunk := content.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _delimiter(header: str) -> str:
    """The delimiter that occurs most often outside quotes in the header line."""
    outside = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _xlsx(path: Path, sheet: str, sheets: frozenset[str]) -> Iterator[SheetRow]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        alone = len(book.sheetnames) == 1
        for name in book.sheetnames:
            table = sheet if alone else name.strip().casefold()
            if alone or table in sheets:
                records = ([_text(cell) for cell in record] for record in book[name].iter_rows(values_only=True))
                yield from _rows(path, table, records)
    finally:
        book.close()


def _json(path: Path, sheet: str, sheets: frozenset[str]) -> Iterator[SheetRow]:
    content = json.loads(path.read_text(encoding="utf-8-sig"))
    tables = {sheet: content} if isinstance(content, list) else content
    for table, records in tables.items():
        if table in sheets and isinstance(records, list):
            for number, record in enumerate(records, 1):
                cells = {column_name(name): clean(text) for name, text in _flat(record) if text.strip()}
                yield SheetRow(path.name, table, number, cells)


def _flat(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """The fields of a record; `{"locator": {"heading": …}}` becomes `locator_heading`."""
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}_")
        else:
            yield prefix + name, _text(value)


def _text(value: Any) -> str:
    """A cell as text: days without their midnight, whole numbers without a point, lists with semicolons."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    if isinstance(value, list):
        return "; ".join(_text(part) for part in value)
    return str(value)
