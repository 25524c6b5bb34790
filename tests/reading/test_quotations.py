"""Quotations found again: damaged ones at their place, and never at a wrong one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.reading.quotations import Ambiguous, Found, Missing, Quotations, find

NOUNS = [
    "Beratung",
    "Wohnung",
    "Sprachkurse",
    "Anerkennung",
    "Ausbildung",
    "Beschäftigung",
    "Teilhabe",
    "Schulplätze",
    "Betreuung",
    "Förderung",
]
PLACES = ["Städten", "Gemeinden", "Landkreisen", "Betrieben", "Einrichtungen", "Vereinen"]
SENTENCES = [
    f"Wir wollen, dass {noun} in allen {place} finanziell abgesichert und für Geflüchtete geöffnet wird."
    for noun in NOUNS
    for place in PLACES
]
TEXT = "\n\n".join(SENTENCES)


def hyphenated(words: str) -> str:
    return words.replace("finanziell", "finan-\nziell").replace("Geflüchtete", "Geflüch\u00ad\ntete")


DAMAGES: dict[str, Callable[[str], str]] = {
    "hyphenation": hyphenated,
    "decomposed letters": lambda words: words.replace("ü", "u\u0308").replace("ö", "o\u0308"),
    "added dots": lambda words: words.replace(",", " ... ,").replace("und", "… und"),
    "line breaks": lambda words: words.replace(" ", "\n  "),
    "ligatures": lambda words: words.replace("fi", "\ufb01").replace("ff", "\ufb00"),
    "missing blanks": lambda words: words.replace(" ", "", 4),
}


@pytest.mark.parametrize("number", range(60))
def test_each_damaged_quotation_is_found_at_its_place(number: int) -> None:
    damage = list(DAMAGES.values())[number % len(DAMAGES)]
    sentence = SENTENCES[number]
    damaged = damage(sentence)
    assert damaged != sentence or number % len(DAMAGES) in (1, 4)
    found = Quotations(TEXT).find(damaged)
    start = TEXT.index(sentence)
    assert found == Found(((start, start + len(sentence)),))


def test_a_short_quotation_is_asked_about_and_not_guessed() -> None:
    assert find("Wer Chines lernt, kennt Linus.", "Linus") == Ambiguous((((24, 29),),))


def test_a_quotation_is_not_found_within_a_word() -> None:
    text = "Die chinesische Verwaltungsgemeinschaft. Eine Verwaltungsgemeinde gibt es auch."
    assert find(text, "Verwaltungsgemeinde") == Found(((46, 65),))


def test_of_two_places_the_words_around_decide() -> None:
    text = "Kapitel Wohnen: Wir brauchen mehr Geld. Kapitel Schule: Wir brauchen mehr Geld. Ende."
    words = "Wir brauchen mehr Geld."
    assert find(text, words) == Ambiguous((((16, 39),), ((56, 79),)))
    assert find(text, words, prefix="Kapitel Schule:") == Found(((56, 79),))
    assert find(text, words, suffix="Kapitel Schule: ") == Found(((16, 39),))
    assert find(text, words, position=16) == Ambiguous((((16, 39),), ((56, 79),)))


def test_a_position_decides_where_the_words_around_are_the_same() -> None:
    text = "Antrag eins. Wir fordern das. " * 3
    words, around = "Wir fordern das.", "Antrag eins."
    assert find(text, words, prefix=around, position=43) == Found(((43, 59),))
    assert isinstance(find(text, words, prefix=around, position=44), Ambiguous)


def test_the_passage_between_the_words_around_is_a_changed_one() -> None:
    before, behind = "Das steht ganz am Anfang der Seite.", "Und so endet dieser Absatz."
    text = f"{before} Das Land muss bis 2030 zehn neue Beratungsstellen einrichten. {behind}"
    old = "Das Land soll bis 2027 fünf neue Beratungsstellen einrichten."
    assert find(text, old) == Missing()
    found = find(text, old, prefix=before, suffix=behind)
    assert isinstance(found, Found)
    assert found.errors > 0
    assert [text[start:end] for start, end in found.ranges] == [text[len(before) + 1 : -len(behind) - 1]]


def test_a_misread_letter_is_forgiven_and_counted_and_another_number_is_not() -> None:
    text = "Vorwort. Wir fordern bis 2030 tausend zusätzliche Integrationslotsen für die Kommunen. Schluss."
    misread = "Wir fordern bis 2030 tausend zusätzliche lntegrationslotsen für die Kommunen."
    assert find(text, misread) == Found(((9, 86),), errors=1)
    assert find(text, misread.replace("2030", "2031")) == Missing()


def test_an_ellipsis_stands_for_words_left_out() -> None:
    found = find(TEXT, "Wir wollen, dass Beratung in allen Städten [...] für Geflüchtete geöffnet wird.")
    assert found == Missing(), "the second half stands in every sentence"
    text = "Die Kommunen brauchen, wie jeder weiß, sehr viel mehr Fachkräfte als bisher."
    found = find(text, "Die Kommunen brauchen … mehr Fachkräfte als bisher.")
    assert isinstance(found, Found)
    assert [text[start:end] for start, end in found.ranges] == ["Die Kommunen brauchen", "mehr Fachkräfte als bisher."]


@pytest.mark.parametrize("words", ["", "—", "\n", "…"])
def test_a_quotation_without_letters_is_missing(words: str) -> None:
    assert find(TEXT, words) == Missing()


def test_signs_at_the_edges_belong_to_it_as_far_as_it_has_them() -> None:
    text = "Er sagt: „Die Mittel müssen steigen.“ Danach geht er."
    assert find(text, '"Die Mittel müssen steigen."') == Found(((9, 37),))
    assert find(text, "Die Mittel müssen steigen") == Found(((10, 35),))
    assert find(text, "Die Mittel müssen steigen.") == Found(((10, 36),))


LETTERS = st.text(st.sampled_from("abeinrst äß.,-\n1"), max_size=12)


@given(st.data())
def test_any_edit_leaves_exact_moved_or_reported_anchors(data: st.DataObject) -> None:
    """The place of each letter is followed through the edits, so that a wrong anchor shows itself."""
    sentences = data.draw(st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=8))
    old = " ".join(sentences)
    chosen = data.draw(st.integers(0, len(sentences) - 1))
    start = len(" ".join(sentences[:chosen])) + bool(chosen)
    end = start + len(sentences[chosen])
    new, places = old, list(range(len(old)))
    for _ in range(data.draw(st.integers(0, 3))):
        first = data.draw(st.integers(0, len(new)))
        last = data.draw(st.integers(first, min(len(new), first + data.draw(st.sampled_from([0, 3, 40, 200])))))
        added = data.draw(st.one_of(LETTERS, st.sampled_from(SENTENCES)))
        new = new[:first] + added + new[last:]
        places = places[:first] + [-1] * len(added) + places[last:]
    found = find(
        new, old[start:end], prefix=old[max(0, start - 60) : start], suffix=old[end : end + 60],
        position=data.draw(st.sampled_from([None, start])),
    )  # fmt: skip
    if not isinstance(found, Found):
        return
    place = [origin for first, last in found.ranges for origin in places[first:last]]
    passage = "".join(new[first:last] for first, last in found.ranges)
    if not found.errors:
        assert re.sub(r"\W", "", passage) == re.sub(r"\W", "", old[start:end])
    kept = [origin for origin in place if start <= origin < end]
    if old.count(old[start:end]) == new.count(old[start:end]) == 1 or found.errors:
        assert len(kept) >= 0.4 * len(place)
