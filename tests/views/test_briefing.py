"""What a brief chooses: the order, both sides, nothing twice, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from graph_service.views.comparing.briefing import Brief, candidates, fitted, on_actor, on_comparison, on_propositions
from graph_service.views.comparing.coded_positions import Position
from graph_service.views.comparing.comparison import Stances, Status

SIDES = {"+": 1, "-": -1, "±": 0}


def positions(text: str) -> list[Position]:
    """Positions from lines such as `asylum + anna 2021`: proposition, agreement, actors, year; `?` as not verified."""
    lines = [line.split() for line in text.split("\n")]
    return [
        Position(
            iri=f"p{number}",
            actor=actor,
            proposition=proposition,
            document=f"d{year}",
            agreement=SIDES[sign],
            reason="unverified" if doubt else "",
            joint="," in actors,
            since=f"{year}-01-01",
            until=f"{year}-12-31",
        )
        for number, (proposition, sign, actors, year, *doubt) in enumerate(lines)
        for actor in actors.split(",")
    ]


def stances(text: str, searched: str = "") -> Stances:
    """Where actors stand; `searched` has pairs such as `asylum:dora`."""
    found = positions(text)
    looked_for: dict[str, dict[str, list[str]]] = {one.proposition: {} for one in found}
    for pair in searched.split():
        proposition, actor = pair.split(":")
        looked_for.setdefault(proposition, {}).setdefault(actor, []).append("d")
    return Stances(found, looked_for)


def on_all(found: Stances) -> Brief:
    return on_propositions(found.matrix(found.actors))


def shown(brief: Brief) -> list[tuple[str, list[str]]]:
    """Propositions with who is shown on each."""
    return [(one.proposition, ["+".join(two.actors) for two in one.sentences]) for one in brief.topics]


def flat(brief: Brief, most: float = 100) -> Brief:
    """Chosen where each sentence is one line high and each topic one more."""
    return fitted(candidates(brief), most, lambda _: 1, lambda _: 1)


MANY = "\n".join(
    [
        *(f"near + a{number} 20{10 + number}" for number in range(6)),
        "near - b 2012",
        *(f"far + a{number} 20{10 + number}" for number in range(3)),
        *(f"far - b{number} 20{10 + number}" for number in range(3)),
        "far ± c 2025",
        "alone + a1 2024",
    ]
)


def test_the_most_contested_proposition_comes_first_and_both_sides_have_their_turn() -> None:
    brief = flat(on_all(stances(MANY)))
    assert shown(brief) == [
        ("far", ["a2", "b2", "a1", "b1", "a0", "b0"]),
        ("near", ["a5", "b", "a4", "a3", "a2", "a1"]),
        ("alone", ["a1"]),
    ]
    assert [one.number for one in brief.sentences] == [*range(1, 14)]
    assert [len(topic.further) for topic in brief.topics] == [1, 1, 0]
    assert brief.count == 15


def test_what_does_not_fit_is_left_out_after_what_is_shown() -> None:
    for most in range(40):
        brief = flat(on_all(stances(MANY)), most)
        names = [one for one, _ in shown(brief)]
        assert names == ["far", "near", "alone"][: len(names)]
        assert len(brief.topics) + len(brief.sentences) <= most or not brief.topics
        for topic in brief.topics[:2]:
            assert {one.status for one in topic.sentences} >= {Status.AGREES, Status.DISAGREES}
        assert brief.count == 15


def test_nothing_is_counted_twice() -> None:
    """An actor has one sentence on a proposition, a joint position one for all, an earlier one none."""
    brief = flat(
        on_all(stances("asylum + anna 2013\nasylum + anna 2021\nasylum - bert,cara 2020\nasylum + dora 2020 ?"))
    )
    assert shown(brief) == [("asylum", ["anna", "bert+cara"])]
    first = brief.sentences[0]
    assert (first.position.iri, first.since.since) == ("p1", "2013-01-01")
    assert brief.topics[0].silent[Status.NOT_COMPARABLE] == ["dora"]


def test_positions_of_one_time_that_differ_are_both_shown() -> None:
    brief = flat(on_all(stances("asylum + anna 2021\nasylum - anna 2021")))
    assert [(one.status, one.position.agreement) for one in brief.sentences] == [
        (Status.SEVERAL, 1),
        (Status.SEVERAL, -1),
    ]
    assert brief.topics[0].counts == {Status.SEVERAL: 1}


def of_actor(actor: str, found: Stances) -> Brief:
    return on_actor(actor, found.propositions, [*found.matrix(found.actors)])


def test_an_actor_s_brief_begins_where_most_others_stand_against_it() -> None:
    text = "calm + anna 2025\nhot - anna 2013\nhot + bert 2014\nhot + cara 2014\nwarm + anna 2020\nwarm - bert 2020"
    brief = of_actor("anna", stances(f"{text}\nopen + bert 2020\nasked + bert 2020", "asked:anna"))
    kept = flat(brief, 4)
    assert [(one.proposition, one.group) for one in kept.topics] == [("warm", Status.AGREES), ("hot", Status.DISAGREES)]
    assert kept.count == 3
    assert kept.silences == [("anna", Status.NONE_FOUND, ["asked"]), ("anna", Status.NOT_CODED, ["open"])]


def compared(found: Stances, actors: Sequence[str]) -> Brief:
    return on_comparison(found.compare(actors))


def test_a_comparison_has_differences_and_common_ground_in_turn() -> None:
    text = "\n".join(f"d{n} + anna 202{n}\nd{n} - bert 2020\nc{n} + anna 2020\nc{n} + bert 202{n}" for n in range(3))
    brief = compared(stances(f"{text}\nown + anna 2020", "own:bert"), ["anna", "bert"])
    kept = flat(brief, 9)
    assert shown(kept) == [("d2", ["anna", "bert"]), ("d1", ["anna", "bert"]), ("c2", ["bert", "anna"])]
    assert kept.silences == [("bert", Status.NONE_FOUND, ["own"])]


def test_a_brief_without_positions_is_empty() -> None:
    brief = flat(on_all(stances("asylum + anna 2020 ?")))
    assert (brief.topics, brief.every, brief.count) == ([], [], 0)


def test_what_has_only_a_year_comes_behind_the_days_of_that_year() -> None:
    found = positions("asylum + anna 2024\nasylum + bert 2024\nasylum + cara 2023")
    found[1] = replace(found[1], since="2024-03-01", until="2024-03-01")
    brief = flat(on_all(Stances(found, {"asylum": {}})))
    assert shown(brief) == [("asylum", ["bert", "anna", "cara"])]
