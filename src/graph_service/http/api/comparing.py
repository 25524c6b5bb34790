"""`/api/compare`, `/api/matrix`, `/api/timeline`: positions of actors side by side, over propositions and over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http.api import coverage
from graph_service.http.api.models import Comparison, Matrix, Timeline
from graph_service.http.api.operations import Operation, add
from graph_service.http.api.positions import (
    CELL_COLUMNS,
    DAYS,
    POSITION_COLUMNS,
    cell_json,
    cell_row,
    position_json,
    position_row,
    referred,
    shown_by,
)
from graph_service.http.api.writing import json_response, table_formats, table_response
from graph_service.http.web.call import Call
from graph_service.http.web.media import JSON, SPARQL
from graph_service.http.web.parameters import Texts
from graph_service.views.comparing.coded_positions import Position, count_incomparable, in_time, read_positions
from graph_service.views.comparing.comparison import (
    Cell,
    ComparisonOutcome,
    Stances,
    Status,
    count_left_out,
    count_stances,
    read_looked_for,
)
from graph_service.views.labels import Labels
from graph_service.views.tables import Table


def add_routes(routes: APIRouter) -> None:
    """Add the three, and `/api/coverage`."""
    _add(
        routes,
        "compare",
        {"en": "Compare actors", "de": "Akteure vergleichen"},
        {
            "en": "Where two or more actors agree or differ, where they are conditional, and where only one or none "
            "has a position; by their latest comparable positions, with date, kind of source and passage.",
            "de": "Worin zwei oder mehr Akteure übereinstimmen oder sich unterscheiden, wo sie bedingt urteilen und "
            "wozu nur einer oder keiner eine Position hat; nach den jüngsten vergleichbaren Positionen, mit Datum, Art "
            "der Quelle und Textstelle.",
        },
        {"actor": _several("id/actor/spd id/actor/cducsu"), **FILTERS, "all": ALL},
        _compare,
        Comparison,
    )
    _add(
        routes,
        "matrix",
        {"en": "Actor × proposition", "de": "Akteur × These"},
        {
            "en": "How each actor stands to each proposition by its latest comparable position, and how many stand "
            "where. A pair without a cell is not coded.",
            "de": "Wie jeder Akteur nach seiner jüngsten vergleichbaren Position zu jeder These steht, und wie viele "
            "wo stehen. Ein Paar ohne Zelle ist nicht kodiert.",
        },
        {"actor": ACTOR, **FILTERS, "all": ALL},
        _matrix,
        Matrix,
    )
    _add(
        routes,
        "timeline",
        {"en": "Positions in chronological order", "de": "Positionen in zeitlicher Reihenfolge"},
        {
            "en": "Positions by the earliest possible date of their document; undated ones come last and have no date.",
            "de": "Positionen nach dem frühesten möglichen Datum ihres Dokuments; undatierte stehen am Ende.",
        },
        {"actor": ACTOR, **FILTERS, "all": ALL},
        _timeline,
        Timeline,
    )
    document = _named("mp:Document", "id/document/paritaet-sachsen-migration-2019", "Document", "Dokument")
    coverage.add_route(routes, {"document": document, "actor": ACTOR, "issue": FILTERS["issue"]})


def _add(
    routes: APIRouter,
    name: str,
    title: Mapping[str, str],
    description: Mapping[str, str],
    params: Mapping[str, Parameter],
    answer: Callable[[Call, Texts], Awaitable[Response]],
    model: type[BaseModel],
) -> None:
    """Add one of them; the query behind each is that of the coded positions."""

    async def endpoint(call: Call, arguments: Texts) -> Response:
        if name == "compare" and len(set(_iris(call, arguments))) < 2:
            raise ParameterError("A comparison needs two different actors.", hint="Repeat the parameter actor.")
        if call.format is SPARQL:
            return call.response(_bound("coded-positions", call, arguments).encode())
        return await answer(call, arguments)

    formats = (JSON, *table_formats(), SPARQL)
    add(routes, Operation(f"/{name}", name, title, description, "comparison", formats, model, params), endpoint)


async def _compare(call: Call, arguments: Texts) -> Response:
    """Propositions by outcome, with the cell of each actor."""
    actors = list(dict.fromkeys(_iris(call, arguments)))
    stances = await _stances(call, arguments)
    found = list(stances.compare(actors))
    every = [cell for _, _, cells in found for cell in cells]
    labels = await _labels(call, every)
    if call.format is not JSON:
        rows = [[outcome, *cell_row(cell, labels, call)] for _, outcome, cells in found for cell in cells]
        return await table_response(Table(("outcome", *CELL_COLUMNS), rows, DAYS), call, call.query_link)
    named = [referred(actor, labels, call) for actor in actors]
    content: dict[str, Any] = {**call.head, "actors": named, "left_out": count_left_out(every)}
    for outcome, name in _PLURALS.items():
        content[name] = [
            {
                "proposition": referred(proposition, labels, call),
                "cells": [cell_json(cell, labels, call) for cell in cells],
            }
            for proposition, found_outcome, cells in found
            if found_outcome is outcome
        ]
    return json_response(content, call, call.query_link)


async def _matrix(call: Call, arguments: Texts) -> Response:
    """Actors, propositions, and the cells that are not empty."""
    stances = await _stances(call, arguments)
    actors = list(dict.fromkeys(_iris(call, arguments))) or stances.actors
    cells = list(stances.matrix(actors))
    labels = await _labels(call, cells)
    if call.format is not JSON:
        rows = [cell_row(cell, labels, call) for cell in cells]
        return await table_response(Table(CELL_COLUMNS, rows, DAYS), call, call.query_link)
    numbers = count_stances(cells)
    content = {
        **call.head,
        "actors": [referred(actor, labels, call) for actor in actors],
        "left_out": count_left_out(cells),
        "propositions": [
            {
                **referred(proposition, labels, call),
                **{name: numbers.get(proposition, Counter())[status] for name, status in _COUNTS.items()},
            }
            for proposition in stances.propositions
        ],
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
    return json_response(content, call, call.query_link)


async def _timeline(call: Call, arguments: Texts) -> Response:
    """Positions in chronological order."""
    every = sorted(await _positions(call, arguments), key=in_time)
    positions = [position for position in every if arguments.flag("all") or position.comparable]
    labels = await call.edition.questions.label([], call.client, also=shown_by(positions))
    if call.format is not JSON:
        rows = [position_row(position, labels, call) for position in positions]
        return await table_response(Table(POSITION_COLUMNS, rows, DAYS), call, call.query_link)
    listed = [
        {
            **position_json(position, labels, call),
            "actor": referred(position.actor, labels, call),
            "proposition": referred(position.proposition, labels, call),
        }
        for position in positions
    ]
    left_out = {} if arguments.flag("all") else count_incomparable(every)
    content = {**call.head, "left_out": left_out, "positions": listed}
    return json_response(content, call, call.query_link)


async def _stances(call: Call, arguments: Texts) -> Stances:
    rows = await call.edition.questions.rows(_bound("looked-for", call, arguments), call.client)
    return Stances(await _positions(call, arguments), read_looked_for(rows), all_positions=arguments.flag("all"))


async def _positions(call: Call, arguments: Texts) -> list[Position]:
    return read_positions(await call.edition.questions.rows(_bound("coded-positions", call, arguments), call.client))


def _bound(name: str, call: Call, arguments: Texts) -> str:
    file = call.edition.questions.file(name)
    return file.bind({key: values for key, values in arguments.items() if key in file.header.params}, call.names)


def _iris(call: Call, arguments: Texts) -> list[str]:
    return [call.names.expand(value) for value in arguments.get("actor", [])]


async def _labels(call: Call, cells: Sequence[Cell]) -> Labels:
    shown = {iri for cell in cells for iri in (cell.actor, cell.proposition, *cell.searched)}
    shown |= {iri for cell in cells for iri in shown_by(cell.positions)}
    return await call.edition.questions.label([], call.client, also=shown)


def _named(of: str, example: str, english: str, german: str) -> Parameter:
    return Parameter(type=Type.IRI, of=of, repeatable=True, example=example, title={"en": english, "de": german})


def _several(example: str) -> Parameter:
    title = {"en": "Actors, two or more", "de": "Akteure, zwei oder mehr"}
    return Parameter(type=Type.IRI, of="mp:Actor", required=True, repeatable=True, example=example, title=title)


ACTOR = _named("mp:Actor", "id/actor/spd", "Actor", "Akteur")
FILTERS = {
    "proposition": _named("mp:Proposition", "id/proposition/avb", "Proposition", "These"),
    "issue": _named(
        "id/scheme/issues", "id/issue/asylum", "Issue, with the narrower ones", "Thema, mit den Unterthemen"
    ),
    "source_kind": _named("id/scheme/source-kinds", "id/source-kind/primary", "Kind of source", "Art der Quelle"),
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
# What a proposition of the matrix counts, each actor once.
_COUNTS = {
    "agrees": Status.AGREES,
    "disagrees": Status.DISAGREES,
    "conditional": Status.NEUTRAL,
    "differing": Status.SEVERAL,
}
_PLURALS = {
    ComparisonOutcome.COMMON: "common",
    ComparisonOutcome.DIFFERENCE: "differences",
    ComparisonOutcome.CONDITIONAL: "conditional",
    ComparisonOutcome.ONE_SIDED: "one_sided",
    ComparisonOutcome.UNCOVERED: "uncovered",
}
