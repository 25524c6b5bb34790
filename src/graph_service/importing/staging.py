"""Staging: rows are kept on disk until all are checked, so that memory does not grow with the sheet.

A temporary SQLite database holds the cells of each row. Claims come back in the order of documents, whatever their
order in the sheet.
"""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from graph_service.importing import sheet_columns
from graph_service.importing.findings import Findings, SheetRow

_TABLES = """
    CREATE TABLE described (sheet TEXT, id TEXT, file TEXT, place TEXT, number INTEGER, cells TEXT,
        prefix TEXT, PRIMARY KEY (sheet, id));
    CREATE TABLE claim (id TEXT PRIMARY KEY, document TEXT, file TEXT, sheet TEXT, number INTEGER, cells TEXT);
    CREATE INDEX by_document ON claim (document, id);
"""


class StagingTable:
    """The rows of one sheet. Use as a context manager; leaving removes the database.

    Raises:
        OSError: the database cannot be written.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / "rows.sqlite"
        self._unknown: set[tuple[str, str]] = set()
        self._database = sqlite3.connect(self._path, isolation_level=None)
        self._database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;" + _TABLES)

    def __enter__(self) -> StagingTable:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._database.close()
        self._path.unlink(missing_ok=True)
        if isinstance(error, sqlite3.OperationalError):
            what = f"the rows find no room on the disk ({error})"
            raise OSError(errno.ENOSPC, what, str(self._path)) from error

    def add(self, row: SheetRow, findings: Findings) -> None:
        """Take in a row, and the actor, document and proposition that a claim describes along with itself."""
        for column in sorted(c for c in row.cells if not sheet_columns.is_known(row.sheet, c)):
            if (row.sheet, column) in self._unknown:
                continue  # one finding a column: a thousand rows do not make it a thousand mistakes
            self._unknown.add((row.sheet, column))
            hint = f"The columns are {', '.join(sorted(sheet_columns.TABLES[row.sheet]))}."
            findings.add(row, column, "is in an unknown column", hint)
        if "id" not in row:
            findings.add(row, "id", "is missing", "Give each row a short name of its own.")
        elif row.sheet == "claims":
            self._add_claim(row, findings)
        else:
            # The members of different lists may have the same id.
            owner = f"{row.get('scheme')}/" if row.sheet == "terms" else ""
            self._describe(row, row.sheet, owner + row.get("id"), dict(row.cells), findings)

    def described(self, sheet: str) -> Iterator[SheetRow]:
        """The rows of a table other than claims, by id."""
        query = "SELECT file, place, number, cells, prefix FROM described WHERE sheet = ? ORDER BY id"
        yield from map(_row, self._database.execute(query, (sheet,)))

    def claims(self) -> Iterator[SheetRow]:
        """The claims, by document and id."""
        query = "SELECT file, sheet, number, cells, '' FROM claim ORDER BY document, id"
        yield from map(_row, self._database.execute(query))

    def holders(self, document: str) -> list[str]:
        """The actors of the claims of a document."""
        query = "SELECT DISTINCT json_extract(cells, '$.actor') FROM claim WHERE document = ? ORDER BY 1"
        return [actor for (actor,) in self._database.execute(query, (document,)) if actor]

    def coders(self) -> Iterator[tuple[str, SheetRow]]:
        """The coders that the claims name, each with the first row that does."""
        query = """
            SELECT DISTINCT key, CASE key WHEN 'coder' THEN value ELSE '' END, file, sheet, number
            FROM claim, json_each(cells) WHERE key = 'coder' OR key LIKE 'codes\\_%' ESCAPE '\\'
            GROUP BY 1, 2 ORDER BY MIN(number)"""
        for key, value, file, sheet, number in self._database.execute(query):
            for name in (value or key.removeprefix(sheet_columns.CODES)).split(";"):
                yield name.strip(), SheetRow(file, sheet, number, {})

    def _add_claim(self, row: SheetRow, findings: Findings) -> None:
        own = dict(row.cells)
        for owner, sheet in sheet_columns.CARRIED.items():
            carried = [c for c in own if c.startswith(f"{owner}_") and c not in sheet_columns.TABLES["claims"]]
            cells = {column.removeprefix(f"{owner}_"): own.pop(column) for column in carried}
            if cells and owner in own:
                self._describe(row, sheet, own[owner], {"id": own[owner], **cells}, findings, f"{owner}_")
        values = (row.get("id"), row.get("document"), row.file, row.sheet, row.number, _dump(own))
        try:
            self._database.execute("INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?)", values)
        except sqlite3.IntegrityError:
            findings.add(row, "id", "occurs twice", "Give each claim an id of its own.")

    def _describe(
        self, row: SheetRow, sheet: str, identifier: str, cells: dict[str, str], findings: Findings, prefix: str = ""
    ) -> None:
        """Keep a description; a second one may add to the first, not contradict it."""
        key = (sheet, identifier)
        query = "SELECT number, cells FROM described WHERE sheet = ? AND id = ?"
        before = self._database.execute(query, key).fetchone()
        if before is None:
            self._database.execute(
                "INSERT INTO described VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*key, row.file, row.sheet, row.number, _dump(cells), prefix),
            )
            return
        number, known = before[0], json.loads(before[1])
        for column, value in cells.items():
            if known.setdefault(column, value) != value:
                text = (
                    f"{row}, column {prefix}{column}: “{value}” contradicts row {number}, which says “{known[column]}”."
                )
                findings.note(row, f"{text} Describe {identifier} once, or everywhere alike.")
        if known != json.loads(before[1]):
            self._database.execute("UPDATE described SET cells = ? WHERE sheet = ? AND id = ?", (_dump(known), *key))


def _dump(cells: dict[str, str]) -> str:
    return json.dumps(cells, ensure_ascii=False)


def _row(record: Iterable[object]) -> SheetRow:
    file, sheet, number, cells, prefix = record
    return SheetRow(str(file), str(sheet), int(str(number)), json.loads(str(cells)), str(prefix))
