"""The page of a position: holder, wording, source, strength, addressee, target group, verification."""

from __future__ import annotations

import asyncio

from graph_service.pages.stances.passages import passages, place
from graph_service.pages.stances.positions import STANCES, PositionEntry, documents_of
from graph_service.pages.things import RecordedThing, iris_of
from graph_service.pages.visit import PageContent, Visit


async def position(visit: Visit, iri: str) -> PageContent:
    """The page.

    Args:
        visit: asks.
        iri: of the position.

    Raises:
        QueryError: the store did not answer.
    """
    found, codings = await asyncio.gather(visit.things("position", item=[iri]), visit.things("codings", position=[iri]))
    thing = found.get(iri, RecordedThing(iri))
    documents, places = await asyncio.gather(
        documents_of(visit, thing.all("document")), passages(visit, item=thing.all("passage"))
    )
    entry = PositionEntry(
        thing, documents.get(thing.one("document"), RecordedThing(thing.one("document"))), thing.all("issue")
    )
    coded = [
        (one.one("coder"), STANCES.get(one.one("agreement"), ""))
        for one in sorted(codings.values(), key=lambda one: (one.one("coder"), one.iri))
    ]
    facts = {
        "entry": entry,
        "passages": [(one, place(visit.show, one)) for one in places],
        "codings": coded,
    }
    return PageContent("position", facts, iris_of([thing, entry.document, *places]) | {coder for coder, _ in coded})
