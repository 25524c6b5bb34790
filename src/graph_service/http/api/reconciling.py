"""`/reconcile`: the Reconciliation Service API 0.2 with suggest, preview and data extension, as OpenRefine uses it.

The types are the resource files that say `reconciled`; the properties are their fields; the identifiers are IRIs.
`/reconcile/de` and `/reconcile/en` speak one language, `/reconcile` that of the client. There is no JSONP: with it
other pages would run a script of ours, and by CORS, which 0.2 asks for, they get the same as data.
"""

# No `from __future__ import annotations` here: FastAPI reads the annotations when a route is added, and they use names
# of the enclosing function.

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from graph_service.errors import ParameterError
from graph_service.http import web
from graph_service.http.api import reconciliation_messages as messages
from graph_service.http.api.writing import json_response
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.protocol.problems import RequestError
from graph_service.http.web import addresses
from graph_service.http.web.call import Call, call_in
from graph_service.http.web.media import JSON
from graph_service.http.web.routes import PageRoute
from graph_service.rdf import answers
from graph_service.rdf.answers import Binding
from graph_service.rdf.formats import Format
from graph_service.views.labels import Labels, pick
from graph_service.views.names.name_words import typed
from graph_service.views.names.reconciling import Candidate, NameQuery, property_names

# The addresses that forms are posted to.
ENDPOINTS = (messages.PATH, *(f"{messages.PATH}/{language}" for language in web.LANGUAGES))
# Suggestions of one answer.
_SUGGESTED = 20
# A preview stands in a frame on the page of whoever reconciles.
_PREVIEW_POLICY = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *",
)


def _spoken(format_: Format) -> Callable[..., Awaitable[Call]]:
    """The call, in the language that its path names."""

    async def call(found: Annotated[Call, Depends(call_in(format_))]) -> Call:
        language = found.path.removeprefix(f"{found.root}{messages.PATH}/").partition("/")[0]
        return replace(found, language=language) if language in web.LANGUAGES else found

    return call


JSONCall: TypeAlias = Annotated[Call, Depends(_spoken(JSON))]
PreviewCall: TypeAlias = Annotated[Call, Depends(_spoken(HTML))]
Text: TypeAlias = Annotated[str, Query()]
Cursor: TypeAlias = Annotated[int, Query(ge=0, le=10_000)]


class _Route(PageRoute):
    """A route that takes no notice of parameters it does not know, which clients send to all services."""

    def check(self, given: Sequence[tuple[str, str]]) -> None:
        """Refuse JSONP: who asks for it cannot read JSON.

        Raises:
            ParameterError: there is a `callback`.
        """
        if any(name == "callback" for name, _ in given):
            raise ParameterError("JSONP is not served.", hint="Ask without callback: any page may read JSON (CORS).")


def add_routes(routes: APIRouter) -> None:
    """Add the endpoint and its services, for each language and for that of the client.

    The manifest and the specification describe them, so they are not in the OpenAPI document.
    """
    operations: dict[str, Callable[..., Awaitable[Response]]] = {
        "": _endpoint,
        "/suggest/entity": _suggest_entity,
        "/suggest/property": _suggest_property,
        "/suggest/type": _suggest_type,
        "/properties": _propose,
        "/preview": _preview,
    }
    for root in ENDPOINTS:
        for path, answer in operations.items():
            routes.routes.append(_Route(f"{root}{path}", answer, methods=["GET"], include_in_schema=False))


async def _endpoint(call: JSONCall, queries: Text = "", extend: Text = "") -> Response:
    """Queries, a data extension, or neither, which asks for the manifest."""
    if queries and extend:
        raise RequestError(400, "There are queries and an extension.", hint="Send one of them.")
    if queries:
        return json_response(await _results(call, messages.batch_of(queries)), call)
    if extend:
        return json_response(await _extension(call, messages.extension_of(extend)), call)
    name = web.words(call.language)["title"]
    manifest = messages.manifest(call.request.origin, call.names.base, name, _types(call), call.language)
    return json_response(manifest, call)


async def _results(call: Call, batch: Mapping[str, messages.Query]) -> dict[str, Any]:
    reconciler, types = call.edition.reconciler, _types(call)
    properties = property_names(reconciler.kinds.values(), call.language)
    messages.known((given.pid for one in batch.values() for given in one.properties), properties, "property")
    asked = [
        NameQuery(
            " ".join((one.query or "").split()),
            messages.known(one.types, types, "type"),
            {given.pid: given.values for given in one.properties},
            min(int(one.limit), messages.MOST_CANDIDATES),
        )
        for one in batch.values()
    ]
    found = await reconciler.candidates(asked, call.client)
    shown = {one.item for candidates in found for one in candidates}
    descriptions = await reconciler.descriptions(shown, call.language, call.client)
    names = await reconciler.names()

    def result(one: Candidate) -> dict[str, Any]:
        return {
            "id": one.item,
            "name": names.label(one.item, call.language),
            "description": descriptions.get(one.item, ""),
            "type": [{"id": kind, "name": types[kind]} for kind in names.kinds[one.item]],
            "score": one.score,
            "match": one.match,
            "features": [{"id": name, "value": value} for name, value in one.features.items()],
        }

    return {key: {"result": [result(one) for one in candidates]} for key, candidates in zip(batch, found, strict=True)}


