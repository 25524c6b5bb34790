"""A draft as a workbook: a row for each position, with the passage beside it and drop-down lists of the vocabularies.

`import coding-sheet` reads it as any coding sheet; `coding.sheet_reading` brings it back into the draft.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from graph_service.coding import draft_rows
from graph_service.coding.paper_draft import CODES, SEVERAL, DraftPosition, PaperDraft, Status
from graph_service.coding.sheets.sheet_help import HELP
from graph_service.coding.sheets.sheet_values import SheetValues
from graph_service.importing import sheet_columns
from graph_service.rdf.xml_documents import legal
from graph_service.reading.paper import Paper

# Beside the codes; who edits the sheet must not change them, since they say which passage is meant.
_FIXED = (
    "locator_page", "locator_heading", "locator_first_words", "locator_start", "locator_end", "passage_sha256",
    "document", "coder", "revision",
)  # fmt: skip
_BEFORE, _READ_ONLY = ("id", "status", "passage_text", "suggestions"), ("id", "passage_text", "suggestions")
_WIDE = {"passage_text": 60, "suggestions": 40, "proposition": 50, "paraphrase_de": 50, "paraphrase_en": 50}
_WIDTH, _LONGEST, _EMPTY_ROWS = 16, 32_767, 50
_LISTS = "lists"
_ALLOWED = {"format_cells": True, "format_columns": True, "format_rows": True, "sort": True, "autofilter": True}


def workbook(draft: PaperDraft, paper: Paper, values: SheetValues) -> bytes:
    """The draft as XLSX."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        _Workbook(book, draft, paper, values).fill()
    return file.getvalue()


class _Workbook:
    def __init__(self, book: xlsxwriter.Workbook, draft: PaperDraft, paper: Paper, values: SheetValues) -> None:
        self._draft, self._paper, self._values = draft, paper, values
        self._claims = book.add_worksheet("claims")
        self._tables = {name: book.add_worksheet(name) for name in ("documents", "actors", "propositions", "terms")}
        self._lists = book.add_worksheet(_LISTS)
        self._header = book.add_format({"bold": True, "locked": True, "bottom": 1})
        self._open = book.add_format({"text_wrap": True, "valign": "top", "locked": False, "num_format": "@"})
        self._locked = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#555555"})

    def fill(self) -> None:
        records = [self._record(position) for position in self._draft.positions]
        usual = (*_BEFORE, *CODES, "status_reason", *_FIXED)
        further = sorted({column for record in records for column in record} - set(usual))
        header = (*usual, *further)
        locked = {*_READ_ONLY, *_FIXED, *further}
        self._write(self._claims, header, records, locked)
        self._claims.protect("", _ALLOWED)
        self._claims.freeze_panes(1, 3)
        self._validate(header, len(records))
        for name, page in self._tables.items():
            rows = (
                [draft_rows.document(self._draft, self._paper)]
                if name == "documents"
                else self._draft.tables.get(name, ())
            )
            self._write(page, _COLUMNS[name], rows, set())
            page.freeze_panes(1, 1)

    def _record(self, position: DraftPosition) -> dict[str, str]:
        cells = draft_rows.claim(position, self._draft, self._paper)
        shown = {
            column: "; ".join(self._values.shown(column, value) for value in values)
            for column, values in position.codes.items()
        }
        return cells | {
            **shown,
            "passage_text": self._paper.cut(position.ranges),
            "suggestions": "\n".join(self._suggestions(position)),
            "status_reason": position.reason,
            "revision": str(position.revision),
        }

    def _suggestions(self, position: DraftPosition) -> list[str]:
        return [
            f"{column}: {self._values.shown(column, one.code)} ({one.score:.2f})"
            for column, found in position.suggestions.items()
            for one in found
        ]

    def _write(
        self, page: Worksheet, header: Sequence[str], records: Sequence[dict[str, str]], locked: set[str]
    ) -> None:
        for place, column in enumerate(header):
            style = self._locked if column in locked else self._open
            page.set_column(place, place, _WIDE.get(column, _WIDTH), self._open)
            page.write_string(0, place, column, self._header)
            if column in HELP:
                page.write_comment(0, place, HELP[column])
            for number, record in enumerate(records, 1):
                _put(page, number, place, record.get(column, ""), style)

    def _validate(self, header: Sequence[str], rows: int) -> None:
        """A drop-down list for each column that has one; the values stand in a hidden sheet."""
        self._lists.hide()
        used = 0
        for place, column in enumerate(header):
            values = [str(status) for status in Status] if column == "status" else self._values.of(column)
            if not values:
                continue
            for number, value in enumerate((column, *values)):
                self._lists.write_string(number, used, legal(value))
            letter = xl_col_to_name(used)
            rule = {
                "validate": "list",
                "source": f"={_LISTS}!${letter}$2:${letter}${len(values) + 1}",
                "error_type": "information" if column in SEVERAL else "warning",
                "error_title": column,
                "error_message": "Several values are divided by “;”." if column in SEVERAL else "Not in the list.",
            }
            self._claims.data_validation(1, place, rows + _EMPTY_ROWS, place, rule)
            used += 1


_COLUMNS = {
    "documents": sheet_columns.DOCUMENTS,
    "actors": sheet_columns.ACTORS,
    "propositions": sheet_columns.PROPOSITIONS,
    "terms": sheet_columns.TERMS,
}


def _put(page: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    """A cell as text: nothing runs as a formula, and no id becomes a date. What is too long for Excel is cut."""
    whole = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    page.write_string(row, column, legal(whole), style) if whole else page.write_blank(row, column, None, style)
