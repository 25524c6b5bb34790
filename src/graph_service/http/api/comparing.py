"""`/api/compare`, `/api/matrix`, `/api/timeline`: who stands where, since when, and what kind of silence there is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http.api import coverage
from graph_service.http.api.positions import (
    CELL_COLUMNS,
    POSITION_COLUMNS,
    cell_row,
    cell_told,
    position_row,
    position_told,
    referred,
    shown_by,
)
from graph_service.http.api.shapes import CELL, POSITION, envelope, reference
from graph_service.http.operations.media import JSON, SPARQL
from graph_service.http.operations.operation import Call, DeferredAnswer, Operation, RenderedAnswer
from graph_service.http.operations.questions import Questions
from graph_service.http.operations.writing import (
    in_background,
    query_address,
    query_link,
    table_formats,
    text,
    written,
)
from graph_service.rdf.answers import Value
from graph_service.views import tables
from graph_service.views.comparison import (
    Cell,
    ComparisonOutcome,
    Position,
    Stances,
    Status,
    in_time,
    read_looked_for,
    read_positions,
)
from graph_service.views.labels import Labels
from graph_service.views.tables import Table


def operations(questions: Questions) -> Iterator[Operation]:
    """They and `/api/coverage`."""
    files = {name: questions.file(name) for name in ("coded-positions", "looked-for")}
    comparing = _Comparing(questions, files)
    yield comparing.operation(
        "compare",
        {"en": "Compare actors", "de": "Akteure vergleichen"},
        {
            "en": "Common ground, differences, one-sided and uncovered propositions of two or more actors, "
            "with dates, kinds of source and passages.",
            "de": "Gemeinsames, Unterschiede, Einseitiges und Unbesetztes zweier oder mehrerer Akteure, "
            "mit Daten, Arten der Quelle und Textstellen.",
        },
        {"actor": _several("id/actor/spd id/actor/cducsu"), **FILTERS, "all": ALL},
        comparing.compare,
        {outcome: {"type": "array"} for outcome in _PLURALS.values()},
    )
    yield comparing.operation(
        "matrix",
        {"en": "Actor × proposition", "de": "Akteur × Proposition"},
        {
            "en": "How each actor stands to each proposition. A pair without a cell is not coded.",
            "de": "Wie jeder Akteur zu jeder Proposition steht. Ein Paar ohne Zelle ist nicht kodiert.",
        },
        {"actor": ACTOR, **FILTERS, "all": ALL},
        comparing.matrix,
        {
            "actors": reference(many=True),
            "propositions": reference(many=True),
            "cells": {"type": "array", "items": CELL},
        },
    )
    yield comparing.operation(
        "timeline",
        {"en": "Positions in the order of time", "de": "Positionen in der Reihenfolge der Zeit"},
        {
            "en": "Positions by first possible day of their document; undated ones come last and have no day.",
            "de": "Positionen nach dem frühesten Tag ihres Dokuments; undatierte stehen am Ende und haben keinen Tag.",
        },
        {"actor": ACTOR, **FILTERS, "all": ALL},
        comparing.timeline,
        {"positions": {"type": "array", "items": POSITION}},
    )
    document = _named("id/document/paritaet-sachsen-migration-2019", "Document", "Dokument")
    yield coverage.operation(questions, {"document": document, "actor": ACTOR, "issue": FILTERS["issue"]})


class _Comparing:
    """Answers the three."""

    def __init__(self, questions: Questions, files: Mapping[str, Any]) -> None:
        self._questions = questions
        self._files = files

    def operation(
        self,
        name: str,
        title: Mapping[str, str],
        description: Mapping[str, str],
        params: Mapping[str, Parameter],
        make: Callable[[Call], Awaitable[RenderedAnswer]],
        properties: Mapping[str, Any],
    ) -> Operation:
        """One of them; the query behind each is that of the coded positions."""

        def answer(call: Call) -> DeferredAnswer:
            if name == "compare" and len(set(self._iris(call, "actor"))) < 2:
                raise ParameterError("A comparison needs two different actors.", hint="Repeat the parameter actor.")
            query = self._bound("coded-positions", call)
            if call.format is SPARQL:
                return DeferredAnswer(lambda: text(query))
            return DeferredAnswer(lambda: make(call), query_link(call))

        return Operation(
            path=f"/api/{name}",
            name=name,
            title=title,
            description=description,
            tag="comparison",
            formats=(JSON, *table_formats(), SPARQL),
            answer=answer,
            params=params,
            schemas={JSON.media_type: envelope(properties)},
        )

    async def compare(self, call: Call) -> RenderedAnswer:
        """Propositions by outcome, with the cell of each actor."""
        actors = list(dict.fromkeys(self._iris(call, "actor")))
        stances = await self._stances(call)
        found = list(stances.compare(actors))
        labels = await self._labels(call, [cell for _, _, cells in found for cell in cells])
        if call.format is not JSON:
            rows = [[outcome, *cell_row(cell, labels, call)] for _, outcome, cells in found for cell in cells]
            return await self._table(call, ("outcome", *CELL_COLUMNS), rows)
        content: dict[str, Any] = {"actors": [referred(actor, labels, call) for actor in actors]}
        for outcome, name in _PLURALS.items():
            content[name] = [
                {
                    "proposition": referred(proposition, labels, call),
                    "cells": [cell_told(cell, labels, call) for cell in cells],
                }
                for proposition, found_outcome, cells in found
                if found_outcome is outcome
            ]
        return await self._json(call, content, len(found))

    async def matrix(self, call: Call) -> RenderedAnswer:
        """Actors, propositions, and the cells that are not empty."""
        stances = await self._stances(call)
        actors = list(dict.fromkeys(self._iris(call, "actor"))) or stances.actors
        cells = list(stances.matrix(actors))
        labels = await self._labels(call, cells)
        if call.format is not JSON:
            return await self._table(call, CELL_COLUMNS, [cell_row(cell, labels, call) for cell in cells])
        content = {
            "actors": [referred(actor, labels, call) for actor in actors],
            "propositions": [referred(proposition, labels, call) for proposition in stances.propositions],
            "missing": Status.NOT_CODED,
            "cells": [
                {
                    "actor": cell.actor,
                    "proposition": cell.proposition,
                    "status": cell.status,
                    "agreement": cell.agreement,
                    "positions": [position.iri for position in cell.positions],
                }
                for cell in cells
            ],
        }
        return await self._json(call, content, len(cells))

    async def timeline(self, call: Call) -> RenderedAnswer:
        """Positions in the order of time."""
        positions = sorted(await self._positions(call), key=in_time)
        positions = [position for position in positions if call.flag("all") or position.comparable]
        labels = await self._questions.label([], call.request.client, also=shown_by(positions))
        if call.format is not JSON:
            rows = [position_row(position, labels, call) for position in positions]
            return await self._table(call, POSITION_COLUMNS, rows)
        told = [
            {
                **position_told(position, labels, call),
                "actor": referred(position.actor, labels, call),
                "proposition": referred(position.proposition, labels, call),
            }
            for position in positions
        ]
        return await self._json(call, {"positions": told}, len(told))

    async def _stances(self, call: Call) -> Stances:
        rows = await self._questions.rows(self._bound("looked-for", call), call.request.client)
        return Stances(await self._positions(call), read_looked_for(rows), all_positions=call.flag("all"))

    async def _positions(self, call: Call) -> list[Position]:
        return read_positions(await self._questions.rows(self._bound("coded-positions", call), call.request.client))

    def _bound(self, name: str, call: Call) -> str:
        file = self._files[name]
        arguments = {key: values for key, values in call.arguments.items() if key in file.header.params}
        return str(file.bind(arguments, self._questions.names))

    def _iris(self, call: Call, name: str) -> list[str]:
        names = self._questions.names
        return [names.expand(value) for value in call.arguments.get(name, [])]

    async def _labels(self, call: Call, cells: Sequence[Cell]) -> Labels:
        shown = {iri for cell in cells for iri in (cell.actor, cell.proposition, *cell.searched)}
        shown |= {iri for cell in cells for iri in shown_by(cell.positions)}
        return await self._questions.label([], call.request.client, also=shown)

    async def _table(self, call: Call, columns: tuple[str, ...], rows: Sequence[Sequence[Value]]) -> RenderedAnswer:
        return await written(Table(columns, rows), call, self._questions.store.digest)

    async def _json(self, call: Call, content: Mapping[str, Any], rows: int) -> RenderedAnswer:
        head = {"dataset": self._questions.store.digest, "query": query_address(call), "language": call.language}
        return RenderedAnswer(await in_background(lambda: tables.to_json({**head, **content}), rows))


def _named(example: str, english: str, german: str) -> Parameter:
    return Parameter(type=Type.IRI, repeatable=True, example=example, title={"en": english, "de": german})


def _several(example: str) -> Parameter:
    title = {"en": "Actors, two or more", "de": "Akteure, zwei oder mehr"}
    return Parameter(type=Type.IRI, required=True, repeatable=True, example=example, title=title)


ACTOR = _named("id/actor/spd", "Actor", "Akteur")
FILTERS = {
    "proposition": _named("id/proposition/avb", "Proposition", "Proposition"),
    "issue": _named("id/issue/asylum", "Issue, with the narrower ones", "Thema, mit den Unterthemen"),
    "source_kind": _named("id/source-kind/primary", "Kind of source", "Art der Quelle"),
    "since": Parameter(type=Type.DATE, title={"en": "Documents since", "de": "Dokumente seit"}),
    "until": Parameter(type=Type.DATE, title={"en": "Documents until", "de": "Dokumente bis"}),
}
ALL = Parameter(
    type=Type.BOOLEAN,
    default="false",
    title={
        "en": "Let unverified positions and partial fits count, too",
        "de": "Auch ungeprüfte und teilweise passende Positionen zählen lassen",
    },
)
_PLURALS = {
    ComparisonOutcome.COMMON: "common",
    ComparisonOutcome.DIFFERENCE: "differences",
    ComparisonOutcome.ONE_SIDED: "one_sided",
    ComparisonOutcome.UNCOVERED: "uncovered",
}
