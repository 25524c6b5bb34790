"""The page of a proposition: who is for, against, conditional, silent; since when; how groups voted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph_service.http.pages.positions import PositionEntry, positions_by, shown_by
from graph_service.http.pages.things import RecordedThing, iris_of
from graph_service.http.pages.visit import PageContent, Visit
from graph_service.http.pages.votes import bearings, shown_by_bearings

# What is contested is read first.
_ORDER = ("against", "mixed", "for", "")


@dataclass(frozen=True)
class StanceGroup:
    """Positions of one stance, the latest first.

    Attributes:
        stance: `against`, `mixed`, `for`; empty for positions that take none.
        entries: the positions.
    """

    stance: str
    entries: Sequence[PositionEntry]

    @property
    def earliest(self) -> list[tuple[str, PositionEntry]]:
        """Who holds them, each once with its earliest position: the earliest first, the undated last."""
        in_time = sorted(self.entries, key=lambda one: (not one.since, one.since, one.until, one.iri))
        first: dict[str, PositionEntry] = {}
        for one in in_time:
            for holder in one.position.all("holder"):
                first.setdefault(holder, one)
        return list(first.items())


async def proposition(visit: Visit, iri: str) -> PageContent:
    """The page.

    Args:
        visit: asks.
        iri: of the proposition.

    Raises:
        QueryError: the store did not answer.
    """
    found, every, searched, voted = await asyncio.gather(
        visit.things("propositions", item=[iri]),
        positions_by(visit, ["mp:onProposition", "mp:nearestProposition"], [iri]),
        visit.things("searched", proposition=[iri]),
        bearings(visit, "mp:bearsOn", iri),
    )
    thing = found.get(iri, RecordedThing(iri))
    entries, near = ([one for one in every if (one.position.one("proposition") == iri) is on] for on in (True, False))
    silent = _silent(searched.values(), entries)
    shows = thing.iris | shown_by([*entries, *near]) | iris_of(silent) | shown_by_bearings(voted)
    facts = {"proposition": thing, "sides": _sides(entries), "near": near, "silent": silent, "votes": voted}
    return PageContent("proposition", facts, shows)


def _sides(entries: Sequence[PositionEntry]) -> list[StanceGroup]:
    sides = (StanceGroup(stance, [one for one in entries if one.stance == stance]) for stance in _ORDER)
    return [side for side in sides if side.entries]


def _silent(searched: Iterable[RecordedThing], entries: Sequence[PositionEntry]) -> list[RecordedThing]:
    """Whose own texts were gone through without finding a position, with these texts.

    For every other actor without a position nobody has looked for one, so its silence means nothing.
    """
    speaking = {holder for one in entries for holder in one.position.all("holder")}
    return sorted((thing for thing in searched if thing.iri not in speaking), key=lambda thing: thing.iri)
