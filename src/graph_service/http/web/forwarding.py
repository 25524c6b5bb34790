"""Routes answered by workers: the request goes there as JSON, the response comes back in pieces.

The serving process has the server, the cache and the clients. Routes run in workers, which have limits of time and
memory, and which are killed when a client leaves (`workers`). A response is its head, JSON with its length before it
(4 bytes, big-endian), and its body.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from graph_service.http.protocol.flight import SHARED_ERRORS
from graph_service.http.protocol.request import ASGIApp, Message, Receive, Request, Scope, Send, route_of
from graph_service.http.web.edition import EDITION, RELEASE, Edition, Release
from graph_service.workers.limits import ROUTE, too_many_bytes
from graph_service.workers.role import Write
from graph_service.workers.wire import LENGTH, decode_error, encode_error

_log = logging.getLogger("graph_service.http")
_BYTES = ("raw_path", "query_string")
_TEXTS = ("method", "scheme", "path", "root_path", "request_id", "editions", "http_version")


async def forward(scope: Scope, receive: Receive, send: Send) -> None:
    """Have one request answered by a worker.

    Raises:
        QueryError: as of `WorkerPool.ask`.
    """
    release: Release = scope[RELEASE]
    request = Request.of(scope, receive)
    answer = await release.pool.ask(ROUTE, encode_request(scope), request.client)
    try:
        pieces = aiter(answer)
        first = await anext(pieces)
        length = LENGTH.unpack_from(first)[0]
        body = LENGTH.size + length
        await send(_start(json.loads(first[LENGTH.size : body]), scope))
        await send({"type": "http.response.body", "body": first[body:], "more_body": True})
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        await answer.aclose()


def encode_request(scope: Scope) -> bytes:
    """A GET, for a worker."""
    content = {name: scope[name] for name in _TEXTS if name in scope}
    content |= {name: scope[name].decode("latin-1") for name in _BYTES if name in scope}
    content["headers"] = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    content["client"], content["server"] = scope.get("client"), scope.get("server")
    return json.dumps(content).encode()


def decode_request(content: bytes) -> Scope:
    """The scope of a request that came to a worker."""
    scope: dict[str, Any] = json.loads(content)
    for name in _BYTES:
        if name in scope:
            scope[name] = scope[name].encode("latin-1")
    scope["headers"] = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in scope["headers"]]
    return {"type": "http", "asgi": {"version": "3.0"}, **scope}


async def respond(routes: ASGIApp, edition: Edition, content: bytes, write: Write, most_bytes: int) -> None:
    """In a worker: answer one request.

    Args:
        routes: the application that has them.
        edition: what they answer from.
        content: the request.
        write: takes the response.
        most_bytes: size that its body may have.

    Raises:
        LimitReached: it is larger.
    """
    scope = {**decode_request(content), EDITION: edition}

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    size = 0

    async def send(message: Message) -> None:
        nonlocal size
        if message["type"] == "http.response.start":
            write(_head(message, scope))
            return
        size += len(message.get("body", b""))
        if size > most_bytes:
            raise too_many_bytes(most_bytes, ROUTE)
        write(message.get("body", b""))

    try:
        await routes(scope, receive, send)
    except Exception:  # noqa: BLE001 - the framework has answered 500 before it raised the error again
        if size > most_bytes:
            raise too_many_bytes(most_bytes, ROUTE) from None
        _log.exception("unexpected", extra={"fields": {"request_id": scope.get("request_id", "")}})


def _head(message: Message, scope: Scope) -> bytes:
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
    head = {"status": message["status"], "headers": headers, "route": route_of(scope)}
    if "problem" in scope:
        head["problem"] = scope["problem"]
    if isinstance(error := scope.get("error"), SHARED_ERRORS):
        head["error"] = encode_error(error).decode()
    content = json.dumps(head).encode()
    return LENGTH.pack(len(content)) + content


def _start(head: Mapping[str, Any], scope: Scope) -> Message:
    """The first message of the response; what the layers in front need to know goes into the scope."""
    scope["route"] = head["route"]
    if "problem" in head:
        scope["problem"] = head["problem"]
    if "error" in head:
        scope["error"] = decode_error(head["error"].encode())
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in head["headers"]]
    return {"type": "http.response.start", "status": head["status"], "headers": headers}
