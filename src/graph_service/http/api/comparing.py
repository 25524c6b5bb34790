"""`/api/compare`, `/api/matrix`, `/api/timeline` and `/api/coverage`: who stands where, when, and what kind of silence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

from graph_service import tables
from graph_service.comparison import (
    Cell,
    Outcome,
    Position,
    Stances,
    Status,
    in_time,
    read_looked_for,
    read_positions,
)
from graph_service.errors import ParameterError
from graph_service.http.api.media import JSON, SPARQL
from graph_service.http.api.operations import Call, Made, Operation, Work
from graph_service.http.api.questions import Questions
from graph_service.http.api.shapes import CELL, POSITION, envelope, reference
from graph_service.http.api.writing import in_background, query_address, query_link, table_formats, written
from graph_service.labels import Labels
from graph_service.parameters import Parameter, Type
from graph_service.tables import Table, Value


def operations(questions: Questions) -> Iterator[Operation]:
    """The four operations."""
    files = {name: questions.file(name) for name in ("coded-positions", "looked-for", "coverage")}
    comparing = _Comparing(questions, files)
    yield comparing.operation(
        "compare",
        {"en": "Compare actors", "de": "Akteure vergleichen"},
        {
            "en": "Common ground, differences, one-sided and uncovered propositions of two or more actors, with dates, kinds of "
            "source and passages.",
            "de": "Gemeinsames, Unterschiede, Einseitiges und Unbesetztes zweier oder mehrerer Akteure, mit Daten, Arten der "
            "Quelle und Textstellen.",
        },
        {"actor": _several("id/actor/spd id/actor/cducsu"), **_FILTERS, "all": _ALL},
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
        {"actor": _ACTOR, **_FILTERS, "all": _ALL},
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
        {"actor": _ACTOR, **_FILTERS, "all": _ALL},
        comparing.timeline,
        {"positions": {"type": "array", "items": POSITION}},
    )
    yield comparing.operation(
        "coverage",
        {"en": "What was looked for, and where", "de": "Wonach gesucht wurde und wo"},
        {
            "en": "Documents and issues with the number of positions and the kind of silence. A pair that is not here was not "
            "looked for.",
            "de": "Dokumente und Themen mit Zahl der Positionen und Art des Schweigens. Ein Paar, das fehlt, wurde nicht gesucht.",
        },
        {"document": _named("id/document/paritaet-sachsen-migration-2019", "Document", "Dokument"), "actor": _ACTOR}
        | {"issue": _FILTERS["issue"]},
        comparing.coverage,
        {"documents": {"type": "array"}},
    )


class _Comparing:
    """Answers the four operations."""

    def __init__(self, questions: Questions, files: Mapping[str, Any]) -> None:
        self._questions = questions
        self._files = files

    def operation(
        self,
        name: str,
        title: Mapping[str, str],
        description: Mapping[str, str],
        params: Mapping[str, Parameter],
        make: Callable[[Call], Awaitable[Made]],
        properties: Mapping[str, Any],
    ) -> Operation:
        """One of them; the query behind all but coverage is that of the coded positions."""
        file = "coverage" if name == "coverage" else "coded-positions"

        def answer(call: Call) -> Work:
            if name == "compare" and len(set(self._iris(call, "actor"))) < 2:
                raise ParameterError("A comparison needs two different actors.", mend="Repeat the parameter actor.")
            text = self._bound(file, call)
            if call.format is SPARQL:
                return Work(lambda: _text(text))
            return Work(lambda: make(call), query_link(call))

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

    async def compare(self, call: Call) -> Made:
        """Propositions by outcome, with the cell of each actor."""
        actors = list(dict.fromkeys(self._iris(call, "actor")))
        stances = await self._stances(call)
        found = list(stances.compare(actors))
        labels = await self._labels(call, [cell for _, _, cells in found for cell in cells])
        if call.format is not JSON:
            rows = [[outcome, *_row(cell, labels, call)] for _, outcome, cells in found for cell in cells]
            return await self._table(call, ("outcome", *_COLUMNS), rows)
        content: dict[str, Any] = {"actors": [_reference(actor, labels, call) for actor in actors]}
        for outcome, name in _PLURALS.items():
            content[name] = [
                {
                    "proposition": _reference(proposition, labels, call),
                    "cells": [_cell(cell, labels, call) for cell in cells],
                }
                for proposition, found_outcome, cells in found
                if found_outcome is outcome
            ]
        return await self._json(call, content, len(found))

    async def matrix(self, call: Call) -> Made:
        """Actors, propositions, and the cells that are not empty."""
        stances = await self._stances(call)
        actors = list(dict.fromkeys(self._iris(call, "actor"))) or stances.actors
        cells = list(stances.matrix(actors))
        labels = await self._labels(call, cells)
        if call.format is not JSON:
            return await self._table(call, _COLUMNS, [_row(cell, labels, call) for cell in cells])
        content = {
            "actors": [_reference(actor, labels, call) for actor in actors],
            "propositions": [_reference(proposition, labels, call) for proposition in stances.propositions],
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

    async def timeline(self, call: Call) -> Made:
        """Positions in the order of time."""
        positions = sorted(await self._positions(call), key=in_time)
        positions = [position for position in positions if call.flag("all") or position.comparable]
        labels = await self._questions.label([], call.request.client, also=_named_by(positions))
        if call.format is not JSON:
            rows = [_position_row(position, labels, call) for position in positions]
            return await self._table(call, _POSITION_COLUMNS, rows)
        told = [
            {
                **_position(position, labels, call),
                "actor": _reference(position.actor, labels, call),
                "proposition": _reference(position.proposition, labels, call),
            }
            for position in positions
        ]
        return await self._json(call, {"positions": told}, len(told))

    async def coverage(self, call: Call) -> Made:
        """Documents and issues, and what their silence means."""
        rows = await self._questions.rows(self._bound("coverage", call), call.request.client)
        labels = await self._questions.label(rows, call.request.client)
        pairs = []
        for row in rows:
            number, searched = int(row["positions"]["value"]), row["searched"]["value"] == "true"
            silence = Status.NONE_FOUND if searched else Status.NOT_CODED
            status = "positions" if number else silence.value
            pairs.append((row["document"]["value"], row["issue"]["value"], number, searched, status, row))
        if call.format is not JSON:
            made: list[list[Value]] = [
                [d, labels.text(d, call.language), i, labels.text(i, call.language), number, searched, status]
                for d, i, number, searched, status, _ in pairs
            ]
            return await self._table(call, _COVERAGE_COLUMNS, made)
        documents: dict[str, dict[str, Any]] = {}
        for document, issue, number, searched, status, row in pairs:
            told = documents.setdefault(document, _document(row, labels, call))
            reference = _reference(issue, labels, call)
            told["issues"].append({"issue": reference, "positions": number, "searched": searched, "status": status})
        return await self._json(call, {"documents": list(documents.values())}, len(pairs))

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
        shown |= {iri for cell in cells for iri in _named_by(cell.positions)}
        return await self._questions.label([], call.request.client, also=shown)

    async def _table(self, call: Call, columns: tuple[str, ...], rows: Sequence[Sequence[Value]]) -> Made:
        return await written(Table(columns, rows), call, self._questions.store.digest)

    async def _json(self, call: Call, content: Mapping[str, Any], rows: int) -> Made:
        head = {"dataset": self._questions.store.digest, "query": query_address(call), "language": call.language}
        return Made(await in_background(lambda: tables.to_json({**head, **content}), rows))


async def _text(text: str) -> Made:
    return Made(text.encode())


def _reference(iri: str, labels: Labels, call: Call) -> dict[str, str]:
    return {"id": iri, "label": labels.text(iri, call.language)}


def _named_by(positions: Sequence[Position]) -> set[str]:
    """The IRIs that are shown of positions."""
    return {
        iri
        for position in positions
        for iri in (
            position.actor,
            position.proposition,
            position.document,
            position.verb,
            position.source_kind,
            *position.kinds,
            *position.cautions,
            *position.passages,
        )
        if iri
    }


def _position(position: Position, labels: Labels, call: Call) -> dict[str, Any]:
    """A position as JSON, with labels."""
    told = position.told(call.language)
    for name in ("verb", "document", "source_kind"):
        told[name] = _reference(told[name], labels, call) if told[name] else None
    for name in ("kinds", "passages", "cautions"):
        told[name] = [_reference(iri, labels, call) for iri in told[name]]
    return told


def _cell(cell: Cell, labels: Labels, call: Call) -> dict[str, Any]:
    return {
        "actor": cell.actor,
        "status": cell.status,
        "agreement": cell.agreement,
        "positions": [_position(position, labels, call) for position in cell.positions],
        "searched": [_reference(document, labels, call) for document in cell.searched],
    }


def _row(cell: Cell, labels: Labels, call: Call) -> list[Value]:
    return [
        cell.actor,
        labels.text(cell.actor, call.language),
        cell.proposition,
        labels.text(cell.proposition, call.language),
        cell.status.value,
        cell.agreement,
        len(cell.positions),
        " | ".join(position.iri for position in cell.positions) or None,
        min((position.since for position in cell.positions if position.since), default=None),
        max((position.until for position in cell.positions if position.until), default=None),
    ]


def _position_row(position: Position, labels: Labels, call: Call) -> list[Value]:
    told = position.told(call.language)
    named = (position.actor, position.proposition, position.document, position.source_kind)
    labelled = [cell for iri in named for cell in (iri or None, labels.text(iri, call.language) if iri else None)]
    cautions = " | ".join(labels.text(iri, call.language) for iri in sorted(position.cautions)) or None
    return [told["from"], told["to"], position.iri, position.agreement, *labelled, told["text"], cautions]


def _document(row: tables.Row, labels: Labels, call: Call) -> dict[str, Any]:
    return {
        **_reference(row["document"]["value"], labels, call),
        "from": row["from"]["value"] if "from" in row else None,
        "to": row["to"]["value"] if "to" in row else None,
        "coverage": _reference(row["how"]["value"], labels, call) if "how" in row else None,
        "issues": [],
    }


def _named(example: str, english: str, german: str) -> Parameter:
    return Parameter(type=Type.IRI, repeatable=True, example=example, title={"en": english, "de": german})


def _several(example: str) -> Parameter:
    title = {"en": "Actors, two or more", "de": "Akteure, zwei oder mehr"}
    return Parameter(type=Type.IRI, required=True, repeatable=True, example=example, title=title)


_ACTOR = _named("id/actor/spd", "Actor", "Akteur")
_FILTERS = {
    "proposition": _named("id/proposition/avb", "Proposition", "Proposition"),
    "issue": _named("id/issue/asylum", "Issue, with the narrower ones", "Thema, mit den Unterthemen"),
    "source_kind": _named("id/source-kind/primary", "Kind of source", "Art der Quelle"),
    "since": Parameter(type=Type.DATE, title={"en": "Documents since", "de": "Dokumente seit"}),
    "until": Parameter(type=Type.DATE, title={"en": "Documents until", "de": "Dokumente bis"}),
}
_ALL = Parameter(
    type=Type.BOOLEAN,
    default="false",
    title={
        "en": "Let unverified positions and partial fits count, too",
        "de": "Auch ungeprüfte und teilweise passende Positionen zählen lassen",
    },
)
_PLURALS = {
    Outcome.COMMON: "common",
    Outcome.DIFFERENCE: "differences",
    Outcome.ONE_SIDED: "one_sided",
    Outcome.UNCOVERED: "uncovered",
}
_COLUMNS = (
    "actor", "actor_label", "proposition", "proposition_label", "status", "agreement", "count", "positions", "from", "to",
)  # fmt: skip
_POSITION_COLUMNS = (
    "from", "to", "position", "agreement", "actor", "actor_label", "proposition", "proposition_label", "document",
    "document_label", "source_kind", "source_kind_label", "text", "cautions",
)  # fmt: skip
_COVERAGE_COLUMNS = (
    "document", "document_label", "issue", "issue_label", "positions", "searched", "status",
)  # fmt: skip
