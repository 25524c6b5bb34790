"""Statements read from rows, and choices that do not exist: errors say what is right."""

from __future__ import annotations

import datetime

import pytest

from graph_service.errors import ParameterError, SourceError
from graph_service.networks import Measure, Mode, Specification, Statements, Window, network, select
from tests.networks.test_by_hand import DISCOURSE, said


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"measure": "agreement"}, "no measure 'agreement'"),
        ({"measure": "combine"}, "combine does not go with a network of mode actors"),
        ({"mode": "two-mode", "normalisation": "jaccard"}, "jaccard does not go with a network of mode two-mode"),
        (
            {"mode": "two-mode", "measure": "combine", "normalisation": "activity"},
            "does not go with the measure combine",
        ),
        ({"minimum": float("nan")}, "minimum nan"),
        ({"limit": -1}, "limit -1"),
    ],
)
def test_wrong_choices_say_what_is_right(choices: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        Specification(**choices)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="no unit 'hours'"):
        Window(1, "hours")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="codes, not a scale"):
        network(said(*DISCOURSE), Specification(Mode.TWO_MODE, Measure.COMBINE))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"level": "agree"}, "Row 2: level 'agree' is not a number"),
        ({"level": "nan"}, "Row 2: level 'nan' is not finite"),
        ({"level": ""}, "Row 2: level '' is not given"),
        ({"date": "2019-02-30"}, "Row 2: date '2019-02-30' is not a date"),
        ({"date": "2019", "until": "2018"}, "Row 2: until '2018' is not on or after"),
        ({"place": "top"}, "Row 2: place 'top' is not a whole number"),
    ],
)
def test_unreadable_rows_are_named(row: dict[str, str], message: str) -> None:
    good = {"actor": "A", "concept": "x", "level": "1"}
    with pytest.raises(SourceError, match=message):
        Statements.from_rows([good, good | row])
    with pytest.raises(SourceError, match="is not a code"):
        Statements.from_rows([good, good | {"level": "2"}], binary=True)


def test_empty_actors_and_concepts_drop_and_dates_may_be_coarse() -> None:
    rows: list[dict[str, object]] = [
        {"actor": "", "concept": "x", "date": "2019"},
        {"actor": "A", "concept": None, "date": "2019"},
        {"actor": "A", "concept": "x", "date": "2019-02"},
        {"actor": "B", "concept": "x", "date": ""},
        {"actor": "C", "concept": "x", "date": "2020-02-29T12:00:00+01:00", "own": True},
    ]
    statements = Statements.from_rows(rows)
    assert [(each.actor, each.date, each.until) for each in statements] == [
        ("A", "2019-02-01", "2019-02-28"),
        ("C", "2020-02-29", "2020-02-29"),
        ("B", "", ""),
    ]
    assert [each.actor for each in select(statements, since=datetime.date(2019, 2, 28))] == ["A", "C"]
    assert [each.actor for each in select(statements, only={"own": {"true"}})] == ["C"]
