"""A passage of an old edition in a new one: at its own words, reported, and never at those of another."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph_service.coding import paper_draft
from graph_service.coding.new_edition import coded_passages as editions
from graph_service.coding.new_edition.coded_passages import ComparedPassage, EditionComparison, Fate
from graph_service.coding.new_edition.word_differences import counterpart, plain, word_differences
from graph_service.reading.paper import Paper
from tests.coding.papers import SENTENCES, a_paper, a_position


def compared(new: Sequence[str], old: Sequence[str] = SENTENCES) -> EditionComparison:
    """The comparison of two editions, of which each sentence of the old one is coded."""
    paper = a_paper(tuple(old))
    positions = [a_position(paper, f"p{number}", number) for number in range(len(old))]
    return editions.compare(paper, a_paper(tuple(new), "newer"), positions)


def found(comparison: EditionComparison, one: ComparedPassage) -> str:
    return comparison.new.cut(one.ranges)


def fates(comparison: EditionComparison) -> list[str]:
    return [one.fate.value for one in comparison.passages]


def test_the_same_edition_stands() -> None:
    comparison = compared(SENTENCES)
    assert fates(comparison) == ["stands"] * 6
    assert [found(comparison, one) for one in comparison.passages] == list(SENTENCES)
    assert comparison.new_sentences == ()


def test_a_passage_before_which_others_come_or_go_stands() -> None:
    comparison = compared(["Vorwort des Vorstands zur dritten Auflage.", *SENTENCES[1:]])
    assert fates(comparison) == ["gone", *["stands"] * 5]
    assert found(comparison, comparison.passages[1]) == SENTENCES[1]
    assert [comparison.new.cut(one) for one in comparison.new_sentences] == [
        "Vorwort des Vorstands zur dritten Auflage."
    ]


def test_a_passage_that_changes_its_place_among_others_was_moved() -> None:
    comparison = compared([*SENTENCES[1:], SENTENCES[0]])
    assert fates(comparison) == ["moved", *["stands"] * 5]
    assert found(comparison, comparison.passages[0]) == SENTENCES[0]


def test_a_changed_passage_is_shown_word_by_word() -> None:
    changed = "Das Land muss die Beratungsstellen dauerhaft bezahlen."
    comparison = compared([changed, *SENTENCES[1:]])
    first = comparison.passages[0]
    assert (first.fate, found(comparison, first)) == (Fate.CHANGED, changed)
    assert plain(first.differences) == "Das Land [-soll-] {+muss+} die Beratungsstellen dauerhaft bezahlen."


def test_a_negation_is_a_change() -> None:
    changed = "Wer hier arbeitet, soll nicht bleiben dürfen."
    comparison = compared([*SENTENCES[:2], changed, *SENTENCES[3:]])
    assert comparison.passages[2].fate is Fate.CHANGED
    assert "{+nicht+}" in plain(comparison.passages[2].differences)


def test_another_case_or_punctuation_is_shown() -> None:
    comparison = compared([SENTENCES[0].replace("dauerhaft", "– dauerhaft –"), *SENTENCES[1:]])
    assert comparison.passages[0].fate is Fate.STANDS
    assert "{+–+} dauerhaft {+–+}" in plain(comparison.passages[0].differences)
    assert comparison.passages[1].differences == ()


def test_a_passage_twice_there_is_recognised_by_what_stands_around_it() -> None:
    slogan = "Dafür setzen wir uns mit aller Kraft ein."
    old = [SENTENCES[0], slogan, SENTENCES[1], slogan, SENTENCES[2]]
    same = compared(old, old)
    assert fates(same) == ["stands"] * 5
    assert [one.ranges for one in same.passages] == [one.position.ranges for one in same.passages]
    one_left = compared([SENTENCES[0], SENTENCES[1], slogan, SENTENCES[2]], old)
    assert fates(one_left) == ["stands", "ambiguous", "stands", "stands", "stands"]


def test_one_of_two_equal_passages_left_alone_is_not_guessed() -> None:
    slogan = "Dafür setzen wir uns mit aller Kraft ein."
    comparison = compared([SENTENCES[3], slogan, SENTENCES[4]], [slogan, *SENTENCES[:3], slogan])
    assert comparison.passages[0].fate is comparison.passages[4].fate is Fate.AMBIGUOUS
    assert [comparison.new.cut(place) for place in comparison.passages[0].places] == [slogan]


def test_what_resembles_a_passage_and_was_there_before_is_not_its_new_wording() -> None:
    old = ["Wir fordern von der Stadt mehr Geld für Schulen.", "Wir fordern von der Stadt mehr Geld für Schüler."]
    comparison = compared([old[1]], old)
    assert fates(comparison) == ["gone", "stands"]


def test_of_two_passages_the_nearer_one_has_become_a_sentence() -> None:
    old = [
        "Wir fordern von der Stadt mehr Geld für Schulen.",
        "Wir fordern von der Stadt mehr Geld für Kitas und Horte.",
    ]
    new = ["Wir fordern von der Stadt viel mehr Geld für Kitas und Horte.", *SENTENCES]
    assert fates(compared(new, [*old, *SENTENCES]))[:2] == ["gone", "changed"]


def part_of(paper: Paper, words: str) -> paper_draft.DraftPosition:
    start = paper.text.index(words)
    return paper_draft.passage(paper, ((start, start + len(words)),), "p1")


@pytest.mark.parametrize(
    ("sentence", "fate", "part"),
    [
        (SENTENCES[0], Fate.STANDS, "die Beratungsstellen dauerhaft"),
        # The words stand, but not what they say.
        (SENTENCES[0].replace("soll", "soll nicht"), Fate.CHANGED, "die Beratungsstellen dauerhaft"),
        (SENTENCES[0].replace("dauer", "stets und dauer"), Fate.CHANGED, "die Beratungsstellen stets und dauerhaft"),
        ("Zu viele schließen nun, was die Beratungsstellen dauerhaft schwächt.", Fate.AMBIGUOUS, ""),
    ],
)
def test_a_part_of_a_sentence(sentence: str, fate: Fate, part: str) -> None:
    old, new = a_paper(), a_paper((sentence, *SENTENCES[1:]), "newer")
    comparison = editions.compare(old, new, [part_of(old, "die Beratungsstellen dauerhaft")])
    one = comparison.passages[0]
    assert (one.fate, new.cut(one.ranges)) == (fate, part)


def test_a_passage_over_two_sentences() -> None:
    old = a_paper()
    start, end = old.sentences[1].start, old.sentences[2].end
    position = paper_draft.passage(old, ((start, end),), "p1")
    new = a_paper((SENTENCES[5], *SENTENCES[1:3], "Punkt."), "newer")
    assert editions.compare(old, new, [position]).passages[0].fate is Fate.STANDS
    new = a_paper((SENTENCES[0], SENTENCES[1], "Wer hier lange arbeitet, soll bleiben dürfen."), "newer")
    one = editions.compare(old, new, [position]).passages[0]
    assert (one.fate, new.cut(one.ranges)) == (Fate.CHANGED, new.text[new.sentences[1].start :])


def test_words_and_their_counterparts() -> None:
    assert word_differences("", "a") != ()
    assert word_differences("", "") == ()
    assert plain(word_differences("a b c", "a x c d")) == "a [-b-] {+x+} c {+d+}"
    assert counterpart(["a", "b", "c"], ["a", "x", "y", "c"], 1, 3) == (1, 4)
    assert counterpart(["a", "b", "c"], ["a", "c"], 1, 2) == (1, 1)


# --- Any edit: each sentence of the old edition has a number, by which the truth is known.

_COMMON = ("wir", "fordern", "das", "land", "soll", "mehr", "geld", "für", "die", "und", "keine", "nicht", "alle")


@dataclass(frozen=True)
class Edited:
    """Two editions, and which sentence of the new one each of the old one has become."""

    old: list[str]
    new: list[str]
    became: dict[int, int]
    changed: set[int]


def letters(text: str) -> str:
    return text.casefold().replace(".", "")


def a_sentence(chance: random.Random, number: int) -> str:
    own = [f"wort{number}{letter}" for letter in "abc"[: chance.randint(1, 3)]]
    words = own + chance.sample(_COMMON, 5)
    chance.shuffle(words)
    return f"{' '.join(words).capitalize()}."


def edited(seed: int, size: int) -> Edited:
    chance = random.Random(seed)
    old = [a_sentence(chance, number) for number in range(size)]
    if size > 3 and chance.random() < 0.5:  # a refrain
        old[1] = old[-1]
    kept = [number for number in range(size) if chance.random() > 0.2]
    for _ in range(chance.randrange(3)):
        if len(kept) > 1:
            kept.insert(chance.randrange(len(kept)), kept.pop(chance.randrange(len(kept))))
    new: list[str] = []
    became, changed = {}, set()
    for number in kept:
        while chance.random() < 0.2:
            new.append(a_sentence(chance, size + len(new)))
        became[number] = len(new)
        words = old[number].split()
        if chance.random() < 0.3:
            changed.add(number)
            place = chance.randrange(len(words))
            words[place : place + chance.randrange(2)] = chance.sample(_COMMON, 1)
        new.append(" ".join(words))
    return Edited(old, new or ["Leer."], became, changed)


@settings(max_examples=300)
@given(st.integers(0, 2**32), st.integers(1, 14))
@example(0, 14)
def test_after_any_edit_a_passage_is_at_its_place_or_reported(seed: int, size: int) -> None:
    case = edited(seed, size)
    comparison = compared(case.new, case.old)
    places = [((one.start, one.end),) for one in comparison.new.sentences]
    for number, one in enumerate(comparison.passages):
        if not one.ranges:
            assert one.fate in (Fate.GONE, Fate.AMBIGUOUS)
            continue
        right = {case.became[twin] for twin in case.became if case.old[twin] == case.old[number]}
        inserted = set(range(len(case.new))) - set(case.became.values())
        sentence = next(n for n, place in enumerate(places) if place[0][0] <= one.ranges[0][0] < place[0][1])
        assert sentence in right | (inserted if one.fate is Fate.CHANGED else set())
        if one.fate is not Fate.CHANGED:
            assert letters(found(comparison, one)) == letters(case.old[number])


@settings(max_examples=100)
@given(st.integers(0, 2**32), st.integers(1, 14))
def test_what_no_edit_touched_is_found(seed: int, size: int) -> None:
    case = edited(seed, size)
    comparison = compared(case.new, case.old)
    for number, one in enumerate(comparison.passages):
        if number in case.became and number not in case.changed and case.old.count(case.old[number]) == 1:
            assert one.fate in (Fate.STANDS, Fate.MOVED)
            assert found(comparison, one) == case.old[number]
