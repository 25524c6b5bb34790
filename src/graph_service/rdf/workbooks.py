"""Workbooks as XLSX, written by XlsxWriter: a header that stays in sight, links that open, days as days.

The same sheets give the same bytes. Texts stay texts: nothing runs as a formula.
"""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from graph_service.errors import LimitExceeded
from graph_service.rdf.answers import Value
from graph_service.rdf.xml_documents import legal

# Cells that take a worker some four seconds.
MOST_CELLS = 500_000
# Limits of Excel: rows, columns, links of a sheet, characters of a cell and of a link, digits of a number.
_MOST_ROWS, _MOST_COLUMNS, _MOST_LINKS = 1_048_576, 16_384, 65_530
_LONGEST, _LONGEST_LINK, _LARGEST = 32_767, 2_079, 10**15
_WIDEST, _NARROWEST, _MEASURED = 60, 9, 200
# Excel takes 1900 for a leap year, so its days before March 1900 have wrong numbers.
_FIRST_DAY = datetime.date(1900, 3, 1)
# Without temporary files, which a worker that is killed would leave behind.
_OPTIONS = {"in_memory": True}


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook.

    Attributes:
        name: on its tab.
        columns: names of the columns, the first row.
        rows: each as long as `columns`.
        days: names of the columns that hold `xsd:date`; what is no day in the calendar of Excel stays a text.
        wraps: whether long texts are broken into lines.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    days: frozenset[str] = frozenset()
    wraps: bool = False


@dataclass(frozen=True)
class _Styles:
    header: Format
    day: Format
    link: Format
    wrapped: Format


def check_size(columns: int, rows: int) -> None:
    """Check that a table fits into a sheet, and can be written in the time that a worker has.

    Raises:
        LimitExceeded: it does not.
    """
    if rows >= _MOST_ROWS or columns > _MOST_COLUMNS or columns * rows > MOST_CELLS:
        raise LimitExceeded(
            f"A workbook has at most {MOST_CELLS:,} cells here and fewer than {_MOST_ROWS:,} rows; "
            f"this table has {rows:,} rows of {columns:,} columns.",
            hint="Ask for format=csv-excel, or for a part of the table.",
        )


def workbook(sheets: Sequence[Sheet], link: Callable[[str], str], creator: str, written: datetime.datetime) -> bytes:
    """The sheets as one file.

    Args:
        sheets: at least one, with different names.
        link: where the link of a cell that holds an IRI leads; empty for no link.
        creator: who publishes it; empty if unknown.
        written: the time that its properties tell.

    Raises:
        LimitExceeded: a sheet is too large.
    """
    for sheet in sheets:
        check_size(len(sheet.columns), len(sheet.rows))
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        # XlsxWriter takes a time without zone for UTC.
        moment = written.astimezone(datetime.UTC).replace(tzinfo=None)
        book.set_properties({"author": creator, "created": moment})
        styles = _Styles(
            book.add_format({"bold": True}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.get_default_url_format(),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )
        for sheet in sheets:
            _fill(book.add_worksheet(sheet.name), sheet, styles, link)
    return file.getvalue()


def _fill(page: Worksheet, sheet: Sheet, styles: _Styles, link: Callable[[str], str]) -> None:
    page.freeze_panes(1, 0)
    for column, width in enumerate(_widths(sheet)):
        page.set_column(column, column, width)
        page.write_string(0, column, legal(sheet.columns[column]), styles.header)
    if sheet.columns:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    plain = styles.wrapped if sheet.wraps else None
    links = 0
    for number, row in enumerate(sheet.rows, 1):
        for column, value in enumerate(row):
            target = _target(value, link) if links < _MOST_LINKS else ""
            if target:
                links += 1
                page.write_url(number, column, target, styles.link, _text(str(value)))
            elif day := _day(value) if sheet.columns[column] in sheet.days else None:
                page.write_datetime(number, column, day, styles.day)
            else:
                _write(page, number, column, value, plain)


def _write(page: Worksheet, row: int, column: int, value: Value, style: Format | None) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float) and math.isfinite(value) and abs(value) < _LARGEST:
        page.write_number(row, column, value)
    else:
        page.write_string(row, column, _text(str(value)), style)


def _target(value: Value, link: Callable[[str], str]) -> str:
    """Where the link of a cell leads; empty if it has none."""
    if not isinstance(value, str) or not value.startswith(("http://", "https://")) or " " in value:
        return ""
    target = link(value)
    return target if len(target) <= _LONGEST_LINK else ""


def _day(value: Value) -> datetime.date | None:
    """The day that a cell holds, if Excel counts it rightly."""
    try:
        day = datetime.date.fromisoformat(str(value))
    except ValueError:
        return None
    return day if day >= _FIRST_DAY else None


def _text(text: str) -> str:
    """A text as a cell can hold it: what is too long for Excel ends in an ellipsis."""
    return legal(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


def _widths(sheet: Sheet) -> Iterator[int]:
    """The width of each column in characters, by its name and its first cells."""
    for number, name in enumerate(sheet.columns):
        longest = max((len(str(row[number])) for row in sheet.rows[:_MEASURED] if row[number] is not None), default=0)
        yield max(_NARROWEST, min(_WIDEST, max(longest, len(name)) + 2))
