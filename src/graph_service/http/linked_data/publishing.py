"""The data set as a whole: VoID, DCAT-AP, dumps; and where crawlers find what `crawlers` writes.

`/.well-known/void` is the place that VoID reserves (section 7.2).
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from graph_service.errors import SnapshotError
from graph_service.http import web
from graph_service.http.linked_data import crawlers
from graph_service.http.protocol.cache import matches
from graph_service.http.protocol.delivery import BrokenAnswer
from graph_service.http.protocol.documents import negotiate
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.protocol.problems import Fields, RequestError
from graph_service.http.protocol.request import Receive, Request, Scope, Send
from graph_service.http.web import addresses
from graph_service.http.web.call import respond
from graph_service.http.web.edition import CurrentEdition, CurrentRelease, Edition, Release
from graph_service.http.web.forwarding import PUBLISHED, Forwarded
from graph_service.http.web.media import JSON
from graph_service.http.web.routes import CurrentRequest, PageRoute
from graph_service.rdf.formats import GRAPHS
from graph_service.rdf.serialization import write
from graph_service.snapshots import dataset_description
from graph_service.snapshots.dataset_description import DatasetDetails
from graph_service.snapshots.dumps import Dump
from graph_service.snapshots.publication import read_figures, read_resources

# What is read from the files that are published of a snapshot; single dumps lie below the first.
LIST, OF_FILES = "/dump", ("/.well-known/void", "/catalogue", "/sitemap.xml", addresses.DUMPS)
_MOST_EXAMPLES = 10

Describe: TypeAlias = Callable[[DatasetDetails], Iterator[ox.Quad]]


def dataset_router() -> APIRouter:
    """The routes of the data set as a whole, for the serving process: files, and what workers make of them."""
    routes = APIRouter(route_class=PageRoute)
    for path, answer in ((LIST, _list), (f"{LIST}/{{name:path}}", _dump), ("/robots.txt", crawlers.robots)):
        routes.add_api_route(path, answer, include_in_schema=False, response_class=Response)
    for path in OF_FILES:
        routes.add_api_route(path, _forwarded, include_in_schema=False, response_class=Response)
    return routes


def description_router() -> APIRouter:
    """The routes that grow with the data set, for workers."""
    routes = APIRouter(route_class=PageRoute)
    for path, answer in (
        ("/.well-known/void", _described(dataset_description.void)),
        ("/catalogue", _described(dataset_description.catalogue)),
        ("/sitemap.xml", crawlers.sitemap),
    ):
        routes.add_api_route(path, answer, include_in_schema=False, response_class=Response)
    return routes


async def _forwarded(release: CurrentRelease) -> Response:
    """Had by a worker, once the files that it reads are there."""
    return Forwarded(published=str(await release.publication.directory()))


def _described(describe: Describe) -> Callable[..., object]:
    async def description(edition: CurrentEdition, request: CurrentRequest) -> Response:
        format_ = negotiate(request, GRAPHS, dict(request.parameters()).get("format", ""))
        return respond(write(describe(_details(edition, request)), format_, edition.names), format_.content_type)

    return description


def _details(edition: Edition, request: Request) -> DatasetDetails:
    titles = {language: web.words(language)["title"] for language in web.LANGUAGES}
    texts = {language: web.words(language)["start.about"] for language in web.LANGUAGES}
    published = Path(request.scope[PUBLISHED])
    return DatasetDetails(
        edition.manifest,
        read_figures(published),
        request.origin,
        edition.licence,
        titles,
        texts,
        _examples(read_resources(published)),
        edition.queried,
        edition.publisher,
    )


def _examples(iris: Sequence[str]) -> list[str]:
    """The first resource of each of the places where most of them lie, such as `id/actor/` (VoID, section 4.1)."""
    places = Counter(iri.rpartition("/")[0] for iri in iris)
    first = {iri.rpartition("/")[0]: iri for iri in reversed(iris)}
    return sorted(first[place] for place, _ in places.most_common(_MOST_EXAMPLES))


async def _list(release: CurrentRelease, request: CurrentRequest) -> Response:
    """The dumps and their digests as JSON; who prefers HTML, as browsers do, is sent to the page of them."""
    if negotiate(request, (JSON, HTML), "") is HTML:
        return RedirectResponse(f"{request.scope.get('root_path', '')}{addresses.DUMPS}", 303)
    dumps = [dump.listed(request.origin) for dump in (await release.publication.figures()).dumps]
    listed = {"dataset": release.manifest.digest, "licence": release.licence or None, "dumps": dumps}
    return respond(json.dumps(listed, indent=1).encode() + b"\n", "application/json")


async def _dump(release: CurrentRelease, request: CurrentRequest, name: str) -> Response:
    """One file, as it lies on disk."""
    dump = next((dump for dump in (await release.publication.figures()).dumps if dump.name == name), None)
    if dump is None:
        raise RequestError(404, "There is no such dump.", hint="/dump lists them all.")
    pieces = release.publication.pieces(dump)
    return DumpResponse(pieces, _dump_fields(release, dump), request)


def _dump_fields(release: Release, dump: Dump) -> Fields:
    return (
        (b"content-type", (dump.compression or dump.media_type).encode()),
        (b"etag", f'"{dump.sha256}"'.encode()),
        (b"cache-control", b"public, no-cache"),
        # RFC 9530, section 3: the digest of the representation.
        (b"repr-digest", b"sha-256=:" + b64encode(bytes.fromhex(dump.sha256)) + b":"),
        (b"content-disposition", f'attachment; filename="{dump.name}"'.encode()),
        (b"content-length", str(dump.size).encode()),
        *release.fields,
    )


class DumpResponse(Response):
    """A file piece by piece, as fast as the client reads; 304 if the client has it.

    An altered piece breaks the response off, or keeps it from beginning.
    """

    def __init__(self, pieces: AsyncGenerator[bytes, None], fields: Fields, request: Request) -> None:
        super().__init__()
        tag = dict(fields)[b"etag"].decode()
        condition = request.field(b"if-none-match")
        self._pieces = pieces
        self._unmodified = condition.strip() == "*" or matches(condition, tag)
        kept = [pair for pair in fields if not self._unmodified or not pair[0].startswith((b"content-", b"repr-"))]
        self.raw_headers = kept
        self.status_code = 304 if self._unmodified else 200

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it.

        Raises:
            SnapshotError: nothing was sent yet.
            BrokenAnswer: something was.
        """
        async with aclosing(self._pieces) as pieces:
            piece = b"" if self._unmodified else await anext(pieces, b"")
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            try:
                while piece:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                    piece = await anext(pieces, b"")
            except SnapshotError as error:
                raise BrokenAnswer from error
            await send({"type": "http.response.body", "body": b""})
