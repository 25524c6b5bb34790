"""The data set as a whole: VoID, DCAT-AP, dumps, and what crawlers ask for.

`/.well-known/void` is the place that VoID reserves (section 7.2); the sitemap follows sitemaps.org, protocol 0.9, and
robots.txt RFC 9309.
"""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from graph_service.http import web
from graph_service.http.protocol.cache import entity_tag, matches
from graph_service.http.protocol.documents import is_read, negotiate, send_document
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.protocol.problems import Fields, RequestError
from graph_service.http.protocol.request import ASGIApp, Receive, Request, Scope, Send
from graph_service.http.web import addresses
from graph_service.rdf.formats import GRAPHS, Format
from graph_service.rdf.namespaces import Names
from graph_service.rdf.serialization import write
from graph_service.snapshots import dataset_description
from graph_service.snapshots.dataset_description import DatasetDetails
from graph_service.snapshots.dumps import Dump
from graph_service.snapshots.publication import Publication
from graph_service.version import __version__

# What one sitemap may list.
MOST_ADDRESSES = 50_000
_PIECE = 256 * 1024
_XML = Format("sitemap", "application/xml", "xml", ("text/xml",))
_TEXT = Format("robots", "text/plain", "txt")
_JSON = Format("json", "application/json", "json")

Answer: TypeAlias = Callable[[Request, Send], Awaitable[None]]
Describe: TypeAlias = Callable[[DatasetDetails], Iterator[ox.Quad]]


