"""The page of a proposition: who is for, against, conditional, silent; since when; how groups voted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph_service.http.pages.positions import Told, positions_by, shown_by
from graph_service.http.pages.things import Thing, iris_of
from graph_service.http.pages.visit import Page, Visit
from graph_service.http.pages.votes import bearings, shown_by_bearings

# What is contested is read first.
_ORDER = ("against", "mixed", "for", "")


@dataclass(frozen=True)
class Side:
    """Positions of one stance, the latest first.

    Attributes:
        stance: `against`, `mixed`, `for`; empty for positions that take none.
        told: the positions.
    """

    stance: str
    told: Sequence[Told]

    @property
    def earliest(self) -> Told | None:
        """The one whose first possible day comes first, None if none is dated."""
        return min((one for one in self.told if one.since), key=lambda one: (one.since, one.until), default=None)

    @property
    def holders(self) -> list[str]:
        """Who holds them, each once, in the order of the positions."""
        return list(dict.fromkeys(holder for one in self.told for holder in one.position.all("holder")))


async def proposition(visit: Visit, iri: str) -> Page:
    """The page.

    Args:
        visit: asks.
        iri: of the proposition.

    Raises:
        QueryError: the store did not answer.
    """
    found, told, near, searched, voted = await asyncio.gather(
        visit.things("propositions", item=[iri]),
        positions_by(visit, "mp:onProposition", [iri]),
        positions_by(visit, "mp:nearestProposition", [iri]),
        visit.things("searched", proposition=[iri]),
        bearings(visit, "mp:bearsOn", iri),
    )
    thing = found.get(iri, Thing(iri))
    silent = _silent(searched.values(), told)
    shows = thing.iris | shown_by([*told, *near]) | iris_of(silent) | shown_by_bearings(voted)
    facts = {"proposition": thing, "sides": _sides(told), "near": near, "silent": silent, "votes": voted}
    return Page("proposition", facts, shows)


def _sides(told: Sequence[Told]) -> list[Side]:
    sides = (Side(stance, [one for one in told if one.stance == stance]) for stance in _ORDER)
    return [side for side in sides if side.told]


def _silent(searched: Iterable[Thing], told: Sequence[Told]) -> list[Thing]:
    """Whose own texts were gone through without finding a position, with these texts.

    Of everybody else without a position nobody looked for one: that is no silence that says anything.
    """
    speaking = {holder for one in told for holder in one.position.all("holder")}
    return sorted((thing for thing in searched if thing.iri not in speaking), key=lambda thing: thing.iri)
