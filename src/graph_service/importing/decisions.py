"""Decisions on rows of a sheet that must not be edited: rows left out or changed, each with a reason.

A CSV with the columns `table, id, field, value, reason`. An `id` may be a pattern (`wp-*`) or several, with semicolons.
Without a field the row is left out. A value that begins with `+` is added to what stands there; `>COLUMN` moves what
stands there to the end of another column. A row that no sheet has is added by naming its fields.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from graph_service.errors import Location, SourceError
from graph_service.importing import sheet_columns, table_files
from graph_service.importing.findings import SheetRow

_COLUMNS = frozenset({"table", "id", "field", "value", "reason"})


@dataclass(frozen=True)
class OmittedRow:
    """A row that was left out, and why."""

    table: str
    id: str
    reason: str


@dataclass(frozen=True)
class Decision:
    """One line of the file."""

    row: SheetRow
    table: str
    patterns: tuple[str, ...]
    field: str
    value: str
    reason: str

    def concerns(self, identifier: str) -> bool:
        """Whether the decision is about the row of this id."""
        return any(fnmatchcase(identifier, pattern) for pattern in self.patterns)


@dataclass
class Decisions:
    """All decisions on one sheet; remembers what was left out and which were of use."""

    by_table: Mapping[str, list[Decision]] = field(default_factory=dict)
    left_out: list[OmittedRow] = field(default_factory=list)
    _used: set[int] = field(default_factory=set)

    def unused(self) -> Iterator[str]:
        """The decisions that concern no row, a sentence each; ask when all rows are through."""
        for decided in self.by_table.values():
            for one in decided:
                if one.row.number not in self._used:
                    names = "; ".join(one.patterns)
                    yield f"{one.row.file}, row {one.row.number}: the decision on {one.table} {names} matches no row."

    def apply(self, rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
        """The rows as decided, then the rows that only the decisions have."""
        seen: set[tuple[str, str]] = set()
        for row in rows:
            decided = self.by_table.get(row.sheet)
            if decided is None:
                yield row
                continue
            seen.add((row.sheet, row.get("id")))
            if changed := self._decide(row, decided):
                yield changed
        yield from self._added(seen)

    def _decide(self, row: SheetRow, decisions: Iterable[Decision]) -> SheetRow | None:
        cells = dict(row.cells)
        for decision in decisions:
            if not decision.concerns(row.get("id")):
                continue
            self._used.add(decision.row.number)
            if not decision.field:
                self.left_out.append(OmittedRow(row.sheet, row.get("id"), decision.reason))
                return None
            _set(cells, decision)
        return SheetRow(row.file, row.sheet, row.number, cells)

    def _added(self, seen: set[tuple[str, str]]) -> Iterator[SheetRow]:
        """Rows for plain ids that no row of the sheet has."""
        for table, decisions in self.by_table.items():
            fresh = {p: d.row for d in reversed(decisions) for p in d.patterns if not set("*?[") & set(p) and d.field}
            for identifier, place in reversed(list(fresh.items())):
                if (table, identifier) not in seen:
                    row = SheetRow(place.file, table, place.number, {"id": identifier})
                    if added := self._decide(row, decisions):
                        yield added


def read(path: Path, known: Collection[str] = tuple(sheet_columns.TABLES)) -> Decisions:
    """Read a file of decisions on rows of the tables that are known.

    Raises:
        SourceError: it cannot be read, or a decision lacks its table, id or reason, or names another table.
    """
    by_table: dict[str, list[Decision]] = {}
    for row in table_files.read(path, "decisions", ("decisions",)):
        missing = [name for name in ("table", "id", "reason") if name not in row]
        unknown = sorted(set(row.cells) - _COLUMNS)
        if missing or unknown:
            what = f"lacks its {missing[0]}" if missing else f"has the unknown column {unknown[0]}"
            hint = "The columns are table, id, field, value, reason."
            raise SourceError(f"row {row.number} {what}.", where=Location(path), hint=hint)
        if row.get("table") not in known:
            message = f"row {row.number} names the unknown table {row.get('table')}."
            raise SourceError(message, where=Location(path), hint=f"The tables are {', '.join(sorted(known))}.")
        patterns = tuple(part.strip() for part in row.get("id").split(";"))
        decision = Decision(
            row,
            row.get("table"),
            patterns,
            table_files.column_name(row.get("field")),
            row.get("value"),
            row.get("reason"),
        )
        by_table.setdefault(decision.table, []).append(decision)
    return Decisions(by_table)


def _set(cells: dict[str, str], decision: Decision) -> None:
    column, value = decision.field, decision.value
    if value.startswith(">"):
        column, value = table_files.column_name(value[1:]), "+" + cells.pop(column, "")
    if value.startswith("+"):
        value = "; ".join(part for part in (cells.get(column, ""), value[1:].strip()) if part)
    if value:
        cells[column] = value
    else:
        cells.pop(column, None)
