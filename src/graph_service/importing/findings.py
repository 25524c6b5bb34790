"""Findings: errors in a sheet, with file, sheet, row, column, value and hint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph_service.errors import FindingsError

SHOWN = 100
_NAMED = 5


class ImportRefused(FindingsError):
    """A sheet was not imported; nothing was written."""


@dataclass(frozen=True)
class SheetRow:
    """One row of a sheet.

    Attributes:
        file: name of the file it stands in.
        sheet: name of the table: claims, actors, documents, propositions, statements.
        number: as a spreadsheet counts, the header being row 1; in JSON the position in the list, from 1; 0 if the
            row stands in no sheet, and `file` says what it is.
        cells: text by column; empty cells are absent.
        prefix: of the columns, where the row was part of another: `actor_` for an actor that a claim describes.
    """

    file: str
    sheet: str
    number: int
    cells: Mapping[str, str]
    prefix: str = ""

    def __str__(self) -> str:
        return f"{self.file}, sheet {self.sheet}, row {self.number}" if self.number else self.file

    def shown(self, column: str) -> str:
        """The name of a column as it stands in the sheet."""
        if column == "id" and self.prefix:
            return self.prefix.removesuffix("_")
        return self.prefix + column

    def get(self, column: str) -> str:
        """The text of a cell, empty where there is none."""
        return self.cells.get(column, "")

    def __contains__(self, column: object) -> bool:
        return column in self.cells


@dataclass
class Findings:
    """Collects findings: keeps the first hundred, counts them all, so that a hopeless file stays cheap.

    The same mistake in the same column is one finding, however many rows have it.
    """

    kept: list[tuple[str, int, str, list[int]]] = field(default_factory=list)
    count: int = 0
    _alike: dict[tuple[str, ...], list[int]] = field(default_factory=dict)

    def add(self, row: SheetRow, column: str, problem: str, hint: str) -> None:
        """Note that a cell is wrong.

        Args:
            row: where it stands.
            column: the column at fault; its value is shown.
            problem: what is wrong, the predicate of a sentence about the value.
            hint: how to repair it, a sentence.
        """
        value = row.get(column)
        key = (row.file, row.sheet, row.shown(column), value, problem)
        if key in self._alike:
            if row.number:
                self._alike[key].append(row.number)
            return
        shown = f" “{_visible(value if len(value) <= 80 else value[:80] + '…')}”" if value else ""
        self.note(row, f"{row}, column {row.shown(column)}:{shown} {problem}. {hint}", key)

    def note(self, row: SheetRow, text: str, key: tuple[str, ...] = ()) -> None:
        """Note a finding in its own words; further ones of the same key are told along with it."""
        self.count += 1
        if len(self.kept) < SHOWN:
            further = self._alike.setdefault(key, []) if key else []
            self.kept.append((row.sheet, row.number, " ".join(text.split()), further))

    def refuse(self, what: str) -> None:
        """Raise if anything was found.

        Raises:
            ImportRefused: with the findings in the order of sheets and rows.
        """
        if not self.count:
            return
        texts = [text + _in_rows(further) for _, _, text, further in sorted(self.kept)]
        if self.count > len(texts):
            texts.append(f"… and {self.count - len(texts)} more.")
        plural = "" if self.count == 1 else "s"
        raise ImportRefused(f"{what} was not imported, {self.count} finding{plural}; nothing was written.", texts)


def _visible(text: str) -> str:
    """A text whose control characters are escaped: a terminal would obey them."""
    return "".join(one if one.isprintable() or one.isspace() else ascii(one)[1:-1] for one in text)


def _in_rows(further: Sequence[int]) -> str:
    """Where else the same mistake stands."""
    if not further:
        return ""
    named = ", ".join(map(str, sorted(further)[:_NAMED]))
    named += f" and {len(further) - _NAMED} more" if len(further) > _NAMED else ""
    return f" The same in row{'s' if len(further) > 1 else ''} {named}."
