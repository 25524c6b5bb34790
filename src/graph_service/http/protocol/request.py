"""A request before any framework: its fields, parameters and body, each read within a limit."""

from __future__ import annotations

import asyncio
import re
from binascii import a2b_qp
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any, TypeAlias

from graph_service.http.protocol.problems import RequestError

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

# An extension of ASGI that our server offers: takes status, fields and body of a whole response, and writes them at
# once, if it can; else the messages of ASGI have to do.
WHOLE = "graph_service.whole"
Whole: TypeAlias = Callable[[int, list[tuple[bytes, bytes]], bytes], bool]

# More graphs than this in one request is no data set that anyone wrote down.
MOST_PARAMETERS = 1000
# What is decoded at a time: 3 ms for percent signs alone.
_PIECE = 32 * 1024
# A percent sign that begins no escape stands for itself.
_STRAY = re.compile(rb"%(?![0-9A-Fa-f]{2})")


# The key of the scope under which a request lies that has been read.
READ = "read_request"


class Request:
    """One HTTP request.

    Attributes:
        scope: its ASGI scope.
        receive: its ASGI channel.
    """

    __slots__ = ("_fields", "_parameters", "receive", "scope")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self.receive = receive
        self._parameters: list[tuple[str, str]] | None = None
        self._fields: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            known = self._fields.get(name)
            self._fields[name] = value if known is None else known + b", " + value

    @classmethod
    def of(cls, scope: Scope, receive: Receive) -> Request:
        """The request that the exchange or the route has already read, if there is one around us."""
        return scope.get(READ) or cls(scope, receive)

    @property
    def method(self) -> str:
        """The method, in capitals."""
        return str(self.scope["method"])

    @property
    def client(self) -> str:
        """The address of the client; behind a trusted proxy the one that it forwards."""
        client = self.scope.get("client")
        return str(client[0]) if client else ""

    @property
    def site(self) -> str:
        """Scheme and authority as the client wrote them."""
        return f"{self.scope['scheme']}://{self.field(b'host') or 'localhost'}"

    @property
    def origin(self) -> str:
        """Scheme, authority and root path as the client wrote them, without a slash at the end."""
        return f"{self.site}{self.scope.get('root_path', '')}"

    def field(self, name: bytes) -> str:
        """A header field by its lower-case name, several joined by commas (RFC 9110, section 5.3); else empty."""
        return self.raw(name).decode("latin-1")

    def raw(self, name: bytes) -> bytes:
        """The same as it was sent."""
        return self._fields.get(name, b"")

    def parameters(self) -> list[tuple[str, str]]:
        """Names and values of the query string, read once.

        Raises:
            RequestError: 400, they are not UTF-8, or too many.
        """
        if self._parameters is None:
            self._parameters = form_parameters(self.scope["query_string"])
        return list(self._parameters)

    async def body(self, limit: int, seconds: float) -> bytes:
        """The whole body.

        Args:
            limit: bytes that it may have.
            seconds: time in which it has to be here.

        Raises:
            RequestError: 413 as soon as it is known to be larger; 408 when it does not arrive; 400 when it breaks off.
        """
        length = self.field(b"content-length")
        if length.isdigit() and int(length) > limit:
            raise too_large(limit)
        try:
            async with asyncio.timeout(seconds):
                return await self._read(limit)
        except TimeoutError:
            close = ((b"connection", b"close"),)
            raise RequestError(408, f"The body did not arrive within {seconds:g} s.", fields=close) from None

    async def _read(self, limit: int) -> bytes:
        body = bytearray()
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise RequestError(400, "The body broke off.")
            body += message.get("body", b"")
            if len(body) > limit:
                raise too_large(limit)
            if not message.get("more_body", False):
                return bytes(body)


def without_body() -> Receive:
    """The ASGI channel of a request that has no body, and whose client does not leave."""
    return with_body(b"")


def with_body(body: bytes) -> Receive:
    """The ASGI channel of a request whose body is here already, and whose client does not leave."""
    waiting = True

    async def receive() -> Message:
        nonlocal waiting
        if not waiting:
            await asyncio.Event().wait()
        waiting = False
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def too_large(limit: int) -> RequestError:
    """413, closing the connection so that nobody has to read the rest (RFC 9110, section 15.5.14)."""
    close = ((b"connection", b"close"),)
    return RequestError(413, f"The body has more than {limit} bytes.", fields=close, limit=limit)


def form_parameters(encoded: bytes) -> list[tuple[str, str]]:
    """Names and values of `application/x-www-form-urlencoded` bytes, strictly UTF-8.

    Raises:
        RequestError: 400, they are not UTF-8, or too many.
    """
    return [(_text(_decoded(name)), _text(_decoded(value))) for name, value in _pairs(encoded)]


async def long_form_parameters(encoded: bytes) -> list[tuple[str, str]]:
    """The same for a body, which may have megabytes: other requests go on between two pieces of it."""
    found = []
    for name, value in _pairs(encoded):
        found.append((await _long_text(name), await _long_text(value)))
    return found


async def _long_text(coded: bytes) -> str:
    pieces = []
    for piece in _pieces(coded):
        pieces.append(_decoded(piece))
        await asyncio.sleep(0)
    return _text(b"".join(pieces))


def _pairs(encoded: bytes) -> list[tuple[bytes, bytes]]:
    if encoded.count(b"&") >= MOST_PARAMETERS:
        raise RequestError(400, f"There are more than {MOST_PARAMETERS} parameters.")
    pairs = (pair.partition(b"=") for pair in encoded.split(b"&") if pair)
    return [(name, value) for name, _, value in pairs]


def _pieces(value: bytes) -> Iterator[bytes]:
    """A value cut into pieces, none of them within an escape."""
    start = 0
    while start < len(value):
        end = start + _PIECE
        escape = value.rfind(b"%", end - 2, end)
        end = escape if escape >= 0 else end
        yield value[start:end]
        start = end


def _decoded(part: bytes) -> bytes:
    """One name or value, or a piece of it (URL standard, section 5.1)."""
    part = part.replace(b"+", b" ")
    if b"%" not in part:
        return part
    # Quoted-printable (RFC 2045) is the same with another sign, and its decoder is not written in Python.
    return a2b_qp(_STRAY.sub(b"%25", part).replace(b"=", b"%3D").replace(b"%", b"="))


def _text(part: bytes) -> str:
    """Never with replacement characters."""
    try:
        return part.decode()
    except UnicodeDecodeError:
        raise RequestError(400, "The parameters are not UTF-8.") from None


def route_of(scope: Scope) -> str:
    """The route as it was declared, never the path that was asked for: those are without end."""
    route = scope.get("route")
    if isinstance(route, str):
        return route
    return str(getattr(route, "path_format", "") or getattr(route, "path", "") or "other")
