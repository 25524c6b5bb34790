"""Data about resources and the ontology, in every RDF format, at `/data/…` and `/ontology.EXTENSION`.

`/data/x.ttl` is `/data/x` in Turtle.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from graph_service.http.protocol.documents import negotiate
from graph_service.http.protocol.problems import Fields, RequestError
from graph_service.http.protocol.request import Request
from graph_service.http.web import addresses
from graph_service.http.web.call import Language, language_of, respond
from graph_service.http.web.edition import CurrentEdition, Edition
from graph_service.http.web.routes import CurrentRequest, PageRoute
from graph_service.rdf.formats import Format
from graph_service.rdf.serialization import write


def data_router() -> APIRouter:
    """The router of data about single resources and the ontology."""
    routes = APIRouter(route_class=PageRoute)

    async def data(edition: CurrentEdition, request: CurrentRequest, iri: str = "", lang: Language = None) -> Response:
        path, suffix = _path(request)
        format_ = suffix or negotiate(request, addresses.DATA, dict(request.parameters()).get("format", ""))
        known = await known_iri(edition, request, iri, path)
        ask = edition.questions.asked_by(request.client)
        parts = await edition.descriptions.parts(known, ask)
        description = await edition.descriptions.describe(known, ask, parts)
        body = write(
            [*description.quads, *await edition.descriptions.names_in(description.quads, ask)], format_, edition.names
        )
        fields = resource_fields(edition, request, description.iri, format_, {})
        return respond(body, format_.content_type, (_in(request, lang), *fields))

    for path in ("/data/{path:path}", "/data"):
        routes.add_api_route(path, data, include_in_schema=False, response_class=Response)
    for format_ in addresses.DATA:
        _add_ontology(routes, format_)
    return routes


def _add_ontology(routes: APIRouter, format_: Format) -> None:
    async def ontology(edition: CurrentEdition, request: CurrentRequest, lang: Language = None) -> Response:
        negotiate(request, (format_,), dict(request.parameters()).get("format", ""))
        quads = await edition.descriptions.ontology(edition.questions.asked_by(request.client))
        body = write(quads, format_, edition.names)
        return respond(body, format_.content_type, (_in(request, lang), *ontology_fields(request, format_, {})))

    routes.add_api_route(addresses.ontology(format_), ontology, include_in_schema=False, response_class=Response)


async def known_iri(edition: Edition, request: Request, named: str, path: tuple[str, str]) -> str:
    """The IRI of the resource that a document is about: the one that is named, or by the path of the document.

    Raises:
        RequestError: 404.
    """
    below = (path[0].partition("/")[2], path[1].partition("/")[2])
    # An empty fragment is that of the document (RFC 3986, section 3.5), and a namespace often ends in one.
    candidates = [named, named.removesuffix("#")] if named else addresses.iris(edition.names, below, document=True)
    known = await edition.descriptions.known(candidates, edition.questions.asked_by(request.client))
    if named and known is None and edition.dataset.has_graph(named):
        return named
    if known is None or known.version_of:
        raise RequestError(404, "Nothing of this name is known here.", hint="/sitemap.xml lists what is.")
    return known.iri


def resource_fields(edition: Edition, request: Request, iri: str, format_: Format, query: dict[str, str]) -> Fields:
    """Header fields of a document about a resource: where it stands, what it describes, what says the same."""
    describes = (b"link", f'<{_ascii(iri)}>; rel="describes"'.encode())
    own = _links(request, lambda one: addresses.document(edition.names, iri, one), format_, query)
    return (*own, describes)


def ontology_fields(request: Request, format_: Format, query: dict[str, str]) -> Fields:
    """The same of a document of the ontology."""
    return _links(request, addresses.ontology, format_, query)


def _path(request: Request) -> tuple[tuple[str, str], Format | None]:
    """The path of a document without its suffix, as it was sent and decoded, and the format of the suffix."""
    raw, decoded = addresses.below(request)
    stem, suffix = addresses.split_suffix(decoded)
    return ((raw, decoded) if suffix is None else (raw.removesuffix(f".{suffix.extension}"), stem)), suffix


def _links(request: Request, path: Callable[[Format], str], format_: Format, query: dict[str, str]) -> Fields:
    root = request.scope.get("root_path", "")
    place = addresses.with_query(f"{root}{path(format_)}", query)
    paths = ((one, path(one)) for one in addresses.ALL)
    return ((b"content-location", place.encode()), *addresses.links(request, paths, format_))


def _in(request: Request, lang: str | None) -> tuple[bytes, bytes]:
    return (b"content-language", language_of(request, lang).encode())


def _ascii(iri: str) -> str:
    """An IRI as a URI (RFC 3987, section 3.1), for a header field."""
    return "".join(c if ord(c) < 128 else "".join(f"%{byte:02X}" for byte in c.encode()) for c in iri)
