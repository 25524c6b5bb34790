"""The page of a concept or an instrument: definition, hierarchy, and where the data use it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from graph_service.http.pages.issues import below
from graph_service.http.pages.shown import Show
from graph_service.http.pages.things import RecordedThing, iris_of
from graph_service.http.pages.visit import PageContent, Visit

# The lists that can be narrowed by a concept, by kind of thing and property: their path and parameter.
_LISTS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("mp:Position", "mp:concernsGroup"): ("/positions", "group"),
    ("mp:Position", "mp:concernsIssue"): ("/positions", "issue"),
    ("mp:Position", "mp:fit"): ("/positions", "fit"),
    ("mp:Position", "mp:verification"): ("/positions", "verification"),
    ("mp:Actor", "dcterms:type"): ("/actors", "kind"),
    ("mp:Actor", "mp:atLevel"): ("/actors", "level"),
    ("mp:Document", "dcterms:type"): ("/documents", "kind"),
    ("mp:Document", "mp:sourceKind"): ("/documents", "source_kind"),
    ("mp:Document", "mp:coverage"): ("/documents", "coverage"),
    ("mp:Document", "mp:caution"): ("/documents", "caution"),
}


@dataclass(frozen=True)
class ConceptUse:
    """How many things of a kind point to a concept by a property, and the address of the list of them."""

    kind: str
    property: str
    count: int
    address: str


async def concept(visit: Visit, iri: str) -> PageContent:
    """The page of a concept or an instrument.

    Args:
        visit: asks.
        iri: of the concept.

    Raises:
        QueryError: the store did not answer.
    """
    found, rows = await asyncio.gather(visit.things("concept", item=[iri]), visit.rows("uses", item=[iri]))
    thing = found.get(iri, RecordedThing(iri))
    uses = [_use(visit.show, iri, row) for row in rows]
    await visit.label(thing.iris)
    facts = {
        "concept": thing,
        "broader": visit.by_name(thing.all("broader")),
        "narrower": visit.by_name(thing.all("narrower")),
        "uses": uses,
    }
    return PageContent("concept", facts, thing.iris | {one for use in uses for one in (use.kind, use.property)})


async def scheme(visit: Visit, iri: str) -> PageContent:
    """The page of a concept scheme: its concepts as a tree, each with its definition.

    Args:
        visit: asks.
        iri: of the scheme.

    Raises:
        QueryError: the store did not answer.
    """
    found, concepts = await asyncio.gather(visit.things("concept", item=[iri]), visit.things("concepts", scheme=[iri]))
    await visit.label(concepts)
    thing = found.get(iri, RecordedThing(iri))
    facts = {"scheme": thing, "concepts": concepts, "below": below(concepts, visit)}
    return PageContent("scheme", facts, thing.iris | iris_of([*concepts.values()]))


def _use(show: Show, concept: str, row: Mapping[str, Mapping[str, str]]) -> ConceptUse:
    kind, property_ = row["kind"]["value"], row["property"]["value"]
    short = show.names.shorten(property_)
    if list_ := _LISTS.get((show.names.shorten(kind), short)):
        address = show.page(list_[0], **{list_[1]: show.short(concept)})
    elif show.names.shorten(kind) == "mp:Position":
        address = show.page("/positions", by=short, of=show.short(concept))
    else:
        address = show.page("/sparql", query=f"SELECT ?item WHERE {{ ?item a <{kind}> ; <{property_}> <{concept}> }}")
    return ConceptUse(kind, property_, int(row["count"]["value"]), address)
