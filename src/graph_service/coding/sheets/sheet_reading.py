"""A sheet that was edited comes back into the draft: codes, status, reasons, and what the draft brings along.

Offsets and digests are compared with the text. A row that was changed in the draft since the sheet was written is a
finding: nothing is overwritten, and nothing is taken over in part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph_service.coding import draft_integrity, draft_rows
from graph_service.coding.paper_draft import AGREEMENTS, CODES, SEVERAL, DraftPosition, PaperDraft, Status, passage
from graph_service.coding.sheets.sheet_values import SheetValues
from graph_service.importing import sheet_columns, table_files
from graph_service.importing.cell_values import whole_number
from graph_service.importing.findings import Findings, SheetRow
from graph_service.reading import passages
from graph_service.reading.paper import Paper
from graph_service.reading.passages import Ranges

_BROUGHT = ("actors", "propositions", "terms")
_CHOICES = ", ".join(Status)


def read(path: Path, note: Callable[[str], None]) -> list[SheetRow]:
    """The rows of a workbook or another table of `paper sheet`.

    Raises:
        SourceError: it cannot be read.
    """
    return list(table_files.read(path, "claims", sheet_columns.TABLES, note))


def with_tables(draft: PaperDraft, paper: Paper, rows: Iterable[SheetRow]) -> PaperDraft:
    """The draft with the document, and all else that it brings along, as the sheet has them."""
    brought: dict[str, list[dict[str, str]]] = {table: [] for table in _BROUGHT}
    document = draft.document
    of_itself = draft_rows.document(draft.model_copy(update={"document": {}}), paper)
    for row in rows:
        if row.sheet in brought:
            brought[row.sheet].append(dict(row.cells))
        elif row.sheet == "documents" and row.get("id") == paper.name:
            document = {column: text for column, text in row.cells.items() if of_itself.get(column) != text}
    others = {table: found for table, found in draft.tables.items() if table not in brought}
    filled = {table: tuple(found) for table, found in brought.items() if found}
    return draft.model_copy(update={"document": document, "tables": others | filled})


@dataclass
class SheetReader:
    """Takes the rows of a sheet over into a draft.

    Attributes:
        paper: what is coded.
        draft: as it is, with the tables of the sheet.
        values: finds short names.
        findings: what cannot be taken over.
    """

    paper: Paper
    draft: PaperDraft
    values: SheetValues
    findings: Findings = field(default_factory=Findings)

    def apply(self, rows: Sequence[SheetRow]) -> PaperDraft:
        """The draft as the sheet has it; positions that the sheet does not have stay as they are.

        Raises:
            ImportRefused: a row cannot be taken over.
        """
        after = self.draft
        for row in rows:
            if row.sheet != "claims":
                continue
            before = after.position(self._name(row))
            if before is None and "id" in row:
                self.findings.add(row, "id", "is no position of the draft", "Leave the id of a new row empty.")
            elif position := self._position(row, before, after.next_id()):
                others = [one for one in after.positions if one.id != position.id]
                after = after.with_positions([*others, position])
        self.findings.refuse(rows[0].file if rows else "the sheet")
        return after

    def _name(self, row: SheetRow) -> str:
        """The id within the draft."""
        return row.get("id").removeprefix(f"{self.draft.paper}-{self.draft.coder}-")

    def _position(self, row: SheetRow, before: DraftPosition | None, fresh: str) -> DraftPosition | None:
        """The position that a row says; None if its place is wrong."""
        if before and row.get("revision") not in ("", str(before.revision)):
            hint = "Write the sheet anew, and repeat the edits of this row."
            self.findings.add(row, "revision", f"is not that of the draft, which is {before.revision}", hint)
        ranges = self._ranges(row, before)
        if not ranges:
            return None
        position = before or passage(self.paper, ranges, fresh)
        if before and before.ranges != ranges:
            self.findings.add(row, "locator_start", "and locator_end are not those of the draft", _MARK_ANEW)
        changes = {"codes": self._codes(row, before), "status": self._status(row), "reason": row.get("status_reason")}
        if all(getattr(position, name) == value for name, value in changes.items()):
            return position
        return position.model_copy(update=changes | {"revision": position.revision + (before is not None)})

    def _ranges(self, row: SheetRow, before: DraftPosition | None) -> Ranges:
        """Where the passage stands, as far as that agrees with text and digest."""
        starts, ends = ([part.strip() for part in row.get(f"locator_{edge}").split(";")] for edge in ("start", "end"))
        if before and not row.get("locator_start") and not row.get("locator_end"):
            return before.ranges
        pairs = [(whole_number(start), whole_number(end)) for start, end in zip(starts, ends, strict=False)]
        ranges = tuple((start, end) for start, end in pairs if start is not None and end is not None)
        if not len(starts) == len(ends) == len(ranges):
            self.findings.add(row, "locator_start", "and locator_end are not ranges", _MARK_ANEW)
            return ()
        digest = row.get("passage_sha256")
        if not draft_integrity.are_places(ranges, len(self.paper.text)):
            problem = "and locator_end overlap, are empty, or lie outside of the text"
            self.findings.add(row, "locator_start", problem, _MARK_ANEW)
            return ()
        if digest and digest != passages.digest(self.paper.cut(ranges)):
            self.findings.add(row, "passage_sha256", "is not the digest of the text at its ranges", _MARK_ANEW)
            return ()
        return ranges

    def _status(self, row: SheetRow) -> Status:
        name = row.get("status").casefold() or Status.ACCEPTED
        if name not in list(Status):
            self.findings.add(row, "status", "is no status", f"Choose {_CHOICES}.")
            return Status.PROPOSED
        return Status(name)

    def _codes(self, row: SheetRow, before: DraftPosition | None) -> dict[str, tuple[str, ...]]:
        """The codes of a row; an actor that only stands for who speaks in the document is none."""
        found = {}
        for column in CODES:
            parts = row.get(column).split(";") if column in SEVERAL else [row.get(column)]
            if values := tuple(self.values.short(column, part) for part in parts if part.strip()):
                found[column] = values
        if not AGREEMENTS.issuperset(found.get("agreement", ())):
            self.findings.add(row, "agreement", "is not an agreement", "Write 1, 0 or -1.")
        if not (before and before.code("actor")) and row.get("actor") == draft_rows.speaker(self.draft.document):
            found.pop("actor", None)
        return found


_MARK_ANEW = "Mark the passage in the review page instead, or put back what the sheet had."
