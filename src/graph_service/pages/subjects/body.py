"""The page of a body: members, history, host, and its own positions."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from graph_service.pages.subjects.actor import actor
from graph_service.pages.things import RecordedThing
from graph_service.pages.visit import PageContent, Visit

# The ties by which somebody has a place in a body, as `ties.WORDS` has them.
_SEATS = ("participation.to", "representation.to")


async def body(visit: Visit, iri: str) -> PageContent:
    """The page.

    Args:
        visit: asks.
        iri: of the body.

    Raises:
        QueryError: the store did not answer.
    """
    page, found = await asyncio.gather(actor(visit, iri), visit.things("body", item=[iri]))
    thing = found.get(iri, RecordedThing(iri))
    ties = page.facts["ties"]
    seats = {word: ties[word] for word in _SEATS if word in ties}
    seated = {who for found in seats.values() for one in found for who in (*one.others, *one.represented)}
    facts = {
        **page.facts,
        "body": thing,
        "seats": seats,
        "seats_through": [who for who in thing.all("placed") if who not in seated],
        "ties": {word: tied for word, tied in ties.items() if word not in _SEATS},
    }
    return replace(page, template="body", facts=facts, shows={*page.shows} | thing.iris)
