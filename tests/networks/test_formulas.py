"""Every measure × normalisation × duplicate rule × mode against the plain loop, and the laws between them."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.networks import (
    Duplicates,
    Isolates,
    Measure,
    Mode,
    Network,
    Normalisation,
    Reason,
    Reasons,
    Specification,
    network,
)
from graph_service.networks.specification import ONE_MODE, TWO_MODE

from . import reference
from .reference import Row
from .strategies import CODES, FINE, SCALE, THIRDS, rows, table

ONE = list(itertools.product(*ONE_MODE, Duplicates))
TWO = [each for each in itertools.product(*TWO_MODE, Duplicates) if each[0] is not Measure.COMBINE or each[1] == "no"]
# Few examples each, as there are some hundred combinations; no deadline, as machines are busy.
few = settings(max_examples=6, deadline=None)
many = settings(max_examples=60, deadline=None)
KINDS = {"codes": (CODES, True), "scale": (SCALE, False), "fine": (FINE, False), "thirds": (THIRDS, False)}


def numbers(made: Network) -> dict[tuple[str, str], float]:
    return {(edge.source, edge.target): edge.weight for edge in made.edges()}


def assert_same(made: dict[tuple[str, str], float], expected: dict[tuple[str, str], float]) -> None:
    """Equal but for rounding; what is 0 in one may be a rounding error in the other."""
    for pair in made.keys() | expected.keys():
        assert math.isclose(made.get(pair, 0), expected.get(pair, 0), rel_tol=1e-12, abs_tol=1e-12), pair


@pytest.mark.parametrize(("measure", "normalisation", "duplicates"), ONE)
@few
@given(data=st.data())
def test_one_mode(data: st.DataObject, measure: Measure, normalisation: Normalisation, duplicates: Duplicates) -> None:
    levels, binary = KINDS[data.draw(st.sampled_from(list(KINDS)))]
    drawn = data.draw(rows(levels))
    kept = reference.without_duplicates(drawn, duplicates, measure)
    for mode in (Mode.ACTORS, Mode.CONCEPTS):
        specification = Specification(mode, measure, normalisation, duplicates)
        made = network(table(drawn, binary=binary), specification)
        expected = (
            reference.one_mode(
                kept, reference.levels_of(drawn, binary), measure, normalisation, concepts=mode is Mode.CONCEPTS
            )
            if drawn
            else {}
        )
        assert_same(numbers(made), expected)


@pytest.mark.parametrize(("measure", "normalisation", "duplicates"), TWO)
@few
@given(data=st.data())
def test_two_modes(data: st.DataObject, measure: Measure, normalisation: Normalisation, duplicates: Duplicates) -> None:
    levels, binary = KINDS[data.draw(st.sampled_from(list(KINDS)))]
    if measure is Measure.COMBINE:
        levels, binary = CODES, True
    drawn = data.draw(rows(levels))
    made = network(table(drawn, binary=binary), Specification(Mode.TWO_MODE, measure, normalisation, duplicates))
    kept = reference.without_duplicates(drawn, duplicates, measure)
    assert_same(numbers(made), reference.two_mode(kept, binary, measure, normalisation))


@pytest.mark.parametrize("normalisation", ONE_MODE[1])
@pytest.mark.parametrize("duplicates", Duplicates)
@few
@given(drawn=rows(CODES))
def test_congruence_and_conflict_part_what_is_shared(
    drawn: list[Row], duplicates: Duplicates, normalisation: Normalisation
) -> None:
    """With the same statements counted: *ignore* counts fewer, as its duplicates do not look at the level."""
    made = {
        measure: numbers(
            network(table(drawn, binary=True), Specification(Mode.ACTORS, measure, normalisation, duplicates))
        )
        for measure in ONE_MODE[0]
    }
    pairs = made[Measure.CONGRUENCE].keys() | made[Measure.CONFLICT].keys()
    sums = {p: made[Measure.CONGRUENCE].get(p, 0) + made[Measure.CONFLICT].get(p, 0) for p in pairs}
    differences = {p: made[Measure.CONGRUENCE].get(p, 0) - made[Measure.CONFLICT].get(p, 0) for p in pairs}
    assert_same(made[Measure.SUBTRACT], differences)
    kept = reference.without_duplicates(drawn, duplicates, "congruence")
    if kept:
        assert_same(sums, reference.one_mode(kept, [0, 1], "ignore", normalisation))
    if duplicates is Duplicates.INCLUDE:
        assert_same(sums, made[Measure.IGNORE])


@many
@given(rows(SCALE), st.sampled_from(ONE), st.randoms(use_true_random=False))
def test_order_of_statements_changes_nothing(
    drawn: list[Row], choice: tuple[Measure, Normalisation, Duplicates], shuffler: random.Random
) -> None:
    specification = Specification(Mode.ACTORS, *choice)
    shuffled = list(drawn)
    shuffler.shuffle(shuffled)
    first, second = (network(table(each, binary=False), specification) for each in (drawn, shuffled))
    assert numbers(first) == numbers(second)
    assert list(first.statements) == list(second.statements)


@many
@given(rows(SCALE), st.sampled_from(ONE))
def test_symmetry(drawn: list[Row], choice: tuple[Measure, Normalisation, Duplicates]) -> None:
    made = network(table(drawn, binary=False), Specification(Mode.ACTORS, *choice, isolates=Isolates.KEEP))
    whole = made.matrix().toarray()
    assert (whole == whole.T).all()
    assert not whole.diagonal().any()
    for a, b in itertools.product(made.rows, repeat=2):
        assert made.weight(a, b) == made.weight(b, a)


@pytest.mark.parametrize(("measure", "normalisation", "duplicates"), sorted({*ONE, *TWO}))
@few
@given(data=st.data())
def test_reasons_sum_to_the_number(
    data: st.DataObject, measure: Measure, normalisation: Normalisation, duplicates: Duplicates
) -> None:
    mode = data.draw(st.sampled_from([mode for mode in Mode if goes_with(mode, measure, normalisation)]))
    binary = measure is Measure.COMBINE or data.draw(st.booleans())
    drawn = data.draw(rows(CODES if binary else SCALE))
    specification = Specification(mode, measure, normalisation, duplicates, Isolates.KEEP)
    made = network(table(drawn, binary=binary), specification)
    for a, b in itertools.product(made.rows, made.columns):
        reasons = list(Reasons(made, a, b))
        assert all(reason.contribution for reason in reasons)
        assert math.isclose(math.fsum(reason.share for reason in reasons), made.weight(a, b), abs_tol=1e-12)
        assert all(ends(reason, mode) == (a, b) for reason in reasons)


def goes_with(mode: Mode, measure: Measure, normalisation: Normalisation) -> bool:
    measures, normalisations = TWO_MODE if mode is Mode.TWO_MODE else ONE_MODE
    return measure in measures and normalisation in normalisations


def ends(reason: Reason, mode: Mode) -> tuple[str, str]:
    if reason.second is None:
        return reason.first.actor, reason.first.concept
    if mode is Mode.CONCEPTS:
        return reason.first.concept, reason.second.concept
    return reason.first.actor, reason.second.actor
