"""Time windows against brute force."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.networks import (
    Duplicates,
    Figure,
    Isolates,
    Measure,
    Mode,
    Network,
    Normalisation,
    Specification,
    Statements,
    Unit,
    Window,
    networks_over_time,
    with_figures,
)
from graph_service.networks.computing import discourse
from graph_service.networks.computing.congruence import one_mode
from graph_service.networks.computing.discourse import distinct
from graph_service.networks.computing.two_modes import two_mode
from graph_service.networks.computing.windows import windows
from graph_service.networks.specification import ONE_MODE
from graph_service.networks.table.counts import Levels
from graph_service.networks.table.selection import within

from . import reference
from .reference import Row
from .strategies import SCALE, START, STOP, intervals, rows, table
from .test_formulas import assert_same, numbers


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(rows(SCALE), st.integers(1, 9), st.sampled_from(Unit), st.integers(1, 3))
def test_windows_are_those_of_brute_force(drawn: list[Row], size: int, unit: Unit, step: int) -> None:
    window = Window(size, unit, step * 40 if unit is Unit.DAYS else step, START, STOP)
    specification = Specification(measure="congruence", duplicates="month")  # type: ignore[arg-type]
    made = expanded(networks_over_time(table(drawn, binary=False), specification, window), window)
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
    window = Window(size, unit, 7)
    made = [day for day, _ in expanded(networks_over_time(table(drawn, binary=False), Specification(), window), window)]
    assert made == [midpoint for midpoint, _, _ in reference.windows(START, last, size, unit, 7)]


def expanded(made: Iterable[tuple[datetime.date, Network]], window: Window) -> list[tuple[datetime.date, Network]]:
    """One entry a window: what stands for several windows, that often, with the day of each."""
    every: list[tuple[datetime.date, Network]] = []
    for day, one in made:
        start = every[0][0] if every else day
        for _ in range(int(one.notes["windows"])):
            every.append((reference.shift(start, len(every) * window.step, window.unit), one))
        assert every[-1][0].isoformat() == one.notes["last_midpoint"]
        assert one.notes["windows"] == 1 or not one.edge_count
    return every


FIGURES = (Figure.STATEMENTS, Figure.DEGREE, Figure.STRENGTH, Figure.COMMUNITY, Figure.PAGERANK)
CHOICES = [(Mode.ACTORS, *each) for each in itertools.product(*ONE_MODE)] + [
    (Mode.TWO_MODE, Measure.IGNORE, Normalisation.ACTIVITY)
]


@settings(max_examples=60, deadline=None)
@given(
    statements=intervals(),
    choice=st.sampled_from(CHOICES),
    duplicates=st.sampled_from(Duplicates),
    isolates=st.sampled_from(Isolates),
    size=st.integers(1, 40),
    unit=st.sampled_from(Unit),
    step=st.integers(1, 20),
)
def test_each_window_is_as_computed_alone(
    statements: Statements,
    choice: tuple[Mode, Measure, Normalisation],
    duplicates: Duplicates,
    isolates: Isolates,
    size: int,
    unit: Unit,
    step: int,
) -> None:
    """Edges, weights, nodes and figures of each window, from its statements alone; statements last for a while."""
    window = Window(size, unit, step)
    specification = Specification(*choice, duplicates=duplicates, isolates=isolates)
    levels, kept = Levels.of(statements), distinct(statements, specification)
    made = networks_over_time(statements, specification, window, FIGURES)
    every = [one for _, one in made for _ in range(int(one.notes["windows"]))]
    expected = list(windows(statements, window))
    assert len(every) == len(expected)
    compute = two_mode if specification.mode is Mode.TWO_MODE else one_mode
    alone: dict[bytes, Network] = {}
    for one, (_, first, last) in zip(every, expected, strict=True):
        inside = within(kept, first, last)
        if inside.tobytes() not in alone:
            fresh = compute(kept.take(inside), levels, specification)
            alone[inside.tobytes()] = with_figures(fresh, FIGURES)
        other = alone[inside.tobytes()]
        assert one.names.tolist() == other.names.tolist()
        assert numbers(one) == numbers(other)
        assert all(one.attributes[name].tolist() == other.attributes[name].tolist() for name in FIGURES)


def test_a_network_is_computed_only_where_a_statement_enters_or_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten years of daily windows, with statements of three single days and one of a year."""
    computed = []

    def counting(statements: Statements, levels: Levels, specification: Specification) -> Network:
        computed.append(len(statements))
        return one_mode(statements, levels, specification)

    monkeypatch.setattr(discourse, "one_mode", counting)
    spoken = [
        ("A", "2010-01-01", ""),
        ("B", "2012-03-01", "2013-02-28"),
        ("A", "2012-06-01", ""),
        ("C", "2019-12-31", ""),
    ]
    rows = [{"actor": actor, "concept": "x", "date": date, "until": until} for actor, date, until in spoken]
    for row, document in zip(rows, "1234", strict=True):
        row["document"] = document
    made = [one for _, one in networks_over_time(Statements.from_rows(rows), Specification(), Window(1))]
    assert computed == [1, 0, 1, 2, 1, 0, 1]
    assert sum(int(one.notes["windows"]) for one in made) == 3652
    # 2 January 2010 to 29 February 2012, and 1 March 2013 to 30 December 2019.
    assert [one.notes["windows"] for one in made if one.notes["windows"] != 1] == [789, 2496]
    assert len(made) == 1 + 1 + 365 + 1 + 1
