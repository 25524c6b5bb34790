"""REFI-QDA: what we write obeys the schema; what others write is placed rightly or refused."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from hypothesis import HealthCheck, given, settings

from graph_service.coding.exchange import merging, project_archive, refi_qda_reading, refi_qda_writing
from graph_service.coding.exchange.code_units import Unit
from graph_service.coding.exchange.highlights import of_user
from graph_service.coding.paper_draft import PaperDraft, empty
from graph_service.errors import SourceError
from graph_service.reading.paper import Paper
from graph_service.reading.passages import Ranges
from tests.coding.exchange.papers import (
    TEXT,
    TIME,
    a_book,
    a_draft,
    a_paper,
    archive,
    edited,
    papers_with_ranges,
    qdpx,
    selection,
)  # fmt: skip

BOOK = a_book()
# Elements in order and required attributes, read from the schema QDA-XML project 1.0 of 18 March 2019.
ORDER = {
    "Project": "Users CodeBook Variables Cases Sources Notes Links Sets Graphs Description NoteRef",
    "Users": "User", "CodeBook": "Codes", "Codes": "Code", "Code": "Description NoteRef Code", "Cases": "Case",
    "Case": "Description CodeRef VariableValue SourceRef SelectionRef", "Variables": "Variable",
    "Variable": "Description", "Sources": "TextSource", "Notes": "Note", "Coding": "CodeRef NoteRef",
    "VariableValue": "VariableRef TextValue", "PlainTextSelection": "Description Coding NoteRef",
    "TextSource": "Description PlainTextContent PlainTextSelection Coding NoteRef VariableValue",
    "Note": "Description PlainTextContent PlainTextSelection Coding NoteRef VariableValue",
}  # fmt: skip
REQUIRED = {
    "Project": "name", "User": "guid", "Code": "guid name isCodable", "Case": "guid", "Coding": "guid",
    "Variable": "guid name typeOfVariable", "TextSource": "guid", "Note": "guid", "NoteRef": "targetGUID",
    "PlainTextSelection": "guid startPosition endPosition", "CodeRef": "targetGUID", "SourceRef": "targetGUID",
    "SelectionRef": "targetGUID", "VariableRef": "targetGUID",
}  # fmt: skip
# What only its description tells to be a code goes into the note.
CODES_AFTER = {"target_group": ("families",), "note": ("zweimal; lesen; not-in-the-graph",)}
NOT_EMPTY = ("Users", "Codes", "Cases", "Variables", "Sources", "Notes")
GUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def _violations(element: Element) -> list[str]:
    order = ORDER.get(element.tag, "").split()
    children = [child.tag for child in element]
    found = [f"{child} in {element.tag}" for child in children if child not in order]
    if not found and [order.index(child) for child in children] != sorted(order.index(child) for child in children):
        found.append(f"order in {element.tag}: {children}")
    found += [
        f"{element.tag} without {name}" for name in REQUIRED.get(element.tag, "").split() if not element.get(name)
    ]
    found += [
        f"{value} is no GUID"
        for name, value in element.items()
        if "guid" in name.casefold() and not GUID.fullmatch(value)
    ]
    if element.tag in NOT_EMPTY and not children:
        found.append(f"{element.tag} is empty")
    return found + [violation for child in element for violation in _violations(child)]


def _drafts(paper: Paper) -> list[PaperDraft]:
    first = a_draft(paper, [((12, 40),), ((60, 70), (75, 92))])
    document = {"title": "Papier & Co", "date": "2026-11-30"}
    return [first.model_copy(update={"document": document}), a_draft(paper, [((12, 40),)], "coder-2")]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_project_obeys_the_schema(count: int) -> None:
    paper = a_paper()
    content = refi_qda_writing.write(paper, _drafts(paper)[:count] or [empty(paper, "coder-1")], BOOK, TIME)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        project = project_archive.parsed(parts.read("project.qde"))
        names = parts.namelist()
    assert _violations(project) == []
    guids = [element.get("guid") for element in project.iter() if element.get("guid")]
    assert len(guids) == len({*guids})
    targets = {element.get("targetGUID") for element in project.iter() if element.get("targetGUID")}
    assert targets <= {*guids}
    users = {element.get("creatingUser") for element in project.iter() if element.get("creatingUser")}
    assert users <= {user.get("guid") for user in project.iter("User")}
    (source,) = project.iter("TextSource")
    assert names == ["project.qde", f"Sources/{source.get('guid')}.txt"]


def test_a_project_without_descriptions_and_guids_is_understood_by_its_names(tmp_path: Path) -> None:
    """As QualCoder gives it back: it has one name for each code and makes GUIDs of its own."""
    paper = a_paper()
    draft = a_draft(paper, [((12, 40),)])
    path = tmp_path / "p.qdpx"
    path.write_bytes(refi_qda_writing.write(paper, [draft], BOOK, TIME))
    with zipfile.ZipFile(path) as parts:
        document = parts.read("project.qde").decode()
        source = parts.read(parts.namelist()[1])
    names = re.findall(r'<Code guid="[^"]*" name="([^"]*)"', document)
    assert len({name.casefold() for name in names}) == len(names)
    document = re.sub(r"<Description>.*?</Description>|<Cases>.*?</Cases>", "", document, flags=re.DOTALL)
    document = re.sub(r"([0-9a-f]{8})-([0-9a-f]{4})-5", r"\1-\2-4", document)
    file = re.findall(r"internal://(\S+?)\"", document)[0]
    archive(path, {"project.qde": document.encode(), f"sources/{file}": source})
    fresh, report = _read(path, paper)
    assert fresh.positions[0].codes == {**draft.positions[0].codes, **CODES_AFTER}
    assert report.unknown == {"not-in-the-graph": 1}


def test_a_source_has_neither_byte_order_mark_nor_carriage_returns() -> None:
    paper = a_paper(TEXT.replace("\n", "\r\n"))
    content = refi_qda_writing.write(paper, _drafts(paper), BOOK, TIME)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert parts.read(parts.namelist()[1]).decode() == paper.text


def _read(path: Path, paper: Paper, **given: object) -> tuple[PaperDraft, merging.Merged]:
    draft = empty(paper, "coder-1")
    received = refi_qda_reading.read(path, paper, [draft], BOOK, **given)  # type: ignore[arg-type]
    return merging.merge(draft, paper, received.highlights, refi_qda_reading.ORIGIN)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("unit", [*Unit])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r\n counted as one"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "\ufeff not counted"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=papers_with_ranges())
def test_every_way_of_counting_gives_the_right_place_or_none(
    tmp_path: Path, unit: Unit, ends: str, mark: str, case: tuple[Paper, list[Ranges]]
) -> None:
    paper, ranges = case
    written = mark[:1] + paper.text.replace("\n", ends.partition(" ")[0])
    counted = written.replace("\r\n", "\n") if ends.endswith("one") else written
    counted = counted.removeprefix("\ufeff") if mark.endswith("counted") else counted
    size = _units if unit is Unit.UTF_16 else len
    lead = counted[: len(counted) - len(counted.removeprefix("\ufeff"))]

    def count(place: int) -> int:
        before = paper.text[:place]
        return size(lead + (before if ends.endswith("one") else before.replace("\n", ends.partition(" ")[0])))

    if not ranges:
        return
    xml = "".join(
        selection(count(start), count(end), _attribute(paper.text[start:end]), number=number)
        for number, ((start, end), *_) in enumerate(ranges, 1)
    )
    path = qdpx(tmp_path / "p.qdpx", written.encode(), xml)
    try:
        draft, report = _read(path, paper)
    except SourceError:  # the names do not tell; asking is right
        return
    assert {p.ranges for p in draft.positions} <= {(place[0],) for place in ranges}
    assert report.refused == []


def _attribute(text: str) -> str:
    return " ".join(text.split()).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def test_positions_whose_unit_cannot_be_told_are_asked_for(tmp_path: Path) -> None:
    paper = a_paper()
    path = qdpx(tmp_path / "p.qdpx", TEXT.encode(), selection(60, 92))
    with pytest.raises(SourceError, match="--unit code-points or --unit utf-16"):
        _read(path, paper)
    assert _read(path, paper, unit=Unit.CODE_POINTS)[0].positions[0].ranges == ((60, 92),)
    assert _read(path, paper, unit=Unit.UTF_16)[0].positions[0].ranges == ((59, 91),)


def test_codes_come_by_description_label_or_note(tmp_path: Path) -> None:
    paper = a_paper()
    xml = selection(12, 40, "Wir fordern", inside="<Description>ein Memo</Description>")
    xml += selection(12, 40, "Wir fordern", code=3, number=2)
    draft, report = _read(qdpx(tmp_path / "p.qdpx", TEXT.encode(), xml), paper)
    (position,) = draft.positions
    assert position.codes == {"proposition": ("more-advice",), "note": ("ein Memo; eigener Code",)}
    assert dict(report.unknown) == {"eigener Code": 1}
    assert position.origin == "refi-qda"


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    paper = a_paper()
    path = qdpx(tmp_path / "p.qdpx", TEXT.encode(), selection(12, 40, "Wir fordern", code=3))
    draft, _ = _read(path, paper)
    received = refi_qda_reading.read(path, paper, [draft], BOOK)
    assert merging.merge(draft, paper, received.highlights, "refi-qda")[0] == draft


def test_a_file_says_nothing_about_columns_that_it_has_no_codes_of(tmp_path: Path) -> None:
    paper = a_paper()
    draft = a_draft(paper, [((12, 40),)])
    path = qdpx(tmp_path / "p.qdpx", TEXT.encode(), selection(12, 40, "Wir fordern"))
    received = refi_qda_reading.read(path, paper, [draft], BOOK)
    assert merging.merge(draft, paper, received.highlights, "refi-qda")[0] == draft


def test_two_propositions_on_a_passage_are_two_positions(tmp_path: Path) -> None:
    paper = a_paper()
    other = '<Code guid="CC000000-0000-0000-0000-000000000004" name="winter-stop" isCodable="true"/>'
    path = qdpx(
        tmp_path / "p.qdpx", TEXT.encode(), selection(12, 40, "Wir") + selection(12, 40, "Wir", code=4, number=2)
    )
    edited(
        path,
        '</Code><Code guid="CC000000-0000-0000-0000-000000000003"',
        f'{other}</Code><Code guid="CC000000-0000-0000-0000-000000000003"',
    )
    draft, _ = _read(path, paper)
    assert [(p.ranges, p.codes["proposition"]) for p in draft.positions] == [
        (((12, 40),), ("more-advice",)), (((12, 40),), ("winter-stop",)),
    ]  # fmt: skip


def test_another_edition_of_the_text_is_anchored_by_words(tmp_path: Path) -> None:
    paper = a_paper("Ein neues Vorwort.\n" + TEXT)
    other = TEXT.replace("Forderungen", "Eingangsformel", 1)
    words = ["Wir fordern mehr", "Das Land soll", "Eingangsformel"]
    places = [(other.index(name), name) for name in words]
    xml = "".join(selection(at, at + len(name), name, number=n) for n, (at, name) in enumerate(places))
    draft, report = _read(qdpx(tmp_path / "p.qdpx", other.encode(), xml), paper)
    # The first of two “Das Land soll” is meant, as what stands before it shows.
    assert [p.ranges[0][0] for p in draft.positions] == [paper.text.index(words[0]), paper.text.index(words[1])]
    assert (len(report.moved), len(report.refused)) == (2, 1)


def test_the_users_of_a_file_are_never_mixed(tmp_path: Path) -> None:
    paper = a_paper()
    path = tmp_path / "p.qdpx"
    path.write_bytes(refi_qda_writing.write(paper, _drafts(paper), BOOK, TIME))
    received = refi_qda_reading.read(path, paper, [], BOOK)
    with pytest.raises(SourceError, match="--user: coder-1, coder-2"):
        of_user(received.highlights, "", path)
    assert len(of_user(received.highlights, "coder-2", path)) == 1


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (9, 3), (0, 999_999), (150, 170)])
def test_a_range_outside_of_the_source_is_reported(tmp_path: Path, start: int, end: int) -> None:
    paper = a_paper("Ein Text ohne Besonderes, der kurz ist.")
    path = qdpx(tmp_path / "p.qdpx", paper.text.encode(), selection(start, end) + selection(0, 8, number=2))
    received = refi_qda_reading.read(path, paper, [], BOOK)
    assert len(received.highlights) == 1
    assert "is no range of its source" in received.unread[0]


def test_a_source_that_is_not_there_does_no_harm_to_the_others(tmp_path: Path) -> None:
    path = qdpx(tmp_path / "p.qdpx", TEXT.encode(), selection(12, 40, "Wir fordern"))
    edited(path, "</Sources>", '<TextSource guid="x" name="other" plainTextPath="relative://x.txt"/></Sources>')
    assert len(_read(path, a_paper())[0].positions) == 1


def test_notes_are_read_from_document_and_archive(tmp_path: Path) -> None:
    inside = '<NoteRef targetGUID="A1"/><NoteRef targetGUID="a2"/><NoteRef targetGUID="a3"/>'
    xml = selection(12, 40, "Wir fordern").replace("</PlainTextSelection>", f"{inside}</PlainTextSelection>")
    notes = (
        '<Notes><Note guid="a1" name="paraphrase_de"><PlainTextContent>Kurz gesagt.</PlainTextContent></Note>'
        '<Note guid="a2" name="Memo" plainTextPath="internal://one.txt"/>'
        '<Note guid="a3" name="weg" plainTextPath="internal://gone.txt"/></Notes>'
    )
    path = qdpx(tmp_path / "p.qdpx", TEXT.encode(), xml, rest=notes)
    received = refi_qda_reading.read(path, a_paper(), [], BOOK)
    (highlight,) = received.highlights
    assert highlight.codes["paraphrase_de"] == ("Kurz gesagt.",)
    assert highlight.codes["note"] == (TEXT,)
    assert received.unread == ("the note weg: has no part sources/gone.txt.",)


def test_a_name_that_is_not_the_words_is_pointed_out_where_others_are(tmp_path: Path) -> None:
    names = {"Wir fordern mehr": "Wir fordern", "Das Land soll die": "Das Land soll", "Abschiebungen": "Wirtschaft"}
    xml = "".join(
        selection(TEXT.index(words), TEXT.index(words) + len(words), name, number=n)
        for n, (words, name) in enumerate(names.items())
    )
    _, report = _read(qdpx(tmp_path / "p.qdpx", TEXT.encode(), xml), a_paper(), unit=Unit.CODE_POINTS)
    assert report.remarks == ["“Wirtschaft”: its name is not the words at its place"]
