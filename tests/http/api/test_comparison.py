"""Comparison: outcomes and kinds of silence, by hand and against the questions of the catalogue."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

import httpx2
import pytest

from graph_service.views.comparing.coded_positions import LeftOut, Position, in_time, read_positions
from graph_service.views.comparing.comparison import ComparisonOutcome, Stances, Status, count_left_out
from tests.http.servers import Running


def position(actor: str, proposition: str, agreement: int, **others: Any) -> Position:
    name = f"{actor}-{proposition}-{agreement}-{others.get('since', '')}"
    return Position(name, actor, proposition, "doc", agreement, others.pop("reason", ""), False, **others)


LOOKED: dict[str, dict[str, list[str]]] = {"p": {}, "q": {"b": ["b-doc"]}, "r": {}, "s": {}, "t": {}}
POSITIONS = [
    position("a", "p", 1),
    position("b", "p", 1),
    position("a", "q", 1),
    position("a", "r", 1),
    position("b", "r", -1),
    position("a", "s", 1, reason="partial"),
    position("a", "t", 0),
    position("b", "t", 0),
]


def test_each_outcome_by_hand() -> None:
    found = {
        proposition: (outcome, cells) for proposition, outcome, cells in Stances(POSITIONS, LOOKED).compare(["a", "b"])
    }
    assert {proposition: outcome for proposition, (outcome, _) in found.items()} == {
        "p": ComparisonOutcome.COMMON,
        "q": ComparisonOutcome.ONE_SIDED,
        "r": ComparisonOutcome.DIFFERENCE,
        "s": ComparisonOutcome.UNCOVERED,
        "t": ComparisonOutcome.CONDITIONAL,
    }
    statuses = {proposition: [cell.status for cell in cells] for proposition, (_, cells) in found.items()}
    assert statuses["q"] == [Status.AGREES, Status.NONE_FOUND]
    assert statuses["s"] == [Status.NOT_COMPARABLE, Status.NOT_CODED]
    assert statuses["t"] == [Status.NEUTRAL, Status.NEUTRAL]
    assert found["q"][1][1].searched == ("b-doc",)


def test_silence_is_not_neutrality() -> None:
    stances = Stances(POSITIONS, LOOKED)
    assert stances.cell("a", "t").agreement == 0
    assert stances.cell("b", "q").agreement is None
    assert stances.cell("b", "s").agreement is None
    assert stances.cell("a", "s").agreement is None


def test_all_positions_count_if_wanted() -> None:
    stances = Stances(POSITIONS, LOOKED, all_positions=True)
    assert stances.cell("a", "s").status is Status.AGREES


def test_the_conditional_stay_out_of_what_is_common_and_what_differs() -> None:
    three = [position("a", "p", 1), position("b", "p", 1), position("c", "p", 0)]
    for actors, wanted in (("abc", ComparisonOutcome.COMMON), ("ac", ComparisonOutcome.CONDITIONAL)):
        ((_, outcome, _),) = Stances(three, {"p": {}}).compare(actors)
        assert outcome is wanted


def dated(agreement: int, since: str, until: str = "", **others: Any) -> Position:
    return position("a", "p", agreement, since=since, until=until or since, **others)


def test_who_changed_stands_where_its_latest_position_stands() -> None:
    stances = Stances([dated(1, "2020"), dated(-1, "2024"), position("b", "p", 1)], {"p": {}})
    cell = stances.cell("a", "p")
    assert (cell.status, cell.agreement) == (Status.DISAGREES, -1)
    assert [one.since for one in cell.positions] == ["2024"]
    assert [(reason, one.since) for reason, one in cell.left_out] == [(LeftOut.EARLIER, "2020")]
    ((_, outcome, _),) = stances.compare(["a", "b"])
    assert outcome is ComparisonOutcome.DIFFERENCE


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        (dated(1, "2020-01-01", "2020-12-31"), dated(-1, "2020-06-01"), Status.SEVERAL),
        (dated(1, "2020-01-01", "2020-12-31"), dated(-1, "2020-12-31"), Status.SEVERAL),
        (dated(1, "2020-01-01", "2020-12-31"), dated(-1, "2021-01-01"), Status.DISAGREES),
        (dated(1, "2020"), dated(0, "2024"), Status.NEUTRAL),
        (dated(1, "2020"), dated(-1, "2024", reason="partial"), Status.AGREES),
        (dated(1, ""), dated(-1, "2024"), Status.SEVERAL),
    ],
)
def test_only_what_is_surely_later_takes_the_place_of_a_position(
    one: Position, other: Position, status: Status
) -> None:
    for positions in ([one, other], [other, one]):
        assert Stances(positions, {"p": {}}).cell("a", "p").status is status


def test_each_position_that_does_not_count_is_counted_once_with_its_reason() -> None:
    positions = [
        *(dated(1, year) for year in ("2013", "2017", "2021")),
        dated(0, "2025"),
        dated(-1, "2025", reason="partial"),
        dated(-1, "2024", reason="unverified"),
        position("b", "p", 1),
    ]
    stances = Stances(positions, {"p": {}})
    assert count_left_out([*stances.matrix("ab")]) == {"partial": 1, "unverified": 1, "earlier": 3, "conditional": 1}
    every = Stances(positions, {"p": {}}, all_positions=True)
    assert count_left_out([*every.matrix("ab")]) == {"partial": 0, "unverified": 0, "earlier": 4, "conditional": 1}


def test_a_joint_position_that_counts_for_one_holder_is_not_left_out() -> None:
    shared = [Position("j", actor, "p", "doc", 1, "", True, since="2020", until="2020") for actor in "ab"]
    stances = Stances([*shared, dated(-1, "2024")], {"p": {}})
    assert [cell.status for cell in stances.matrix("ab")] == [Status.DISAGREES, Status.AGREES]
    assert sum(count_left_out([*stances.matrix("ab")]).values()) == 0


def test_undated_comes_last() -> None:
    mixed = [position("a", "p", 1), position("a", "p", 0, since="2024"), position("a", "p", -1, since="2020")]
    assert [one.since for one in sorted(mixed, key=in_time)] == ["2020", "2024", ""]


def test_several_rows_may_tell_of_one_position() -> None:
    def binding(value: str, **more: str) -> dict[str, str]:
        return {"type": "literal", "value": value, **more}

    common = {name: binding(name) for name in ("position", "actor", "proposition", "document")}
    rows = [
        {**common, "agreement": binding("1"), "passage": binding(passage), "text": binding(text, **{"xml:lang": lang})}
        for passage in ("x", "y")
        for text, lang in (("Ja.", "de"), ("Yes.", "en"))
    ]
    (one,) = read_positions(rows)
    assert one.passages == {"x", "y"}
    assert one.as_json("de")["text"] == "Ja."
    assert one.as_json("fr")["text"] == "Yes."


# Against the questions of the catalogue


def asked(client: httpx2.Client, name: str, **params: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(f"/api/queries/{name}", params={**params, "format": "rows"}).json()["rows"]
    return rows


PAIRS = [("spd", "cducsu"), ("linke", "afd"), ("liga-sachsen", "paritaet-sachsen")]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_same_as_the_question_where_two_actors_part(client: httpx2.Client, one: str, other: str) -> None:
    told = client.get(f"/api/compare?actor=id/actor/{one}&actor=id/actor/{other}").json()
    rows = asked(client, "where-two-actors-part", actor=f"id/actor/{one}", other=f"id/actor/{other}")
    both = {entry["proposition"]["id"] for entry in told["common"] + told["differences"] + told["conditional"]}
    assert both == {row["proposition"] for row in rows}
    pairs: dict[str, set[str]] = {}
    for row in rows:
        pairs.setdefault(row["proposition"], set()).add(row["outcome"])
    assert {entry["proposition"]["id"] for entry in told["common"]} == {
        p for p, kinds in pairs.items() if kinds == {"same"}
    }


def test_the_same_silence_as_the_question_who_stands_where(client: httpx2.Client) -> None:
    proposition = "id/proposition/church-asylum"
    rows = asked(client, "who-stands-where", proposition=proposition)
    wanted = {(row["actor"], row["status"]) for row in rows if row["status"] != "not coded"}
    told = client.get(f"/api/matrix?proposition={proposition}").json()
    speaking = {row["actor"] for row in rows}
    found = {(cell["actor"], cell["status"]) for cell in told["cells"] if cell["actor"] in speaking}
    several = {actor for actor, status in found if status == Status.SEVERAL}
    assert {pair for pair in found if pair[0] not in several} == {pair for pair in wanted if pair[0] not in several}


def test_every_proposition_is_told_once(client: httpx2.Client) -> None:
    told = client.get("/api/compare?actor=id/actor/spd&actor=id/actor/cducsu&actor=id/actor/afd").json()
    names = [
        e["proposition"]["id"]
        for key in ("common", "differences", "conditional", "one_sided", "uncovered")
        for e in told[key]
    ]
    everything = client.get("/api/propositions?count=true&limit=1").json()["total"]
    assert len(names) == len(set(names)) == everything
    for entry in told["differences"]:
        assert len(entry["cells"]) == 3
        for cell in entry["cells"]:
            for one in cell["positions"]:
                assert one["comparable"] or cell["status"] == Status.NOT_COMPARABLE
                assert one["document"]["label"]
                assert one["source_kind"]["label"]
                assert one["passages"]


def test_matrix_as_table_and_as_json(client: httpx2.Client) -> None:
    told = client.get("/api/matrix?issue=id/issue/asylum").json()
    rows = list(csv.DictReader(io.StringIO(client.get("/api/matrix?issue=id/issue/asylum&format=csv").text)))
    assert len(rows) == len(told["cells"])
    assert Counter(row["status"] for row in rows) == Counter(cell["status"] for cell in told["cells"])
    assert told["missing"] == "not coded"
    assert all(cell["status"] != "not coded" for cell in told["cells"])


def test_timeline_is_in_order(client: httpx2.Client) -> None:
    told = client.get("/api/timeline?issue=id/issue/asylum&all=true").json()["positions"]
    dated = [one for one in told if one["from"]]
    # What is dated to its year only comes last in it.
    years = [(one["from"], one["to"]) == (f"{one['from'][:4]}-01-01", f"{one['from'][:4]}-12-31") for one in dated]
    order = [(one["from"][:4], year, one["from"]) for one, year in zip(dated, years, strict=True)]
    assert order == sorted(order)
    assert all(one["from"] is None for one in told[len(dated) :])
    fewer = client.get("/api/timeline?issue=id/issue/asylum").json()["positions"]
    assert {one["id"] for one in fewer} < {one["id"] for one in told}


def test_coverage_tells_the_paper_that_was_read_whole(client: httpx2.Client) -> None:
    told = client.get("/api/coverage?document=id/document/paritaet-sachsen-migration-2019").json()
    (document,) = told["documents"]
    assert document["coverage"]["id"].endswith("whole-text")
    statuses = Counter(entry["status"] for entry in document["issues"])
    assert statuses["no position found"] > 5
    assert statuses["not coded"] == 0
    silent = {entry["issue"]["id"] for entry in document["issues"] if entry["status"] == "no position found"}
    rows = asked(client, "issues-a-document-is-silent-on", document="id/document/paritaet-sachsen-migration-2019")
    assert silent == {row["issue"] for row in rows}


def test_no_document_is_read_whole_by_accident(client: httpx2.Client, server: Running) -> None:
    for document in client.get("/api/coverage").json()["documents"]:
        whole = bool(document["coverage"]) and document["coverage"]["id"].endswith("whole-text")
        for entry in document["issues"]:
            assert whole or not entry["searched"]