class DatasetPublication:
    """Answers for the data set as a whole.

    Args:
        publication: files and figures of the snapshot.
        licence: IRI of the licence of the data, empty for none.
        queried: whether there is a SPARQL endpoint beside the files.
    """

    def __init__(self, publication: Publication, licence: str, *, queried: bool = True) -> None:
        self._publication = publication
        self._manifest = publication.snapshot.manifest
        self._licence = licence
        self._queried = queried

    @property
    def routes(self) -> Mapping[str, ASGIApp]:
        """What answers at which path; one that ends in a slash stands for all below it."""
        return {
            "/.well-known/void": _reading(self._described("void", dataset_description.void)),
            "/catalogue": _reading(self._described("catalogue", dataset_description.catalogue)),
            "/dump": _reading(self._list),
            "/dump/": _reading(self._dump),
            "/sitemap.xml": _reading(self._sitemap),
            "/robots.txt": _reading(self._robots),
        }

    def _described(self, name: str, describe: Describe) -> Answer:
        async def answer(request: Request, send: Send) -> None:
            format_ = negotiate(request, GRAPHS, dict(request.parameters()).get("format", ""))
            about = await self._about(request)
            quads = await asyncio.to_thread(lambda: write(describe(about), format_, self._manifest.names))
            tag = self._tag(name, request.origin, format_.name)
            await send_document(request, send, quads, format_, tag)

        return answer

    async def _about(self, request: Request) -> DatasetDetails:
        titles = {language: web.words(language)["title"] for language in web.LANGUAGES}
        texts = {language: web.words(language)["start.about"] for language in web.LANGUAGES}
        figures = await self._publication.figures()
        return DatasetDetails(
            self._manifest, figures, request.origin, self._licence, titles, texts, queried=self._queried
        )

    async def _list(self, request: Request, send: Send) -> None:
        """The dumps as JSON, for who wants to know their digests without RDF."""
        figures = await self._publication.figures()
        dumps = [
            {
                "name": dump.name,
                "url": f"{request.origin}/dump/{dump.name}",
                "media_type": dump.media_type,
                "compression": dump.compression or None,
                "bytes": dump.size,
                "sha256": dump.sha256,
            }
            for dump in figures.dumps
        ]
        told = {"dataset": self._manifest.digest, "licence": self._licence or None, "dumps": dumps}
        body = json.dumps(told, indent=1).encode() + b"\n"
        await send_document(request, send, body, _JSON, self._tag("dumps", request.origin))

    async def _dump(self, request: Request, send: Send) -> None:
        """One file, as it lies on disk."""
        name = addresses.below(request)[1].removeprefix("dump/")
        directory = await self._publication.directory()
        dump = next((dump for dump in (await self._publication.figures()).dumps if dump.name == name), None)
        if dump is None:
            raise RequestError(404, "There is no such dump.", hint="/dump lists them all.")
        plain = self._publication.snapshot.path / "quads.nq"
        await _send_file(request, send, directory / dump.name if dump.compression else plain, self._fields(dump))

    def _fields(self, dump: Dump) -> Fields:
        digest = bytes.fromhex(dump.sha256)
        licence = ((b"link", f'<{self._licence}>; rel="license"'.encode()),) if self._licence else ()
        return (
            (b"etag", f'"{dump.sha256}"'.encode()),
            (b"cache-control", b"public, no-cache"),
            # RFC 9530, section 3: the digest of the representation.
            (b"repr-digest", b"sha-256=:" + b64encode(digest) + b":"),
            (b"x-dataset-digest", self._manifest.digest.encode()),
            (b"content-disposition", f'attachment; filename="{dump.name}"'.encode()),
            (b"content-type", (dump.compression or dump.media_type).encode()),
            (b"content-length", str(dump.size).encode()),
            *licence,
        )

    async def _sitemap(self, request: Request, send: Send) -> None:
        """All pages; of more than one map may list, a list of maps."""
        part = dict(request.parameters()).get("part", "")
        path = await self._publication.directory() / "resources.txt"
        body = await asyncio.to_thread(self._listed, path, request.origin, part)
        await send_document(request, send, body, _XML, self._tag("sitemap", request.origin, part))

    def _listed(self, path: Path, origin: str, part: str) -> bytes:
        with path.open(encoding="utf-8") as lines:
            iris = [line.rstrip("\n") for line in lines]
        parts = -(-len(iris) // MOST_ADDRESSES)
        if part:
            if not part.isdecimal() or not 1 <= int(part) <= parts:
                raise RequestError(404, "There is no such part of the sitemap.")
            iris = iris[(int(part) - 1) * MOST_ADDRESSES : int(part) * MOST_ADDRESSES]
        elif parts > 1:
            return sitemap("sitemapindex", "sitemap", (f"{origin}/sitemap.xml?part={n + 1}" for n in range(parts)))
        pages = (_page(self._manifest.names, iri) for iri in iris)
        return sitemap("urlset", "url", (origin + page for page in pages))

    async def _robots(self, request: Request, send: Send) -> None:
        """Everything may be read; queries are without end, so crawlers leave them alone."""
        root = request.scope.get("root_path", "")
        body = (
            f"User-agent: *\nDisallow: {root}/sparql?\nDisallow: {root}/api/\nSitemap: {request.origin}/sitemap.xml\n"
        )
        await send_document(request, send, body.encode(), _TEXT, self._tag("robots", request.origin))

    def _tag(self, *parts: str) -> str:
        return entity_tag(__version__, self._manifest.digest, "publishing", self._licence, *parts)


def _page(names: Names, iri: str) -> str:
    return addresses.ontology(HTML) if iri == f"{names.base}ontology" else addresses.document(names, iri, HTML)


def _reading(answer: Answer) -> ASGIApp:
    """An application that answers GET and HEAD."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request.of(scope, receive)
        if await is_read(request, send):
            await answer(request, send)

    return app


async def _send_file(request: Request, send: Send, path: Path, fields: Fields) -> None:
    """A file piece by piece, read in a thread, as fast as the client reads."""
    tag = dict(fields)[b"etag"].decode()
    condition = request.field(b"if-none-match")
    if condition.strip() == "*" or matches(condition, tag):
        kept = [pair for pair in fields if not pair[0].startswith((b"content-", b"repr-"))]
        await send({"type": "http.response.start", "status": 304, "headers": kept})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": list(fields)})
    if request.method == "HEAD":
        await send({"type": "http.response.body", "body": b""})
        return
    file = await asyncio.to_thread(path.open, "rb")
    try:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        await asyncio.to_thread(file.close)


def sitemap(outer: str, inner: str, places: Iterable[str]) -> bytes:
    """A sitemap (`urlset` of `url`) or a list of sitemaps (`sitemapindex` of `sitemap`), sitemaps.org, protocol 0.9."""
    entries = "".join(f"<{inner}><loc>{escape(place)}</loc></{inner}>\n" for place in places)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</{outer}>\n'.encode()
