"""Lists of actors and documents, with filters."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.pages.choices import choices_of
from graph_service.pages.chronology import newest_first, within
from graph_service.pages.parts import PAGE, part_of
from graph_service.pages.stances.position_list import facets_of
from graph_service.pages.stances.positions import SharedCautions
from graph_service.pages.things import RecordedThing, iris_of
from graph_service.pages.visit import PageContent, Visit

_TEXT = Parameter(type=Type.STRING, example="sachsen")
ACTORS: Mapping[str, Parameter] = {
    "kind": Parameter(type=Type.IRI, of="id/scheme/actor-kinds", example="id/actor-kind/welfare-association"),
    "level": Parameter(type=Type.IRI, of="id/scheme/levels", example="id/level/land"),
    "text": _TEXT,
}
DOCUMENTS: Mapping[str, Parameter] = {
    "author": Parameter(type=Type.IRI, of="mp:Actor", example="id/actor/paritaet-sachsen"),
    "issue": Parameter(type=Type.IRI, of="id/scheme/issues", example="id/issue/asylum"),
    "kind": Parameter(type=Type.IRI, of="id/scheme/document-kinds", example="id/document-kind/position-paper"),
    "source_kind": Parameter(type=Type.IRI, of="id/scheme/source-kinds", example="id/source-kind/primary"),
    "coverage": Parameter(type=Type.IRI, of="id/scheme/coverages", example="id/coverage/whole-text"),
    "caution": Parameter(type=Type.IRI, of="id/scheme/cautions", example="id/caution/third-party-copy"),
    "since": Parameter(type=Type.DATE, example="2021-01-01"),
    "until": Parameter(type=Type.DATE, example="2021-12-31"),
    "text": _TEXT,
    "page": PAGE,
}

_DOCUMENTS = ("author", "kind", "source_kind", "coverage", "caution")
# Documents at a time.
_FEW = 30
_NO_DAYS: Mapping[str, str] = {}


async def actors(visit: Visit) -> PageContent:
    """The list of actors by name, with how many positions each holds.

    Raises:
        ParameterError: a filter is no IRI.
        QueryError: the store did not answer.
    """
    every, rows = await asyncio.gather(visit.whole("actors"), visit.rows("positions-held"))
    counts = {row["item"]["value"]: int(row["count"]["value"]) for row in rows}
    found = await _narrowed(visit, every, ("kind", "level"))
    facts = {
        **_form(visit, _choices(visit, every, ("kind", "level"))),
        "found": found,
        "shown": [one for one in found if one.iri in counts],
        "folded": [one for one in found if one.iri not in counts],
        "counts": counts,
        "notes": SharedCautions(()),
    }
    return PageContent("actors", facts, iris_of(found))


async def documents(visit: Visit) -> PageContent:
    """The list of documents, the latest first and a few at a time.

    Raises:
        ParameterError: a filter is no IRI.
        QueryError: the store did not answer.
    """
    every, options = await visit.whole("documents-listed"), await choices_of(visit)
    found = await _narrowed(visit, every, _DOCUMENTS)
    if issue := visit.one("issue"):
        # With the issues below it: so many positions on it each document has.
        on_issue = (await facets_of(visit)).counts("document", {"issue": [visit.show.names.expand(issue)]})
        found = [one for one in found if one.iri in on_issue]
    days = {name: visit.one(name) for name in ("since", "until")}
    found = [one for one in found if within(one.one("since"), one.one("until"), **days)]
    found.sort(key=lambda one: newest_first(one.one("since"), one.one("until")))
    part = part_of(visit, found, _FEW)
    offered = _choices(visit, every, _DOCUMENTS)
    facts = {
        **_form(visit, {"author": offered["author"], "issue": visit.by_name(options.others["issue"]), **offered}, days),
        "found": found,
        "shown": part.entries,
        "part": part,
        "notes": SharedCautions([one.all("caution") for one in part.entries]),
    }
    return PageContent("documents", facts, iris_of(part.entries))


async def _narrowed(visit: Visit, every: Mapping[str, RecordedThing], fields: Iterable[str]) -> list[RecordedThing]:
    """Those that have the values and the words that were asked for, by name."""
    await visit.label(iris_of([*every.values()]))
    asked = {name: visit.show.names.expand(value) for name in fields if (value := visit.one(name))}
    kept = [iri for iri, thing in every.items() if all(value in thing.all(name) for name, value in asked.items())]
    return [every[iri] for iri in visit.matching(kept, visit.one("text"))]


def _choices(visit: Visit, every: Mapping[str, RecordedThing], fields: Collection[str]) -> dict[str, list[str]]:
    """What filters offer, by name: the values that occur, and what was asked for."""
    occurring = {name: {value for thing in every.values() for value in thing.all(name)} for name in fields}
    expand = visit.show.names.expand
    return {
        name: visit.by_name(values | {*map(expand, visit.arguments.get(name, ()))})
        for name, values in occurring.items()
    }


def _form(visit: Visit, choices: Mapping[str, list[str]], days: Mapping[str, str] = _NO_DAYS) -> dict[str, object]:
    """What the form of a list shows: what it offers, and what was asked for."""
    narrowed = any(visit.one(name) for name in (*choices, *days, "text"))
    return {"choices": choices, "days": days, "asked": visit.arguments, "narrowed": narrowed, "folded": ()}
