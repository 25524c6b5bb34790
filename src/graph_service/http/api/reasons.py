"""`/api/networks/…/edges/{a}/{b}`: the pairs of positions behind an edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.responses import Response

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http.api import network_params as params
from graph_service.http.api.network_kinds import NetworkKind, query_behind, specification, statements
from graph_service.http.api.network_models import EdgeReasons
from graph_service.http.api.operations import Operation, add
from graph_service.http.api.positions import referred
from graph_service.http.api.writing import json_response, table_formats, table_response
from graph_service.http.protocol.problems import RequestError
from graph_service.http.web.call import Call
from graph_service.http.web.media import JSON, SPARQL
from graph_service.http.web.parameters import Texts
from graph_service.rdf.answers import Value
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
    "shared", "shared_label", "first", "first_actor", "first_level", "first_date", "first_date_as_given",
    "first_document", "second", "second_actor", "second_level", "second_date", "second_date_as_given",
    "second_document", "contribution", "share",
)  # fmt: skip

_DAYS = frozenset({"first_date", "second_date"})


def add_route(routes: APIRouter, kind: NetworkKind) -> None:
    """Add the reasons of one edge of this kind of network."""
    first, second = _ENDS[kind.name]
    known = params.of(kind.name)
    kept = {name: about for name, about in known.items() if name not in ("limit", "figures", "window", "unit", "step")}
    kept["limit"] = Parameter(
        type=Type.INTEGER,
        default="100",
        title={"en": f"How many reasons, 1 to {MOST}", "de": f"Wie viele Gründe, 1 bis {MOST}"},
    )

    async def reasons_of(call: Call, arguments: Texts, a: str, b: str) -> Response:
        if not 1 <= int(arguments.one("limit")) <= MOST:
            raise ParameterError(f"limit={arguments.one('limit')[:20]} is not between 1 and {MOST}.")
        chosen = specification(kind, arguments).replace(limit=None)
        if call.format is SPARQL:
            return call.response(query_behind(call.edition.questions, arguments).encode())
        ends = zip((a, b), _folders(kind, arguments), strict=True)
        first, second = (call.names.expand(name if ":" in name else f"id/{folder}/{name}") for name, folder in ends)
        return await _answer(call, arguments, chosen, first, second)

    operation = Operation(
        path=f"/networks/{kind.name}/edges/{{a}}/{{b:path}}",
        name=f"reasons-of-{kind.name}",
        title={"en": f"{kind.title['en']}: reasons of an edge", "de": f"{kind.title['de']}: Gründe einer Kante"},
        description={
            "en": "The pairs of positions behind the number, the weightiest first; shares sum to the number.",
            "de": "Die Paare von Positionen hinter der Zahl, die gewichtigsten zuerst; die Anteile ergeben die Zahl.",
        },
        tag="networks",
        formats=(JSON, *table_formats(), SPARQL),
        model=EdgeReasons,
        params=kept,
        parts={"a": _end(first), "b": _end(second)},
        statuses={404: "The network has no such node."},
    )
    add(routes, operation, reasons_of)


async def _answer(call: Call, arguments: Texts, chosen: Specification, a: str, b: str) -> Response:
    # Imported here for a fast start, as in `networks`.
    from graph_service.networks import Reasons, network

    found = await statements(call.edition.questions, arguments, call.client)

    computed = network(found, chosen)
    try:
        known = Reasons(computed, a, b)
    except ParameterError as error:
        raise RequestError(404, error.message, hint=error.hint) from None
    weight, denominator, reasons = computed.weight(a, b), known.denominator, known.first(int(arguments.one("limit")))
    shown = {iri for reason in reasons for iri in (reason.shared, *_named(reason.first), *_named(reason.second))}
    labels = await call.edition.questions.label([], call.client, also={*shown, a, b} - {""})
    if call.format is not JSON:
        rows = [_row(reason, labels, call) for reason in reasons]
        return await table_response(Table(_COLUMNS, rows, _DAYS), call, call.query_link)
    content = {
        **call.head,
        "source": referred(a, labels, call),
        "target": referred(b, labels, call),
        "weight": weight,
        "denominator": denominator,
        "reasons": [_reason_json(reason, labels, call) for reason in reasons],
    }
    return json_response(content, call, call.query_link)


def _folders(kind: NetworkKind, arguments: Texts) -> tuple[str, str]:
    """Where short names of the two ends lie."""
    if kind.name != "affiliation":
        folder = "actor" if kind.name == "actors" else "proposition"
        return folder, folder
    to = {"body": "actor"}.get(arguments.one("to"), arguments.one("to"))
    return {"two-mode": ("actor", to), "actors": ("actor", "actor"), "concepts": (to, to)}[arguments.one("mode")]


def _named(statement: Statement | None) -> tuple[str, ...]:
    return () if statement is None else (statement.actor, statement.concept, statement.document)


def _reason_json(reason: Reason, labels: Labels, call: Call) -> dict[str, Any]:
    return {
        "shared": referred(reason.shared, labels, call),
        "first": _statement(reason.first, labels, call),
        "second": None if reason.second is None else _statement(reason.second, labels, call),
        "contribution": reason.contribution,
        "share": reason.share,
    }


def _statement(statement: Statement, labels: Labels, call: Call) -> dict[str, Any]:
    return {
        "id": statement.id or None,
        "actor": referred(statement.actor, labels, call),
        "concept": referred(statement.concept, labels, call),
        "level": statement.level,
        "from": statement.date or None,
        "to": statement.until or None,
        "date_as_given": _as_given(statement),
        "document": referred(statement.document, labels, call) if statement.document else None,
    }


def _as_given(statement: Statement) -> str | None:
    return statement.attributes.get("date_as_given") or None


def _row(reason: Reason, labels: Labels, call: Call) -> list[Value]:
    ends: list[Value] = []
    for statement in (reason.first, reason.second):
        if statement is None:
            ends += [None] * 6
        else:
            about = (statement.id or None, labels.text(statement.actor, call.language), statement.level)
            ends += [*about, statement.date or None, _as_given(statement), statement.document or None]
    return [reason.shared, labels.text(reason.shared, call.language), *ends, reason.contribution, reason.share]


def _end(example: str) -> Parameter:
    title = {"en": "Short name, CURIE or IRI without slashes", "de": "Kurzname, CURIE oder IRI ohne Schrägstriche"}
    return Parameter(type=Type.STRING, required=True, example=example, title=title)
