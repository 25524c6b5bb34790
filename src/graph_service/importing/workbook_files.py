"""Workbooks: the tables of an XLSX file, whatever program wrote it and whatever it says about its size."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from graph_service.errors import Location, SourceError

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DATE_COLUMN = re.compile(r"(^|_)(date|time|datetime|interval|until|since|from|to)(_|$)")
_PEEKED_ROWS = 100
_PIECE = 1 << 20
_LONGEST_TAG = 100

# Stands for a formula whose value is not in the file: programs that write workbooks compute none.
UNCALCULATED = object()
# How a formula begins in a sheet (ECMA-376-1, 18.3.1.40).
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >]")

Records = Iterator[tuple[int, list[Any]]]


def tables(path: Path, sheet: str, sheets: frozenset[str], note: Any) -> Iterator[tuple[str, Records]]:
    """The tables of a workbook, each with its numbered records.

    A sheet counts by its name; the only one with cells may have any name. Charts, empty
    and hidden sheets do not count.

    Raises:
        SourceError: the file cannot be read, or no sheet has a name that is known.
    """
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        formulas = openpyxl.load_workbook(path, read_only=True) if _has_formulas(path) else None
    except MemoryError:
        raise
    except Exception as error:  # openpyxl fails on other programs' files in many ways of its own.
        raise _unreadable(path, error) from error
    try:
        filled = {}
        for found in _counting(book, sheets):
            # The used range that a file states may be wrong; without it, the rows themselves count.
            found.reset_dimensions()
            begun = _records(path, found, formulas)
            if first := list(islice(begun, _PEEKED_ROWS)):
                filled[found.title] = chain(first, begun)
        names = {title: title.strip().casefold() for title in filled}
        if len(filled) == 1 and not set(names.values()) & sheets:
            names = dict.fromkeys(filled, sheet)
        if not set(names.values()) & sheets:
            there = ", ".join(book.sheetnames)
            message = f"has no sheet named {' or '.join(sorted(sheets))}; it has {there[:200]}."
            raise SourceError(message, where=Location(path), hint="Rename the sheet.")
        for title, records in filled.items():
            if names[title] in sheets:
                yield names[title], records
            else:
                note(f"The sheet {title} of {path.name} was not read.")
    finally:
        book.close()
        if formulas is not None:
            formulas.close()


def _counting(book: Any, sheets: frozenset[str]) -> Iterator[Any]:
    """The worksheets of a workbook, without hidden ones of other names: those serve its own lists."""
    for found in book.worksheets:
        if found.sheet_state == "visible" or found.title.strip().casefold() in sheets:
            yield found


def is_mistaken_date(value: Any, column: str) -> bool:
    """Whether a spreadsheet made a date or time of what was typed: there is one where no date belongs."""
    return isinstance(value, (datetime.date, datetime.time, datetime.timedelta)) and not _DATE_COLUMN.search(column)


def _has_formulas(path: Path) -> bool:
    """Whether a sheet may hold a formula; most hold none, and are then read once."""
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if "worksheets/" in name:
                with parts.open(name) as part:
                    before = b""
                    while piece := part.read(_PIECE):
                        if _FORMULA.search(before + piece):
                            return True
                        before = piece[-_LONGEST_TAG:]
    return False


def _records(path: Path, sheet: Any, formulas: Any) -> Records:
    """The rows that hold a cell with text, numbered as the spreadsheet numbers them."""
    number = 0
    try:
        for number, row in enumerate(_rows(sheet, formulas), 1):
            if any(cell is not None for cell in row):
                yield number, [_unescaped(cell) if isinstance(cell, str) else cell for cell in row]
    except MemoryError:
        raise
    except Exception as error:
        raise _unreadable(path, error, f", after row {number} of sheet {sheet.title}") from error


def _rows(sheet: Any, formulas: Any) -> Iterator[Sequence[Any]]:
    """The rows of a sheet, with `UNCALCULATED` for each formula that has no value."""
    rows = sheet.iter_rows(values_only=True)
    if formulas is None:
        yield from rows
        return
    stated = formulas[sheet.title]
    stated.reset_dimensions()
    for row, texts in zip(rows, stated.iter_rows(values_only=True), strict=True):
        pairs = zip(row, texts, strict=True)
        yield [UNCALCULATED if cell is None and text is not None else cell for cell, text in pairs]


def _unescaped(text: str) -> str:
    """Characters that OOXML writes as `_xHHHH_` (ECMA-376-1, 22.9.2.19)."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _unreadable(path: Path, error: Exception, place: str = "") -> SourceError:
    what = " ".join(str(error).split()).rstrip(".")[:200] or type(error).__name__
    hint = "Open it in Excel or LibreOffice and save it anew, or save it as CSV."
    return SourceError(f"cannot be read as a workbook{place}: {what}.", where=Location(path), hint=hint)
