"""Names of things answered with 303: from what the data name to a document about it, in the format that is wanted.

Cool URIs for the Semantic Web (W3C Interest Group Note, 2008), section 4; Best Practice Recipes for Publishing RDF
Vocabularies (2008), recipe 3, for the ontology.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import urlencode

from graph_service.http.operations.dispatch import API
from graph_service.http.operations.questions import Questions
from graph_service.http.protocol.cache import Recent
from graph_service.http.protocol.documents import is_read, negotiate
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import Receive, Request, Scope, Send
from graph_service.http.sparql.description import DatasetFacts
from graph_service.http.web import addresses
from graph_service.rdf.answers import Row, solutions
from graph_service.rdf.formats import Format
from graph_service.views.descriptions import Ask, Descriptions, KnownResource

# Bytes of a path that is remembered with what it names.
_REMEMBERED = 1024


def asking(questions: Questions, client: str) -> Ask:
    """Asks the store on behalf of a client; answers are read in a thread."""

    async def ask(text: str) -> list[Row]:
        answer = await questions.answer(text, client)
        return (await asyncio.to_thread(solutions, answer))[1]

    return ask


class LinkedData:
    """What lies below the base: resources, the ontology and its versions, named graphs.

    Args:
        questions: asks the store.
        descriptions: knows what is described.
        dataset: for the named graphs.
    """

    def __init__(self, questions: Questions, descriptions: Descriptions, dataset: DatasetFacts) -> None:
        self._questions = questions
        self._descriptions = descriptions
        self._dataset = dataset
        self._names = questions.names
        self._found: Recent[tuple[str, ...], tuple[KnownResource, Format | None]] = Recent(4096)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            GraphServiceError: what becomes a problem document.
        """
        request = Request.of(scope, receive)
        scope["route"] = "/id/{path}"
        if not await is_read(request, send):
            return
        path = addresses.below(request)
        graph = next((iri for iri in addresses.iris(self._names, path, document=False) if self._is_graph(iri)), None)
        if graph is not None:
            await self._redirect(request, send, 303, f"/graphs?{urlencode({'graph': graph})}")
            return
        key = (self._questions.store.digest, *path)
        known, suffix = self._found.get(key) or await self._find(request, path)
        if known is None:
            raise RequestError(404, "Nothing of this name is known here.", hint="/sitemap.xml lists what is.")
        if sum(map(len, key)) <= _REMEMBERED:
            self._found.put(key, (known, suffix))
        await self._answer(request, send, known, suffix)

    def _is_graph(self, iri: str) -> bool:
        return self._dataset.has_graph(iri)

    async def _find(self, request: Request, path: tuple[str, str]) -> tuple[KnownResource | None, Format | None]:
        """What a path names; a name that ends like a suffix is a name first."""
        exact = addresses.iris(self._names, path, document=False)
        stems = (addresses.split_suffix(path[0])[0], addresses.split_suffix(path[1])[0])
        shorter = addresses.iris(self._names, stems, document=False)
        known = await self._descriptions.known(
            [*exact, *(iri for iri in shorter if iri not in exact)], asking(self._questions, request.client)
        )
        return known, None if known is None or known.iri in exact else addresses.split_suffix(path[1])[1]

    async def _answer(self, request: Request, send: Send, known: KnownResource, suffix: Format | None) -> None:
        given = dict(request.parameters())
        chosen = suffix or negotiate(request, addresses.ALL, given.get("format", ""))
        language = f"?{urlencode({'lang': given['lang']})}" if chosen is HTML and given.get("lang") else ""
        if known.replacement and known.replacement != known.iri:
            target = addresses.link(self._names, "", known.replacement)
            if target:
                ending = f".{suffix.extension}" if suffix is not None and target.startswith("/") else ""
                await self._redirect(request, send, 301, f"{target}{ending}")
                return
        path = self._path(known)
        paths = ((format_, path(format_)) for format_ in addresses.ALL)
        # Of the thing itself there is no representation: each document is an alternate.
        links = addresses.links(request, paths, Format("", "", ""))
        await self._redirect(request, send, 303, f"{path(chosen)}{language}", links)

    def _path(self, known: KnownResource) -> Callable[[Format], str]:
        if known.is_version or known.iri == f"{self._names.base}ontology":
            return addresses.ontology
        return lambda format_: addresses.document(self._names, known.iri, format_)

    async def _redirect(
        self, request: Request, send: Send, status: int, target: str, links: tuple[tuple[bytes, bytes], ...] = ()
    ) -> None:
        root = request.scope.get("root_path", "") if target.startswith("/") else ""
        fields = [
            (b"location", f"{root}{target}".encode("ascii", "xmlcharrefreplace")),
            (b"vary", b"Accept"),
            (b"cache-control", b"public, no-cache"),
            (b"content-length", b"0"),
            *links,
        ]
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": b""})


class Suffixes:
    """Data by suffix: `/data/x.ttl` is `/data/x` in Turtle.

    Args:
        operations: answers `/page/…`, `/data/…` and the documents of the ontology.
    """

    def __init__(self, operations: API) -> None:
        self._operations = operations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            GraphServiceError: what becomes a problem document.
        """
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path.startswith("/data/"):
            stem, suffix = addresses.split_suffix(scope["path"])
            if suffix is not None:
                query = scope["query_string"]
                given = f"format={suffix.name}".encode() + (b"&" + query if query else b"")
                raw = scope.get("raw_path", b"").removesuffix(f".{suffix.extension}".encode())
                scope.update(path=stem, raw_path=raw, query_string=given)
        await self._operations(scope, receive, send)
