"""Resource IRIs, answered with 303 to a document about the resource in the negotiated format.

Cool URIs for the Semantic Web (W3C Interest Group Note, 2008), section 4; Best Practice Recipes for Publishing RDF
Vocabularies (2008), recipe 3, for the ontology.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from graph_service.http.protocol.cache import Recent
from graph_service.http.protocol.documents import negotiate
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.protocol.problems import Fields, RequestError
from graph_service.http.protocol.request import Request
from graph_service.http.web import addresses
from graph_service.http.web.edition import CurrentEdition, Edition
from graph_service.http.web.routes import CurrentRequest, PageRoute
from graph_service.rdf.formats import Format
from graph_service.views.descriptions import KnownResource

# Bytes of a path that is remembered with what it names.
_REMEMBERED = 1024


class _Memory:
    """What is kept for a data set: what the last few thousand paths name."""

    def __init__(self) -> None:
        self.found: Recent[tuple[str, ...], tuple[KnownResource, Format | None]] = Recent(4096)


def names_router() -> APIRouter:
    """What lies below the base: resources, the ontology and its versions, named graphs.

    It answers every path, so it comes after all other routes.
    """
    routes = APIRouter(route_class=PageRoute)

    async def name(edition: CurrentEdition, request: CurrentRequest) -> Response:
        return await _answer(edition, request)

    for path in ("/id/{path:path}", "/{path:path}"):
        routes.add_api_route(path, name, include_in_schema=False, response_class=Response)
    return routes


async def _answer(edition: Edition, request: Request) -> Response:
    path = addresses.below(request)
    iris = addresses.iris(edition.names, path, document=False)
    graph = next((iri for iri in iris if edition.dataset.has_graph(iri)), None)
    if graph is not None:
        return _redirect(request, 303, f"/graphs?{urlencode({'graph': graph})}")
    memory = edition.remembered("names", _Memory).found
    query = request.scope.get("query_string", b"").decode("latin-1")
    known, suffix = memory.get((*path, query)) or await _find(edition, request, path, query)
    if known is None:
        raise RequestError(404, "Nothing of this name is known here.", hint="/sitemap.xml lists what is.")
    if sum(map(len, (*path, query))) <= _REMEMBERED:
        memory.put((*path, query), (known, suffix))
    return _document(edition, request, known, suffix)


async def _find(
    edition: Edition, request: Request, path: tuple[str, str], query: str
) -> tuple[KnownResource | None, Format | None]:
    """What a path names; a query may be part of a name, and a name that ends like a suffix is a name first."""
    exact = addresses.iris(edition.names, path, document=False)
    if query:
        exact = [*(f"{iri}?{query}" for iri in exact), *exact]
    stems = (addresses.split_suffix(path[0])[0], addresses.split_suffix(path[1])[0])
    shorter = addresses.iris(edition.names, stems, document=False)
    candidates = [*exact, *(iri for iri in shorter if iri not in exact)]
    known = await edition.descriptions.known(candidates, edition.questions.asked_by(request.client))
    return known, None if known is None or known.iri in exact else addresses.split_suffix(path[1])[1]


def _document(edition: Edition, request: Request, known: KnownResource, suffix: Format | None) -> Response:
    given = dict(request.parameters())
    chosen = suffix or negotiate(request, addresses.ALL, given.get("format", ""))
    language = f"?{urlencode({'lang': given['lang']})}" if chosen is HTML and given.get("lang") else ""
    if known.replacement and known.replacement != known.iri:
        target = addresses.link(edition.names, "", known.replacement)
        if target:
            ending = f".{suffix.extension}" if suffix is not None and target.startswith("/") else ""
            return _redirect(request, 301, f"{target}{ending}")
    path = _path(edition, known)
    paths = ((format_, path(format_)) for format_ in addresses.ALL)
    # Of the thing itself there is no representation: each document is an alternate.
    links = addresses.links(request, paths, Format("", "", ""))
    return _redirect(request, 303, f"{path(chosen)}{language}", links)


def _path(edition: Edition, known: KnownResource) -> Callable[[Format], str]:
    about = known.version_of or known.iri
    if about == f"{edition.names.base}ontology":
        return addresses.ontology
    return lambda format_: addresses.document(edition.names, about, format_)


def _redirect(request: Request, status: int, target: str, links: Fields = ()) -> Response:
    root = request.scope.get("root_path", "") if target.startswith("/") else ""
    response = Response(status_code=status)
    response.raw_headers = [
        (b"location", f"{root}{target}".encode("ascii", "xmlcharrefreplace")),
        (b"vary", b"Accept"),
        (b"cache-control", b"public, no-cache"),
        (b"content-length", b"0"),
        *links,
    ]
    return response
