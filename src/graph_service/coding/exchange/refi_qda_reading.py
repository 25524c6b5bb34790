"""REFI-QDA project, in: the highlights of one text source, whatever program wrote the project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from graph_service.coding.codebook import LISTS, Codebook
from graph_service.coding.exchange import code_units, guids, refi_qda_writing
from graph_service.coding.exchange.code_units import Counting, Selection, Unit
from graph_service.coding.exchange.highlights import CodeReader, Codes, Highlight, Received, bounded
from graph_service.coding.exchange.project_archive import ProjectArchive
from graph_service.coding.exchange.project_parts import ProjectParts, text_of
from graph_service.coding.exchange.source_text import SourceText
from graph_service.coding.paper_draft import CODES, PaperDraft, Status
from graph_service.errors import Location, SourceError
from graph_service.reading import passages
from graph_service.reading.paper import Paper

ORIGIN = "refi-qda"
_INTEGER = re.compile(r"[+-]?\d{1,9}")


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
    with ProjectArchive(path) as archive:
        return _read(archive, path, paper, guids.positions(drafts), book, source, unit)


def _read(
    archive: ProjectArchive,
    path: Path,
    paper: Paper,
    known: Mapping[str, str],
    book: Codebook,
    source: str,
    unit: Unit | None,
) -> Received:
    project = archive.project()
    if project.tag != "Project":
        raise SourceError(f"is no REFI-QDA project but {project.tag[:40]}.", where=Location(path))
    element, content = _source(project, archive, paper, path, source)
    parts = list(element.iter("PlainTextSelection"))
    selections = [_range(part, path) for part in parts]
    ours = project.get("origin", "").startswith(refi_qda_writing.ORIGIN)
    way = code_units.ways(content)[0] if ours else code_units.decide(content, selections, unit)
    if way is None:
        hint = "Give --unit code-points or --unit utf-16, as the program counts them."
        message = "its positions mean other words in code points than in UTF-16 units or with other line ends."
        raise SourceError(message, where=Location(path), hint=hint)
    reader = _Reader(ProjectParts(project, archive, book), way, known, book)
    found = bounded(reader.highlights(list(zip(parts, selections, strict=True))), path)
    rectangles = sum(1 for _ in project.iter("PDFSelection"))
    unread = [f"{rectangles} selections on pages of a PDF have no text."] if rectangles else []
    return Received(found, (*unread, *reader.unread()))


def _source(project: Element, archive: ProjectArchive, paper: Paper, path: Path, wanted: str) -> tuple[Element, str]:
    """The text source that is the paper, and its text: the named one, the one with the same text, or the only one."""
    representations = (part for pdf in project.iter("PDFSource") for part in pdf.iter("Representation"))
    elements = [e for e in (*project.iter("TextSource"), *representations) if wanted in ("", e.get("name"))]
    texts: list[tuple[Element, str]] = []
    problems: list[SourceError] = []
    for element in elements:
        try:
            texts.append((element, text_of(element, archive)))
        except SourceError as error:
            problems.append(error)
    same = [pair for pair in texts if passages.normalise(pair[1].removeprefix(code_units.BOM)) == paper.text]
    named = [pair for pair in texts if pair[0].get("name") in (paper.name, paper.file.name)]
    for found in (same, named, texts):
        if len(found) == 1:
            return found[0]
    if problems and not texts:
        raise problems[0]
    names = ", ".join(element.get("name", "?")[:80] for element in elements[:20]) or "none"
    hint = f"Name one with --source. Its text sources: {names}."
    raise SourceError(f"has no text source that is {paper.name} beyond doubt.", where=Location(path), hint=hint)


def _range(part: Element, path: Path) -> Selection:
    stated = [part.get(name, "").strip() for name in ("startPosition", "endPosition")]
    if not all(map(_INTEGER.fullmatch, stated)):
        what = f"a selection has no whole numbers as positions: {' '.join(stated)[:80]}."
        raise SourceError(what, where=Location(path), hint="Export the project again.")
    return Selection(int(stated[0]), int(stated[1]), part.get("name", ""))


@dataclass
class _Group:
    """The selections and codings of what becomes one highlight, and the case that it is."""

    case: str
    user: str
    selections: list[tuple[Element, Selection]] = field(default_factory=list)
    codings: list[Element] = field(default_factory=list)


class _Reader:
    """Puts together what a project says of each selection."""

    def __init__(self, parts: ProjectParts, way: Counting, known: Mapping[str, str], book: Codebook) -> None:
        self._parts, self._way, self._known, self._book = parts, way, known, book
        self._source = SourceText(way)
        self._names_tell = False
        self._outside: list[str] = []

    def unread(self) -> Iterator[str]:
        """What could not be read, a sentence each."""
        yield from self._outside
        yield from self._parts.unread

    def highlights(self, selections: list[tuple[Element, Selection]]) -> Iterator[Highlight]:
        """One highlight for each of our cases, else for each place and user."""
        # Where most names are words of the text, one that is not may be a sign of a wrong place.
        self._names_tell = 2 * sum(self._way.is_named(selection) for _, selection in selections) > len(selections)
        groups: dict[tuple[object, str], _Group] = {}
        for element, selection in selections:
            case, codings = self._parts.case(element), element.findall("Coding")
            makers = [(self._parts.user(coding, element), coding) for coding in codings]
            for user in sorted({user for user, _ in makers} or {self._parts.user(element)}):
                place: object = case or (selection.start, selection.end)
                group = groups.setdefault((place, user), _Group(case, user))
                group.selections.append((element, selection))
                group.codings += [coding for maker, coding in makers if maker == user]
        for group in groups.values():
            yield from self._highlight(group)

    def _highlight(self, group: _Group) -> Iterator[Highlight]:
        element, first = group.selections[0]
        name = f"“{(first.name or element.get('guid', '?'))[:60]}”"
        distinct = dict.fromkeys((selection.start, selection.end) for _, selection in group.selections)
        places = [place for start, end in distinct if (place := self._source.place(start, end))]
        if len(places) < len(distinct):
            stated = ", ".join(f"{start} to {end}" for start, end in distinct)
            self._outside.append(f"{name}: {stated} is no range of its source.")
            return
        codes, unknown = self._codes(group)
        state, position = self._parts.state(group.case), self._known.get(group.case, "")
        doubtful = self._names_tell and not self._way.is_named(first)
        reason = state.get("reason") or "rejected in another program"
        yield Highlight(
            name=name,
            places=tuple(places),
            codes=codes,
            unknown=unknown,
            user=group.user,
            position=position,
            answers=frozenset(CODES) if position else self._parts.columns,
            rejected=reason if state.get("status") == Status.REJECTED else "",
            remark="its name is not the words at its place" if doubtful else "",
        )

    def _codes(self, group: _Group) -> tuple[Codes, tuple[str, ...]]:
        codes = CodeReader(self._book)
        for coding in group.codings:
            column, value = self._parts.code(coding)
            if column:
                codes.add(column, value)
            else:
                codes.add_tag(value)
        for element, _ in group.selections:
            for name, text in self._parts.notes(element):
                codes.add(name if name in CODES and name not in LISTS else "note", text)
        return codes.result()
