"""The page of a relation: its ends, kind, period and evidence."""

from __future__ import annotations

import asyncio

from graph_service.pages.stances.passages import passages, place
from graph_service.pages.stances.positions import documents_of
from graph_service.pages.things import RecordedThing, iris_of
from graph_service.pages.visit import PageContent, Visit


async def relation(visit: Visit, iri: str) -> PageContent:
    """The page.

    Args:
        visit: asks.
        iri: of the relation.

    Raises:
        QueryError: the store did not answer.
    """
    thing = (await visit.things("relation", item=[iri])).get(iri, RecordedThing(iri))
    documents, places = await asyncio.gather(
        documents_of(visit, thing.all("document")), passages(visit, item=thing.all("passage"))
    )
    facts = {
        "relation": thing,
        "sources": [documents.get(one, RecordedThing(one)) for one in thing.all("document")],
        "passages": [(one, place(visit.show, one)) for one in places],
    }
    return PageContent("relation", facts, iris_of([thing, *documents.values(), *places]))