async def _extension(call: Call, wanted: messages.Extension) -> dict[str, Any]:
    reconciler = call.edition.reconciler
    titles = property_names(reconciler.kinds.values(), call.language)
    fields = messages.known([one.id for one in wanted.properties], titles, "property")
    things = await reconciler.values(wanted.ids, fields, call.client)
    labels = await reconciler.labels(things.values(), call.client)
    rows = {
        item: {name: _cells(thing.values.get(name, ()), labels, call) for name in fields}
        for item, thing in things.items()
    }
    return {"meta": [{"id": name, "name": titles[name]} for name in fields], "rows": rows}


def _cells(bindings: Sequence[Binding], labels: Labels, call: Call) -> list[dict[str, Any]]:
    """Values as the specification has them. A day stays text: as a point in time, `2023` would become a January."""
    spoken = {one["xml:lang"].lower(): one["value"] for one in bindings if "xml:lang" in one}
    text = pick(spoken, call.language)
    cells: list[dict[str, Any]] = [{"str": text.text}] if text else []
    for one in sorted((one for one in bindings if "xml:lang" not in one), key=lambda one: one["value"]):
        value = answers.value(one)
        if one["type"] == "uri" and call.names.owns(one["value"]):
            cells.append({"id": one["value"], "name": labels.text(one["value"], call.language)})
        elif isinstance(value, int) and not isinstance(value, bool):
            cells.append({"int": value})
        else:
            cells.append({"str": one["value"]})
    return cells


async def _suggest_entity(
    call: JSONCall,
    prefix: Text,
    type: Annotated[list[str] | None, Query()] = None,  # noqa: A002 - the name of the parameter
    cursor: Cursor = 0,
) -> Response:
    reconciler, types = call.edition.reconciler, _types(call)
    kinds = messages.known(type or (), types, "type")
    found = await reconciler.beginning_with(prefix, kinds, cursor, _SUGGESTED)
    descriptions = await reconciler.descriptions(found, call.language, call.client)
    names = await reconciler.names()
    result = [
        {
            "id": item,
            "name": names.label(item, call.language),
            "description": descriptions.get(item, ""),
            "notable": [{"id": kind, "name": types[kind]} for kind in names.kinds[item]],
        }
        for item in found
    ]
    return json_response({"result": result}, call)


async def _suggest_property(call: JSONCall, prefix: Text, cursor: Cursor = 0) -> Response:
    return _suggestions(call, property_names(call.edition.reconciler.kinds.values(), call.language), prefix, cursor)


async def _suggest_type(call: JSONCall, prefix: Text, cursor: Cursor = 0) -> Response:
    return _suggestions(call, _types(call), prefix, cursor)


def _suggestions(call: Call, names: Mapping[str, str], prefix: str, cursor: int) -> Response:
    """Those of few things whose id, or a word of whose name, begins like this."""
    start = typed(prefix)
    found = [
        {"id": key, "name": name}
        for key, name in names.items()
        if key.startswith(prefix) or f" {start}" in f" {typed(name)}"
    ]
    return json_response({"result": found[cursor : cursor + _SUGGESTED]}, call)


async def _propose(
    call: JSONCall,
    type: Text = "",  # noqa: A002 - the name of the parameter
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
) -> Response:
    kinds = call.edition.reconciler.kinds
    messages.known([type], kinds, "type")
    names = property_names([kinds[type]] if type else kinds.values(), call.language)
    properties = [{"id": key, "name": name} for key, name in names.items()][:limit]
    return json_response({"type": type, "properties": properties, "limit": limit}, call)


async def _preview(call: PreviewCall, id: Text) -> Response:  # noqa: A002 - the name of the parameter
    reconciler = call.edition.reconciler
    names, types = await reconciler.names(), _types(call)
    if id not in names.kinds:
        raise RequestError(404, "There is nothing of this id among what is reconciled.")
    descriptions = await reconciler.descriptions([id], call.language, call.client)
    page = web.render(
        "preview",
        call.language,
        root=call.root,
        iri=id,
        address=addresses.link(call.names, call.request.origin, id),
        name=names.label(id, call.language),
        kinds=[types[kind] for kind in names.kinds[id]],
        description=descriptions[id],
        others=names.others(id),
    )
    return call.response(page, (_PREVIEW_POLICY,))


def _types(call: Call) -> dict[str, str]:
    """The names of what is reconciled, by id."""
    kinds = call.edition.reconciler.kinds
    return {name: resource.header.title.get(call.language) or name for name, resource in kinds.items()}
