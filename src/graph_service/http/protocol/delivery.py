"""From the messages of an ASGI application to bytes on the wire: validators, cache, single flight, coding, streaming.

A small answer is collected before its first byte goes out. It can then carry its length and be kept, and work that
fails has a status of its own. A larger one streams with back-pressure. If it fails after it began, the response stays
unfinished and the connection breaks: no client can take a half for the whole (RFC 9112, section 8).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from graph_service.http.protocol import compression
from graph_service.http.protocol.cache import Cache, CachedAnswer, Copy, matches
from graph_service.http.protocol.disconnection import Disconnection
from graph_service.http.protocol.flight import Flight
from graph_service.http.protocol.metrics import Metrics
from graph_service.http.protocol.negotiation import Encoding
from graph_service.http.protocol.problems import Fields
from graph_service.http.protocol.request import Message, Request, Send, route_of
from graph_service.workers.coding import HEAD, encoder

# Anyone may keep an answer, but revalidates it each time; the tag answers that without any work.
REVALIDATE = (b"cache-control", b"public, no-cache")
NEVER_KEEP = (b"cache-control", b"no-store")

# In the first message of a response: its body has the content coding that the client takes already.
CODED = "graph_service.coded"

Work: TypeAlias = Callable[[Send], Awaitable[None]]


class BrokenAnswer(Exception):
    """An answer failed after its first byte was sent; the response must stay unfinished."""


class _HeadSent(Exception):
    """All that a HEAD request gets was sent; the work may end."""


@dataclass(frozen=True)
class Representation:
    """What is known of an answer before the work is done.

    Attributes:
        tag: its entity tag, which is also its key in the cache; empty if it may not be kept.
        encoding: the content coding that the client takes.
        vary: the `Vary` field.
        fields: header fields that go with it, whether it is whole, streamed or unmodified.
    """

    tag: str
    encoding: Encoding
    vary: tuple[bytes, bytes]
    fields: Fields = ()

    def cache_fields(self, *, posted: bool = False) -> Fields:
        """The fields that speak of caching; no tag on a POST, whose answer is not what a GET of the URL would bring."""
        if not self.tag:
            return (self.vary, NEVER_KEEP, *self.fields)
        if posted:
            return (self.vary, REVALIDATE, *self.fields)
        return (self.vary, REVALIDATE, (b"etag", self.tag.encode()), *self.fields)


async def deliver(
    request: Request, representation: Representation, work: Work, send: Send, cache: Cache, metrics: Metrics
) -> None:
    """Answer from what the client has, what the cache has, or what the work sends; one of several works for all.

    Args:
        request: what is answered.
        representation: what is known before.
        work: sends the messages of an uncoded answer; its status may be any.
        send: where the answer goes.
        cache: complete answers.
        metrics: where unmodified answers are counted.

    Raises:
        BrokenAnswer: the work failed after the answer began.
        ClientGone: the client has disconnected.
        Exception: whatever the work raises before.
    """
    tag = representation.tag
    if tag and matches(_condition(request), tag):
        _count_with(cache.route(tag), request)
        await _send_unmodified(representation, send, metrics)
        return
    entry = cache.get(tag) if tag else None
    if entry is not None:
        await _send_entry(request, representation, entry, send, metrics)
        return
    async with Disconnection(request.receive):
        if not tag:
            await _Delivery(request, representation, send, cache, metrics, None).run(work)
            return
        async with cache.flight(tag) as flight:
            entry = cache.get(tag) if flight.waited else None
            if entry is not None:
                await _send_entry(request, representation, entry, send, metrics)
            else:
                await _Delivery(request, representation, send, cache, metrics, flight).run(work)


class _Delivery:
    """Sends on what the work sends, coded, and keeps a copy."""

    def __init__(
        self,
        request: Request,
        representation: Representation,
        send: Send,
        cache: Cache,
        metrics: Metrics,
        flight: Flight | None,
    ) -> None:
        self._request = request
        self._about = representation
        self._forward = send
        self._cache = cache
        self._metrics = metrics
        self._flight = flight
        self._described: Fields = ()
        self._collected: list[bytes] = []
        self._size = 0
        self._passes = False
        self._streams = False
        self._is_coded = False
        self._is_plain = False
        self._copy = Copy(-1)
        self._coder = encoder("identity")

    async def run(self, work: Work) -> None:
        try:
            await work(self.send)
        except _HeadSent:
            return
        except asyncio.CancelledError:
            raise
        except Exception as error:
            if self._streams:
                raise BrokenAnswer from error
            raise

    async def send(self, message: Message) -> None:
        """One message of the work: the start, or a piece of the body."""
        if self._passes:
            await self._forward(message)
        elif message["type"] == "http.response.start":
            await self._start(message)
        elif self._streams:
            await self._stream(message.get("body", b""), last=not message.get("more_body", False))
        else:
            await self._collect(message.get("body", b""), last=not message.get("more_body", False))

    async def _start(self, message: Message) -> None:
        fields = tuple(message["headers"])
        if message["status"] != 200 or any(name in (b"etag", b"content-encoding") for name, _ in fields):
            # Problems and redirects, and files that have validators of their own.
            self._passes = True
            self._release(self._request.scope.get("error"))
            await self._forward(message)
            if self._request.method == "HEAD":
                await self._forward({"type": "http.response.body", "body": b""})
                raise _HeadSent
            return
        if (b"cache-control", b"no-store") in fields:
            self._about = Representation("", self._about.encoding, self._about.vary, self._about.fields)
        ours = (b"content-length", b"cache-control", b"vary")
        self._is_coded = CODED in message
        # The type comes first: the shortcut looks for it there.
        kept = [field for field in fields if field[0] not in ours]
        self._described = tuple(sorted(kept, key=lambda field: field[0] != b"content-type"))

    async def _collect(self, piece: bytes, *, last: bool) -> None:
        self._collected.append(piece)
        self._size += len(piece)
        if last:
            await self._whole(b"".join(self._collected))
        elif self._size > HEAD:
            await self._begin()

    async def _whole(self, body: bytes) -> None:
        coding = self._about.encoding if self._is_coded or len(body) >= compression.SMALLEST else "identity"
        body = await compression.encode(body, coding) if coding != "identity" and not self._is_coded else body
        fields = (*_coded(self._described, coding), (b"content-length", str(len(body)).encode()))
        entry = CachedAnswer(fields, body, route_of(self._request.scope))
        if self._about.tag:
            self._cache.put(self._about.tag, entry)
        self._release()
        await _send_entry(self._request, self._about, entry, self._forward, self._metrics)

    async def _begin(self) -> None:
        # From here on everything depends on this client alone; nobody else waits for it.
        self._release()
        self._streams = True
        head = b"".join(self._collected)
        self._collected.clear()
        self._described = _coded(self._described, self._about.encoding)
        posted = self._request.method == "POST"
        fields = [*self._about.cache_fields(posted=posted), *self._described]
        await self._forward({"type": "http.response.start", "status": 200, "headers": fields})
        if self._request.method == "HEAD":
            await self._forward({"type": "http.response.body", "body": b""})
            raise _HeadSent
        self._copy = Copy(self._cache.largest if self._about.tag else -1)
        self._is_plain = self._is_coded or self._about.encoding == "identity"
        self._coder = encoder("identity" if self._is_plain else self._about.encoding)
        await self._stream(head, last=False)

    async def _stream(self, piece: bytes, *, last: bool) -> None:
        data = piece if self._is_plain else await compression.compress(self._coder, piece)
        if last:
            data += self._coder.flush()
        self._copy.add(data)
        if data or last:
            await self._forward({"type": "http.response.body", "body": data, "more_body": not last})
        body = self._copy.body() if last else None
        if body is not None:
            length = (b"content-length", str(len(body)).encode())
            self._cache.put(
                self._about.tag, CachedAnswer((*self._described, length), body, route_of(self._request.scope))
            )

    def _release(self, error: object = None) -> None:
        if self._flight is not None:
            self._flight.release(error)


async def _send_entry(
    request: Request, representation: Representation, entry: CachedAnswer, send: Send, metrics: Metrics
) -> None:
    posted = request.method == "POST"
    _count_with(entry.route, request)
    if representation.tag and _condition(request).strip() == "*":
        await _send_unmodified(representation, send, metrics)
        return
    fields = [*entry.fields, *representation.cache_fields(posted=posted)]
    await send({"type": "http.response.start", "status": 200, "headers": fields})
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else entry.body})


async def _send_unmodified(representation: Representation, send: Send, metrics: Metrics) -> None:
    """304 with the fields that a 200 would have had (RFC 9110, section 15.4.5)."""
    metrics.count("unmodified")
    await send({"type": "http.response.start", "status": 304, "headers": list(representation.cache_fields())})
    await send({"type": "http.response.body", "body": b""})


def _count_with(route: str, request: Request) -> None:
    """Count a request that reaches no route with those that did."""
    if route:
        request.scope.setdefault("route", route)


def _coded(fields: Fields, coding: Encoding) -> Fields:
    return fields if coding == "identity" else (*fields, (b"content-encoding", coding.encode()))


def _condition(request: Request) -> str:
    """The `If-None-Match` field; of a POST it says nothing, since there is no tag to compare."""
    return "" if request.method == "POST" else request.field(b"if-none-match")
