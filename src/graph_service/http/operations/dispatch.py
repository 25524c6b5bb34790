"""The dispatcher: from a request to an operation, and from its answer to bytes, over the cache that `/sparql` has.

A request that was understood before is not read again, so that a cached answer costs what it costs on `/sparql`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace

from graph_service.http.operations.operation import LANG, Arguments, Call, DeferredAnswer, Operation, RenderedAnswer
from graph_service.http.protocol import compression
from graph_service.http.protocol.answers import AnswerPlan, Answers, CachedRoute, fields_of
from graph_service.http.protocol.cache import CachedAnswer, Recent, entity_tag, matches
from graph_service.http.protocol.disconnection import Disconnection
from graph_service.http.protocol.documents import is_read, negotiate, negotiate_encoding
from graph_service.http.protocol.negotiation import Encoding, language
from graph_service.http.protocol.problems import Fields, RequestError
from graph_service.http.protocol.request import Receive, Request, Scope, Send
from graph_service.rdf.namespaces import Names
from graph_service.version import __version__

LANGUAGES = ("de", "en")
_VARY = (b"vary", b"Accept, Accept-Encoding, Accept-Language")
_REVALIDATE = (b"cache-control", b"public, no-cache")
_REMEMBERED = 4096


@dataclass(frozen=True)
class _TaggedAnswer:
    """Work with the tag of what comes out of it and the fields that are known before."""

    work: DeferredAnswer
    encoding: Encoding
    content_type: bytes
    tag: str
    fields: Fields


class API:
    """All operations behind one ASGI application.

    Args:
        answers: runs queries, keeps answers.
        operations: what can be asked.
        names: for CURIEs and the base.
        licence: IRI of the licence of the data, empty for none.
        close: called once, when the service stops.
    """

    def __init__(
        self,
        answers: Answers,
        operations: Iterable[Operation],
        names: Names,
        licence: str,
        close: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.operations = tuple(operations)
        self._answers = answers
        self._names = names
        self._licence = licence
        self._close = close
        self._plain = {operation.path: operation for operation in self.operations if "{" not in operation.path}
        self._patterns = [operation for operation in self.operations if "{" in operation.path]
        self._understood: Recent[tuple[str, str, bytes, str, str, str, str], tuple[str, AnswerPlan | _TaggedAnswer]] = (
            Recent(2048)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            GraphServiceError: what becomes a problem document.
        """
        request = Request(scope, receive)
        if not await is_read(request, send):
            return
        key = (
            self._answers.store.digest,
            scope["path"],
            scope["query_string"],
            request.field(b"accept"),
            request.field(b"accept-encoding"),
            request.field(b"accept-language"),
            request.origin,
        )
        known = self._understood.get(key)
        if known is None:
            known = self._understand(request)
            if sum(map(len, key)) <= _REMEMBERED:
                self._understood.put(key, known)
        scope["route"], prepared = known
        if request.method == "GET":
            self._remember(request, *known)
        if isinstance(prepared, AnswerPlan):
            await self._answers.respond(request, prepared, send)
        else:
            await self._respond(request, prepared, send)

    def _remember(self, request: Request, route: str, prepared: AnswerPlan | _TaggedAnswer) -> None:
        """Let the next request in the same bytes be answered from the cache at once."""
        scope = request.scope
        url = scope.get("raw_path", b"") + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        names = (b"accept", b"accept-encoding", b"accept-language", b"host")
        accept, coding, spoken, host = (request.field(name).encode("latin-1") for name in names)
        key = (url, accept, coding, spoken, host)
        if prepared.tag and self._answers.ready.get(key) is None and sum(map(len, key)) <= _REMEMBERED:
            fields = fields_of(prepared) if isinstance(prepared, AnswerPlan) else ()
            self._answers.ready.put(key, CachedRoute(self._answers.store.digest, prepared.tag, fields, route))

    async def close(self) -> None:
        """End what the operations started."""
        if self._close is not None:
            await self._close()

    def _understand(self, request: Request) -> tuple[str, AnswerPlan | _TaggedAnswer]:
        call = self._call(request)
        answer = call.operation.answer(call)
        fields = (*self._fields, *answer.fields)
        if isinstance(answer, AnswerPlan):
            return call.operation.path, replace(answer, fields=fields)
        arguments = json.dumps([call.address, *sorted(call.arguments.items())], ensure_ascii=False)
        parts = (self._answers.store.digest, "api", arguments, call.format.name, call.language, call.encoding)
        tag = entity_tag(__version__, *parts, request.origin)
        known = (*fields, (b"content-language", call.language.encode()))
        return call.operation.path, _TaggedAnswer(answer, call.encoding, call.format.content_type.encode(), tag, known)

    def _call(self, request: Request) -> Call:
        path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        operation, parts = self._find(path)
        request.scope["route"] = operation.path
        given: Arguments = {}
        for name, value in request.parameters():
            given.setdefault(name, []).append(value)
        format_ = negotiate(request, operation.formats, ",".join(given.pop("format", [])))
        spoken = self._language(request, given, operation)
        arguments = operation.arguments(given, self._names)
        return Call(operation, request, parts, arguments, format_, negotiate_encoding(request), spoken)

    def _find(self, path: str) -> tuple[Operation, dict[str, str]]:
        """The operation of a path.

        Raises:
            RequestError: 404.
        """
        found = self._plain.get(path.rstrip("/") or "/")
        if found is not None:
            return found, {}
        for operation in self._patterns:
            parts = _match(operation.path, path)
            if parts is not None:
                return operation, parts
        raise RequestError(404, "There is no such operation.", hint="/docs and /openapi.json list them all.")

    def _language(self, request: Request, given: Arguments, operation: Operation) -> str:
        asked = given.get("lang", [""])[-1] if "lang" in operation.params else (given.pop("lang", None) or [""])[-1]
        if asked:
            LANG.term("lang", asked, self._names)
            return asked.lower()
        return language(request.field(b"accept-language"), LANGUAGES)

    @property
    def _fields(self) -> Fields:
        """What every answer names: data set and licence."""
        digest = (b"x-dataset-digest", self._answers.store.digest.encode())
        licence = ((b"link", f'<{self._licence}>; rel="license"'.encode()),) if self._licence else ()
        return (digest, *licence)

    async def _respond(self, request: Request, tagged: _TaggedAnswer, send: Send) -> None:
        """Answer from what the client has, what the cache has, or what is made now; one of several makes it for all."""
        condition = request.field(b"if-none-match")
        if condition.strip() == "*" or matches(condition, tagged.tag):
            fields = [_VARY, _REVALIDATE, (b"etag", tagged.tag.encode()), *tagged.fields]
            await send({"type": "http.response.start", "status": 304, "headers": fields})
            await send({"type": "http.response.body", "body": b""})
            return
        cache = self._answers.cache
        entry = cache.get(tagged.tag)
        if entry is None:
            async with Disconnection(request.receive), cache.flight(tagged.tag) as others:
                entry = cache.get(tagged.tag) if others.done() else None
                if entry is None:
                    entry = _entry(tagged, await tagged.work.make())
                    cache.put(tagged.tag, entry)
        await send({"type": "http.response.start", "status": 200, "headers": list(entry.fields)})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else entry.body})


def _entry(tagged: _TaggedAnswer, made: RenderedAnswer) -> CachedAnswer:
    """The answer as it goes out, coded if that pays."""
    coding = tagged.encoding if len(made.body) >= compression.SMALLEST else "identity"
    body = compression.encode(made.body, coding) if coding != "identity" else made.body
    fields = [(b"content-type", tagged.content_type), (b"content-length", str(len(body)).encode())]
    if coding != "identity":
        fields.append((b"content-encoding", coding.encode()))
    etag = (b"etag", tagged.tag.encode())
    return CachedAnswer((*fields, etag, _VARY, _REVALIDATE, *tagged.fields, *made.fields), body)


def _match(pattern: str, path: str) -> dict[str, str] | None:
    """The named parts of a path; the last part of the pattern takes all that is left."""
    wanted = pattern.split("/")
    found = path.split("/", len(wanted) - 1)
    if len(found) != len(wanted):
        return None
    parts: dict[str, str] = {}
    for piece, text in zip(wanted, found, strict=True):
        if piece.startswith("{"):
            if not text:
                return None
            parts[piece[1:-1]] = text
        elif piece != text:
            return None
    return parts
