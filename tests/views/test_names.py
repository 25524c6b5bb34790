"""Names that are compared: their words, how well they agree, and what an index of them finds."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.views.names.name_index import Name, NameIndex
from graph_service.views.names.name_scores import agreement, distance
from graph_service.views.names.name_words import spellings, typed, words_of
from graph_service.views.searching.german_words import with_forms

LETTERS = st.text("abc", max_size=8)


def naive_distance(one: str, other: str) -> int:
    """Optimal string alignment, by its recurrence."""
    table = {(-1, -1): 0}
    for row in range(len(one)):
        table[row, -1] = row + 1
    for column in range(len(other)):
        table[-1, column] = column + 1
    for row, letter in enumerate(one):
        for column, opposite in enumerate(other):
            costs = [
                table[row - 1, column] + 1,
                table[row, column - 1] + 1,
                table[row - 1, column - 1] + (letter != opposite),
            ]
            if row and column and letter == other[column - 1] and one[row - 1] == opposite:
                costs.append(table[row - 2, column - 2] + 1)
            table[row, column] = min(costs)
    return table[len(one) - 1, len(other) - 1]


@given(LETTERS, LETTERS)
def test_distance_is_optimal_string_alignment(one: str, other: str) -> None:
    assert distance(one, other) == naive_distance(one, other)


@pytest.mark.parametrize(
    "alike",
    [
        ("Sächsischer Flüchtlingsrat", "saechsischer  FLUECHTLINGSRAT e.V.", "Sächsischer Flüchtlingsrat e. V."),
        ("Bündnis 90/Die Grünen", "BUENDNIS 90 DIE GRUENEN", "Bündnis90/ Die Grünen"),
        ("Rat für Migration", "Rat fuer Migration"),
        ("Migrant*innenorganisationen", "Migrantenorganisation", "Migrant:innenorganisationen"),
        ("Freie Wohlfahrtspflege", "der Freien Wohlfahrtspflege gGmbH"),
        ("S.P.D.", "SPD"),
        ("Zentralwohlfahrtsstelle d. Juden", "Zentralwohlfahrtsstelle der Juden"),
    ],
)
def test_one_name_has_the_same_words(alike: tuple[str, ...]) -> None:
    assert len({words_of(one) for one in alike}) == 1, [words_of(one) for one in alike]


def test_a_working_group_is_no_legal_form() -> None:
    assert words_of("AG Migration")[0] == "ag"
    assert "ag" not in words_of("Muster AG")
    # Nothing but a legal form is what it says.
    assert words_of("e.V.") == ("e", "v")


def test_brackets_are_read_in_several_ways() -> None:
    assert [len(words) for words in spellings("International Organization for Migration (IOM)")] == [4, 3, 1]
    assert ("leipzig",) not in spellings("Landesverband (Leipzig)")


@given(st.lists(LETTERS.filter(bool), max_size=5), st.lists(LETTERS.filter(bool), max_size=5))
def test_names_agree_from_nothing_to_wholly(one: list[str], other: list[str]) -> None:
    agreed = agreement(tuple(one), tuple(other), lambda word: 1.0 + len(word), set(one))
    assert 0 <= agreed <= 1
    assert agreement(tuple(one), tuple(one), lambda word: 1.0) == 1


def index_of(*names: tuple[str, str, str]) -> NameIndex:
    return NameIndex(
        [Name(item, text, "de", use) for item, text, use in names], {item: ("actors",) for item, *_ in names}
    )


def best(index: NameIndex, written: str) -> list[tuple[str, float]]:
    return [(one.item, round(one.agreement, 2)) for one in index.find(written)]


def test_a_name_of_a_time_comes_after_one_that_holds() -> None:
    index = index_of(("party", "SPD", "preferred"), ("group", "SPD-Fraktion", "preferred"), ("group", "SPD", "dated"))
    assert best(index, "SPD") == [("party", 1.0), ("group", 0.95)]


def test_namesakes_are_equals() -> None:
    index = index_of(("one", "Runder Tisch", "preferred"), ("two", "Runder Tisch", "preferred"))
    assert best(index, "runder tisch") == [("one", 1.0), ("two", 1.0)]


def test_a_code_is_found_whole_or_not_at_all() -> None:
    index = index_of(("one", "gruene-fraktion-sn", "code"))
    assert best(index, "GRUENE-FRAKTION-SN") == [("one", 1.0)]
    assert best(index, "gruene fraktion") == []


def test_bund_and_land_are_not_mistyped() -> None:
    index = index_of(("one", "Bundesarbeitsgemeinschaft der Freien Wohlfahrtspflege", "preferred"))
    ((_, right),) = best(index, "Bundesarbeitsgemeinschft der Freien Wohlfahrtspflege")
    ((_, wrong),) = best(index, "Landesarbeitsgemeinschaft der Freien Wohlfahrtspflege")
    assert wrong < 0.85 < right


def test_a_long_name_with_another_word_is_another_name() -> None:
    long = "Staatsministerium für Soziales, Gesundheit, Pflege, Arbeit, Familie und Zusammenhalt"
    index = index_of(("one", long, "preferred"), *((f"x{n}", f"Verein {n}", "preferred") for n in range(40)))
    assert dict(best(index, f"Thüringer {long}"))["one"] < 0.85


def test_words_are_joined_and_abbreviations_read() -> None:
    index = index_of(("one", "Deutscher Caritasverband", "preferred"), ("two", "Landesverband Sachsen", "preferred"))
    assert best(index, "Dt. Caritas-Verband")[0] == ("one", 0.97)
    assert best(index, "LV Sachsen")[0][0] == "two"


def test_beginnings_of_names_come_before_those_of_words() -> None:
    index = index_of(
        ("b", "AWO Sachsen", "preferred"), ("a", "Sachsen", "preferred"), ("c", "Sächsischer Rat", "preferred")
    )
    assert list(index.beginning_with("saechsi")) == ["c"]
    assert list(index.beginning_with("Sa")) == ["a", "c", "b"]
    assert list(index.beginning_with("Sa", ["issues"])) == []


def test_long_words_cost_little() -> None:
    """No text of a client is read again from each of its letters on."""
    index = index_of(("a", "Sachsen", "preferred"))
    began = time.process_time()
    for text in ("A" * 50_000, "A" * 50_000 + "*", "Aa-" * 15_000, "A*innena" * 5_000, "(" * 50_000, "A." * 20_000):
        assert not [*index.beginning_with(text), *index.find(text)]
        words_of(text)
        typed(text)
        with_forms(text)
    # It takes a tenth; it took minutes.
    assert time.process_time() - began < 10


def test_what_is_not_reconciled_is_not_found() -> None:
    index = NameIndex([Name("position", "Sachsen", "de", "preferred")], {})
    assert index.find("Sachsen") == []
    assert list(index.beginning_with("S")) == []
