"""Lists of actors and documents, with filters."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.http.pages.chronology import newest_first
from graph_service.http.pages.parts import PAGE, part_of
from graph_service.http.pages.things import RecordedThing, iris_of
from graph_service.http.pages.visit import PageContent, Visit

_TEXT = Parameter(type=Type.STRING, example="sachsen")
ACTORS: Mapping[str, Parameter] = {
    "kind": Parameter(type=Type.IRI, of="id/scheme/actor-kinds", example="id/actor-kind/welfare-association"),
    "level": Parameter(type=Type.IRI, of="id/scheme/levels", example="id/level/land"),
    "text": _TEXT,
}
DOCUMENTS: Mapping[str, Parameter] = {
    "kind": Parameter(type=Type.IRI, of="id/scheme/document-kinds", example="id/document-kind/position-paper"),
    "source_kind": Parameter(type=Type.IRI, of="id/scheme/source-kinds", example="id/source-kind/primary"),
    "coverage": Parameter(type=Type.IRI, of="id/scheme/coverages", example="id/coverage/whole-text"),
    "caution": Parameter(type=Type.IRI, of="id/scheme/cautions", example="id/caution/third-party-copy"),
    "text": _TEXT,
    "page": PAGE,
}

_DOCUMENTS = ("kind", "source_kind", "coverage", "caution")
# Documents at a time.
_FEW = 30


async def actors(visit: Visit) -> PageContent:
    """The list of actors by name, with how many positions each holds.

    Raises:
        ParameterError: a filter is no IRI.
        QueryError: the store did not answer.
    """
    every, rows = await asyncio.gather(visit.things("actors"), visit.rows("positions-held"))
    counts = {row["item"]["value"]: int(row["count"]["value"]) for row in rows}
    found = await _narrowed(visit, every, ("kind", "level"))
    facts = {"found": found, "counts": counts, **_choices(visit, every, ("kind", "level"))}
    return PageContent("actors", facts, iris_of(found))


async def documents(visit: Visit) -> PageContent:
    """The list of documents, the latest first and a few at a time.

    Raises:
        ParameterError: a filter is no IRI.
        QueryError: the store did not answer.
    """
    every = await visit.things("documents-listed")
    found = await _narrowed(visit, every, _DOCUMENTS)
    found.sort(key=lambda one: newest_first(one.one("since"), one.one("until")))
    part = part_of(visit, found, _FEW)
    facts = {"found": found, "part": part, **_choices(visit, every, _DOCUMENTS)}
    return PageContent("documents", facts, iris_of(part.entries))


async def _narrowed(visit: Visit, every: Mapping[str, RecordedThing], fields: Iterable[str]) -> list[RecordedThing]:
    """Those that have the values and the words that were asked for, by name."""
    await visit.label(iris_of([*every.values()]))
    asked = {name: visit.show.names.expand(value) for name in fields if (value := visit.one(name))}
    kept = [iri for iri, thing in every.items() if all(value in thing.all(name) for name, value in asked.items())]
    return [every[iri] for iri in visit.matching(kept, visit.one("text"))]


def _choices(visit: Visit, every: Mapping[str, RecordedThing], fields: Iterable[str]) -> Mapping[str, object]:
    """What filters offer: the values that occur, by name; and what was asked for."""
    choices = {name: visit.by_name({value for thing in every.values() for value in thing.all(name)}) for name in fields}
    return {"choices": choices, "asked": visit.arguments}
