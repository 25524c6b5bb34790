"""`/api/networks/…/edges/{a}/{b}`: the pairs of positions behind a number."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http.api import network_params as params
from graph_service.http.api.network_kinds import NetworkBuilder, NetworkKind
from graph_service.http.api.shapes import REASONS
from graph_service.http.operations.media import JSON, SPARQL
from graph_service.http.operations.operation import Call, DeferredAnswer, Operation, RenderedAnswer
from graph_service.http.operations.writing import query_address, query_link, table_formats, text, written
from graph_service.http.protocol.problems import RequestError
from graph_service.rdf.answers import Value
from graph_service.views import tables
from graph_service.views.labels import Labels
from graph_service.views.tables import Table

if TYPE_CHECKING:
    from graph_service.networks import Reason, Specification, Statement

MOST = 1000
_ENDS = {
    "actors": ("spd", "gruene"),
    "propositions": ("border-controls", "border-rejection"),
    "affiliation": ("paritaet-sachsen", "wos-beirat"),
}
_COLUMNS = (
    "shared", "shared_label", "first", "first_actor", "first_level", "first_date", "first_document", "second",
    "second_actor", "second_level", "second_date", "second_document", "contribution", "share",
)  # fmt: skip


def edge(kind: NetworkKind, maker: NetworkBuilder) -> Operation:
    """The reasons of one edge of this kind of network."""
    first, second = _ENDS[kind.name]
    known = params.of(kind.name)
    kept = {name: about for name, about in known.items() if name not in ("limit", "figures", "window", "unit", "step")}
    kept["limit"] = Parameter(
        type=Type.INTEGER,
        default="100",
        title={"en": f"How many reasons, 1 to {MOST}", "de": f"Wie viele Gründe, 1 bis {MOST}"},
    )

    def answer(call: Call) -> DeferredAnswer:
        if not 1 <= int(call.one("limit")) <= MOST:
            raise ParameterError(f"limit={call.one('limit')[:20]} is not between 1 and {MOST}.")
        specification = maker.specification(kind, call).replace(limit=None)
        if call.format is SPARQL:
            query = maker.query(kind, call)
            return DeferredAnswer(lambda: text(query))
        return DeferredAnswer(lambda: _made(kind, call, maker, specification), query_link(call))

    return Operation(
        path=f"/api/networks/{kind.name}/edges/{{a}}/{{b}}",
        name=f"reasons-of-{kind.name}",
        title={"en": f"{kind.title['en']}: reasons of an edge", "de": f"{kind.title['de']}: Gründe einer Kante"},
        description={
            "en": "The pairs of positions behind the number, the weightiest first; shares sum to the number.",
            "de": "Die Paare von Positionen hinter der Zahl, die gewichtigsten zuerst; die Anteile ergeben die Zahl.",
        },
        tag="networks",
        formats=(JSON, *table_formats(), SPARQL),
        answer=answer,
        params=kept,
        path_params={"a": _end(first), "b": _end(second)},
        schemas={JSON.media_type: REASONS},
        statuses={404: "The network has no such node."},
    )


async def _made(kind: NetworkKind, call: Call, maker: NetworkBuilder, specification: Specification) -> RenderedAnswer:
    # Imported here for a fast start, as in `networks`.
    from graph_service.networks import Reasons, network

    statements = await maker.statements(kind, call)
    folders = _folders(kind, call)
    names = maker.questions.names
    a, b = (names.expand(name if ":" in name else f"id/{folder}/{name}") for name, folder in _pairs(call, folders))

    def find() -> tuple[float, float, list[Reason]]:
        made = network(statements, specification)
        try:
            reasons = Reasons(made, a, b)
        except ParameterError as error:
            raise RequestError(404, error.message, hint=error.hint) from None
        return made.weight(a, b), reasons.denominator, reasons.first(int(call.one("limit")))

    weight, denominator, reasons = await asyncio.to_thread(find)
    shown = {iri for reason in reasons for iri in (reason.shared, *_named(reason.first), *_named(reason.second))}
    labels = await maker.questions.label([], call.request.client, also={*shown, a, b} - {""})
    digest = maker.questions.store.digest
    if call.format is not JSON:
        return await written(Table(_COLUMNS, [_row(reason, labels, call) for reason in reasons]), call, digest)
    content = {
        "dataset": digest,
        "query": query_address(call),
        "language": call.language,
        "source": _referred(a, labels, call),
        "target": _referred(b, labels, call),
        "weight": weight,
        "denominator": denominator,
        "reasons": [_told(reason, labels, call) for reason in reasons],
    }
    return RenderedAnswer(tables.to_json(content))


def _folders(kind: NetworkKind, call: Call) -> tuple[str, str]:
    """Where short names of the two ends lie."""
    if kind.name != "affiliation":
        folder = "actor" if kind.name == "actors" else "proposition"
        return folder, folder
    to = {"body": "actor"}.get(call.one("to"), call.one("to"))
    return {"two-mode": ("actor", to), "actors": ("actor", "actor"), "concepts": (to, to)}[call.one("mode")]


def _pairs(call: Call, folders: tuple[str, str]) -> list[tuple[str, str]]:
    return [(call.path["a"], folders[0]), (call.path["b"], folders[1])]


def _named(statement: Statement | None) -> tuple[str, ...]:
    return () if statement is None else (statement.actor, statement.concept, statement.document)


def _referred(iri: str, labels: Labels, call: Call) -> dict[str, str]:
    return {"id": iri, "label": labels.text(iri, call.language)}


def _told(reason: Reason, labels: Labels, call: Call) -> dict[str, Any]:
    return {
        "shared": _referred(reason.shared, labels, call),
        "first": _statement(reason.first, labels, call),
        "second": None if reason.second is None else _statement(reason.second, labels, call),
        "contribution": reason.contribution,
        "share": reason.share,
    }


def _statement(statement: Statement, labels: Labels, call: Call) -> dict[str, Any]:
    return {
        "id": statement.id or None,
        "actor": _referred(statement.actor, labels, call),
        "concept": _referred(statement.concept, labels, call),
        "level": statement.level,
        "from": statement.date or None,
        "to": statement.until or None,
        "document": _referred(statement.document, labels, call) if statement.document else None,
    }


def _row(reason: Reason, labels: Labels, call: Call) -> list[Value]:
    ends: list[Value] = []
    for statement in (reason.first, reason.second):
        if statement is None:
            ends += [None] * 5
        else:
            about = (statement.id or None, labels.text(statement.actor, call.language), statement.level)
            ends += [*about, statement.date or None, statement.document or None]
    return [reason.shared, labels.text(reason.shared, call.language), *ends, reason.contribution, reason.share]


def _end(example: str) -> Parameter:
    title = {"en": "Short name, CURIE or IRI without slashes", "de": "Kurzname, CURIE oder IRI ohne Schrägstriche"}
    return Parameter(type=Type.STRING, required=True, example=example, title=title)
