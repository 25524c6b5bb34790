"""Roll calls as pages tell them: what they bear on and how each group voted. Totals of groups, never persons."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph_service.http.pages.things import Thing, iris_of
from graph_service.http.pages.visit import Page, Visit


@dataclass(frozen=True)
class Bearing:
    """What a roll call says about a proposition: what a yes means, why, and the totals of the groups."""

    bearing: Thing
    roll_call: Thing
    totals: Sequence[Thing]


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
    roll_calls, totals = await asyncio.gather(
        visit.things("roll-calls", item=calls), visit.things("vote-totals", of=calls)
    )
    told = [
        Bearing(
            thing,
            roll_calls.get(call := thing.one("roll_call"), Thing(call)),
            in_order(total for total in totals.values() if total.one("roll_call") == call),
        )
        for thing in found.values()
    ]
    return sorted(told, key=lambda one: (one.roll_call.one("date"), one.bearing.iri), reverse=True)


async def roll_call(visit: Visit, iri: str) -> Page:
    """The page of a roll call.

    Args:
        visit: asks.
        iri: of the roll call.

    Raises:
        QueryError: the store did not answer.
    """
    found, totals, bears = await asyncio.gather(
        visit.things("roll-calls", item=[iri]),
        visit.things("vote-totals", of=[iri]),
        visit.things("bearings", by=["mp:bearingOf"], of=[iri]),
    )
    told = in_order(totals.values())
    facts = {"roll_call": found.get(iri, Thing(iri)), "totals": told, "bearings": list(bears.values())}
    return Page("roll-call", facts, {iri} | iris_of([*told, *bears.values()]))


async def votes(visit: Visit) -> Page:
    """The list of all roll calls, the latest first.

    Raises:
        QueryError: the store did not answer.
    """
    found = list((await visit.things("roll-calls")).values())
    found.sort(key=lambda thing: (thing.one("date"), thing.iri), reverse=True)
    return Page("votes", {"roll_calls": found}, iris_of(found))


def in_order(totals: Iterable[Thing]) -> list[Thing]:
    """Groups by their names in IRIs, those without a group last."""
    return sorted(totals, key=lambda total: (not total.one("group"), total.one("group"), total.iri))


def shown_by_bearings(told: Sequence[Bearing]) -> set[str]:
    """All IRIs that are shown of these."""
    return iris_of([thing for one in told for thing in (one.bearing, one.roll_call, *one.totals)])
