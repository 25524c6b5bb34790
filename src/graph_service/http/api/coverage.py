"""`/api/coverage`: which documents were searched for which issues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from graph_service.catalogue.parameters import Parameter
from graph_service.http.api.models import Coverage
from graph_service.http.api.operations import Operation, add
from graph_service.http.api.positions import referred
from graph_service.http.api.writing import json_response, table_formats, table_response
from graph_service.http.web.call import Call
from graph_service.http.web.media import JSON, SPARQL
from graph_service.http.web.parameters import Texts
from graph_service.rdf import answers
from graph_service.rdf.answers import Row, Value
from graph_service.views.comparing.comparison import Status
from graph_service.views.labels import Labels
from graph_service.views.tables import Table

_COLUMNS = (
    "document", "document_label", "issue", "issue_label", "positions", "searched", "status",
)  # fmt: skip


def add_route(routes: APIRouter, params: Mapping[str, Parameter]) -> None:
    """Add the operation; `params` are `document`, `actor` and `issue`."""

    async def coverage(call: Call, arguments: Texts) -> Response:
        text = call.edition.questions.file("coverage").bind(arguments, call.names)
        return call.response(text.encode()) if call.format is SPARQL else await _answer(call, text)

    operation = Operation(
        path="/coverage",
        name="coverage",
        title={"en": "Coverage of documents and issues", "de": "Abdeckung von Dokumenten und Themen"},
        description={
            "en": "Which documents were searched for which issues, with the number of positions found. "
            "A pair that is absent was not searched for.",
            "de": "Welche Dokumente nach welchen Themen durchsucht wurden, mit der Zahl der gefundenen Positionen. "
            "Nach einem Paar, das fehlt, wurde nicht gesucht.",
        },
        tag="comparison",
        formats=(JSON, *table_formats(), SPARQL),
        model=Coverage,
        params=params,
    )
    add(routes, operation, coverage)


async def _answer(call: Call, query: str) -> Response:
    rows = await call.edition.questions.rows(query, call.client)
    labels = await call.edition.questions.label(rows, call.client)
    if call.format is not JSON:
        table = Table(_COLUMNS, [_row(row, labels, call) for row in rows])
        return await table_response(table, call, call.query_link)
    documents: dict[str, dict[str, Any]] = {}
    for row in rows:
        document = documents.setdefault(row["document"]["value"], _document(row, labels, call))
        number, searched, status = _status(row)
        issue = referred(row["issue"]["value"], labels, call)
        document["issues"].append({"issue": issue, "positions": number, "searched": searched, "status": status})
    return json_response({**call.head, "documents": list(documents.values())}, call, call.query_link)


def _status(row: Row) -> tuple[int, bool, str]:
    """How many positions, whether the whole text was searched, and what that comes to."""
    number, searched = int(row["positions"]["value"]), answers.truth(row, "searched")
    silence = Status.NONE_FOUND if searched else Status.NOT_CODED
    return number, searched, "positions" if number else silence.value


def _row(row: Row, labels: Labels, call: Call) -> list[Value]:
    named = (row["document"]["value"], row["issue"]["value"])
    return [*(cell for iri in named for cell in (iri, labels.text(iri, call.language))), *_status(row)]


def _document(row: Row, labels: Labels, call: Call) -> dict[str, Any]:
    return {
        **referred(row["document"]["value"], labels, call),
        "from": row["from"]["value"] if "from" in row else None,
        "to": row["to"]["value"] if "to" in row else None,
        "date_as_given": row["date_as_given"]["value"] if "date_as_given" in row else None,
        "coverage": referred(row["how"]["value"], labels, call) if "how" in row else None,
        "issues": [],
    }
