"""REFI-QDA project, out (REFI-QDA 1.5, schema QDA-XML project 1.0 of 18 March 2019).

The codebook has a code that cannot be used for each column of the coding sheet, and below it the codes of the graph.
A position is a case: its selections have the codes and notes of the position, the case has the variables. Positions
count code points over a source in UTF-8 with LF and without byte order mark, which every way of counting line ends
reads alike.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from graph_service.coding.codebook import LISTS, Codebook
from graph_service.coding.codes import Code
from graph_service.coding.exchange import guids
from graph_service.coding.exchange.anchoring import shortened
from graph_service.coding.exchange.project_archive import PROJECT, SOURCES
from graph_service.coding.paper_draft import CODES, DraftPosition, PaperDraft
from graph_service.rdf.xml_documents import legal
from graph_service.reading.paper import Paper
from graph_service.version import __version__

NAMESPACE = "urn:QDA-XML:project:1.0"
ORIGIN = "graph-service"
VARIABLES = ("status", "reason", "origin")
_NAME_LENGTH = 100


def write(paper: Paper, drafts: Sequence[PaperDraft], book: Codebook, time: str) -> bytes:
    """The archive of a project with one paper and the drafts of its coders.

    Args:
        paper: the paper.
        drafts: of its coders.
        book: the codes of the graph.
        time: of the export, ISO 8601 in UTC; several programs refuse elements without one.
    """
    project = _Project(paper, drafts, book, time).element()
    ElementTree.indent(project)
    document = ElementTree.tostring(project, encoding="utf-8", xml_declaration=True)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in ((PROJECT, document), (f"{SOURCES}/{_source(paper)}.txt", paper.text.encode())):
            entry = zipfile.ZipInfo(name)  # of 1980, so that the same project gives the same bytes
            entry.compress_type = zipfile.ZIP_DEFLATED
            parts.writestr(entry, content)
    return archive.getvalue()


def _source(paper: Paper) -> str:
    return guids.of("source", paper.name, paper.sha256)


class _Project:
    """Makes the elements of a project in the order of the schema."""

    def __init__(self, paper: Paper, drafts: Sequence[PaperDraft], book: Codebook, time: str) -> None:
        self._paper, self._drafts, self._book, self._time = paper, drafts, book, time
        self._notes: list[Element] = []

    def element(self) -> Element:
        project = _element("Project", xmlns=NAMESPACE, name=self._paper.name, origin=f"{ORIGIN} {__version__}")
        project.set("creationDateTime", self._time)
        users = SubElement(project, "Users")
        for draft in self._drafts:
            users.append(_element("User", guid=_user(draft), name=draft.coder))
        SubElement(project, "CodeBook").append(self._codes())
        project.append(self._variables())
        cases, sources = Element("Cases"), Element("Sources")
        sources.append(self._text(cases))
        for part in (cases, sources):
            if len(part):
                project.append(part)
        if self._notes:
            SubElement(project, "Notes").extend(self._notes)
        return project

    def _codes(self) -> Element:
        """The codebook. No name stands twice in it: some programs know codes by their names alone."""
        codes, names = Element("Codes"), set(LISTS)
        for column in LISTS:
            parent = SubElement(codes, "Code", guid=guids.of("column", column), name=column, isCodable="false")
            SubElement(parent, "Description").text = f"column {column} of the coding sheet"
            used = {value for draft in self._drafts for p in draft.positions for value in p.codes.get(column, ())}
            for value in sorted(used | {code.name for code in self._book.codes(column)}):
                code = self._book.code(column, value) or Code(value, "")
                label = f"{value} ({code.label('en')})" if column == "agreement" else code.label()
                choices = (label, f"{label} ({column})", f"{label} ({column} {value})")
                name = next(choice for choice in choices if choice.casefold() not in names)
                names.add(name.casefold())
                element = _element("Code", guid=_code(column, value), name=name, isCodable="true")
                description = f"{column}: {value}\n{code.definitions.get('de', '')}"
                SubElement(element, "Description").text = legal(description.rstrip())
                parent.append(element)
        return codes

    def _variables(self) -> Element:
        variables = Element("Variables")
        names = {name for draft in self._drafts for name in draft.document}
        for name in (*VARIABLES, *sorted(names)):
            variables.append(_element("Variable", guid=_variable(name), name=name, typeOfVariable="Text"))
        return variables

    def _text(self, cases: Element) -> Element:
        guid, first = _source(self._paper), self._drafts[:1]
        source = _element("TextSource", guid=guid, name=self._paper.name, plainTextPath=f"internal://{guid}.txt")
        for draft in first:
            self._stamp(source, draft)
        for draft in self._drafts:
            for position in draft.positions:
                notes = [self._note(draft, position, column) for column in CODES if column not in LISTS]
                selections = [self._selection(draft, position, number, notes) for number in range(len(position.ranges))]
                source.extend(selections)
                cases.append(self._case(draft, position, selections))
        for draft in first:
            source.extend(_value(name, value) for name, value in sorted(draft.document.items()) if value)
        return source

    def _selection(self, draft: PaperDraft, position: DraftPosition, number: int, notes: Iterable[str]) -> Element:
        start, end = position.ranges[number]
        guid = guids.of("selection", guids.of_position(draft, position), str(number))
        name = shortened(self._paper.text[start:end], _NAME_LENGTH)
        selection = _element("PlainTextSelection", guid=guid, name=name)
        selection.set("startPosition", str(start))
        selection.set("endPosition", str(end))
        self._stamp(selection, draft)
        for column in LISTS:
            for value in position.codes.get(column, ()):
                coding = SubElement(selection, "Coding", guid=guids.of("coding", guid, column, value))
                self._stamp(coding, draft)
                SubElement(coding, "CodeRef", targetGUID=_code(column, value))
        for note in notes:
            if note:
                SubElement(selection, "NoteRef", targetGUID=note)
        return selection

    def _note(self, draft: PaperDraft, position: DraftPosition, column: str) -> str:
        """The GUID of the note that holds a text of a position; empty if there is no such text."""
        value = "; ".join(position.codes.get(column, ()))
        if not value:
            return ""
        guid = guids.of("note", guids.of_position(draft, position), column)
        note = _element("Note", guid=guid, name=column)
        self._stamp(note, draft)
        SubElement(note, "PlainTextContent").text = legal(value)
        self._notes.append(note)
        return guid

    def _case(self, draft: PaperDraft, position: DraftPosition, selections: Iterable[Element]) -> Element:
        case = _element("Case", guid=guids.of_position(draft, position), name=f"{draft.coder} {position.id}")
        state = {"status": position.status.value, "reason": position.reason, "origin": position.origin}
        case.extend(_value(name, state[name]) for name in VARIABLES if state[name])
        case.append(_element("SourceRef", targetGUID=_source(self._paper)))
        case.extend(_element("SelectionRef", targetGUID=selection.get("guid", "")) for selection in selections)
        return case

    def _stamp(self, element: Element, draft: PaperDraft) -> None:
        element.set("creatingUser", _user(draft))
        element.set("creationDateTime", self._time)


def _element(tag: str, **attributes: str) -> Element:
    return Element(tag, {name: legal(value) for name, value in attributes.items()})


def _value(name: str, value: str) -> Element:
    element = Element("VariableValue")
    SubElement(element, "VariableRef", targetGUID=_variable(name))
    SubElement(element, "TextValue").text = legal(value)
    return element


def _user(draft: PaperDraft) -> str:
    return guids.of("coder", draft.coder)


def _code(column: str, value: str) -> str:
    return guids.of("code", column, value)


def _variable(name: str) -> str:
    return guids.of("variable", name)
