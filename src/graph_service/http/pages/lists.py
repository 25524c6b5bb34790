"""Lists of actors, documents and positions, with filters."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http.pages.parts import PAGE, part_of
from graph_service.http.pages.positions import positions_among, shown_by
from graph_service.http.pages.things import RecordedThing, iris_of
from graph_service.http.pages.visit import PageContent, Visit
from graph_service.http.protocol.cache import Recent

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
POSITIONS: Mapping[str, Parameter] = {
    "by": Parameter(type=Type.IRI, required=True, example="mp:concernsGroup"),
    "of": Parameter(type=Type.IRI, required=True, example="id/target-group/refugees"),
    "page": PAGE,
}

_DOCUMENTS = ("kind", "source_kind", "coverage", "caution")
# Documents or positions at a time.
_FEW = 30
_KEPT = 16


class _Memory:
    """What is kept for a data set: the positions of the last few lists, which serve all their pages."""

    def __init__(self) -> None:
        self.items: Recent[tuple[str, str], list[str]] = Recent(_KEPT)


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
    found.sort(key=lambda one: one.one("until") or one.one("since"), reverse=True)
    part = part_of(visit, found, _FEW)
    facts = {"found": found, "part": part, **_choices(visit, every, _DOCUMENTS)}
    return PageContent("documents", facts, iris_of(part.entries))


async def positions(visit: Visit) -> PageContent:
    """The positions that a property links to a thing, the latest first and a few at a time.

    Raises:
        ParameterError: no property or no thing is given, one is no IRI, or the data set knows no such thing.
        QueryError: the store did not answer.
    """
    by, of = visit.one("by"), visit.one("of")
    kept = visit.edition.remembered("positions-listed", _Memory).items
    items = kept.get((by, of))
    if items is None:
        items = [row["item"]["value"] for row in await visit.rows("positions-listed", by=[by], of=[of])]
        kept.put((by, of), items)
    part = part_of(visit, items, _FEW)
    entries = await positions_among(visit, part.entries)
    property_, thing = (visit.show.names.expand(value) for value in (by, of))
    if not items and await visit.edition.descriptions.known([thing], visit.questions.asked_by(visit.client)) is None:
        raise ParameterError(
            f"of={of[:80]!r} is not known in this data set.", hint=f"For example: of={POSITIONS['of'].example}"
        )
    facts = {
        "property": property_,
        "thing": thing,
        "positions": entries,
        "part": part,
    }
    return PageContent("positions", facts, shown_by(entries) | {property_, thing})


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
