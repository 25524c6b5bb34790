"""Actors and documents as lists, narrowed by what one knows of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from graph_service.http.pages.things import Thing, iris_of
from graph_service.http.pages.visit import Page, Visit
from graph_service.parameters import Parameter, Type

_TEXT = Parameter(type=Type.STRING, example="sachsen")
ACTORS: Mapping[str, Parameter] = {
    "kind": Parameter(type=Type.IRI, example="id/actor-kind/welfare-association"),
    "level": Parameter(type=Type.IRI, example="id/level/land"),
    "text": _TEXT,
}
DOCUMENTS: Mapping[str, Parameter] = {
    "kind": Parameter(type=Type.IRI, example="id/document-kind/position-paper"),
    "source_kind": Parameter(type=Type.IRI, example="id/source-kind/primary"),
    "text": _TEXT,
}


async def actors(visit: Visit) -> Page:
    """The list of actors by name, with how many positions each holds.

    Raises:
        ParameterError: a filter is no IRI.
        QueryError: the store did not answer.
    """
    every, rows = await asyncio.gather(visit.things("actors"), visit.rows("positions-held"))
    counts = {row["item"]["value"]: int(row["count"]["value"]) for row in rows}
    found = await _narrowed(visit, every, ("kind", "level"))
    facts = {"found": found, "counts": counts, **_choices(visit, every, ("kind", "level"))}
    return Page("actors", facts, iris_of(found))


async def documents(visit: Visit) -> Page:
    """The list of documents, the latest first.

    Raises:
        ParameterError: a filter is no IRI.
        QueryError: the store did not answer.
    """
    every = await visit.things("documents-listed")
    found = await _narrowed(visit, every, ("kind", "source_kind"))
    found.sort(key=lambda one: one.one("until") or one.one("since"), reverse=True)
    return Page("documents", {"found": found, **_choices(visit, every, ("kind", "source_kind"))}, iris_of(found))


async def _narrowed(visit: Visit, every: Mapping[str, Thing], fields: Iterable[str]) -> list[Thing]:
    """Those that have the values and the words that were asked for, by name."""
    await visit.label(iris_of([*every.values()]))
    asked = {name: visit.show.names.expand(value) for name in fields if (value := visit.call.one(name))}
    kept = [iri for iri, thing in every.items() if all(value in thing.all(name) for name, value in asked.items())]
    return [every[iri] for iri in visit.matching(kept, visit.call.one("text"))]


def _choices(visit: Visit, every: Mapping[str, Thing], fields: Iterable[str]) -> Mapping[str, object]:
    """What filters offer: the values that occur, by name; and what was asked for."""
    choices = {name: visit.by_name({value for thing in every.values() for value in thing.all(name)}) for name in fields}
    return {"choices": choices, "asked": visit.call.arguments}
