"""Which passages of a paper are proposed: whole sentences or items that take a stance on what was coded before."""

from __future__ import annotations

import pytest

from graph_service.drafting import proposing
from graph_service.drafting.proposing import propose
from graph_service.drafting.suggesting import Suggester
from graph_service.reading.paper import Paper
from tests.drafting.papers import CORPUS, paper

GERMAN, ENGLISH = Suggester(CORPUS, "de"), Suggester(CORPUS, "en")


def words(a_paper: Paper, suggester: Suggester = GERMAN) -> list[str]:
    return [a_paper.text[one.start : one.end] for one in propose(a_paper, suggester).within]


def test_a_sentence_with_a_modal_verb_is_proposed_and_its_neighbour_is_not() -> None:
    given = paper(
        "Der Verband besteht seit 1990.|Das Land muss unabhängige Beratung für Asylsuchende zahlen.|Er hat Sitz."
    )
    assert words(given) == ["Das Land muss unabhängige Beratung für Asylsuchende zahlen."]


def test_items_below_a_heading_that_says_so_need_no_verb() -> None:
    assert words(paper("# Unsere Forderungen", "- Unabhängige Beratung für Asylsuchende")) != []
    assert words(paper("# Über uns", "- Sitzung des Vorstands im Januar")) == []


def test_items_take_the_verb_of_the_sentence_that_leads_to_them() -> None:
    given = paper("Wir fordern:", "- Unabhängige Beratung für Asylsuchende", "- Keine Arbeitsverbote für Geduldete")
    assert words(given) == ["Unabhängige Beratung für Asylsuchende", "Keine Arbeitsverbote für Geduldete"]


def test_words_of_a_verb_may_stand_apart() -> None:
    sentence = "Wir lehnen die Aufhebung der Residenzpflicht entschieden ab."
    assert words(paper(sentence)) == [sentence]


def test_sentences_in_a_row_on_one_proposition_are_one_passage() -> None:
    first, second = (
        "Die Beratung für Asylsuchende muss unabhängig sein.",
        "Diese Beratung muss Asylsuchende früh erreichen.",
    )
    assert words(paper(f"{first}|{second}")) == [f"{first} {second}"]
    apart = "Arbeitsverbote für Geduldete muss das Land aufheben."
    assert words(paper(f"{first}|{apart}")) == [first, apart]


def test_headings_and_footnotes_are_no_positions() -> None:
    assert (
        words(paper("# Das Land muss Asylsuchende beraten", "^ Das Land muss Asylsuchende unabhängig beraten.")) == []
    )


def test_english_papers_are_read_by_english_words() -> None:
    sentence = "The Land government must let tolerated persons work."
    assert words(paper(sentence, "We were founded in 1990.", language="en"), ENGLISH) == [sentence]


@pytest.mark.parametrize("lines", [(), ("",), ("# Forderungen",)])
def test_a_paper_without_sentences_gives_no_passage(lines: tuple[str, ...]) -> None:
    assert propose(paper(*lines), GERMAN).within == ()


def test_beyond_the_limit_the_most_relevant_are_kept_and_the_others_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing, "MOST_PROPOSALS", 1)
    near = "Das Land muss Asylsuchenden unabhängige Beratung geben."
    given = paper("Das Land muss Geduldete beschäftigen.", near)
    found = propose(given, GERMAN)
    assert [given.text[one.start : one.end] for one in found.within] == [near]
    assert found.beyond == 1
