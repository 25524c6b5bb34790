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

from starlette.responses import Response

from graph_service.errors import QueryError
from graph_service.http.protocol.delivery import CODED
from graph_service.http.protocol.documents import negotiate_encoding
from graph_service.http.protocol.flight import SHARED_ERRORS
from graph_service.http.protocol.request import (
    ASGIApp,
    Message,
    Receive,
    Request,
    Scope,
    Send,
    route_of,
    with_body,
    without_body,
)
from graph_service.http.web.edition import EDITION, RELEASE, Edition, Release
from graph_service.workers.coding import HEAD, Encoder, Identity, encoder
from graph_service.workers.limits import ROUTE, too_many_bytes
from graph_service.workers.role import Write
from graph_service.workers.wire import LENGTH, PIECE_BYTES, decode_error, encode_error

_log = logging.getLogger("graph_service.http")
# In the scope: the directory of the files that are published of the snapshot.
PUBLISHED = "published"
# In the scope: the directories of two snapshots that are to be compared.
COMPARED = "compared"
# Likewise: the body of a POST, and what the serving process has found out for its route, as JSON.
BODY, FOUND = "body", "found"
_BYTES = ("raw_path", "query_string", BODY)
_PLAIN = (
    "method", "scheme", "path", "root_path", "request_id", "editions", "http_version", PUBLISHED, COMPARED, FOUND
)  # fmt: skip


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


class Forwarded(Response):
    """A response that a worker makes after all; `found` is put into the scope of the request."""

    def __init__(self, **found: str) -> None:
        super().__init__()
        self._found = found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have it made."""
        await forward({**scope, **self._found}, receive, send)


def encode_request(scope: Scope) -> bytes:
    """A request for a worker: a GET, or a POST whose body lies in the scope."""
    content = {name: scope[name] for name in _PLAIN if name in scope}
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
        Exception: whatever broke the response off before its end.
    """
    scope = {**decode_request(content), EDITION: edition}
    sending = _Sending(scope, write, most_bytes)
    try:
        await routes(scope, with_body(scope.get(BODY, b"")), sending.send)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the framework has answered 500, unless the response had begun
        # The framework hides an error of ours behind one of its own once the response has begun.
        cause = error.__cause__ if isinstance(error.__cause__, QueryError) else error
        if not isinstance(cause, QueryError):
            _log.exception("unexpected", extra={"fields": {"request_id": scope.get("request_id", "")}})
        if not sending.finished:
            raise cause from None


class _Sending:
    """Takes the messages of a response; one that will stream is coded here, which costs a second for each 50 MB."""

    def __init__(self, scope: Scope, write: Write, most_bytes: int) -> None:
        self.finished = False
        self._size = 0
        self._scope = scope
        self._write = write
        self._most_bytes = most_bytes
        self._start: Message | None = None
        self._coder: Encoder = Identity()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        body, last = message.get("body", b""), not message.get("more_body", False)
        self._size += len(body)
        if self._size > self._most_bytes:
            raise too_many_bytes(self._most_bytes, ROUTE)
        if self._start is not None:
            self._begin(self._start, len(body))
            self._start = None
        for start in range(0, len(body), PIECE_BYTES):
            self._write(self._coder.compress(body[start : start + PIECE_BYTES]))
        if last:
            self._write(self._coder.flush())
            self.finished = True

    def _begin(self, start: Message, size: int) -> None:
        streams = size > HEAD and start["status"] == 200 and b"content-encoding" not in dict(start["headers"])
        coding = negotiate_encoding(Request(self._scope, without_body())) if streams else "identity"
        self._coder = encoder(coding)
        self._write(_head(start, self._scope, is_coded=coding != "identity"))


def _head(start: Message, scope: Scope, *, is_coded: bool) -> bytes:
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
    head = {"status": start["status"], "headers": headers, "route": route_of(scope), "coded": is_coded}
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
    coded = {CODED: True} if head["coded"] else {}
    return {"type": "http.response.start", "status": head["status"], "headers": headers, **coded}
