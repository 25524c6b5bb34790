"""Codes for a passage: nearest propositions with what they resemble, names and cues."""

from __future__ import annotations

import pytest

from graph_service.drafting.corpus import Corpus
from graph_service.drafting.suggesting import Suggester, language_of
from graph_service.errors import SettingsError
from tests.drafting.papers import CORPUS, coded

GERMAN = Suggester(CORPUS, "de")


def codes(text: str, column: str, heading: str = "") -> list[str]:
    return [suggestion.code for suggestion in GERMAN.suggestions(text, heading).get(column, ())]


def test_the_nearest_proposition_comes_first_and_says_what_it_resembles() -> None:
    [first, *_] = GERMAN.suggestions("Asylsuchende brauchen eine unabhängige Beratung.")["proposition"]
    assert first.code == "counselling"
    assert 0 < first.score <= 1
    [resembled] = first.resembles
    assert (resembled.position, resembled.document) == ("p-counselling", "old-paper")
    assert resembled.text.startswith("Für Asylsuchende wird")


def test_names_are_found_in_any_form_and_a_longer_name_covers_the_shorter_one() -> None:
    assert codes("Was jungen Geduldeten fehlt", "target_group")[0] == "young-tolerated"
    assert "tolerated" in codes("Was Geduldeten fehlt", "target_group")
    assert codes("Das Land zahlt.", "addressee") == ["land"]
    assert codes("In Deutschland", "addressee") == []


def test_cues_speak_for_verb_kind_and_strength() -> None:
    assert codes("Das muss anders werden.", "strength") == ["imperative"]
    assert codes("Das muss anders werden.", "stance")[0] == "demands"
    assert codes("Beratung", "kind", heading="Unsere Kernforderungen") == ["demand"]
    assert codes("Beratung", "kind", heading="Über uns") == []


def test_propositions_are_found_as_one_types() -> None:
    assert next(one.code for one in GERMAN.propositions("unabhängige Ber", 2)) == "counselling"
    assert next(one.code for one in GERMAN.propositions("Residenzp", 2)) == "free-movement"
    assert GERMAN.propositions("", 5) == []


def test_a_language_without_cues_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"'fr'.*There are cues for: de, en\."):
        Suggester(CORPUS, "fr")


def test_a_graph_without_anything_worded_in_the_language_is_refused() -> None:
    with pytest.raises(SettingsError, match="Nothing in the graph is worded in the language 'de'"):
        Suggester(Corpus((coded("Only English.", "en", proposition="x"),), (), CORPUS.cues), "de")


def test_the_language_of_a_paper_is_that_of_its_words() -> None:
    assert language_of("Die Geduldete und Asylsuchende sollen arbeiten dürfen.", CORPUS) == "de"
    assert language_of("Asylum seekers should work.", CORPUS) == "en"
    assert language_of("Les personnes demandent asile.", CORPUS) == ""


def test_a_passage_without_words_has_no_suggestions() -> None:
    assert GERMAN.suggestions("…") == {}
