"""Alpha for unitizing against a published example and against what it must be by definition."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.coding.coders.unitizing import Unit, measure
from graph_service.importing import coder_agreement

LENGTH = 60


def units(*stretches: tuple[int, int, str]) -> list[Unit]:
    """Units by their first and last character, counted from 1, as the example prints them."""
    return [Unit(first - 1, last, value) for first, last, value in stretches]


# K. Krippendorff, Content Analysis (4th edition, 2019), figure 12.11: three observers, a continuum of 60. Figure and
# values as the tests of the R package quallmer quote them.
ALEX = units((1, 7, "1"), (8, 13, "2"), (31, 32, "5"), (33, 37, "6"), (38, 44, "6"), (45, 60, "7"))
PAUL = units((1, 7, "1"), (8, 13, "3"), (14, 21, "5"), (33, 44, "6"))
SUSAN = units((1, 7, "1"), (8, 13, "4"), (14, 21, "5"), (33, 37, "6"), (38, 41, "6"), (42, 44, "6"))


def test_published_example() -> None:
    found = measure([ALEX, PAUL, SUSAN], LENGTH)
    assert found.unitized == pytest.approx(0.510, abs=0.0005)
    assert found.identified == pytest.approx(0.413, abs=0.001)
    assert found.coded == pytest.approx(0.724, abs=0.0005)
    assert found.coverage == pytest.approx(83 / 180)


def test_two_coders_worked_by_hand() -> None:
    """Ten characters; one marks 0 to 4, the other 2 to 6.

    Observed: 4 of 20 characters differ each way, so 8 differ. Pairs by chance: units 8, gaps 12 of 20 characters;
    of 20² - 2·4² - 12 = 356 pairs 2·8·12 = 192 differ, 20 · 192 / 356 = 10.787. Alpha is 1 - 8 / 10.787.
    """
    found = measure([[Unit(0, 4, "x")], [Unit(2, 6, "x")]], 10)
    assert found.identified == pytest.approx(1 - 8 * 356 / (20 * 192))
    assert found.unitized == found.identified
    assert found.coded is None  # where both marked, there is one value


def test_the_same_units_agree_and_nothing_marked_is_undefined() -> None:
    same = [Unit(0, 3, "x"), Unit(3, 5, "y")]
    found = measure([same, same, same], 9)
    assert (found.identified, found.unitized, found.coded) == (1, 1, 1)
    assert measure([[], []], 9).unitized is None
    assert measure([[], []], 0).unitized is None


def test_units_one_character_long_give_the_alpha_of_coding() -> None:
    """Where each character is a unit, unitizing is coding: Krippendorff (2011), section A, alpha 0.095."""
    codes = ("0100000010", "1110010000")
    coders = [[Unit(place, place + 1, value) for place, value in enumerate(row)] for row in codes]
    assert measure(coders, 10).unitized == pytest.approx(0.095, abs=0.0005)


def test_units_that_overlap_or_leave_the_text_are_refused() -> None:
    with pytest.raises(ValueError, match="overlaps"):
        measure([[Unit(0, 3, "x"), Unit(2, 4, "x")], []], 9)
    with pytest.raises(ValueError, match="leaves"):
        measure([[Unit(0, 10, "x")], []], 9)
    with pytest.raises(ValueError, match="two coders"):
        measure([[]], 9)


@st.composite
def partitions(draw: st.DrawFn) -> list[Unit]:
    places = sorted(draw(st.sets(st.integers(0, 30), min_size=2, max_size=10)))
    values = [draw(st.sampled_from("ab-")) for _ in places]
    return [Unit(a, b, v) for (a, b), v in zip(pairwise(places), values, strict=False) if v != "-"]


@given(st.lists(partitions(), min_size=2, max_size=4))
def test_the_order_of_coders_changes_nothing(coders: list[list[Unit]]) -> None:
    found = measure(coders, 30)
    turned = measure(coders[::-1], 30)
    for one, other in ((found.unitized, turned.unitized), (found.coded, turned.coded)):
        assert one == other or (one is not None and other == pytest.approx(one))
    assert found.unitized is None or found.unitized <= 1 + 1e-12


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=30))
def test_single_characters_agree_with_the_alpha_of_codes(pairs: list[tuple[str, str]]) -> None:
    coders = [[Unit(i, i + 1, pair[c]) for i, pair in enumerate(pairs)] for c in (0, 1)]
    codes = {str(i): {"A": a, "B": b} for i, (a, b) in enumerate(pairs)}
    expected = coder_agreement.measure(codes).alpha
    found = measure(coders, len(pairs)).unitized
    assert found == expected or (expected is not None and found == pytest.approx(expected))
