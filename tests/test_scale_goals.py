"""The benchmark of large graphs says which goals its rows miss."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import scale_goals

MILLION = "| 988,354 | 119.0 | 777 | 120.0 | 9.0 | 400 | 1.4 | 73 | 2.0 | 222 |"
MANY = "| 9,994,162 | 1473.0 | {build} | {each} | 90.0 | 900 | 7.2 | {explain} | failed | – |"


def missed(**cells: object) -> list[str]:
    return list(scale_goals.missed([MILLION, MANY.format(**cells)], scale_goals.VALIDATING, 3))


def test_commands_that_failed_are_told_where_all_goals_are_met() -> None:
    assert missed(build=3000, each=300.0, explain=100) == ["9,994,162: a command failed"]


def test_each_goal_that_is_missed_is_told_with_figures() -> None:
    assert missed(build=3209, each=301.0, explain=147) == [
        "9,994,162: a command failed",
        "9,994,162: peak of build with validation is 3209 MB, the goal 3000",
        "9,994,162: peak of explain is 147 MB, the goal 100",
        "a triple of ten million costs 2.51 times one of a million, the goal is 2.5",
    ]


def test_smaller_graphs_have_no_goals() -> None:
    assert not list(scale_goals.missed([MILLION.replace("777", "7777")], scale_goals.VALIDATING, 3))


def test_builds_without_validation_have_a_goal_for_each_peak() -> None:
    row = "| 10,000,000 | 260.6 | 26.1 | 3001 | – | – | 437.0 | 201 | 3.9 | 21.0 | 101 |"
    assert len(list(scale_goals.missed([row], scale_goals.BUILDING, 2))) == 3


def test_goals_are_not_called_met_where_nothing_large_is_measured() -> None:
    assert "not measured" in scale_goals.met([100_000, 1_000_000])
    assert "No goal is missed" in scale_goals.met([1_000_000, 10_000_000])
