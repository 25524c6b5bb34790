"""From a checked query to bytes on the wire: validators, cache, single flight, coding, streaming.

A small answer is collected before the first byte goes out. It can then carry its length, be kept, and a query that
fails has a status of its own. A larger one streams with back-pressure; if it fails after it began, the response is
left unfinished, and the connection breaks: no client can take a half for the whole (RFC 9112, section 8).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from graph_service.errors import QueryError
from graph_service.http.protocol import compression
from graph_service.http.protocol.cache import Cache, CachedAnswer, Copy, Recent, entity_tag, matches, volatile
from graph_service.http.protocol.disconnection import Disconnection
from graph_service.http.protocol.metrics import Metrics
from graph_service.http.protocol.negotiation import Encoding
from graph_service.http.protocol.problems import Fields
from graph_service.http.protocol.request import Request, Send
from graph_service.store import Query, Store
from graph_service.version import __version__

# Bytes that are collected before an answer starts to stream.
HEAD = 256 * 1024

_VARY = (b"vary", b"Accept, Accept-Encoding")
# Anyone may keep an answer, and asks each time whether it still holds: the tag tells, without running the query.
_REVALIDATE = (b"cache-control", b"public, no-cache")
_NEVER_KEEP = (b"cache-control", b"no-store")


@dataclass(frozen=True)
class AnswerPlan:
    """A request understood: what to ask the store, how to send it, and the tag of what comes out ("" for none).

    `fields` go with the answer, whether it is whole, streamed or unmodified.
    """

    query: Query
    encoding: Encoding
    tag: str
    fields: Fields = ()


@dataclass(frozen=True)
class CachedRoute:
    """What a GET of the API was understood as, as far as a cached answer needs it.

    Attributes:
        digest: of the data set it was understood for.
        tag: of the answer.
        fields: what goes with the answer beside the fields that are kept with it.
        route: where it is counted.
    """

    digest: str
    tag: str
    fields: Fields
    route: str


class BrokenAnswer(Exception):
    """An answer failed after its first byte was sent; the response must stay unfinished."""


class Answers:
    """Answers queries over HTTP; one for a process.

    Attributes:
        store: where queries run.
        cache: complete answers.
        plans: what was understood of earlier GETs: query string, `Accept`, `Accept-Encoding`.
        ready: the same for other routes: URL, `Accept`, `Accept-Encoding`, `Accept-Language`, `Host`.
    """

    def __init__(self, store: Store, cache: Cache, metrics: Metrics) -> None:
        self.store = store
        self.cache = cache
        self.plans: Recent[tuple[bytes, bytes, bytes], AnswerPlan] = Recent(2048)
        self.ready: Recent[tuple[bytes, bytes, bytes, bytes, bytes], CachedRoute] = Recent(2048)
        self._metrics = metrics

    def plan(self, query: Query, encoding: Encoding, language: str = "") -> AnswerPlan:
        """What the answer's tag is, before the query runs; a query on clock or chance has none."""
        if volatile(query.text):
            return AnswerPlan(query, encoding, "")
        tag = entity_tag(
            __version__,
            self.store.digest,
            query.text,
            query.form,
            query.format.media_type,
            str(query.inferred),
            _graphs(query.default_graphs),
            _graphs(query.named_graphs),
            encoding,
            language,
        )
        return AnswerPlan(query, encoding, tag)

    async def respond(self, request: Request, plan: AnswerPlan, send: Send) -> None:
        """Send the answer.

        Raises:
            QueryError: nothing has been sent yet.
            BrokenAnswer: something has.
            ClientGone: nobody listens any more.
        """
        if plan.tag and await self._known(request, plan, send):
            return
        async with Disconnection(request.receive):
            if not plan.tag:
                await self._run(request, plan, send, None)
                return
            async with self.cache.flight(plan.tag) as others:
                entry = self.cache.get(plan.tag) if others.done() else None
                if entry is not None:
                    await self._send_whole(request, plan, entry, send)
                else:
                    await self._run(request, plan, send, others)

    async def _known(self, request: Request, plan: AnswerPlan, send: Send) -> bool:
        """Answer without the store, if the client or the cache has this version."""
        if matches(_condition(request), plan.tag):
            await self._send_unmodified(plan, send)
            return True
        entry = self.cache.get(plan.tag)
        if entry is None:
            return False
        await self._send_whole(request, plan, entry, send)
        return True

    async def _run(self, request: Request, plan: AnswerPlan, send: Send, others: asyncio.Future[None] | None) -> None:
        answer = await self.store.query(plan.query, client=request.client)
        try:
            pieces = aiter(answer)
            head, complete = await _collect(pieces)
            entry = _entry(plan, b"".join(head)) if complete else None
            if entry is not None and plan.tag:
                self.cache.put(plan.tag, entry)
            if others is not None and not others.done():
                # Whatever happens now depends on this client alone; nobody else waits for it.
                others.set_result(None)
            if entry is not None:
                await self._send_whole(request, plan, entry, send)
            else:
                await self._stream(request, plan, head, pieces, send)
        finally:
            await answer.aclose()

    async def _stream(
        self, request: Request, plan: AnswerPlan, head: list[bytes], rest: AsyncIterator[bytes], send: Send
    ) -> None:
        """Send an answer piece by piece, as fast as the client reads."""
        fields = [*_fields(request, plan), *_describe(plan, plan.encoding)]
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        if request.method == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        copy = Copy(self.cache.largest if plan.tag else -1)
        coder = compression.encoder(plan.encoding)

        async def forward(data: bytes) -> None:
            if data:
                copy.add(data)
                await send({"type": "http.response.body", "body": data, "more_body": True})

        try:
            await forward(coder.compress(b"".join(head)))
            head.clear()
            async for piece in rest:
                await forward(coder.compress(piece))
        except QueryError as error:
            raise BrokenAnswer from error
        last = coder.flush()
        copy.add(last)
        await send({"type": "http.response.body", "body": last})
        body = copy.body()
        if body is not None:
            self.cache.put(plan.tag, CachedAnswer((*_describe(plan, plan.encoding), _length(body)), body))

    async def _send_whole(self, request: Request, plan: AnswerPlan, entry: CachedAnswer, send: Send) -> None:
        if plan.tag and _condition(request).strip() == "*":
            await self._send_unmodified(plan, send)
            return
        fields = [*entry.fields, *_fields(request, plan)]
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        body = b"" if request.method == "HEAD" else entry.body
        await send({"type": "http.response.body", "body": body})

    async def _send_unmodified(self, plan: AnswerPlan, send: Send) -> None:
        """304 with the fields that a 200 would have had (RFC 9110, section 15.4.5)."""
        self._metrics.count("unmodified")
        fields = [_VARY, _REVALIDATE, (b"etag", plan.tag.encode()), *plan.fields]
        await send({"type": "http.response.start", "status": 304, "headers": fields})
        await send({"type": "http.response.body", "body": b""})


