"""`/api/coverage`: which document was searched for which issue, and so what its silence means."""

from __future__ import annotations

from typing import Any

from graph_service.catalogue.parameters import Parameter
from graph_service.http.api.positions import referred
from graph_service.http.api.shapes import envelope
from graph_service.http.operations.media import JSON, SPARQL
from graph_service.http.operations.operation import Call, DeferredAnswer, Operation, RenderedAnswer
from graph_service.http.operations.questions import Questions
from graph_service.http.operations.writing import query_address, query_link, table_formats, text, written
from graph_service.rdf import answers
from graph_service.rdf.answers import Row, Value
from graph_service.views import tables
from graph_service.views.comparison import Status
from graph_service.views.labels import Labels
from graph_service.views.tables import Table

_COLUMNS = (
    "document", "document_label", "issue", "issue_label", "positions", "searched", "status",
)  # fmt: skip


def operation(questions: Questions, params: dict[str, Parameter]) -> Operation:
    """The operation; `params` are `document`, `actor` and `issue`."""
    file = questions.file("coverage")

    def answer(call: Call) -> DeferredAnswer:
        query = file.bind(call.arguments, questions.names)
        if call.format is SPARQL:
            return DeferredAnswer(lambda: text(query))
        return DeferredAnswer(lambda: _made(call, query, questions), query_link(call))

    return Operation(
        path="/api/coverage",
        name="coverage",
        title={"en": "What was looked for, and where", "de": "Wonach gesucht wurde und wo"},
        description={
            "en": "Documents and issues with the number of positions and the kind of silence. "
            "A pair that is not here was not looked for.",
            "de": "Dokumente und Themen mit Zahl der Positionen und Art des Schweigens. "
            "Ein Paar, das fehlt, wurde nicht gesucht.",
        },
        tag="comparison",
        formats=(JSON, *table_formats(), SPARQL),
        answer=answer,
        params=params,
        schemas={JSON.media_type: envelope({"documents": {"type": "array", "items": {"type": "object"}}})},
    )


async def _made(call: Call, query: str, questions: Questions) -> RenderedAnswer:
    rows = await questions.rows(query, call.request.client)
    labels = await questions.label(rows, call.request.client)
    digest = questions.store.digest
    if call.format is not JSON:
        return await written(Table(_COLUMNS, [_row(row, labels, call) for row in rows]), call, digest)
    documents: dict[str, dict[str, Any]] = {}
    for row in rows:
        document = documents.setdefault(row["document"]["value"], _document(row, labels, call))
        number, searched, status = _status(row)
        issue = referred(row["issue"]["value"], labels, call)
        document["issues"].append({"issue": issue, "positions": number, "searched": searched, "status": status})
    head = {"dataset": digest, "query": query_address(call), "language": call.language}
    return RenderedAnswer(tables.to_json({**head, "documents": list(documents.values())}))


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
        "coverage": referred(row["how"]["value"], labels, call) if "how" in row else None,
        "issues": [],
    }
