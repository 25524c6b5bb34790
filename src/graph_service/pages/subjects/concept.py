"""The page of a concept or an instrument: definition, hierarchy, and where the data use it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph_service.http import web
from graph_service.http.protocol.cache import Recent
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.web import LANGUAGES, addresses
from graph_service.pages.parts import part_of
from graph_service.pages.shown import Show
from graph_service.pages.subjects.issues import tree_of
from graph_service.pages.subjects.neighbourhood import How, Tie, map_of
from graph_service.pages.things import RecordedThing, iris_of
from graph_service.pages.visit import PageContent, Visit
from graph_service.rdf.answers import Binding, Row
from graph_service.views.labels import Label

# A scheme of more concepts is shown from the top, a few at a time.
_MOST_IN_A_TREE = 300
# Concepts of a list at a time, and values of a field.
_FEW = 100
# Labels of more cost too much for one page.
_MOST_BY_NAME = 1000
_KEPT, _KEPT_LISTS = 16, 64

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


class _Memory:
    """What is kept for a data set of the schemes and concepts that were looked at last: sizes, lists, uses."""

    def __init__(self) -> None:
        self.sizes: Recent[str, int] = Recent(_KEPT)
        self.lists: Recent[tuple[str, ...], Sequence[str]] = Recent(_KEPT_LISTS)
        self.uses: Recent[str, list[Row]] = Recent(_KEPT_LISTS)
        self.concepts: Recent[str, RecordedThing] = Recent(_KEPT_LISTS)


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
    recorded, rows, narrower = await asyncio.gather(
        _recorded(visit, iri), _uses(visit, iri), _listed(visit, "narrower", item=iri)
    )
    thing = RecordedThing(iri, {name: values[:_FEW] for name, values in recorded.fields.items()})
    uses = [_use(visit.show, iri, row) for row in rows]
    part = part_of(visit, narrower, _FEW)
    await visit.label({*thing.iris, *part.entries})
    around = {"broader": visit.by_name(thing.all("broader")), "narrower": part.entries, "related": thing.all("related")}
    facts = {
        "concept": thing,
        "cut": any(len(values) > _FEW for values in recorded.fields.values()),
        "around": around,
        "part": part,
        "path": addresses.document(visit.show.names, iri, HTML).partition("?")[0],
        "map": map_of(iri, _ties(around), visit.show, web.words(visit.language)),
        "uses": uses,
        "translations": _translations(recorded.texts("name"), visit.language),
    }
    return PageContent("concept", facts, thing.iris | {one for use in uses for one in (use.kind, use.property)})


async def scheme(visit: Visit, iri: str) -> PageContent:
    """The page of a concept scheme: its concepts as a tree, each with its definition; of many, those at the top.

    Args:
        visit: asks.
        iri: of the scheme.

    Raises:
        QueryError: the store did not answer.
    """
    thing, count = await asyncio.gather(_recorded(visit, iri), _size(visit, iri))
    if count > _MOST_IN_A_TREE:
        part = part_of(visit, await _listed(visit, "top-concepts", scheme=iri), _FEW)
        path = addresses.document(visit.show.names, iri, HTML).partition("?")[0]
        facts = {"scheme": thing, "count": count, "part": part, "path": path}
        return PageContent("scheme", facts, {*thing.iris, *part.entries})
    concepts = await visit.things("concepts", scheme=[iri])
    await visit.label(concepts)
    placed = [one for one in concepts if one.startswith(f"{iri.removesuffix('#')}#")]
    facts = {
        "scheme": thing,
        "count": count,
        "concepts": concepts,
        "tree": tree_of(concepts, visit),
        "placed": placed,
    }
    return PageContent("scheme", facts, thing.iris | iris_of([*concepts.values()]))


def _ties(around: Mapping[str, Iterable[str]]) -> Iterator[Tie]:
    for field, iris in around.items():
        for one in iris:
            yield How(True, f"concept.{field}"), one


async def _recorded(visit: Visit, iri: str) -> RecordedThing:
    kept = visit.edition.remembered("schemes", _Memory).concepts
    thing = kept.get(iri)
    if thing is None:
        found = await visit.things("concept", item=[iri])
        thing = found.get(iri, RecordedThing(iri))
        if sum(map(len, thing.fields.values())) <= _MOST_BY_NAME:
            kept.put(iri, thing)
    return thing


async def _size(visit: Visit, scheme: str) -> int:
    kept = visit.edition.remembered("schemes", _Memory).sizes
    size = kept.get(scheme)
    if size is None:
        (row,) = await visit.rows("scheme-size", scheme=[scheme])
        size = int(row["count"]["value"])
        kept.put(scheme, size)
    return size


async def _uses(visit: Visit, iri: str) -> list[Row]:
    kept = visit.edition.remembered("schemes", _Memory).uses
    found = kept.get(iri)
    if found is None:
        found = await visit.rows("uses" if visit.edition.of_model else "uses-by-class", item=[iri])
        kept.put(iri, found)
    return found


async def _listed(visit: Visit, file: str, **of: str) -> Sequence[str]:
    """The concepts that a query file lists for a concept or a scheme, by name unless there are too many to label."""
    kept = visit.edition.remembered("schemes", _Memory).lists
    key = (file, *of.values())
    found = kept.get(key)
    if found is None:
        arguments = {name: [value] for name, value in of.items()}
        found = [row["item"]["value"] for row in await visit.rows(file, **arguments)]
        kept.put(key, found)
    if len(found) > _MOST_BY_NAME:
        return found
    await visit.label(found)
    return visit.by_name(found)


def _translations(names: Sequence[Binding], language: str) -> Sequence[Label]:
    """The names of a concept in other languages by tag; none where all are in the languages of the pages."""
    tagged = sorted({(one["xml:lang"].lower(), one["value"]) for one in names if "xml:lang" in one})
    if all(tag in LANGUAGES for tag, _ in tagged):
        return []
    return [Label(text, tag) for tag, text in tagged if tag != language]


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
