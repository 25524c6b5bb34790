"""The search page for data of any ontology: hits by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.pages.asking.searching import HITS, SearchResult, result
from graph_service.pages.classes import sizes
from graph_service.pages.visit import PageContent, Visit
from graph_service.views.searching.search import SearchHit

PARAMS = {"q": Parameter(type=Type.STRING, title={"en": "What is looked for", "de": "Was gesucht wird"})}


async def search(visit: Visit) -> PageContent:
    """The page; it searches the index that the API searches, too.

    Raises:
        LimitExceeded: the data set has more texts than an index holds.
        QueryError: the store did not answer.
    """
    words = visit.one("q").strip()
    hits: Sequence[SearchHit] = []
    if words:
        hits = await visit.edition.index.find(words, language=visit.language, limit=HITS)
    known = await sizes(visit)
    found: dict[str, list[SearchResult]] = {}
    for hit in hits:
        found.setdefault(_narrowest(hit.kinds, known), []).append(result(hit))
    facts = {"words": words, "groups": found}
    return PageContent("finding", facts, {*found, *(hit.item for hit in hits)})


def _narrowest(classes: Sequence[str], known: Mapping[str, int]) -> str:
    """The class with fewest things; one that the page of classes does not list comes after all others."""
    return min(classes, key=lambda one: (known.get(one, float("inf")), one))
