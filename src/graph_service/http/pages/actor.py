"""The page of an actor: what it wants, by issue; where it has a place; whom it works with."""

from __future__ import annotations

from graph_service.http.pages.positions import Told, positions_by, shown_by
from graph_service.http.pages.things import Thing
from graph_service.http.pages.visit import Page, Visit


async def actor(visit: Visit, iri: str) -> Page:
    """The page.

    Args:
        visit: asks.
        iri: of the actor.

    Raises:
        QueryError: the store did not answer.
    """
    found = await visit.things("actor", item=[iri])
    thing = found.get(iri, Thing(iri))
    told = await positions_by(visit, ["mp:heldBy"], [iri])
    issues = await visit.things("issues-of-propositions", item={one.position.one("proposition") for one in told} - {""})
    sections = _by_issue(told, issues)
    shows = thing.iris | shown_by(told) | set(sections)
    facts = {"actor": thing, "positions": told, "sections": sections, "sources": _sources(told)}
    return Page("actor", facts, shows)


def _sources(told: list[Told]) -> list[Told]:
    """One position of each document, the latest document first: for what is to be said of the documents."""
    return list({one.document.iri: one for one in told}.values())


def _by_issue(told: list[Told], issues: dict[str, Thing]) -> dict[str, list[Told]]:
    """The positions under the issue of their proposition, the issue with most positions first; those on none last."""
    found: dict[str, list[Told]] = {}
    for one in told:
        proposition = issues.get(one.position.one("proposition"))
        found.setdefault(proposition.one("issue") if proposition else "", []).append(one)
    return dict(sorted(found.items(), key=lambda item: (not item[0], -len(item[1]), item[0])))
