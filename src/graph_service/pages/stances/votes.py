"""Roll calls on pages: related propositions and the votes of each group. Totals only, never persons."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from graph_service.pages.stances.positions import STANCES
from graph_service.pages.things import RecordedThing, iris_of, of_rows
from graph_service.pages.visit import PageContent, Visit

# What a line makes of the meaning of a yes; a tie is no line.
_SIGNS = {"yes": 1, "no": -1, "abstentions": 0}


@dataclass(frozen=True)
class Bearing:
    """What a roll call says about a proposition: what a yes means, why, and the totals of the groups."""

    bearing: RecordedThing
    roll_call: RecordedThing
    totals: Sequence[RecordedThing]

    @property
    def stances(self) -> dict[str, str]:
        """How the line of a group stands to the proposition, by its total; none where the vote concerns it in part."""
        yes = self.bearing.one("yes_counts")
        return {
            one.iri: STANCES[str(int(yes) * _SIGNS[line])]
            for one in self.totals
            if yes and (line := one.one("line")) in _SIGNS
        }


async def bearings(visit: Visit, by: str, iri: str) -> list[Bearing]:
    """The bearings that a property links to a thing, the latest roll call first.

    Args:
        visit: asks.
        by: the property, as an IRI or CURIE: `mp:bearsOn` or `mp:bearingOf`.
        iri: of the proposition or the roll call.

    Raises:
        QueryError: the store did not answer.
    """
    found = await visit.things("bearings", by=[by], of=[iri])
    calls = {thing.one("roll_call") for thing in found.values()}
    roll_calls, totals = await asyncio.gather(visit.things("roll-calls", item=calls), _totals(visit, calls))
    found_bearings = [
        Bearing(
            thing,
            roll_calls.get(call := thing.one("roll_call"), RecordedThing(call)),
            [total for total in totals if total.one("roll_call") == call],
        )
        for thing in found.values()
    ]
    return sorted(found_bearings, key=lambda one: (one.roll_call.one("date"), one.bearing.iri), reverse=True)


@dataclass
class GroupVote:
    """How a group voted in a roll call, on the page of the group or of its party.

    Attributes:
        group: which; of a party it is another actor, whose votes are not the party's own.
        is_own: whether the page is that of the group itself.
        roll_call, date: in which, and when.
        counts: votes by `yes`, `no`, `abstentions`.
        line: the largest of them, else `tie`.
        stances: what the line means for each proposition that the roll call bears on in full, empty where in part.
        not_linked: why it bears on none, as a text.
    """

    group: str
    is_own: bool
    roll_call: str
    date: str
    counts: dict[str, int]
    line: str
    stances: dict[str, str]
    not_linked: str


async def votes_of(visit: Visit, actor: str) -> list[GroupVote]:
    """The votes of a group, or of the groups of a party, the latest first.

    Raises:
        QueryError: the store did not answer.
    """
    found: dict[str, GroupVote] = {}
    for row in await visit.rows("votes-of-an-actor", actor=[actor], lang=[visit.language]):
        cells = {name: binding["value"] for name, binding in row.items()}
        vote = found.get(cells["item"])
        if vote is None:
            counts = {name: int(cells[name]) for name in ("yes", "no", "abstentions")}
            vote = found[cells["item"]] = GroupVote(
                cells["group"],
                cells["whose"] == "own",
                cells["roll_call"],
                cells["date"],
                counts,
                cells["line"],
                {},
                cells.get("not_linked", ""),
            )
        if "proposition" in cells:
            vote.stances[cells["proposition"]] = STANCES.get(cells.get("agreement", ""), "")
    return list(found.values())


async def roll_call(visit: Visit, iri: str) -> PageContent:
    """The page of a roll call.

    Args:
        visit: asks.
        iri: of the roll call.

    Raises:
        QueryError: the store did not answer.
    """
    found, totals, bears = await asyncio.gather(
        visit.things("roll-calls", item=[iri]),
        _totals(visit, [iri]),
        visit.things("bearings", by=["mp:bearingOf"], of=[iri]),
    )
    facts = {"roll_call": found.get(iri, RecordedThing(iri)), "totals": totals, "bearings": list(bears.values())}
    issues = {iri for thing in found.values() for iri in thing.all("issue")}
    return PageContent("roll-call", facts, {iri} | issues | iris_of([*totals, *bears.values()]))


async def votes(visit: Visit) -> PageContent:
    """The list of all roll calls, the latest first.

    Raises:
        QueryError: the store did not answer.
    """
    found = list((await visit.whole("roll-calls")).values())
    found.sort(key=lambda thing: (thing.one("date"), thing.iri), reverse=True)
    return PageContent("votes", {"roll_calls": found}, iris_of(found))


async def _totals(visit: Visit, roll_calls: Collection[str]) -> list[RecordedThing]:
    """The totals in roll calls: groups by their names in IRIs, then members without a group, then all members."""
    found = of_rows(await visit.rows("vote-totals", of=roll_calls)).values() if roll_calls else ()
    return sorted(found, key=lambda one: (one.one("kind").endswith("OverallTotal"), not one.one("group"), one.iri))


def shown_by_bearings(found_bearings: Sequence[Bearing]) -> set[str]:
    """All IRIs that a page shows for these."""
    return iris_of([thing for one in found_bearings for thing in (one.bearing, one.roll_call, *one.totals)])
