"""Highlights as CSV: a row for each range of each position, safe to open in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from graph_service import spreadsheets
from graph_service.coding.codebook import LISTS, Codebook
from graph_service.coding.exchange import guids
from graph_service.coding.exchange.anchoring import quoted
from graph_service.coding.exchange.highlights import CodeReader, Highlight, QuotedPlace, Received, bounded
from graph_service.coding.paper_draft import CODES, SEVERAL, PaperDraft, Status
from graph_service.errors import Location, SourceError
from graph_service.rdf import csv_cells
from graph_service.reading.paper import Paper

ORIGIN = "csv"
_NUMBER = re.compile(r"[0-9]{1,9}")
_LARGEST_FILE = 64 << 20
_PLACE = ("id", "coder", "position", "start", "end", "page", "quotation")
_STATE = ("status", "reason", "origin")


def write(paper: Paper, drafts: Iterable[PaperDraft]) -> bytes:
    """The table, with start and end in code points of the paper's text, the end not included."""
    return csv_cells.document((*_PLACE, *CODES, *_STATE), _rows(paper, drafts))


def _rows(paper: Paper, drafts: Iterable[PaperDraft]) -> Iterator[list[object]]:
    for draft in drafts:
        for position in draft.positions:
            guid = guids.of_position(draft, position)
            codes = ["; ".join(position.codes.get(column, ())) for column in CODES]
            state = [position.status.value, position.reason, position.origin]
            for start, end in position.ranges:
                page = paper.page_of(start) or None
                place = [guid, draft.coder, position.id, start, end, page, paper.text[start:end]]
                yield [*place, *codes, *state]


def read(path: Path, paper: Paper, drafts: Iterable[PaperDraft], book: Codebook) -> Received:
    """The highlights of a table with the column `quotation`; all others may be missing.

    Raises:
        SourceError: the file is not CSV, or has no such column.
    """
    known = guids.positions(drafts)
    if not path.is_file():
        raise SourceError("does not exist.", where=Location(path), hint="Name a file.")
    if path.stat().st_size > _LARGEST_FILE:
        hint = "Export one paper alone."
        raise SourceError(f"has more than {_LARGEST_FILE >> 20} MiB.", where=Location(path), hint=hint)
    return Received(bounded((_highlight(rows, paper, known, book) for rows in _grouped(path)), path))


def _grouped(path: Path) -> Iterator[list[tuple[int, Mapping[str, str]]]]:
    """The rows of one position after the other: rows with the same id that follow each other."""
    for _, rows in groupby(_table(path), lambda row: row[1].get("id") or row[0]):
        yield [*rows]


def _table(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    header: list[str] = []
    for number, cells in spreadsheets.records(path):
        if not header:
            header = [spreadsheets.clean(cell).casefold() for cell in cells]
            if "quotation" not in header:
                hint = "Give the words of each highlight in a column of this name."
                raise SourceError("has no column quotation.", where=Location(path), hint=hint)
            spreadsheets.check_header(path, header)
        elif any(cells):
            yield number, dict(zip(header, cells, strict=False))
    if not header:
        raise SourceError("holds no row.", where=Location(path), hint="Below the header there must be one.")


def _highlight(
    rows: list[tuple[int, Mapping[str, str]]], paper: Paper, known: Mapping[str, str], book: Codebook
) -> Highlight:
    number, first = rows[0][0], {name: csv_cells.plain(cell) for name, cell in rows[0][1].items()}
    codes = CodeReader(book)
    for column in CODES:
        value = first.get(column, "").strip()
        for part in value.split(";") if column in SEVERAL else [value]:
            if not part.strip():
                continue
            if column in LISTS:
                codes.add_tag(part.strip(), column)
            else:
                codes.add(column, part)
    for tag in first.get("codes", "").split(";"):
        codes.add_tag(tag)
    found, unknown = codes.result()
    position = known.get(guids.normal(first.get("id", "")), "")
    rejected = first.get("status") == Status.REJECTED
    return Highlight(
        name=f"row {number}",
        places=tuple(_place(row, paper) for _, row in rows),
        codes=found,
        unknown=unknown,
        user=first.get("coder", ""),
        position=position,
        answers=frozenset(CODES) & first.keys(),
        rejected=(first.get("reason") or "rejected in a table") if rejected else "",
    )


def _place(row: Mapping[str, str], paper: Paper) -> QuotedPlace:
    """The place of a row. A spreadsheet may have changed blanks of the quotation; that does not matter."""
    cell, start, end = row.get("quotation", ""), row.get("start", ""), row.get("end", "")
    quotation = csv_cells.plain(cell)
    if not (_NUMBER.fullmatch(start) and _NUMBER.fullmatch(end)):
        return QuotedPlace(quotation)
    there = quoted(paper.text, int(start), int(end))
    same = _same(there.quotation, quotation) or _same(there.quotation, cell)
    return there if same else QuotedPlace(quotation, int(start))


def _same(one: str, other: str) -> bool:
    return one == other or "".join(one.split()) == "".join(other.split())
