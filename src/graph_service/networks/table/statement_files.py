"""Statements from a CSV file: a coding sheet, an event list of DNA or rDNA, or the answer to a query."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from graph_service import spreadsheets
from graph_service.errors import Location, SourceError
from graph_service.networks.table.statements import RowError, Statements

# The headers of DNA 2, DNA 3 and rDNA; of several in a file the first counts.
_DNA: Mapping[str, tuple[str, ...]] = {
    "actor": ("organization", "organisation"),
    "concept": ("concept",),
    "level": ("agreement", "qualifier"),
    "document": ("document_id", "docid", "document_title"),
    "place": ("start_position", "start_caret", "start"),
    "date": ("time", "date_time"),
    "id": ("statement_id",),
}
# Networks of persons are none of ours, and coded text is other people's.
_LEFT_OUT = frozenset({"person", "author", "document_author", "coder", "text", "document_text"})
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)", re.ASCII)
_TIME = re.compile(r"(?<=\d)[ ,]+(?=\d{1,2}:\d{2})")
_DECIMAL = re.compile(r"[+-]?\d+,\d+", re.ASCII)


# Numbers of rows that a message lists; more are counted.
_LISTED = 10


def read_csv(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    binary: bool = False,
    say: Callable[[str], object] = lambda text: None,
) -> Statements:
    """The statements of a CSV file with a header, as DNA, rDNA, Excel and coding sheets write it.

    Encoding and delimiter are found by `spreadsheets`. Levels may be TRUE and FALSE, or numbers with a decimal comma;
    dates may be German or have a time. The columns of DNA are known by their own names, and agreements of 0 and 1 there
    are codes. Columns of persons, authors, coders and coded text are left out, and so are rows without organisation or
    concept: a statement of DNA may be of a person alone.

    Args:
        path: the file.
        columns: where a column of ours has another name in the file.
        binary: levels are codes; see `Statements.from_rows`.
        say: told which rows are left out.

    Raises:
        SourceError: the file cannot be read, lacks a column, a row has a value that cannot be read, or all rows are
            left out; with the row as a spreadsheet counts.
    """
    header, numbers, rows = _table(path)
    names = _names(path, header, columns or {})
    codes = binary or _has_codes(header, names, rows)
    shown = [name for name in header if name not in _LEFT_OUT]
    listed = [{name: row[name] for name in shown} for row in rows]
    for row in listed:
        _normalise(row, names)
    try:
        statements = Statements.from_rows(listed, columns=names, binary=codes)
    except RowError as error:
        message = f"Row {numbers[error.row]}: {error.problem}"
        raise SourceError(message, where=Location(path), hint=error.hint) from error
    needed = [names.get(ours, ours) for ours in ("actor", "concept")]
    left_out = [_without(name, [n for n, row in zip(numbers, listed, strict=True) if not row[name]]) for name in needed]
    if listed and not len(statements):
        hint = "Fill them, or name other columns by --column."
        raise SourceError(" ".join(filter(None, left_out)), where=Location(path), hint=hint)
    for message in filter(None, left_out):
        say(f"{path}: {message}")
    return statements


def _without(column: str, numbers: Sequence[int]) -> str:
    """Which rows are left out as this cell is empty; nothing if none are."""
    if not numbers:
        return ""
    listed = ", ".join(map(str, numbers[:_LISTED])) + (" …" if len(numbers) > _LISTED else "")
    if len(numbers) == 1:
        return f"1 row is left out, as its {column!r} is empty: {listed}."
    return f"{len(numbers)} rows are left out, as their {column!r} is empty: {listed}."


def _table(path: Path) -> tuple[list[str], list[int], list[dict[str, str]]]:
    """Header, the numbers of the rows, and the rows."""
    header: list[str] = []
    numbers, rows = [], []
    try:
        for number, record in spreadsheets.records(path):
            cells = [_clean(path, number, place, cell) for place, cell in enumerate(record, 1)]
            if not any(cells):
                continue
            if not header:
                spreadsheets.check_header(path, cells)
                header = cells
                continue
            if any(cells[len(header) :]):
                hint = "Put cells that hold the delimiter into quotes."
                raise SourceError(f"Row {number} has more cells than the header.", where=Location(path), hint=hint)
            numbers.append(number)
            cells += [""] * (len(header) - len(cells))
            rows.append({name: cell for name, cell in zip(header, cells, strict=False) if name})
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}.", where=Location(path)) from error
    return [name for name in header if name], numbers, rows


def _clean(path: Path, number: int, place: int, cell: str) -> str:
    try:
        return spreadsheets.clean(cell)
    except ValueError as error:
        raise spreadsheets.unreadable(path, number, f"number {place}", error) from error


def _names(path: Path, header: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """The name in the file of each column of ours: as chosen, as ours, or as in DNA."""
    names = dict(columns)
    for ours, theirs in _DNA.items():
        if ours not in names and ours not in header:
            found = next((name for name in theirs if name in header), None)
            names |= {ours: found} if found else {}
    for wanted in [names.get("actor", "actor"), names.get("concept", "concept"), *columns.values()]:
        if wanted in _LEFT_OUT:
            hint = "Choose organisations: there are no networks of persons here."
            raise SourceError(f"The column {wanted!r} is not read.", where=Location(path, 1), hint=hint)
        if wanted not in header:
            hint = f"The columns are: {', '.join(header)}."
            raise SourceError(f"There is no column {wanted!r}.", where=Location(path, 1), hint=hint)
    return names


def _has_codes(header: Sequence[str], names: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> bool:
    """Whether these are statements of DNA whose agreement is 0 or 1 throughout."""
    level = names.get("level", "")
    return "statement_id" in header and level in header and {row[level] for row in rows} <= {"0", "1"}


def _normalise(row: dict[str, str], names: Mapping[str, str]) -> None:
    """Levels and dates as XML Schema writes them."""
    level = names.get("level", "level")
    if value := row.get(level):
        is_word = value.casefold() in ("true", "false")
        row[level] = value.casefold() if is_word else value.replace(",", ".") if _DECIMAL.fullmatch(value) else value
    for column in (names.get("date", "date"), names.get("until", "until")):
        if value := row.get(column):
            if german := _GERMAN.fullmatch(value):
                value = f"{german[3]}-{int(german[2]):02}-{int(german[1]):02}{german[4]}"
            row[column] = _TIME.sub("T", value)
