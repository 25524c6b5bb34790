"""The page of a document: its imprint, how far it was gone through, and passage by passage what rests on it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.http.pages.passages import anchor, passages
from graph_service.http.pages.positions import Told
from graph_service.http.pages.things import Thing, iris_of
from graph_service.http.pages.visit import Page, Visit


@dataclass(frozen=True)
class Place:
    """A passage and what rests on it.

    Attributes:
        passage: where it stands.
        anchor: what it is called within the page.
        told: the positions.
        others: relations and whatever else, as IRIs.
    """

    passage: Thing
    anchor: str
    told: Sequence[Told]
    others: Sequence[str]


async def document(visit: Visit, iri: str) -> Page:
    """The page.

    Args:
        visit: asks.
        iri: of the document.

    Raises:
        QueryError: the store did not answer.
    """
    found, positions, resting, read = await asyncio.gather(
        visit.things("document", item=[iri]),
        visit.things("positions", by=["mp:statedIn"], of=[iri]),
        visit.things("resting", document=[iri]),
        passages(visit, document=[iri]),
    )
    thing = found.get(iri, Thing(iri))
    told = [Told(position, thing) for position in sorted(positions.values(), key=lambda one: one.iri)]
    others = [one for one in resting.values() if one.all("passage")]
    await visit.label(one.iri for one in others)
    places = [
        Place(
            passage,
            anchor(visit.show, passage.iri),
            [one for one in told if passage.iri in one.position.all("passage")],
            visit.by_name(one.iri for one in others if passage.iri in one.all("passage")),
        )
        for passage in read
    ]
    facts = {
        "document": thing,
        "places": places,
        "kinds": {iri: one.all("kind") for iri, one in resting.items()},
        "holders": list(dict.fromkeys(holder for one in told for holder in one.position.all("holder"))),
    }
    return Page("document", facts, iris_of([thing, *positions.values(), *resting.values(), *read]))
