"""The pages of ontologies: their terms, how the data use them, and what changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from graph_service.errors import QueryTimeout
from graph_service.http.protocol.cache import Recent
from graph_service.http.web import addresses
from graph_service.pages.subjects.terms import Terms, space_of
from graph_service.pages.visit import PageContent, Visit
from graph_service.rdf.answers import Row, iris

_KEPT, _KEPT_USES = 8, 32


@dataclass(frozen=True)
class TermUse:
    """How often the data use a term, and the IRI of one thing of which it is said."""

    count: int
    example: str


_Uses: TypeAlias = Mapping[str, TermUse]


class _Memory:
    """What is kept for a data set: terms, which are the same for all who read one language, and their uses."""

    def __init__(self) -> None:
        self.terms: Recent[tuple[str, str, str], Terms] = Recent(_KEPT)
        self.uses: Recent[str, _Uses] = Recent(_KEPT_USES)


async def ontology(visit: Visit) -> PageContent:
    """The page of the ontology at `BASE ontology`; where there is none, that of the only one, or a list of all.

    Raises:
        QueryError: the store did not answer.
    """
    names, root = visit.show.names, visit.show.root
    own = f"{names.base}ontology"
    documents = [(format_, root + addresses.ontology(format_)) for format_ in addresses.DATA]
    declared = [row["ontology"]["value"] for row in await visit.rows("ontologies")]
    if own not in declared and len(declared) > 1:
        return PageContent("ontologies", {"ontologies": declared, "documents": documents}, declared)
    if own not in declared and declared:
        page = await ontology_at(visit, declared[0])
        return replace(page, facts={**page.facts, "documents": documents, "iri": declared[0]})
    rows = partial(visit.rows, "ontology", graph=[names.ontology_graph])
    terms, uses = await _terms(visit, own, rows)
    facts = {"terms": terms, "uses": uses, "documents": documents, "iri": own}
    return PageContent("ontology", facts, {use.example for use in uses.values()})


async def ontology_at(visit: Visit, iri: str) -> PageContent:
    """The page of an ontology at its own IRI; `placed` are the terms that have a place on it.

    Raises:
        QueryError: the store did not answer.
    """
    names = visit.show.names
    bound = {"ontology": iri, "space": space_of(iri), "inferred": names.inferred_graph[1:-1]}
    arguments = {name: [f"<{value}>"] for name, value in bound.items()}
    terms, uses = await _terms(visit, iri, partial(visit.rows, "ontology-at", **arguments))
    facts = {"terms": terms, "uses": uses, "iri": iri, "placed": {*terms.by_iri}}
    return PageContent("ontology", facts, {use.example for use in uses.values()})


async def _terms(visit: Visit, iri: str, rows: Callable[[], Awaitable[list[Row]]]) -> tuple[Terms, _Uses]:
    """The terms of an ontology, kept by language, and their uses; `rows` asks for what is said of them."""
    names, root = visit.show.names, visit.show.root
    kept = visit.edition.remembered("ontology", _Memory)
    terms, uses = kept.terms.get((iri, visit.language, root)), kept.uses.get(iri)
    if terms is None:
        said = await rows()
        await visit.label(iris(said))
        terms = Terms(said, names, visit.show.labels, visit.language, root, iri)
        kept.terms.put((iri, visit.language, root), terms)
    if uses is None:
        uses = await _uses(visit, terms)
        kept.uses.put(iri, uses)
    return terms, uses


async def _uses(visit: Visit, terms: Terms) -> _Uses:
    """How the data use the terms; nothing where counting takes longer than a query may, as in the largest graphs."""
    listed = [term.name.title for found in terms.kinds.values() for term in found]
    try:
        rows = await visit.rows("examples", term=[f"<{iri}>" for iri in listed]) if listed else []
    except QueryTimeout:
        return {}
    return {
        row["term"]["value"]: TermUse(int(row["count"]["value"]), row["example"]["value"])
        for row in rows
        if "/.well-known/genid/" not in row["example"]["value"]
    }
