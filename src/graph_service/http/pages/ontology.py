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


class Ontology:
    """Makes the page of the ontology; what it tells is the same for all who read one language of one data set."""

    def __init__(self) -> None:
        self._kept: Recent[tuple[str, str, str], tuple[Terms, Mapping[str, TermUse]]] = Recent(_KEPT)

    async def page(self, visit: Visit) -> PageContent:
        """The page.

        Raises:
            QueryError: the store did not answer.
        """
        names, root = visit.show.names, visit.show.root
        terms, uses = await self._told(visit)
        documents = [(format_, root + addresses.ontology(format_)) for format_ in addresses.DATA]
        facts = {"terms": terms, "uses": uses, "documents": documents, "iri": f"{names.base}ontology"}
        return PageContent("ontology", facts, {use.example for use in uses.values()})

    async def _told(self, visit: Visit) -> tuple[Terms, Mapping[str, TermUse]]:
        names, root = visit.show.names, visit.show.root
        key = (visit.questions.store.digest, visit.language, root)
        told = self._kept.get(key)
        if told is None:
            terms = Terms(await visit.rows("ontology", graph=[names.ontology_graph]), names, visit.language, root)
            told = terms, await _uses(visit, terms)
            self._kept.put(key, told)
        return told


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
