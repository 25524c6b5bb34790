"""What a REFI-QDA project says beside its selections, looked up by GUID: users, codes, notes, cases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from graph_service.coding.codebook import LISTS, Codebook
from graph_service.coding.exchange import guids
from graph_service.coding.exchange.project_archive import ProjectArchive
from graph_service.errors import SourceError

_STATED = re.compile(r"([a-z_]+): (.+)")


class ProjectParts:
    """The parts of a project that selections refer to.

    Attributes:
        columns: of the coding sheet that the codebook of the project has codes of.
        unread: notes whose text is not in the archive.
    """

    def __init__(self, project: Element, archive: ProjectArchive, book: Codebook) -> None:
        self._archive = archive
        self._codes = dict(_codes(project, book))
        self.columns = frozenset(column for column, _ in self._codes.values() if column)
        self._users = {guid: user.get("name", "") for guid, user in _by_guid(project, "User")}
        self._notes = dict(_by_guid(project, "Note"))
        self._variables = {guid: variable.get("name", "") for guid, variable in _by_guid(project, "Variable")}
        self._cases = {guid: case for guid, case in _by_guid(project, "Case") if _is_position(case)}
        self._case_of = {target(ref): guid for guid, case in self._cases.items() for ref in case.iter("SelectionRef")}
        self.unread: list[str] = []

    def code(self, coding: Element) -> tuple[str, str]:
        """Column and value of a coding; no column if it is no code of the graph, but its name."""
        return self._codes.get(target(coding.find("CodeRef")), ("", ""))

    def user(self, *elements: Element) -> str:
        """The name of who made the first of these elements that says so."""
        creator = next((guid for element in elements if (guid := element.get("creatingUser"))), "")
        return self._users.get(guids.normal(creator), "")

    def case(self, selection: Element) -> str:
        """The GUID of the case that is the position of a selection; empty if none is."""
        return self._case_of.get(guids.normal(selection.get("guid", "")), "")

    def state(self, case: str) -> dict[str, str]:
        """The variables of a case by name."""
        values = self._cases[case].iter("VariableValue") if case else ()
        return {self._variables.get(target(v.find("VariableRef")), ""): v.findtext("TextValue") or "" for v in values}

    def notes(self, selection: Element) -> Iterator[tuple[str, str]]:
        """Name and text of each note on a selection, first its description, which has no name."""
        if description := (selection.findtext("Description") or "").strip():
            yield "", description
        for reference in selection.findall("NoteRef"):
            note = self._notes.get(target(reference))
            if note is None:
                continue
            try:
                yield note.get("name", ""), text_of(note, self._archive)
            except SourceError as error:
                self.unread.append(f"the note {note.get('name', '')[:60]}: {error.message}")


def text_of(element: Element, archive: ProjectArchive) -> str:
    """The text of a source or note, from the document or from the archive.

    Raises:
        SourceError: it is not there.
    """
    inside = element.find("PlainTextContent")
    return archive.text(element.get("plainTextPath", "")) if inside is None else inside.text or ""


def target(reference: Element | None) -> str:
    """The GUID that a reference names; empty if there is none."""
    return "" if reference is None else guids.normal(reference.get("targetGUID", ""))


def _is_position(case: Element) -> bool:
    """Whether a case is a position as we write it; a case of another program is a person or a group."""
    ours = guids.of("variable", "status")
    return any(target(reference) == ours for reference in case.iter("VariableRef"))


def _by_guid(project: Element, tag: str) -> Iterator[tuple[str, Element]]:
    return ((guids.normal(element.get("guid", "")), element) for element in project.iter(tag))


def _codes(project: Element, book: Codebook) -> Iterator[tuple[str, tuple[str, str]]]:
    """Column and value of each code by its GUID; no column for one that the graph does not have, with its name."""

    def walk(element: Element, column: str) -> Iterator[tuple[str, tuple[str, str]]]:
        name = element.get("name", "").strip()
        description = element.findtext("Description") or ""
        stated = _STATED.match(description.strip())
        if stated and stated[1] in LISTS:
            meaning = (stated[1], stated[2].strip())
        elif column and (value := book.find(column, name) or book.find(column, name.rpartition(" (")[0])):
            meaning = (column, value)
        else:
            meaning = ("", name)
        yield guids.normal(element.get("guid", "")), meaning
        for inner in element.findall("Code"):
            yield from walk(inner, column or (name if name in LISTS else ""))

    for codes in project.iter("Codes"):
        for element in codes.findall("Code"):
            yield from walk(element, "")
