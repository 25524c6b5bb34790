"""Roll calls: a table with one row for each parliamentary group becomes a file of data. Totals only, never persons.

The rows of a roll call say the same of it and differ in group and votes. Each group must sit in the parliament on
the day of the vote, and the votes of all rows must add up to the official totals.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from graph_service.importing import table_files
from graph_service.importing.cell_values import whole_number
from graph_service.importing.cells import Cells, short_name
from graph_service.importing.entities import links
from graph_service.importing.findings import SheetRow
from graph_service.importing.known import slug
from graph_service.importing.parliaments import Groups
from graph_service.importing.turtle import Pairs, Writer, text
from graph_service.rdf.namespaces import XSD
from graph_service.rdf.terms import Term, literal

SHEET = "roll-calls"
REQUIRED = ("parliament", "poll_id", "poll_date", "legislature", "official_title", "question_put", "question_put_de")
VOTES = ("yes", "no", "abstain", "not_cast")
TOTALS = tuple(f"total_{name}" for name in VOTES)
SHARED = (
    *REQUIRED, "bt_drucksache", *TOTALS, "status", "issue", "source_url", "further_url", "source_1", "source_2",
    "note", "note_de",
)  # fmt: skip
COLUMNS = frozenset(("id", *SHARED, "group", *VOTES))
_PAPER = re.compile(r"\d+/\d+( \(\w+\))?")
_PROPERTIES = ("mp:yesVotes", "mp:noVotes", "mp:abstentions", "mp:absences")


def rows(path: Path, note: table_files.Note = lambda _: None) -> Iterator[SheetRow]:
    """The rows of a table; the number of the roll call is the `id` by which decisions find them.

    Raises:
        SourceError: the file cannot be read.
    """
    for row in table_files.read(path, SHEET, (SHEET,), note):
        yield replace(row, cells={**row.cells, "id": row.get("poll_id")})


@dataclass
class RollCalls:
    """The roll calls of a table, in its order.

    Attributes:
        cells: reads cells and notes findings.
        groups: the groups of all parliaments.
        polls: the rows of each roll call.
    """

    cells: Cells
    groups: Groups
    polls: dict[str, list[SheetRow]] = field(default_factory=dict)

    def add(self, row: SheetRow) -> None:
        """Take in a row."""
        for column in sorted(set(row.cells) - COLUMNS):
            hint = f"The columns are {', '.join(sorted(COLUMNS - {'id'}))}."
            self.cells.findings.add(row, column, "is in an unknown column", hint)
        if "poll_id" not in row:
            self.cells.findings.add(row, "poll_id", "is missing", "Give each roll call a number or short name.")
            return
        self.polls.setdefault(row.get("poll_id"), []).append(row)

    def blocks(self, writer: Writer) -> Iterator[str]:
        """The roll calls as Turtle; mistakes are noted, none is raised."""
        for rows in self.polls.values():
            self._agree(rows)
            yield from self._roll_call(rows, writer)

    def _agree(self, rows: list[SheetRow]) -> None:
        """The rows of a roll call do not contradict each other in what they say of it."""
        for row in rows[1:]:
            for column in SHARED:
                if row.get(column) != rows[0].get(column):
                    hint = f"Row {rows[0].number} of the same roll call says “{rows[0].get(column)}”."
                    self.cells.findings.add(row, column, "differs", hint)

    def _roll_call(self, rows: list[SheetRow], writer: Writer) -> Iterator[str]:
        first = rows[0]
        for column in REQUIRED:
            self.cells.required(first, column)
        if first.get("status") not in ("", "official"):
            self.cells.findings.add(first, "status", "is not “official”", "Take the totals from the official record.")
        parliament, day = self.cells.entity(first, "parliament", "actor"), self._day(first)
        if not parliament or day is None:
            return
        stem = f"{slug(parliament)}-{short_name(first.get('poll_id'))}"
        poll = self.cells.known.term("roll-call", stem)
        yield "\n" + writer.block(poll, "mp:RollCall", self._pairs(first, day))
        seen: dict[Term, SheetRow] = {}
        for row in rows:
            group = self._group(row, parliament, day)
            if group is None:
                continue
            if group in seen:
                self.cells.findings.add(row, "group", "occurs twice", f"Row {seen[group].number} has it, too.")
            seen[group] = row
            name = slug(group).removeprefix(f"{slug(parliament)}-") if group else "unattached"
            total = self.cells.known.term("vote-total", f"{stem}-{name}")
            yield writer.block(total, "mp:GroupTotal" if group else "mp:UnattachedTotal", [
                ("mp:inRollCall", [poll]), ("mp:castBy", [group]), *self._votes(row, VOTES)
            ])  # fmt: skip
        overall = self.cells.known.term("vote-total", f"{stem}-overall")
        counts = self._votes(first, TOTALS)
        yield writer.block(overall, "mp:OverallTotal", [("mp:inRollCall", [poll]), *counts])
        self._add_up(rows)

    def _pairs(self, row: SheetRow, day: datetime.date) -> Pairs:
        sources = (row.get("source_1"), row.get("source_2"))
        return [
            ("dcterms:identifier", [text(row.get("poll_id"))]),
            ("dcterms:title", [text(row.get("official_title"), "de")]),
            ("dcterms:date", [literal(day.isoformat(), datatype=f"{XSD}date")]),
            ("mp:inLegislature", [text(row.get("legislature"))]),
            ("mp:votesOnPaper", self._papers(row)),
            ("mp:yesBringsAbout", [text(row.get("question_put_de"), "de"), text(row.get("question_put"), "en")]),
            ("mp:underIssue", self.cells.concepts(row, "issue", "issues")),
            ("dcterms:source", [*links(row, "source_url", self.cells), *map(text, sources)]),
            ("rdfs:seeAlso", links(row, "further_url", self.cells)),
            ("skos:note", [text(row.get("note_de"), "de"), text(row.get("note"), "en")]),
        ]

    def _papers(self, row: SheetRow) -> list[Term]:
        papers = [part.strip() for part in row.get("bt_drucksache").split(";") if part.strip()]
        if not all(map(_PAPER.fullmatch, papers)):
            hint = "Write 19/439 or 19/439 (neu), several with “; ” between."
            self.cells.findings.add(row, "bt_drucksache", "is not a list of numbers of printed papers", hint)
        return [text(paper) for paper in papers]

    def _day(self, row: SheetRow) -> datetime.date | None:
        try:
            return datetime.date.fromisoformat(row.get("poll_date"))
        except ValueError:
            if "poll_date" in row:
                self.cells.findings.add(row, "poll_date", "is not a date", "Write 2025-01-31.")
            return None

    def _group(self, row: SheetRow, parliament: Term, day: datetime.date) -> Term | None:
        """The group of a row; empty for members without a group, nothing if it is not found."""
        name = row.get("group")
        if self.groups.is_unattached(name):
            return ""
        found = self.groups.find(parliament, name, day)
        if found is None:
            periods = self.groups.periods(parliament, name)
            problem = "is no group on the day of the vote" if periods else "is no group of the parliament that is known"
            when = f"It sits there {', '.join(periods)}. " if periods else ""
            hint = f"{when}Groups of {day}: {', '.join(self.groups.on(parliament, day)) or 'none'}."
            self.cells.findings.add(row, "group", problem if name else "is missing", hint)
        return found

    def _votes(self, row: SheetRow, columns: Iterable[str]) -> Iterator[tuple[str, list[Term]]]:
        for column, name in zip(columns, _PROPERTIES, strict=True):
            number = self._number(row, column)
            yield name, [] if number is None else [literal(str(number), datatype=f"{XSD}integer")]

    def _number(self, row: SheetRow, column: str) -> int | None:
        value = row.get(column)
        if (number := whole_number(value)) is not None:
            return number
        if value or not column.endswith("not_cast"):
            problem = "is not a number of votes" if value else "is missing"
            self.cells.findings.add(row, column, problem, "Write a whole number; only votes not cast may be left out.")
        return None

    def _add_up(self, rows: list[SheetRow]) -> None:
        """The votes of all rows are the official totals; votes not cast only where each row and the total has them."""
        for column, total in zip(VOTES, TOTALS, strict=True):
            values = [number for row in rows if (number := whole_number(row.get(column))) is not None]
            official = whole_number(rows[0].get(total))
            if len(values) == len(rows) and official not in (None, sum(values)):
                hint = f"The rows of this roll call add up to {sum(values)}; a group is missing or wrong."
                self.cells.findings.add(rows[0], total, "is not the sum of the groups", hint)
