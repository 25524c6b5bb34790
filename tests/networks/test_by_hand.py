"""Cases computed by hand, with the sums written out."""

from __future__ import annotations

import datetime

import pytest

from graph_service.errors import LimitExceeded, ParameterError
from graph_service.networks import (
    Edge,
    Isolates,
    Mode,
    Network,
    Reasons,
    Specification,
    Statements,
    Unit,
    Window,
    affiliation,
    affiliations,
    network,
    networks_over_time,
    select,
)


def said(*lines: str, binary: bool = False) -> Statements:
    """Statements from lines such as `A counselling + letter 2019-06-28`."""
    levels = {"+": "1", "-": "0" if binary else "-1", "0": "0"}
    rows = []
    for place, line in enumerate(lines):
        actor, concept, level, document, date = line.split()
        rows.append(
            {
                "actor": actor,
                "concept": concept,
                "level": levels[level],
                "document": document,
                "date": date,
                "place": place,
            }
        )
    return Statements.from_rows(rows, binary=binary)


# A and B agree on counselling and disagree on detention; C speaks of detention twice, in two documents; D of housing.
DISCOURSE = (
    "A counselling + a1 2019-01-07",
    "A detention - a1 2019-01-07",
    "B counselling + b1 2019-01-08",
    "B detention + b1 2019-01-08",
    "C detention + c1 2019-01-09",
    "C detention + c2 2019-02-01",
    "D housing + d1 2019-03-01",
)


def weights(made: Network) -> dict[str, float]:
    return {f"{edge.source} {edge.target}": edge.weight for edge in made.edges()}


def of(measure: str, normalisation: str = "no", duplicates: str = "document", **more: object) -> Specification:
    return Specification(measure=measure, normalisation=normalisation, duplicates=duplicates, **more)  # type: ignore[arg-type]


def test_ignore_multiplies_frequencies() -> None:
    made = weights(network(said(*DISCOURSE), of("ignore")))
    # A B: counselling 1·1 + detention 1·1; A C and B C: detention 1·2.
    assert made == {"A B": 2, "A C": 2, "B C": 2}


def test_congruence_conflict_and_subtract() -> None:
    # Range 2. A B: counselling agrees (1), detention is the far end of the scale (|−1 − 1| / 2 = 1).
    statements = said(*DISCOURSE)
    assert weights(network(statements, of("congruence"))) == {"A B": 1, "B C": 2}
    assert weights(network(statements, of("conflict"))) == {"A B": 1, "A C": 2}
    # A B is 1 − 1 = 0: no edge.
    assert weights(network(statements, of("subtract"))) == {"A C": -2, "B C": 2}


def test_neutral_lies_half_way() -> None:
    statements = said("A x + d 2019-01-01", "B x 0 d 2019-01-01", "C x - d 2019-01-01")
    assert weights(network(statements, of("congruence"))) == {"A B": 0.5, "B C": 0.5}
    assert weights(network(statements, of("conflict"))) == {"A B": 0.5, "A C": 1, "B C": 0.5}


def test_the_range_is_that_of_the_levels_that_occur() -> None:
    """Without C the scale ends at 0, and 0 is as far from 1 as can be."""
    statements = said("A x + d 2019-01-01", "B x 0 d 2019-01-01", "C x - d 2019-01-01")
    left = select(statements, without={"actor": {"C"}})
    assert weights(network(left, of("conflict"))) == {"A B": 1}


def test_codes_always_have_both_levels() -> None:
    """With one level only there is no conflict on a scale; of codes it is as far as ever."""
    agreeing = "A x + d 2019-01-01", "B x + d 2019-01-01"
    assert weights(network(said(*agreeing), of("congruence"))) == {"A B": 1}
    assert weights(network(said(*agreeing, binary=True), of("subtract"))) == {"A B": 1}


def test_normalisations() -> None:
    # n(A) = 2, n(B) = 2, n(C) = 2.
    statements = said(*DISCOURSE)
    assert weights(network(statements, of("ignore", "average"))) == {"A B": 1, "A C": 1, "B C": 1}
    assert weights(network(statements, of("ignore", "cosine"))) == {"A B": 0.5, "A C": 0.5, "B C": 0.5}
    # Cells (c, k). A: counselling+ 1, detention− 1. B: counselling+ 1, detention+ 1. C: detention+ 2.
    # A B: m10 = 1, m01 = 1, m11 = 1·1 = 1: 2 / 3.   A C: m10 = 2, m01 = 2, m11 = 0: 2 / 4.
    # B C: m10 = 1 (counselling+), m01 = 0, m11 = 1·2 = 2: 2 / 3.
    made = weights(network(statements, of("ignore", "jaccard")))
    assert made == {"A B": 2 / 3, "A C": 2 / 4, "B C": 2 / 3}


