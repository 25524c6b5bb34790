"""Query files as operations: a publisher adds a file and has an operation.

The engine's bytes go out as they are. Other formats are written from the rows, with labels beside IRIs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from graph_service.catalogue import executables
from graph_service.catalogue.parameters import Parameter, Type
from graph_service.catalogue.queries import Catalogue, QueryFile
from graph_service.http.api.operations import Operation, add
from graph_service.http.api.query_models import QueryList, SelectResults
from graph_service.http.api.writing import json_response, table_formats, table_response
from graph_service.http.protocol.cache import volatile
from graph_service.http.protocol.delivery import NEVER_KEEP
from graph_service.http.web import LANGUAGES
from graph_service.http.web.call import Call, StreamingAnswer
from graph_service.http.web.media import CSV, JSON, ROWS, SPARQL
from graph_service.http.web.parameters import Texts
from graph_service.rdf import answers
from graph_service.rdf.formats import GRAPHS, RESULTS, Form, Format, offered
from graph_service.rdf.guard import inspect
from graph_service.store import Query
from graph_service.views import tables
from graph_service.workers.coding import HEAD

_INFERRED = Parameter(
    type=Type.BOOLEAN,
    default="true",
    title={"en": "Include inferred statements", "de": "Gefolgerte Aussagen einbeziehen"},
)


def add_routes(routes: APIRouter, catalogue: Catalogue) -> None:
    """One operation for the list, one for each query file."""
    _add_list(routes, catalogue)
    for query in catalogue:
        _add_query(routes, query)


def _add_query(routes: APIRouter, query: QueryFile) -> None:
    form = inspect(query.text).form
    params = dict(query.header.params)
    params.setdefault("inferred", _INFERRED)
    model: type[BaseModel] | None = SelectResults if form is Form.SELECT else None
    columns = f" Columns: {', '.join(executables.columns(query))}." if form is Form.SELECT else ""
    description = {**query.header.description, "en": query.header.description.get("en", "") + columns}

    async def endpoint(call: Call, arguments: Texts) -> Response:
        return await run(call, arguments)

    run = partial(_run, query, form)
    operation = Operation(
        path=f"/queries/{query.name}",
        name=f"query-{query.name}",
        title=query.header.title,
        description=description,
        tag="queries",
        formats=_formats(form),
        model=model,
        params=params,
    )
    add(routes, operation, endpoint)


async def _run(file: QueryFile, form: Form, call: Call, arguments: Texts) -> Response:
    """The engine's own bytes if it writes the format, else one of ours, written from its rows."""
    known = file.header.params
    language = _language(call, arguments, known)
    bound = file.bind({name: values for name, values in arguments.items() if name in known}, call.names)
    inferred = arguments.one("inferred") != "false" if "inferred" not in known else True
    if call.format is SPARQL:
        return call.response(bound.encode())
    # CSV is written here: the engine knows neither labels nor spreadsheets.
    if call.format in offered(form) and call.format != CSV:
        return await _streamed(call, Query(bound, form, call.format, inferred))
    return await _rows(call, bound, inferred, language)


def _language(call: Call, arguments: Texts, known: Mapping[str, Parameter]) -> str:
    """The language of labels; a query with a parameter `lang` gets what the call asks for, else its own default."""
    if "lang" not in known:
        return call.language
    asked = any(name == "lang" for name, _ in call.given) or call.request.field(b"accept-language")
    if call.language in LANGUAGES and asked:
        arguments["lang"] = [call.language]
    elif call.language not in LANGUAGES:
        # Nothing is written in that language: the query's own default is better than no row.
        arguments.pop("lang", None)
    return arguments.one("lang") or call.language


async def _streamed(call: Call, query: Query) -> Response:
    """The pieces of the store's answer, collected if they are few."""
    answer = await call.edition.store.query(query, client=call.client)
    fields = (*call.query_link, *((NEVER_KEEP,) if volatile(query.text) else ()))
    try:
        pieces = aiter(answer)
        head, complete = await _collect(pieces)
    except BaseException:
        await answer.aclose()
        raise
    if complete:
        await answer.aclose()
        return call.response(head, fields)
    streaming = StreamingAnswer(head, pieces, answer.aclose)
    streaming.raw_headers = call.response(b"", fields).raw_headers
    return streaming


async def _collect(pieces: AsyncIterator[bytes]) -> tuple[bytes, bool]:
    """The first pieces of an answer, up to `HEAD` bytes, and whether that is all of it."""
    head = bytearray()
    async for piece in pieces:
        head += piece
        if len(head) > HEAD:
            return bytes(head), False
    return bytes(head), True


async def _rows(call: Call, query: str, inferred: bool, language: str) -> Response:
    questions = call.edition.questions
    columns, rows = answers.solutions(await questions.answer(query, call.client, inferred=inferred))
    labels = await questions.label(rows, call.client)
    table = tables.labelled(columns, rows, labels, language)
    if call.format is not ROWS:
        return await table_response(table, call, call.query_link)
    envelope = {"dataset": call.edition.digest, "query": call.query_address, "columns": table.columns}
    write = partial(tables.to_json, {**envelope, "rows": list(table.records())})
    return call.response(write(), call.query_link)


def _formats(form: Form) -> tuple[Format, ...]:
    """The formats of SPARQL, except that CSV has labels and is safe in spreadsheets; then our own formats of rows."""
    if form is not Form.SELECT:
        return (*offered(form), SPARQL)
    json, xml, _, tsv = RESULTS
    return (json, xml, tsv, ROWS, *table_formats(), SPARQL)


def _add_list(routes: APIRouter, catalogue: Catalogue) -> None:
    async def queries(call: Call, arguments: Texts) -> Response:
        if call.format is JSON:
            listed = [_listed(one, call) for one in catalogue]
            return json_response({"dataset": call.edition.digest, "queries": listed}, call)
        origin = call.request.origin
        return call.response(executables.describe(catalogue, f"{origin}/api/queries", f"{origin}/sparql", call.format))

    operation = Operation(
        path="/queries",
        name="queries",
        title={"en": "The catalogue of queries", "de": "Der Katalog der Abfragen"},
        description={
            "en": "Every query with parameters and columns; as RDF each is a sh:SPARQLExecutable.",
            "de": "Jede Abfrage mit Parametern und Spalten; als RDF ist jede ein sh:SPARQLExecutable.",
        },
        tag="queries",
        formats=(JSON, *GRAPHS),
        model=QueryList,
    )
    add(routes, operation, queries)


def _listed(query: QueryFile, call: Call) -> dict[str, Any]:
    def in_language(texts: Mapping[str, str]) -> str:
        return texts.get(call.language) or next(iter(texts.values()), "")

    header = query.header
    return {
        "name": query.name,
        "title": in_language(header.title),
        "description": in_language(header.description),
        "tags": header.tags,
        "href": f"{call.path.rstrip('/')}/{query.name}",
        "columns": executables.columns(query),
        "parameters": [
            {
                "name": name,
                "type": about.type,
                "title": in_language(about.title),
                "required": about.required,
                "repeatable": about.repeatable,
                **({"default": about.default} if about.default else {}),
                **({"example": about.example} if about.example else {}),
                **({"values": about.values} if about.values else {}),
            }
            for name, about in header.params.items()
        ],
    }
