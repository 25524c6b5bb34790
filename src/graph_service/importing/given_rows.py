"""Rows of a coding sheet that stand in no file: those of a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from graph_service import spreadsheets
from graph_service.importing.findings import Findings, SheetRow


@dataclass(frozen=True)
class GivenRows:
    """Rows of a coding sheet that stand in no file.

    Attributes:
        name: stands in the files that are written for the name of the sheet; with an extension.
        rows: of any of its tables.
    """

    name: str
    rows: Iterable[SheetRow]

    def read(self, findings: Findings) -> Iterator[SheetRow]:
        """The rows as a person reads them, as those of a file are; a cell that nobody can read is a finding."""
        for row in self.rows:
            cells = dict(row.cells)
            for column, text in row.cells.items():
                try:
                    cells[column] = spreadsheets.clean(text)
                except ValueError as error:
                    findings.add(row, column, f"holds {error}, a character that nobody can read", "Delete it.")
            yield replace(row, cells=cells)
