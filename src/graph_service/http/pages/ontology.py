"""The page of the ontology: its terms, how the data use them, and what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph_service.errors import QueryTimeout
from graph_service.http.pages.terms import Terms
from graph_service.http.pages.visit import PageContent, Visit
from graph_service.http.protocol.cache import Recent
from graph_service.http.web import addresses

_KEPT = 8


@dataclass(frozen=True)
class TermUse:
    """How often the data use a term, and the IRI of one thing of which it is said."""

    count: int
    example: str


class _Memory:
    """What is kept for a data set: terms and their uses, which are the same for all who read one language."""

    def __init__(self) -> None:
        self.terms: Recent[tuple[str, str], tuple[Terms, Mapping[str, TermUse]]] = Recent(_KEPT)


async def ontology(visit: Visit) -> PageContent:
    """The page.

    Raises:
        QueryError: the store did not answer.
    """
    names, root = visit.show.names, visit.show.root
    terms, uses = await _terms(visit)
    documents = [(format_, root + addresses.ontology(format_)) for format_ in addresses.DATA]
    facts = {"terms": terms, "uses": uses, "documents": documents, "iri": f"{names.base}ontology"}
    return PageContent("ontology", facts, {use.example for use in uses.values()})


async def _terms(visit: Visit) -> tuple[Terms, Mapping[str, TermUse]]:
    names, root = visit.show.names, visit.show.root
    kept = visit.edition.remembered("ontology", _Memory).terms
    found = kept.get((visit.language, root))
    if found is None:
        terms = Terms(await visit.rows("ontology", graph=[names.ontology_graph]), names, visit.language, root)
        found = terms, await _uses(visit, terms)
        kept.put((visit.language, root), found)
    return found


async def _uses(visit: Visit, terms: Terms) -> Mapping[str, TermUse]:
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
