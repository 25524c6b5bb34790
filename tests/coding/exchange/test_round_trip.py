"""What goes out in any format comes back with the same ranges and codes, whatever the text is made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from graph_service.coding.exchange import highlight_table, merging, refi_qda_reading, refi_qda_writing, web_annotations
from graph_service.coding.exchange.highlights import Received
from graph_service.coding.paper_draft import PaperDraft, Status, empty
from graph_service.reading.paper import Paper
from graph_service.reading.passages import Ranges
from tests.coding.exchange.papers import BASE, CODES, TEXT, TIME, a_book, a_draft, a_paper, papers_with_ranges, rejected

BOOK = a_book()
There = Callable[[Path, Paper, list[PaperDraft]], Path]
Back = Callable[[Path, Paper, list[PaperDraft]], Received]


def _qdpx(path: Path, paper: Paper, drafts: list[PaperDraft]) -> Path:
    path.write_bytes(refi_qda_writing.write(paper, drafts, BOOK, TIME))
    return path


def _annotations(path: Path, paper: Paper, drafts: list[PaperDraft]) -> Path:
    path.write_bytes(web_annotations.write(paper, drafts, BOOK, BASE))
    return path


def _csv(path: Path, paper: Paper, drafts: list[PaperDraft]) -> Path:
    path.write_bytes(highlight_table.write(paper, drafts))
    return path


FORMATS: dict[str, tuple[There, Back]] = {
    "qdpx": (_qdpx, lambda path, paper, drafts: refi_qda_reading.read(path, paper, drafts, BOOK)),
    "annotations": (_annotations, lambda path, paper, drafts: web_annotations.read(path, paper, drafts, BOOK)),
    "csv": (_csv, lambda path, paper, drafts: highlight_table.read(path, paper, drafts, BOOK)),
}
each_format = pytest.mark.parametrize("form", [*FORMATS])


def _there_and_back(
    form: str, path: Path, paper: Paper, draft: PaperDraft, into: PaperDraft
) -> tuple[PaperDraft, merging.Merged]:
    write, read = FORMATS[form]
    received = read(write(path / f"paper.{form}", paper, [draft]), paper, [into])
    assert received.unread == ()
    return merging.merge(into, paper, received.highlights, form)


@each_format
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=papers_with_ranges())
def test_ranges_survive_exactly(form: str, tmp_path: Path, case: tuple[Paper, list[Ranges]]) -> None:
    paper, ranges = case
    draft = a_draft(paper, ranges)
    if not ranges:
        return
    same, report = _there_and_back(form, tmp_path, paper, draft, draft)
    assert same == draft
    assert (report.unchanged, report.refused, report.moved) == (len(ranges), [], [])


@each_format
def test_codes_and_texts_reach_another_coder(form: str, tmp_path: Path) -> None:
    paper = a_paper()
    draft = a_draft(paper, [((12, 40),), ((60, 70), (75, 92))])
    fresh, report = _there_and_back(form, tmp_path, paper, draft, empty(paper, "coder-2"))
    assert [p.ranges for p in fresh.positions] == [((12, 40),), ((60, 70), (75, 92))]
    assert fresh.positions[0].codes == CODES
    assert {p.status for p in fresh.positions} == {Status.PROPOSED}
    assert report.added == 2


@each_format
def test_what_was_accepted_stays_and_what_was_rejected_comes_along(form: str, tmp_path: Path) -> None:
    paper = a_paper()
    draft = rejected(a_draft(paper, [((12, 40),), ((60, 92),)]), "p2", "no demand")
    accepted = draft.positions[0].model_copy(update={"status": Status.ACCEPTED})
    draft = draft.with_positions([accepted, draft.positions[1]])
    same, _ = _there_and_back(form, tmp_path, paper, draft, draft)
    assert same == draft
    fresh, _ = _there_and_back(form, tmp_path, paper, draft, empty(paper, "coder-2"))
    assert [(p.status, p.reason) for p in fresh.positions] == [("proposed", ""), ("rejected", "no demand")]


@each_format
def test_a_position_that_was_changed_elsewhere_is_open_again(form: str, tmp_path: Path) -> None:
    paper = a_paper()
    there = a_draft(paper, [((12, 40),)])
    here = there.with_positions(
        [there.positions[0].model_copy(update={"status": Status.ACCEPTED, "codes": {"stance": ("opposes",)}})]
    )
    after, report = _there_and_back(form, tmp_path, paper, there, here)
    assert report.changed == 1
    assert (after.positions[0].id, after.positions[0].status, after.positions[0].codes) == ("p1", "proposed", CODES)


@each_format
def test_exports_are_the_same_each_time(form: str, tmp_path: Path) -> None:
    paper = a_paper()
    draft = a_draft(paper, [((12, 40),), ((60, 92),)])
    write, _ = FORMATS[form]
    assert write(tmp_path / "a", paper, [draft]).read_bytes() == write(tmp_path / "b", paper, [draft]).read_bytes()


def test_a_table_is_safe_to_open_in_a_spreadsheet() -> None:
    paper = a_paper("=1+1 fordern wir. " + TEXT)
    table = highlight_table.write(paper, [a_draft(paper, [((0, 16),)])]).decode()
    assert ",'=1+1 fordern wir" in table
    assert ",'=Wir wollen" in table or ",\"'=Wir wollen" in table
