"""The review of one coder's draft on one paper: what the page reads, and each change written before it is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from graph_service.coding import codes, draft_file, draft_integrity, draft_rows
from graph_service.coding.codes import Code, Lists
from graph_service.coding.paper_draft import DraftPosition, PaperDraft, Suggestion
from graph_service.errors import ParameterError
from graph_service.importing.cells import short_name
from graph_service.reading.paper import Paper
from graph_service.reading.shelf import Shelf
from graph_service.reviewing import draft_changes, fields, obstacles
from graph_service.reviewing.draft_changes import AlreadyMade, Conflict, FactChange, PositionChange
from graph_service.reviewing.suggester import NoSuggester, Suggester, searched, similar

_FOUND = 12
_SIMILAR = 6
# Of the score by coded passages: below it a proposition is about something else.
_NEAR = 0.15
_LONGEST_NAME = 48
_LONGEST_CELL = 5_000


class NotShown(Conflict):
    """Something new resembles what the coder has not seen.

    Args:
        similar: what has to be shown first, the most like it first.
    """

    def __init__(self, similar: Iterable[Suggestion]) -> None:
        super().__init__("Similar ones are there already.", hint="Look at them first.")
        self.similar = tuple(similar)


class Incomplete(ParameterError):
    """Something new lacks what the import requires.

    Args:
        columns: that are empty.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__(f"What is new lacks {', '.join(columns)}.", hint="Fill these in.")
        self.columns = tuple(columns)


