"""Drafting again: what a coder decided stays, what nobody touched is made anew."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from graph_service.coding.paper_draft import DraftPosition, PaperDraft, Status, empty, passage
from graph_service.drafting.proposing import propose
from graph_service.drafting.renewing import is_untouched, renew
from graph_service.drafting.suggesting import Suggester
from graph_service.reading import passages
from graph_service.reading.paper import Paper
from tests.drafting.papers import CORPUS, paper

SUGGESTER = Suggester(CORPUS, "de")
SENTENCES = (
    "Das Land muss unabhängige Beratung für Asylsuchende zahlen.",
    "Wir lehnen die Aufhebung der Residenzpflicht ab.",
    "Wir fordern ein Ende der Arbeitsverbote für Geduldete.",
    "Der Verband hat 20 Mitglieder.",
)
papers = st.lists(
    st.sampled_from([*SENTENCES, "# Forderungen", "- Arbeit für Geduldete", "|".join(SENTENCES)]), max_size=8
)
decisions = st.lists(st.sampled_from(["accepted", "rejected", "changed", "untouched"]), min_size=40, max_size=40)


def drafted(a_paper: Paper, before: PaperDraft | None = None) -> PaperDraft:
    made = propose(a_paper, SUGGESTER).within
    return renew(before or empty(a_paper, "coder-1"), a_paper, made, "test 1")


def decided(position: DraftPosition, decision: str) -> DraftPosition:
    if decision == "untouched":
        return position
    if decision == "changed":
        return position.model_copy(update={"codes": {"stance": ("demands",)}, "revision": 2})
    return position.model_copy(update={"status": Status(decision), "revision": 2})


@given(papers)
def test_every_position_is_a_passage_of_the_text_and_none_overlap(lines: list[str]) -> None:
    a_paper = paper(*lines)
    places: list[tuple[int, int]] = []
    for position in drafted(a_paper).positions:
        assert position.sha256 == passages.digest(a_paper.cut(position.ranges))
        places += position.ranges
    assert all(start < end <= len(a_paper.text) for start, end in places)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(places))


@given(papers)
def test_drafting_twice_is_drafting_once(lines: list[str]) -> None:
    once = drafted(paper(*lines))
    assert drafted(paper(*lines), once) == once


@given(papers, decisions)
def test_what_was_decided_stays_and_what_was_not_keeps_its_id(lines: list[str], made: list[str]) -> None:
    a_paper = paper(*lines)
    first = drafted(a_paper)
    before = first.with_positions(map(decided, first.positions, made))
    after = drafted(a_paper, before)
    assert [p for p in after.positions if not is_untouched(p)] == [p for p in before.positions if not is_untouched(p)]
    assert {p.id: p.ranges for p in after.positions} == {p.id: p.ranges for p in before.positions}


def test_proposals_give_way_to_what_a_coder_marked() -> None:
    a_paper = paper(SENTENCES[0])
    own = passage(a_paper, ((9, 30),), "p7")
    after = drafted(a_paper, empty(a_paper, "coder-1").with_positions([own]))
    assert after.positions == (own,)


def test_proposals_that_no_longer_hold_go_and_their_ids_are_not_used_again() -> None:
    a_paper = paper(*SENTENCES)
    first = drafted(a_paper)
    fewer = renew(first, a_paper, propose(a_paper, SUGGESTER).within[:1], "test 2")
    assert [position.id for position in fewer.positions] == ["p1"]
    assert [run.program for run in fewer.runs] == ["test 1", "test 2"]


def test_a_run_tells_its_program_and_what_it_proposed() -> None:
    [run] = drafted(paper(*SENTENCES)).runs
    assert (run.id, run.program, run.details) == ("run-1", "test 1", {"proposed": "3"})
    assert run.time.endswith("+00:00")


def test_the_actors_of_the_document_hold_its_positions() -> None:
    a_paper = paper(SENTENCES[0])
    before = empty(a_paper, "coder-1").model_copy(update={"document": {"actors": "verein; bund"}})
    assert drafted(a_paper, before).positions[0].codes == {"actor": ("verein", "bund")}
