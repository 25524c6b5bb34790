"""Quotations found again: damaged ones at their place, and never at a wrong one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.reading.passages import normalise
from graph_service.reading.quotations import Ambiguous, Found, Missing, Quotations

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
    assert Quotations("Wer Chines lernt, kennt Linus.").find("Linus") == Ambiguous((((24, 29),),))


def test_a_word_is_not_taken_for_part_of_a_longer_one() -> None:
    text = "Die Asylverfahrensberatung hilft."
    assert Quotations(text).find("Asylverfahren") == Ambiguous((((4, 17),),))
    assert Quotations(text).find("Asylverfahrensberatung") == Found(((4, 26),))


def test_of_two_places_the_words_around_decide() -> None:
    text = "Kapitel Wohnen: Wir brauchen mehr Geld. Kapitel Schule: Wir brauchen mehr Geld. Ende."
    words = "Wir brauchen mehr Geld."
    assert Quotations(text).find(words) == Ambiguous((((16, 39),), ((56, 79),)))
    assert Quotations(text).find(words, prefix="Kapitel Schule:") == Found(((56, 79),))
    assert Quotations(text).find(words, suffix="Kapitel Schule: ") == Found(((16, 39),))
    assert Quotations(text).find(words, position=16) == Ambiguous((((16, 39),), ((56, 79),)))


def test_a_position_decides_where_the_words_around_are_the_same() -> None:
    text = "Antrag eins. Wir fordern das. " * 3
    words, around = "Wir fordern das.", "Antrag eins."
    assert Quotations(text).find(words, prefix=around, position=43) == Found(((43, 59),))
    assert isinstance(Quotations(text).find(words, prefix=around, position=44), Ambiguous)


def test_the_passage_between_the_words_around_is_a_changed_one() -> None:
    before, behind = "Das steht ganz am Anfang der Seite.", "Und so endet dieser Absatz."
    text = f"{before} Das Land muss bis 2030 zehn neue Beratungsstellen einrichten. {behind}"
    old = "Das Land soll bis 2027 fünf neue Beratungsstellen einrichten."
    assert Quotations(text).find(old) == Missing()
    found = Quotations(text).find(old, prefix=before, suffix=behind)
    assert isinstance(found, Found)
    assert found.errors > 0
    assert [text[start:end] for start, end in found.ranges] == [text[len(before) + 1 : -len(behind) - 1]]


def test_a_misread_letter_is_forgiven_and_counted_and_another_number_is_not() -> None:
    text = "Vorwort. Wir fordern bis 2030 tausend zusätzliche Integrationslotsen für die Kommunen. Schluss."
    misread = "Wir fordern bis 2030 tausend zusätzliche lntegrationslotsen für die Kommunen."
    assert Quotations(text).find(misread) == Found(((9, 86),), errors=1)
    assert Quotations(text).find(misread.replace("2030", "2031")) == Missing()


def test_an_ellipsis_stands_for_words_left_out() -> None:
    found = Quotations(TEXT).find("Wir wollen, dass Beratung in allen Städten [...] für Geflüchtete geöffnet wird.")
    assert found == Missing(), "the second half stands in every sentence"
    text = "Die Kommunen brauchen, wie jeder weiß, sehr viel mehr Fachkräfte als bisher."
    found = Quotations(text).find("Die Kommunen brauchen … mehr Fachkräfte als bisher.")
    assert isinstance(found, Found)
    assert [text[start:end] for start, end in found.ranges] == ["Die Kommunen brauchen", "mehr Fachkräfte als bisher."]


@pytest.mark.parametrize("words", ["", "—", "\n", "…"])
def test_a_quotation_without_letters_is_missing(words: str) -> None:
    assert Quotations(TEXT).find(words) == Missing()


def test_signs_at_the_edges_belong_to_it_as_far_as_it_has_them() -> None:
    text = "Er sagt: „Die Mittel müssen steigen.“ Danach geht er."
    assert Quotations(text).find('"Die Mittel müssen steigen."') == Found(((9, 37),))
    assert Quotations(text).find("Die Mittel müssen steigen") == Found(((10, 35),))
    assert Quotations(text).find("Die Mittel müssen steigen.") == Found(((10, 36),))


LETTERS = st.text(st.sampled_from("abeinrst äß.,-\n1"), max_size=12)
SURROUNDINGS = 60


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, tuple[int, int], str, list[int]]:
    """A text, a passage in it, the text after some edits, and where each of its letters stood before (-1: nowhere)."""
    sentences = draw(st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=8))
    old = " ".join(sentences)
    chosen = draw(st.integers(0, len(sentences) - 1))
    start = len(" ".join(sentences[:chosen])) + bool(chosen)
    end = start + len(sentences[chosen])
    new, origins = old, list(range(len(old)))
    for _ in range(draw(st.integers(0, 3))):
        first = min(len(new), draw(st.integers(0, len(new)) | st.sampled_from([start, end])))
        last = min(len(new), first + draw(st.sampled_from([0, 1, 3, 40, len(sentences[chosen]), 250])))
        added = draw(LETTERS | st.sampled_from(SENTENCES) | st.just(sentences[chosen]))
        new = new[:first] + added + new[last:]
        origins = origins[:first] + [-1] * len(added) + origins[last:]
    return old, (start, end), normalise(new), origins


def letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def surroundings(text: str, start: int, end: int) -> tuple[str, str]:
    return letters(text[:start])[-32:], letters(text[end:])[:32]


@settings(max_examples=300)
@given(edited(), st.booleans(), st.booleans())
def test_any_edit_leaves_exact_moved_or_reported_anchors(
    case: tuple[str, tuple[int, int], str, list[int]], has_context: bool, has_position: bool
) -> None:
    old, (start, end), new, origins = case
    prefix, suffix = (
        (old[max(0, start - SURROUNDINGS) : start], old[end : end + SURROUNDINGS]) if has_context else ("", "")
    )
    position = start if has_position else None
    found = Quotations(new).find(old[start:end], prefix=prefix, suffix=suffix, position=position)
    if not isinstance(found, Found):
        return
    ((first, last),) = found.ranges
    untouched = new.find(old[start:end], origins.index(start)) if start in origins else -1
    survives = untouched >= 0 and origins[untouched : untouched + end - start] == list(range(start, end))
    if found.errors and old.count(old[start:end]) > 1:
        # A copy that was changed less.
        for here, there in zip(surroundings(new, first, last), surroundings(old, start, end), strict=True):
            assert not has_context or here[:3] == there[:3] or here[-3:] == there[-3:] or not there
        return
    if found.errors:
        # Another wording at the old place: what stands before and behind it stood before and behind the passage.
        assert not survives
        inside = [origin for origin in origins[first:last] if origin >= 0]
        assert sum(start - 5 <= origin < end + 5 for origin in inside) >= len(inside) / 2
        assert max([o for o in origins[:first] if o >= 0], default=0) < end
        assert min([o for o in origins[last:] if o >= 0], default=end) >= start
        return
    assert letters(new[first:last]) == letters(old[start:end])
    if survives and (first, last) != (untouched, untouched + end - start):
        # A copy in the same words between the same words.
        assert has_context
        for here, there in zip(surroundings(new, first, last), surroundings(old, start, end), strict=True):
            assert here == there or not there
