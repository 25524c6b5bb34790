"""REFI-QDA project, in: the highlights of one text source, whatever program wrote the project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from graph_service.coding.codebook import LISTS, Codebook
from graph_service.coding.exchange import counting, guids, refi_qda_writing
from graph_service.coding.exchange.anchoring import quoted
from graph_service.coding.exchange.counting import Counting, Selection, Unit
from graph_service.coding.exchange.highlights import CodeReader, Highlight, QuotedPlace, Received, bounded
from graph_service.coding.exchange.project_archive import ProjectArchive
from graph_service.coding.paper_draft import CODES, PaperDraft, Status
from graph_service.errors import Location, SourceError
from graph_service.reading import passages
from graph_service.reading.paper import Paper

ORIGIN = "refi-qda"
_INTEGER = re.compile(r"[+-]?\d{1,9}")
_STATED = re.compile(r"([a-z_]+): (.+)")


def read(
    path: Path,
    paper: Paper,
    drafts: Iterable[PaperDraft],
    book: Codebook,
    *,
    source: str = "",
    unit: Unit | None = None,
) -> Received:
    """The highlights of a project on a paper.

    Args:
        path: a `.qdpx` file.
        paper: the paper.
        drafts: whose positions may come back in it.
        book: the codes of the graph.
        source: name of the text source, needed if the project has several and none has the paper's text.
        unit: of positions, needed if neither text nor names tell.

    Raises:
        SourceError: the file is no such project or beyond a limit, or source or unit cannot be told.
    """
    archive = ProjectArchive(path)
    project = archive.project()
    if project.tag != "Project":
        raise SourceError(f"is no REFI-QDA project but {project.tag[:40]}.", where=Location(path))
    element, content = _source(project, archive, paper, path, source)
    parts = list(element.iter("PlainTextSelection"))
    selections = [_range(part, path) for part in parts]
    ours = project.get("origin", "").startswith(refi_qda_writing.ORIGIN)
    way = counting.ways(content)[0] if ours else counting.decide(content, selections, unit)
    if way is None:
        hint = "Give --unit code-points or --unit utf-16, as the program counts them."
        message = "its positions mean other words in code points than in UTF-16 units or with other line ends."
        raise SourceError(message, where=Location(path), hint=hint)
    reader = _Reader(project, paper, way, guids.positions(drafts), book)
    rectangles = sum(1 for _ in project.iter("PDFSelection"))
    unread = [f"{rectangles} selections on pages of a PDF have no text."] if rectangles else []
    found = bounded(reader.highlights(list(zip(parts, selections, strict=True))), path)
    return Received(found.highlights, (*unread, *reader.outside))


def _source(project: Element, archive: ProjectArchive, paper: Paper, path: Path, wanted: str) -> tuple[Element, str]:
    """The text source that is the paper, and its text: the named one, the one with the same text, or the only one."""
    elements = [
        *project.iter("TextSource"),
        *(r for pdf in project.iter("PDFSource") for r in pdf.iter("Representation")),
    ]
    if wanted:
        elements = [element for element in elements if element.get("name") == wanted]
    texts = [(element, _text(element, archive)) for element in elements]
    same = [pair for pair in texts if passages.normalise(pair[1].removeprefix(counting.BOM)) == paper.text]
    named = [pair for pair in texts if pair[0].get("name") in (paper.name, paper.file.name)]
    for found in (same, named, texts):
        if len(found) == 1:
            return found[0]
    names = ", ".join(element.get("name", "?")[:80] for element in elements[:20]) or "none"
    hint = f"Name one with --source. Its text sources: {names}."
    raise SourceError(f"has no text source that is {paper.name} beyond doubt.", where=Location(path), hint=hint)


def _text(element: Element, archive: ProjectArchive) -> str:
    inside = element.find("PlainTextContent")
    if inside is not None:
        return inside.text or ""
    return archive.text(element.get("plainTextPath", ""))


def _range(part: Element, path: Path) -> Selection:
    stated = [part.get(name, "").strip() for name in ("startPosition", "endPosition")]
    if not all(map(_INTEGER.fullmatch, stated)):
        what = f"a selection has no whole numbers as positions: {' '.join(stated)[:80]}."
        raise SourceError(what, where=Location(path), hint="Export the project again.")
    return Selection(int(stated[0]), int(stated[1]), part.get("name", ""))


@dataclass
class _Group:
    """The selections and codes of what becomes one highlight."""

    parts: list[tuple[Element, Selection]] = field(default_factory=list)
    codings: list[Element] = field(default_factory=list)


class _Reader:
    """Puts together what a project says of each selection."""

    def __init__(self, project: Element, paper: Paper, way: Counting, known: Mapping[str, str], book: Codebook) -> None:
        self._way, self._known, self._book = way, known, book
        self._text = passages.normalise(way.text)
        self._plain = self._text == way.text
        self._codes = dict(_codes(project, book))
        self._users = {guid: user.get("name", "") for guid, user in _by_guid(project, "User")}
        self._notes = dict(_by_guid(project, "Note"))
        self._variables = {guid: variable.get("name", "") for guid, variable in _by_guid(project, "Variable")}
        self._cases = {
            guids.normal(ref.get("targetGUID", "")): case
            for case in project.iter("Case")
            for ref in case.iter("SelectionRef")
            if guids.normal(case.get("guid", "")) in known or _is_position(case)
        }
        self._named = False
        self.outside: list[str] = []

    def highlights(self, parts: list[tuple[Element, Selection]]) -> Iterator[Highlight]:
        """One highlight for each of our cases, else for each place and user."""
        # Where most names are words of the text, one that is not may be a sign of a wrong place.
        self._named = 2 * sum(self._way.is_named(selection) for _, selection in parts) > len(parts)
        groups: dict[tuple[str, str, str], _Group] = {}
        for part, selection in parts:
            case = self._cases.get(guids.normal(part.get("guid", "")))
            codings = part.findall("Coding")
            owners = {self._user(coding, part) for coding in codings} or {self._user(part, part)}
            for user in sorted(owners):
                place = f"{selection.start}-{selection.end}"
                key = ("", case.get("guid", ""), user) if case is not None else (place, "", user)
                group = groups.setdefault(key, _Group())
                group.parts.append((part, selection))
                group.codings += [coding for coding in codings if self._user(coding, part) == user]
        for (_, guid, user), group in groups.items():
            yield from self._highlight(group, guids.normal(guid), user)

    def _highlight(self, group: _Group, guid: str, user: str) -> Iterator[Highlight]:
        position, name = self._known.get(guid, ""), group.parts[0][1].name or group.parts[0][0].get("guid", "?")
        distinct = dict.fromkeys((s.start, s.end) for _, s in group.parts)
        places = [self._place(start, end) for start, end in distinct]
        if None in places:
            stated = ", ".join(f"{start} to {end}" for start, end in distinct)
            self.outside.append(f"“{name[:60]}”: {stated} is no range of its source.")
            return
        codes = CodeReader(self._book)
        for coding in group.codings:
            reference = coding.find("CodeRef")
            column, value = (
                self._codes.get(guids.normal(reference.get("targetGUID", "")), ("", ""))
                if reference is not None
                else ("", "")
            )
            codes.add(column, value) if column else codes.add_tag(value)
        for part, _ in group.parts:
            self._add_notes(part, codes)
        state = self._state(guid)
        found, unknown = codes.result()
        first = group.parts[0][1]
        yield Highlight(
            name=f"“{name[:60]}”",
            places=tuple(place for place in places if place),
            codes=found,
            unknown=unknown,
            user=user,
            position=position,
            answers=frozenset(CODES) if position else frozenset(LISTS),
            rejected=state.get("reason") or "rejected in another program"
            if state.get("status") == Status.REJECTED
            else "",
            remark="" if not self._named or self._way.is_named(first) else "its name is not the words at its place",
        )

    def _place(self, start: int, end: int) -> QuotedPlace | None:
        """The place in the normalised text of the source."""
        found = self._way.cut(start, end)
        if not found:
            return None
        if self._plain:
            return quoted(self._text, *found)
        before, words = (
            passages.normalise(part) for part in (self._way.text[: found[0]], self._way.text[found[0] : found[1]])
        )
        if self._text.startswith(before + words):
            return quoted(self._text, len(before), len(before) + len(words))
        return QuotedPlace(words)

    def _add_notes(self, part: Element, codes: CodeReader) -> None:
        if (description := part.find("Description")) is not None and description.text:
            codes.add("note", description.text.strip())
        for reference in part.findall("NoteRef"):
            note = self._notes.get(guids.normal(reference.get("targetGUID", "")))
            content = note.find("PlainTextContent") if note is not None else None
            if note is not None and content is not None and content.text:
                name = note.get("name", "")
                codes.add(name if name in CODES and name not in LISTS else "note", content.text)

    def _state(self, guid: str) -> dict[str, str]:
        case = next((case for case in self._cases.values() if guids.normal(case.get("guid", "")) == guid), None)
        state: dict[str, str] = {}
        for value in case.iter("VariableValue") if case is not None else ():
            reference, text = value.find("VariableRef"), value.find("TextValue")
            if reference is not None and text is not None:
                state[self._variables.get(guids.normal(reference.get("targetGUID", "")), "")] = text.text or ""
        return state

    def _user(self, element: Element, part: Element) -> str:
        guid = element.get("creatingUser") or part.get("creatingUser") or ""
        return self._users.get(guids.normal(guid), "")


def _is_position(case: Element) -> bool:
    """Whether a case is a position as we write it; a case of another program is a person or a group."""
    ours = guids.of("variable", "status")
    return any(guids.normal(ref.get("targetGUID", "")) == ours for ref in case.iter("VariableRef"))


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
        elif column and (value := book.find(column, name) or book.find(column, name.partition(" (")[0])):
            meaning = (column, value)
        else:
            meaning = ("", name)
        yield guids.normal(element.get("guid", "")), meaning
        for inner in element.findall("Code"):
            yield from walk(inner, column or (name if name in LISTS else ""))

    for codes in project.iter("Codes"):
        for element in codes.findall("Code"):
            yield from walk(element, "")