@dataclass
class Review:
    """One coder at one paper.

    Attributes:
        shelf: the curator's directory.
        paper: what is coded.
        coder: whose draft it is.
        graph: what the graph knows.
        suggester: suggests codes for passages that have no suggestions yet.
    """

    shelf: Shelf
    paper: Paper
    coder: str
    graph: Lists
    suggester: Suggester = field(default_factory=NoSuggester)
    _read: tuple[tuple[int, int] | None, PaperDraft] | None = None

    def draft(self) -> PaperDraft:
        """The draft as it is on disk; it is read only if the file is another one than at the last call.

        Raises:
            SourceError: it cannot be read.
        """
        path = draft_file.path_of(self.shelf, self.paper.name, self.coder)
        status = path.stat() if path.is_file() else None
        # A change puts another file into place.
        stamp = (status.st_ino, status.st_mtime_ns) if status else None
        if self._read is None or self._read[0] != stamp:
            self._read = stamp, draft_file.read(self.shelf, self.paper, self.coder)
        return self._read[1]

    def overview(self, draft: PaperDraft) -> dict[str, Any]:
        """The draft for the page: all but the suggestions."""
        shown = self._show(draft)
        return {
            "revision": draft.revision,
            "document": draft.document,
            "document_obstacles": [asdict(one) for one in obstacles.of_document(draft.document, self.paper)],
            "tables": draft.tables,
            "positions": [shown(position) for position in draft.positions],
            "next": int(draft.next_id()[1:]),
        }

    def shown(self, draft: PaperDraft, name: str) -> dict[str, Any] | None:
        """A position for the page, with what keeps it from being imported."""
        position = draft.position(name)
        return self._show(draft)(position) if position else None

    def put(self, name: str, change: PositionChange) -> PaperDraft:
        """Write a position; returns the draft as it is now.

        Raises:
            ParameterError: ranges, codes or name cannot be.
            Conflict: it was changed since, or the name is taken.
        """
        if not draft_integrity.is_id(name):
            raise ParameterError(f"{name} is no name of a position.", hint="Names are p1, p2 and so on.")

        def edit(draft: PaperDraft) -> PaperDraft:
            after = draft_changes.put(draft, self.paper, name, change)
            position = after.position(name)
            if position and draft.retired.get(name, position.sha256) != position.sha256:
                raise Conflict(f"The name {name} was used before.", hint="Take the next one.")
            return after

        return self._change(edit)

    def remove(self, name: str, revision: int) -> PaperDraft:
        """Take the making of a position back; returns the draft as it is now.

        Raises:
            Conflict: it was changed since.
            ParameterError: a program proposed it.
        """
        return self._change(lambda draft: draft_changes.remove(draft, name, revision))

    def set_facts(self, facts: Mapping[str, FactChange]) -> PaperDraft:
        """Write facts on the document; returns the draft as it is now.

        Raises:
            ParameterError: a column is no fact.
            Conflict: one was changed since.
        """
        if unknown := sorted(facts.keys() - set(fields.DOCUMENT)):
            raise ParameterError(
                f"{unknown[0]} is no fact on a document.", hint=f"Facts: {', '.join(fields.DOCUMENT)}."
            )
        return self._change(lambda draft: draft_changes.set_facts(draft, facts))

    def add_row(self, table: str, row: Mapping[str, str], shown: Iterable[str]) -> tuple[PaperDraft, dict[str, str]]:
        """Write something new that the draft brings along; returns the draft and the row with its id.

        Args:
            table: of `fields.TABLES`.
            row: values by column; without an id it gets one.
            shown: codes of similar ones that the coder has seen.

        Raises:
            ParameterError: table or columns are not known, or nothing names it.
            NotShown: there are similar ones that the coder has not seen.
            Incomplete: the import would refuse the row.
        """
        cleaned = {column: value.strip() for column, value in row.items() if value.strip()}
        naming = self._naming(table, cleaned)
        of = cleaned.get("scheme", "") if table == "terms" else table
        made: dict[str, str] = {}

        def edit(draft: PaperDraft) -> PaperDraft:
            known = codes.together(self.graph, draft).get(of, ())
            same = (other for other in draft.tables.get(table, ()) if {**other, "id": ""} == {**cleaned, "id": ""})
            name = cleaned.get("id") or next((other["id"] for other in same), "") or _free_name(naming[0], known)
            made.update({**cleaned, "id": name})
            others = [code for code in known if code.name != name]
            if lacking := fields.lacking(table, cleaned):
                raise Incomplete(lacking)
            alike = self._alike(table, naming, others)
            after = draft_changes.add_row(draft, table, made)
            if {one.code for one in alike} - set(shown):
                raise NotShown(alike)
            return after

        return self._change(edit), made

    def remove_row(self, table: str, name: str) -> PaperDraft:
        """Take something new back; returns the draft as it is now.

        Raises:
            ParameterError: a position names it.
        """
        return self._change(lambda draft: draft_changes.remove_row(draft, table, name))

    def suggestions(self, name: str) -> Mapping[str, tuple[Suggestion, ...]]:
        """What is suggested for a position, by column: what a run stored with it, else what fits its words now."""
        position = self.draft().position(name)
        if position is None:
            return {}
        heading = self.paper.heading_of(position.ranges[0][0])
        return position.suggestions or self.suggester.suggestions(self.paper.cut(position.ranges), heading)

    def search(self, of: str, typed: str) -> list[Suggestion]:
        """Members of a list that somebody may mean who typed this, the best first."""
        found = searched(typed, codes.together(self.graph, self.draft()).get(of, ()), _FOUND)
        if of == "propositions":
            ranked = {one.code: one for one in (*self.suggester.propositions(typed, _FOUND), *found)}
            return list(ranked.values())[:_FOUND]
        return found

    def _alike(self, table: str, naming: Iterable[str], others: Iterable[Code]) -> list[Suggestion]:
        """What is most like something new: by its words, and for a proposition by what was coded with such words."""
        found = similar(naming, others, _SIMILAR)
        if table == "propositions":
            names = {code.name for code in others}
            learnt = (one for text in naming for one in self.suggester.propositions(text, _SIMILAR))
            found += [one for one in learnt if one.code in names and one.score >= _NEAR]
        return list({one.code: one for one in found}.values())[:_SIMILAR]

    def _change(self, edit: Callable[[PaperDraft], PaperDraft]) -> PaperDraft:
        try:
            return draft_file.change(self.shelf, self.paper, self.coder, edit)
        except AlreadyMade:
            return self.draft()

    def _show(self, draft: PaperDraft) -> Callable[[DraftPosition], dict[str, Any]]:
        lists, speaker = codes.together(self.graph, draft), draft_rows.speaker(draft.document)
        known = {name: frozenset(code.name for code in members) for name, members in lists.items()}

        def shown(position: DraftPosition) -> dict[str, Any]:
            found = obstacles.of_position(position, self.paper.cut(position.ranges), known, speaker)
            return {
                **position.model_dump(exclude={"suggestions", "sha256", "run"}),
                "obstacles": [asdict(one) for one in found],
                "missing": obstacles.missing(position),
            }

        return shown

    def _naming(self, table: str, row: Mapping[str, str]) -> list[str]:
        if table not in fields.TABLES:
            raise ParameterError(f"{table} is no table of a draft.", hint=f"Tables: {', '.join(fields.TABLES)}.")
        columns = fields.TABLES[table]
        if unknown := sorted(row.keys() - {*columns, "id", "scheme"}):
            raise ParameterError(f"{unknown[0]} is no column of {table}.", hint=f"Columns: {', '.join(columns)}.")
        if table == "terms" and row.get("scheme") not in self.graph:
            raise ParameterError("The term is of no list.", hint="Give its list as scheme, such as target-groups.")
        if long := next((column for column, value in row.items() if len(value) > _LONGEST_CELL), ""):
            raise ParameterError(f"{long} is too long.", hint=f"At most {_LONGEST_CELL} characters.")
        if "id" in row and row["id"] != short_name(row["id"]):
            raise ParameterError(f"{row['id']} is not a short name.", hint="Use a to z, 0 to 9 and hyphens.")
        naming = [row[column] for column in columns[:2] if column in row]
        if not naming:
            raise ParameterError("What is new has no name.", hint="Name it in one language at least.")
        return naming


def _free_name(text: str, known: Iterable[Code]) -> str:
    """A short name made from a text that nothing else has."""
    taken = {code.name for code in known}
    name = short_name(text)[:_LONGEST_NAME].strip("-")
    return next(
        free for number in range(1, len(taken) + 2) if (free := name + f"-{number}" * (number > 1)) not in taken
    )