async def _collect(pieces: AsyncIterator[bytes]) -> tuple[list[bytes], bool]:
    """The first pieces of an answer, up to `HEAD` bytes, and whether that is all of it."""
    head: list[bytes] = []
    size = 0
    async for piece in pieces:
        head.append(piece)
        size += len(piece)
        if size > HEAD:
            return head, False
    return head, True


def _entry(plan: AnswerPlan, body: bytes) -> CachedAnswer:
    """A whole answer, coded if it is large enough for that to pay."""
    coding = plan.encoding if len(body) >= compression.SMALLEST else "identity"
    body = compression.encode(body, coding) if coding != "identity" else body
    return CachedAnswer((*_describe(plan, coding), _length(body)), body)


def _describe(plan: AnswerPlan, coding: Encoding) -> Fields:
    """The fields that speak of the body itself."""
    content_type = (b"content-type", plan.query.format.content_type.encode())
    return (content_type,) if coding == "identity" else (content_type, (b"content-encoding", coding.encode()))


def _fields(request: Request, plan: AnswerPlan) -> Fields:
    """The fields that speak of caching; no tag on a POST, whose answer is not what a GET of the URL would bring."""
    if not plan.tag:
        return (_VARY, _NEVER_KEEP, *plan.fields)
    if request.method == "POST":
        return (_VARY, _REVALIDATE, *plan.fields)
    return (_VARY, _REVALIDATE, (b"etag", plan.tag.encode()), *plan.fields)


def fields_of(plan: AnswerPlan) -> Fields:
    """The fields of an answer that may be kept."""
    return (_VARY, _REVALIDATE, (b"etag", plan.tag.encode()), *plan.fields)


def _length(body: bytes) -> tuple[bytes, bytes]:
    return (b"content-length", str(len(body)).encode())


def _graphs(graphs: tuple[str, ...] | None) -> str:
    return "-" if graphs is None else "\n".join(("", *graphs))


def _condition(request: Request) -> str:
    """The `If-None-Match` field; of a POST it says nothing, since there is no tag to compare."""
    return "" if request.method == "POST" else request.field(b"if-none-match")