def test_duplicates_count_once_a_period() -> None:
    twice = (
        "A x + a1 2019-01-07",  # Monday of week 2
        "A x + a1 2019-01-07",  # again in the same document
        "A x + a2 2019-01-13",  # Sunday of the same week
        "A x + a3 2019-01-14",  # Monday of the next
        "A x + a4 2019-02-01",
        "A x + a5 2020-02-01",
        "B x + b1 2019-01-07",
    )
    counted = {
        rule: weights(network(said(*twice), of("ignore", duplicates=rule)))["A B"]
        for rule in ("include", "document", "week", "month", "year", "range")
    }
    assert counted == {"include": 6, "document": 5, "week": 4, "month": 3, "year": 2, "range": 1}


def test_a_month_belongs_to_its_year_and_a_week_may_span_two() -> None:
    statements = said("A x + a1 2005-01-03", "A x + a2 2006-01-03", "B x + b1 2005-01-03")
    assert weights(network(statements, of("ignore", duplicates="month"))) == {"A B": 2}
    assert weights(network(statements, of("ignore", duplicates="week"))) == {"A B": 2}
    # 31 December 2018 is a Monday, 6 January 2019 the Sunday of its week.
    spanning = said("A x + a1 2018-12-31", "A x + a2 2019-01-06", "B x + b1 2019-01-01")
    assert weights(network(spanning, of("ignore", duplicates="week"))) == {"A B": 1}


def test_only_ignore_overlooks_the_level_of_a_duplicate() -> None:
    statements = said("A x + a1 2019-01-01", "A x - a1 2019-01-01", "B x + b1 2019-01-01")
    assert weights(network(statements, of("ignore"))) == {"A B": 1}
    assert weights(network(statements, of("congruence"))) == {"A B": 1}
    assert weights(network(statements, of("conflict"))) == {"A B": 1}


def test_concepts_through_actors() -> None:
    # A disagrees with B and C only about itself: counselling+ and detention− by A conflict, by B agree.
    made = network(said(*DISCOURSE), of("subtract", mode="concepts"))
    assert list(made.edges()) == []
    assert weights(network(said(*DISCOURSE), of("congruence", mode="concepts"))) == {"counselling detention": 1}


def test_two_modes() -> None:
    statements = said(
        "A x + a1 2019-01-01", "A x - a2 2019-01-01", "A y + a2 2019-01-01", "B x - b 2019-01-01", binary=True
    )

    def made(measure: str, normalisation: str = "no") -> dict[str, float]:
        return weights(network(statements, of(measure, normalisation, mode="two-mode")))

    assert made("ignore") == {"A x": 2, "A y": 1, "B x": 1}
    assert made("subtract") == {"A y": 1, "B x": -1}
    assert made("combine") == {"A x": 3, "A y": 1, "B x": 2}
    assert made("ignore", "activity") == {"A x": 2 / 3, "A y": 1 / 3, "B x": 1}
    assert made("subtract", "prominence") == {"A y": 1, "B x": -1 / 3}


def test_subtract_of_a_scale_weighs_by_level() -> None:
    rows = [{"actor": "A", "concept": "x", "level": level, "document": level} for level in ("3", "-1", "0")]
    made = network(Statements.from_rows(rows), of("subtract", mode="two-mode"))
    assert list(made.edges()) == [Edge("A", "x", 2.0)]


def test_all_isolates_are_those_within_the_dates() -> None:
    """D speaks in March only; C, left out by name, stays among those the table knows."""
    left = select(said(*DISCOURSE), until=datetime.date(2019, 2, 28), without={"actor": {"C"}})
    made = network(left, of("ignore", isolates=Isolates.ALL))
    assert made.rows.tolist() == ["A", "B", "C"]
    concepts = network(left, of("ignore", mode="concepts", isolates=Isolates.ALL))
    assert concepts.rows.tolist() == ["counselling", "detention"]


def test_isolates() -> None:
    statements = select(said(*DISCOURSE), without={"actor": {"C"}})
    rows = {choice: list(network(statements, of("ignore", isolates=choice)).rows) for choice in Isolates}
    assert rows == {"drop": ["A", "B"], "keep": ["A", "B", "D"], "all": ["A", "B", "C", "D"]}
    two = network(statements, of("ignore", mode="two-mode", minimum=2))
    assert (len(two.rows), len(two.columns)) == (0, 0)


