"""Time windows against brute force."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.networks import Specification, Unit, Window, networks_over_time

from . import reference
from .reference import Row
from .strategies import SCALE, START, STOP, rows, table
from .test_formulas import assert_same, numbers


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(rows(SCALE), st.integers(1, 9), st.sampled_from(Unit), st.integers(1, 3))
def test_windows_are_those_of_brute_force(drawn: list[Row], size: int, unit: Unit, step: int) -> None:
    window = Window(size, unit, step * 40 if unit is Unit.DAYS else step, START, STOP)
    specification = Specification(measure="congruence", duplicates="month")  # type: ignore[arg-type]
    made = list(networks_over_time(table(drawn, binary=False), specification, window))
    expected = reference.windows(START, STOP, size, unit, window.step)
    assert [day for day, _ in made] == [midpoint for midpoint, _, _ in expected]
    kept = reference.without_duplicates(drawn, "month", "congruence")
    for (_, one), (_, first, last) in zip(made, expected, strict=True):
        inside = [row for row in kept if first <= row.date <= last]
        levels = reference.levels_of(drawn, binary=False)
        assert_same(numbers(one), reference.one_mode(inside, levels, "congruence", "no") if inside else {})


@settings(max_examples=60, deadline=None)
@given(st.dates(datetime.date(2019, 1, 1), STOP), st.integers(1, 40), st.sampled_from(Unit))
def test_the_range_is_that_of_the_statements(last: datetime.date, size: int, unit: Unit) -> None:
    drawn = [Row("A", "x", 1, "d", 0, date) for date in (START, last)]
    made = [day for day, _ in networks_over_time(table(drawn, binary=False), Specification(), Window(size, unit, 7))]
    assert made == [midpoint for midpoint, _, _ in reference.windows(START, last, size, unit, 7)]
