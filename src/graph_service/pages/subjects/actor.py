"""The page of an actor: positions over time and by issue, closest and most distant actors, relations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph_service.pages.chronology import newest_first
from graph_service.pages.stances.elections import elections
from graph_service.pages.stances.position_list import facets_if_few, positions_of
from graph_service.pages.stances.positions import (
    PositionEntry,
    SharedCautions,
    positions_among,
    shown_by,
)
from graph_service.pages.stances.standings import Neighbour, standings
from graph_service.pages.stances.ties import through_parts, tied_speakers, ties
from graph_service.pages.stances.votes import votes_of
from graph_service.pages.things import RecordedThing, iris_of
from graph_service.pages.visit import PageContent, Visit

# Of those near, of those far, and of the positions addressed to it so many are shown.
_SHOWN = 6


@dataclass(frozen=True)
class ActorDocument:
    """A document of an actor and how many of its positions stand in it by stance; none where it was only searched."""

    document: RecordedThing
    stances: Mapping[str, int]


@dataclass(frozen=True)
class Identifier:
    """An identifier in another collection: its scheme, the address of a page, how sure it is, and when it was read."""

    scheme: str
    text: str
    address: str
    confidence: str
    read_on: str


@dataclass(frozen=True)
class AddressedPositions:
    """How many positions are addressed to an actor, and the latest of them."""

    count: int
    entries: Sequence[PositionEntry]


async def actor(visit: Visit, iri: str) -> PageContent:
    """The page.

    Args:
        visit: asks.
        iri: of the actor.

    Raises:
        QueryError: the store did not answer.
    """
    # One after the other: each takes a millisecond, and to wake several workers at once costs another.
    around = await visit.things("actor", actor=[iri])
    every = await positions_of(visit, "holder", iri, "mp:heldBy")
    entries = _latest(every)
    documents = {one.iri: one for one in around.values() if iri in one.all("creator")}
    documents |= {one.document.iri: one.document for one in every}
    table = await elections(visit, "proposition", iri)
    groups = [one.iri for one in around.values() if iri in one.all("group_of")]
    voted = await votes_of(visit, [iri, *groups])
    identifiers = [_identifier(row) for row in await visit.rows("identifiers", of=[iri])]
    addressed = await _addressed(visit, iri)
    thing = around.pop(iri, RecordedThing(iri))
    speakers = {} if every else await tied_speakers(visit, [iri])
    tied = ties(iri, around.values())
    near, far = _near_and_far([*(await standings(visit)).neighbours(iri)])
    facts = {
        "actor": thing,
        "names": sorted((one for one in around.values() if one.all("called")), key=lambda one: one.one("valid_from")),
        "positions": entries,
        "number": len(every),
        "addressed": addressed,
        "speakers": speakers,
        "elections": table,
        "sections": _by_issue(entries),
        "sources": _sources(every, documents),
        "ties": tied,
        "through": through_parts(iri, thing.all("place_in"), tied),
        "convened": [one.iri for one in around.values() if iri in one.all("convened_by")],
        "groups": groups,
        "near": near,
        "far": far,
        "votes": voted,
        "notes": SharedCautions([one.all("caution") for one in documents.values()]),
        "identifiers": identifiers,
    }
    # Relations are shown by their ends, names by their words: neither needs a label.
    unnamed = {one.iri for one in around.values() if one.all("of") or one.all("called")}
    shows = thing.iris | iris_of([*around.values()]) - unnamed | shown_by(entries)
    shows |= iris_of([*documents.values()])
    shows |= shown_by(addressed.entries) if addressed else set()
    shows |= {other for others in speakers.values() for other in others}
    shows |= {one.actor for one in (*near, *far)}
    shows |= {issue for one in entries for issue in one.issues} | {one.scheme for one in identifiers}
    shows |= {shown for one in voted for shown in (one.group, one.roll_call, *one.stances)}
    return PageContent("actor", facts, shows)


async def _addressed(visit: Visit, iri: str) -> AddressedPositions | None:
    """What others ask of an actor, the latest; None where nobody asks anything, or too much is asked to be counted."""
    facets = await facets_if_few(visit)
    found = facets.narrowed({"addressee": [iri]}) if facets else []
    return AddressedPositions(len(found), await positions_among(visit, found[:_SHOWN])) if found else None


def _identifier(row: Mapping[str, Mapping[str, str]]) -> Identifier:
    cells = {name: binding["value"] for name, binding in row.items()}
    return Identifier(
        cells["scheme"], cells["id"], cells.get("address", ""), cells["confidence"].rpartition("/")[2], cells["read_on"]
    )


def _sources(entries: Iterable[PositionEntry], documents: Mapping[str, RecordedThing]) -> list[ActorDocument]:
    """The documents that positions stand in and the actor's own without any, the latest first."""
    stances: dict[str, Counter[str]] = {}
    for one in entries:
        stances.setdefault(one.document.iri, Counter())[one.stance] += 1
    found = [ActorDocument(document, stances.get(iri, {})) for iri, document in documents.items()]
    found.sort(key=lambda one: one.document.iri)
    found.sort(key=lambda one: newest_first(one.document.one("since"), one.document.one("until")))
    return found


def _latest(entries: Sequence[PositionEntry]) -> list[PositionEntry]:
    """Those on whose proposition no other of them is surely later."""
    newest: dict[str, str] = {}
    for one in entries:
        newest[one.proposition] = max(one.since, newest.get(one.proposition, ""))
    return [one for one in entries if not one.proposition or not one.until or one.until >= newest[one.proposition]]


def _by_issue(entries: Sequence[PositionEntry]) -> dict[str, list[PositionEntry]]:
    """The positions under the issue of their proposition, the issue with most positions first; those on none last."""
    found: dict[str, list[PositionEntry]] = {}
    for one in entries:
        found.setdefault(next(iter(one.issues), ""), []).append(one)
    return dict(sorted(found.items(), key=lambda item: (not item[0], -len(item[1]), item[0])))


def _near_and_far(every: Sequence[Neighbour]) -> tuple[list[Neighbour], list[Neighbour]]:
    """Who agrees more often than not, the nearest first; and who disagrees more often than not, the farthest first."""
    near = sorted((one for one in every if one.nearness > 0), key=lambda one: (-one.nearness, -one.shared, one.actor))
    far = sorted((one for one in every if one.nearness < 0), key=lambda one: (one.nearness, -one.shared, one.actor))
    return near[:_SHOWN], far[:_SHOWN]
