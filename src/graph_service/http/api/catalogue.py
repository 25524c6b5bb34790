"""Query files as operations: a publisher adds a file and has an operation.

The engine's bytes go out as they are, through the same answers and cache as `/sparql`. Rows for spreadsheets and data
frames are made of them, with labels beside IRIs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graph_service.catalogue import executables
from graph_service.catalogue.parameters import Parameter, Type
from graph_service.catalogue.queries import Catalogue, QueryFile
from graph_service.http.operations.media import CSV, JSON, ROWS, SPARQL
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
from graph_service.http.protocol.answers import AnswerPlan, Answers
from graph_service.rdf import answers
from graph_service.rdf.formats import GRAPHS, RESULTS, Form, Format, offered
from graph_service.rdf.guard import inspect
from graph_service.store import Query
from graph_service.views import tables

_INFERRED = Parameter(
    type=Type.BOOLEAN,
    default="true",
    title={"en": "Let inferred statements take part", "de": "Abgeleitete Aussagen einbeziehen"},
)

_LISTED = {
    "type": "object",
    "required": ["dataset", "queries"],
    "properties": {
        "dataset": {"type": "string"},
        "queries": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "title", "description", "tags", "href", "columns", "parameters"],
                "properties": {name: {"type": "string"} for name in ("name", "title", "description", "href")},
            },
        },
    },
}


def operations(catalogue: Catalogue, answers: Answers, questions: Questions) -> Iterator[Operation]:
    """One operation for the list, one for each query file."""
    yield _listing(catalogue, questions)
    for query in catalogue:
        yield _operation(query, answers, questions)


def _operation(query: QueryFile, answers: Answers, questions: Questions) -> Operation:
    form = inspect(query.text).form
    columns = executables.columns(query) if form is Form.SELECT else ()
    params = dict(query.header.params)
    params.setdefault("inferred", _INFERRED)
    return Operation(
        path=f"/api/queries/{query.name}",
        name=f"query-{query.name}",
        title=query.header.title,
        description=query.header.description,
        tag="queries",
        formats=_formats(form),
        answer=_Runner(query, form, answers, questions).plan,
        params=params,
        schemas=_schemas(columns) if form is Form.SELECT else {},
    )


class _Runner:
    """Answers one query file."""

    def __init__(self, query: QueryFile, form: Form, answers: Answers, questions: Questions) -> None:
        self._query = query
        self._form = form
        self._answers = answers
        self._questions = questions

    def plan(self, call: Call) -> AnswerPlan | DeferredAnswer:
        """The engine's own answer where it has the format, else work on its rows.

        Raises:
            ParameterError: an argument is wrong.
        """
        known = self._query.header.params
        arguments = {name: values for name, values in call.arguments.items() if name in known}
        bound = self._query.bind(arguments, self._questions.names)
        inferred = call.one("inferred") != "false" if "inferred" not in known else True
        if call.format is SPARQL:
            return DeferredAnswer(lambda: text(bound))
        fields = query_link(call)
        # CSV is made here: the engine knows neither labels nor spreadsheets.
        if call.format in offered(self._form) and call.format != CSV:
            plan = self._answers.plan(Query(bound, self._form, call.format, inferred), call.encoding)
            return AnswerPlan(plan.query, plan.encoding, plan.tag, fields)
        return DeferredAnswer(lambda: self._rows(call, bound, inferred), fields)

    async def _rows(self, call: Call, query: str, inferred: bool) -> RenderedAnswer:
        answer = await self._questions.answer(query, call.request.client, inferred=inferred)
        columns, rows = answers.solutions(answer)
        labels = await self._questions.label(rows, call.request.client)
        table = tables.labelled(columns, rows, labels, call.one("lang") or call.language)
        digest = self._answers.store.digest
        if call.format is not ROWS:
            return await written(table, call, digest)
        envelope = {"dataset": digest, "query": query_address(call), "columns": table.columns}
        body = await in_background(lambda: tables.to_json({**envelope, "rows": list(table.records())}), len(rows))
        return RenderedAnswer(body)


def _formats(form: Form) -> tuple[Format, ...]:
    """Those of SPARQL, but CSV with labels and safe in spreadsheets; then what is made of rows."""
    if form is not Form.SELECT:
        return (*offered(form), SPARQL)
    json, xml, _, tsv = RESULTS
    return (json, xml, tsv, ROWS, *table_formats(), SPARQL)


def _listing(catalogue: Catalogue, questions: Questions) -> Operation:
    def answer(call: Call) -> DeferredAnswer:
        return DeferredAnswer(lambda: _listed(call, catalogue, questions))

    return Operation(
        path="/api/queries",
        name="queries",
        title={"en": "The catalogue of queries", "de": "Der Katalog der Abfragen"},
        description={
            "en": "Every query with parameters and columns; as RDF each is a sh:SPARQLExecutable.",
            "de": "Jede Abfrage mit Parametern und Spalten; als RDF ist jede ein sh:SPARQLExecutable.",
        },
        tag="queries",
        formats=(JSON, *GRAPHS),
        answer=answer,
        schemas={"application/json": _LISTED},
    )


async def _listed(call: Call, catalogue: Catalogue, questions: Questions) -> RenderedAnswer:
    origin = call.request.origin
    if call.format is not JSON:
        return RenderedAnswer(executables.describe(catalogue, f"{origin}/api/queries", f"{origin}/sparql", call.format))
    listed = [_told(query, call) for query in catalogue]
    return RenderedAnswer(tables.to_json({"dataset": questions.store.digest, "queries": listed}))


def _told(query: QueryFile, call: Call) -> dict[str, Any]:
    def spoken(texts: Mapping[str, str]) -> str:
        return texts.get(call.language) or next(iter(texts.values()), "")

    header = query.header
    return {
        "name": query.name,
        "title": spoken(header.title),
        "description": spoken(header.description),
        "tags": header.tags,
        "href": f"{call.address.rstrip('/')}/{query.name}",
        "columns": executables.columns(query),
        "parameters": [
            {
                "name": name,
                "type": about.type,
                "title": spoken(about.title),
                "required": about.required,
                "repeatable": about.repeatable,
                **({"default": about.default} if about.default else {}),
                **({"example": about.example} if about.example else {}),
                **({"values": about.values} if about.values else {}),
            }
            for name, about in header.params.items()
        ],
    }


def _schemas(columns: tuple[str, ...]) -> dict[str, Any]:
    """The answer as SPARQL 1.1 Query Results JSON, and as plain rows."""
    term = {"type": "object", "required": ["type", "value"], "properties": {"value": {"type": "string"}}}
    binding = {"type": "object", "properties": dict.fromkeys(columns, term), "additionalProperties": False}
    results = {"type": "object", "required": ["bindings"]}
    cell = {"type": ["string", "number", "boolean", "null"]}
    return {
        RESULTS[0].media_type: {
            "type": "object",
            "required": ["head", "results"],
            "properties": {
                "head": {"type": "object"},
                "results": {**results, "properties": {"bindings": {"type": "array", "items": binding}}},
            },
        },
        ROWS.media_type: {
            "type": "object",
            "required": ["dataset", "query", "columns", "rows"],
            "properties": {
                "dataset": {"type": "string"},
                "query": {"type": "string"},
                "columns": {"type": "array", "items": {"type": "string"}, "examples": [list(columns)]},
                "rows": {"type": "array", "items": {"type": "object", "additionalProperties": cell}},
            },
        },
    }
