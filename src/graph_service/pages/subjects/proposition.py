"""The page of a proposition: actors by stance, with dates; silent actors; votes of groups."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph_service.pages.stances.elections import elections
from graph_service.pages.stances.position_list import positions_of
from graph_service.pages.stances.positions import PositionEntry, SharedCautions, positions_by, shown_by
from graph_service.pages.stances.standings import KEYS, standings
from graph_service.pages.stances.votes import bearings, shown_by_bearings
from graph_service.pages.things import RecordedThing, iris_of
from graph_service.pages.visit import PageContent, Visit
from graph_service.rdf.alphabet import sort_key
from graph_service.views.comparing.comparison import Cell

# What is contested is read first.
_ORDER = ("against", "mixed", "for", "")
_STANDINGS = ("against", "several", "mixed", "for", "uncertain")


@dataclass(frozen=True)
class StanceGroup:
    """Positions of one stance, the latest first.

    Attributes:
        stance: `against`, `mixed`, `for`; empty for positions that take none.
        entries: the positions.
    """

    stance: str
    entries: Sequence[PositionEntry]


@dataclass(frozen=True)
class ActorStanding:
    """Where an actor stands: its latest position, and the earliest from which on it stood so throughout."""

    actor: str
    earliest: PositionEntry
    latest: PositionEntry


async def proposition(visit: Visit, iri: str) -> PageContent:
    """The page.

    Args:
        visit: asks.
        iri: of the proposition.

    Raises:
        QueryError: the store did not answer.
    """
    found, entries, near, searched, voted = await asyncio.gather(
        visit.things("propositions", item=[iri]),
        positions_of(visit, "proposition", iri, "mp:onProposition"),
        positions_by(visit, ["mp:nearestProposition"], [iri]),
        visit.things("searched", proposition=[iri]),
        bearings(visit, "mp:bearsOn", iri),
    )
    thing = found.get(iri, RecordedThing(iri))
    near = [one for one in near if one.proposition != iri]
    silent = _silent(searched.values(), entries)
    await visit.label(one.iri for one in silent)
    silent.sort(key=lambda one: sort_key(visit.show.labels.text(one.iri, visit.language)))
    shows = thing.iris | shown_by([*entries, *near]) | iris_of(silent) | shown_by_bearings(voted)
    known = await standings(visit)
    facts = {
        "proposition": thing,
        "standing": _standing(known.on(iri), entries),
        "left_out": known.left_out(iri),
        "elections": await elections(visit, "actor", iri),
        "sides": _sides(entries),
        "near": near,
        "silent": silent,
        "votes": voted,
        "notes": SharedCautions([one.cautions for one in (*entries, *near)]),
    }
    return PageContent("proposition", facts, shows)


def _sides(entries: Sequence[PositionEntry]) -> list[StanceGroup]:
    sides = (StanceGroup(stance, [one for one in entries if one.stance == stance]) for stance in _ORDER)
    return [side for side in sides if side.entries]


def _standing(cells: Iterable[Cell], entries: Sequence[PositionEntry]) -> dict[str, list[ActorStanding]]:
    """The actors by where they stand, as every page counts them; within a stance the earliest first."""
    by_iri = {one.iri: one for one in entries}
    found: dict[str, list[ActorStanding]] = {}
    for cell in cells:
        earliest, latest = (by_iri[one.iri] for one in (cell.earliest, cell.positions[-1]))
        found.setdefault(KEYS[cell.status], []).append(ActorStanding(cell.actor, earliest, latest))
    for standing in found.values():
        standing.sort(key=lambda one: (not one.earliest.since, one.earliest.since, one.earliest.until, one.actor))
    return {key: found[key] for key in _STANDINGS if key in found}


def _silent(searched: Iterable[RecordedThing], entries: Sequence[PositionEntry]) -> list[RecordedThing]:
    """Actors whose own documents were searched without finding a position, with these documents.

    For every other actor without a position nobody has looked for one, so its silence means nothing.
    """
    speaking = {holder for one in entries for holder in one.position.all("holder")}
    return sorted((thing for thing in searched if thing.iri not in speaking), key=lambda thing: thing.iri)
