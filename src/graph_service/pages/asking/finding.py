"""The search page for data of any ontology: hits by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.pages.asking.searching import HITS, SearchResult, result
from graph_service.pages.classes import sizes
from graph_service.pages.visit import PageContent, Visit
from graph_service.views.searching.search import SearchHit

PARAMS = {
    "q": Parameter(type=Type.STRING, title={"en": "What is looked for", "de": "Was gesucht wird"}),
    "class": Parameter(type=Type.IRI, title={"en": "Class of what is looked for", "de": "Klasse des Gesuchten"}),
}


async def search(visit: Visit) -> PageContent:
    """The page; it searches the index that the API searches, too.

    Raises:
        LimitExceeded: the data set has more texts than an index holds.
        QueryError: the store did not answer.
    """
    words, class_ = visit.one("q").strip(), visit.one("class") and visit.show.names.expand(visit.one("class"))
    hits: Sequence[SearchHit] = []
    if words:
        hits = await visit.edition.index.find(words, kind=class_, language=visit.language, limit=HITS + 1)
    known = await sizes(visit)
    found: dict[str, list[SearchResult]] = {}
    for hit in hits[:HITS]:
        found.setdefault(class_ or _narrowest(hit.kinds, known), []).append(result(hit))
    facts = {"words": words, "groups": found, "cut": HITS if len(hits) > HITS else 0, "narrowed": class_}
    return PageContent("finding", facts, {*found, *(hit.item for hit in hits)})


def _narrowest(classes: Sequence[str], known: Mapping[str, int]) -> str:
    """The class with fewest things; one that the page of classes does not list comes after all others."""
    return min(classes, key=lambda one: (known.get(one, float("inf")), one))
