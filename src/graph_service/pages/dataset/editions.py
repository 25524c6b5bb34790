"""All editions for people: how large each is, what differs from the one before, where to read, cite and download it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph_service.http import web
from graph_service.http.web import addresses
from graph_service.pages.citation import Citation, key_of
from graph_service.pages.dataset.news import NewEdition, editions_of, found_in
from graph_service.pages.parts import PAGE, part_of
from graph_service.pages.visit import PageContent, Visit
from graph_service.snapshots.snapshot import name_of

PATH = addresses.EDITIONS
PARAMS = {"page": PAGE}
# Editions at a time.
_FEW = 25


@dataclass(frozen=True)
class ListedEdition:
    """An edition as the page shows it.

    Attributes:
        listed: as `/catalog.json` lists it.
        counts: how many things of each kind it holds; empty where nobody counted.
        new: when it came into use, and how it compares; None where that is too long ago, or no register tells.
        cited: how to cite it; None where it is not kept.
    """

    listed: Mapping[str, Any]
    counts: Mapping[str, int]
    new: NewEdition | None
    cited: Citation | None


async def editions(visit: Visit) -> PageContent:
    """The editions, the one that was last put into use first."""
    found = found_in(visit) or {}
    catalogue = found.get("catalogue") or {"editions": [_itself(visit)]}
    compared = editions_of(visit, found)
    counts = {one.before: one.news.before for one in compared if one.news and one.news.before}
    counts |= {one.digest: one.news.after for one in compared if one.news and one.news.after}
    current = {row["kind"]["value"]: int(row["count"]["value"]) for row in await visit.rows("counts")}
    counts[visit.edition.digest] = current
    # An edition that was in use several times stands once, with what it came with first.
    by_digest = {one.digest: one for one in compared}
    part = part_of(visit, catalogue["editions"], _FEW)
    shown = [
        ListedEdition(one, counts.get(one["digest"], {}), by_digest.get(one["digest"]), _cited(visit, one))
        for one in part.entries
    ]
    facts = {
        "part": part,
        "shown": shown,
        "editions": visit.request.scope.get("editions", ""),
        "damaged": catalogue.get("damaged"),
        "kinds": [kind for kind in ("positions", "documents", "actors") if kind in current],
    }
    return PageContent("editions", facts)


def _itself(visit: Visit) -> Mapping[str, Any]:
    """The edition that answers, as the catalogue would list it; where nothing serves one, as in a site of files."""
    manifest = visit.edition.manifest
    return {
        "digest": manifest.digest,
        "name": name_of(manifest.digest),
        "state": "in use",
        "since": visit.edition.since or None,
        "triples": manifest.triples,
        "stated": manifest.stated,
        "inferred": manifest.inferred,
        "url": f"{visit.request.origin}/",
        "dumps": [],
    }


def _cited(visit: Visit, listed: Mapping[str, Any]) -> Citation | None:
    kept = visit.request.scope.get("editions", "")
    if listed["url"] is None:
        return None
    title, digest = web.words(visit.language)["title"], listed["digest"]
    address = f"{visit.request.site}{kept}{digest}/" if kept else listed["name"]
    publisher = visit.edition.publisher
    return Citation(title, publisher, title, digest, address, bool(kept), key_of("", digest), visit.language)