def test_minimum_and_limit_keep_what_is_strong() -> None:
    statements = said(*DISCOURSE)
    assert weights(network(statements, of("subtract", minimum=2))) == {"A C": -2, "B C": 2}
    assert weights(network(statements, of("ignore", limit=1))) == {"A B": 2}
    assert weights(network(statements, of("ignore", limit=0))) == {}
    with pytest.raises(LimitExceeded, match="more than 2 edges"):
        network(statements, of("ignore", ceiling=2))


def test_reasons_name_the_statements() -> None:
    made = network(said(*DISCOURSE), of("subtract", "average"))
    first, second = Reasons(made, "C", "A")
    assert (first.first.document, first.second and first.second.document) == ("c1", "a1")
    assert (second.first.document, second.shared, second.contribution, second.share) == ("c2", "detention", -1, -0.5)
    assert made.weight("A", "C") == -1
    # The edge A B is 0, and its reasons say why.
    assert [(reason.shared, reason.contribution) for reason in Reasons(made, "A", "B")] == [
        ("counselling", 1),
        ("detention", -1),
    ]
    assert len(Reasons(made, "A", "B").first(1)) == 1
    with pytest.raises(ParameterError, match="no node 'E'"):
        Reasons(made, "A", "E")


def test_affiliations() -> None:
    rows = [
        {"actor": "A", "body": "board", "date": "2017", "until": "2019-06-30", "id": "seat1"},
        {"actor": "B", "body": "board", "date": "2019-01-01", "until": "2021", "id": "seat2"},
        {"actor": "B", "body": "council", "date": "2020", "id": "seat3"},
        {"actor": "C", "body": "", "date": "2020", "id": "seat4"},
    ]
    seats = affiliations(rows)
    assert weights(affiliation(seats, "concept")) == {"A board": 1, "B board": 1, "B council": 1}
    shared = affiliation(seats, "concept", of("ignore"))
    assert weights(shared) == {"A B": 1}
    assert [reason.first.id for reason in Reasons(shared, "A", "B")] == ["seat1"]
    later = select(seats, since=datetime.date(2019, 7, 1))
    assert weights(affiliation(later, "concept")) == {"B board": 1, "B council": 1}


def test_affiliation_with_documents_and_issues() -> None:
    rows = [{"actor": "A", "concept": c, "document": "d1", "issue": i} for c, i in (("x", "asylum"), ("y", ""))]
    statements = Statements.from_rows(rows)
    assert weights(affiliation(statements, "document", of("ignore", duplicates="include", mode="two-mode"))) == {
        "A d1": 2
    }
    assert weights(affiliation(statements, "issue")) == {"A asylum": 1}
    assert affiliation(statements, "issue").kinds == ("actor", "issue")
    with pytest.raises(ParameterError, match="no column 'body'"):
        affiliation(statements, "body")


def test_time_windows() -> None:
    statements = said(*DISCOURSE)
    made = list(networks_over_time(statements, of("ignore"), Window(3, Unit.DAYS)))
    # 7 January to 1 March are 54 days; the first and last day are no midpoints.
    assert sum(int(one.notes["windows"]) for _, one in made) == 52
    # Around 1 February three windows, around 1 March one; between them nobody speaks.
    assert [one.notes["windows"] for _, one in made] == [1, 1, 1, 20, 1, 1, 1, 25, 1]
    day, first = made[0]
    assert (day.isoformat(), first.notes["since"], first.notes["until"]) == ("2019-01-08", "2019-01-07", "2019-01-09")
    assert weights(first) == {"A B": 2, "A C": 1, "B C": 1}
    assert weights(made[-1][1]) == {}


def test_a_window_keeps_the_range_of_the_whole() -> None:
    statements = said("A x + d 2019-01-01", "B x 0 d 2019-01-01", "C x - d 2019-06-01")
    windows = networks_over_time(statements, of("conflict"), Window(1, Unit.DAYS))
    assert weights(next(windows)[1]) == {"A B": 0.5}


def test_no_statements_give_a_network_without_nodes() -> None:
    empty = Statements.from_rows([])
    for mode in Mode:
        made = network(empty, Specification(mode))
        assert (len(made.names), made.edge_count) == (0, 0)
    assert list(networks_over_time(empty, Specification(), Window(3))) == []
