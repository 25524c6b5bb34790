"""A connection with limits: uvicorn's httptools protocol bounds neither a request's head nor a client's patience.

Without these a client that sends one field a minute, or reads nothing of what it asked for, keeps its connection
for ever.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from graph_service.http.protocol.limits import HTTPLimits
from graph_service.http.protocol.request import WHOLE
from graph_service.http.server.shortcut import Shortcut

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

# Far more than any client or proxy sends.
MOST_FIELDS = 100
# What one read of a connection may hold: a loop turn goes on until all of it is parsed.
MOST_REQUESTS, MOST_CHUNKS = 64, 4096


class _HeldTooMuch(Exception):
    """Ends the parsing of what was read; the connection closes already."""


def _refusal(status: str, detail: str) -> bytes:
    """A problem document that is sent before there is a request to answer."""
    code, _, title = status.partition(" ")
    body = f'{{"type": "about:blank", "title": "{title}", "status": {code}, "detail": "{detail}"}}\n'
    return (
        f"HTTP/1.1 {status}\r\ncontent-type: application/problem+json\r\ncontent-length: {len(body)}\r\n"
        f"x-content-type-options: nosniff\r\nconnection: close\r\n\r\n{body}"
    ).encode()


class CorkedTransport:
    """A transport that keeps the head of a response until its body comes, and sends both in one system call.

    The server writes them one after the other, and each write wakes the client; of a small answer that is a tenth of
    the cost.
    """

    __slots__ = ("_head", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""

    def write(self, data: bytes) -> None:
        """Send what was kept and this, unless this is a head itself (interim responses go out at once)."""
        if self._head:
            data, self._head = self._head + data, b""
        elif data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 1"):
            self._head = data
            return
        self._transport.write(data)

    def send(self, data: bytes) -> None:
        """Send a whole response."""
        self._transport.write(data)

    def flush(self) -> None:
        """Send what was kept: there is no body."""
        if self._head:
            self.write(b"")

    def close(self) -> None:
        """Close when everything is sent."""
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class LimitedProtocol(HttpToolsProtocol):
    """One connection.

    The head of a request has to be complete in `head_seconds` and `head_bytes`; what is sent has to be read in
    `stall_seconds`.
    """

    limits: HTTPLimits
    shortcut: Shortcut | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        self._cork = CorkedTransport(transport)
        super().connection_made(cast("asyncio.Transport", self._cork))
        self._head_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all clocks."""
        self._stop_head_timer()
        self._stop_stall_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, unless the head grows beyond its limit."""
        if self._head_timer is None and not self._busy():
            # Also for the rest of a body that nobody read: trickling it would otherwise reset the idle time for ever.
            self._await_head()
        self._requests = self._chunks = 0
        super().data_received(data)
        if self._head_timer is None:
            self._head_bytes = 0
            return
        self._head_bytes += len(data)
        if self._head_bytes > self.limits.head_bytes:
            self._refuse("431 Request Header Fields Too Large", "The head of the request is too large.")

    def on_headers_complete(self) -> None:
        """The head is here: from now on the request itself keeps its times."""
        self._stop_head_timer()
        self._requests += 1
        if self._requests > MOST_REQUESTS:
            # No status: it would come before the answers of the others.
            self.transport.close()
            raise _HeldTooMuch
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > self.limits.head_bytes or len(self.headers) > MOST_FIELDS:
            self._refuse("431 Request Header Fields Too Large", "The head of the request is too large.")
            return
        if len(self.url) > self.limits.url_bytes:
            self._refuse("414 URI Too Long", "The URL is too long. Send long queries by POST.")
            return
        if not self.transport.is_closing() and not self._answer_at_once():
            super().on_headers_complete()

    def _answer_at_once(self) -> bool:
        """Answer from the cache, if nothing is in the way: no other request, nothing unread, no older protocol."""
        if self.shortcut is None or self._busy() or self.flow.write_paused:
            return False
        if self.parser.get_method() != b"GET" or self.parser.get_http_version() != "1.1":
            return False
        answer = self.shortcut.answer(self.url, self.headers, self.client[0] if self.client else "")
        if answer is None:
            return False
        keep = self.parser.should_keep_alive()
        head = [b"HTTP/1.1 200 OK\r\n" if keep else b"HTTP/1.1 200 OK\r\nconnection: close\r\n"]
        head += [b"%b: %b\r\n" % field for field in self.server_state.default_headers]
        self._cork.send(b"".join([*head, answer]))
        if keep:
            super().on_response_complete()
        else:
            self.transport.close()
        return True

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Offer the application a way for whole responses."""
        cast("dict[str, Any]", cycle.scope)["extensions"] = {WHOLE: partial(self._send_whole, cycle)}
        super()._start_asgi_task(cycle, app)

    def _send_whole(
        self, cycle: RequestResponseCycle, status: int, fields: list[tuple[bytes, bytes]], body: bytes
    ) -> bool:
        """Write a response at once; False if it has to go the server's own way, which looks at each field."""
        names = {name for name, _ in fields}
        if cycle.response_started or cycle.disconnected or self.flow.write_paused or b"connection" in names:
            return False
        sent = [*self.server_state.default_headers, *fields]
        if not cycle.keep_alive:
            sent.append((b"connection", b"close"))
        if b"content-length" not in names and status not in (204, 304):
            sent.append((b"content-length", b"%d" % len(body)))
        head = b"".join([STATUS_LINE[status], *[b"%b: %b\r\n" % field for field in sent], b"\r\n"])
        if head.count(b"\n") != len(sent) + 2 or head.count(b"\r") != len(sent) + 2:
            return False
        cycle.response_started = cycle.response_complete = True
        self._cork.send(head if cycle.scope["method"] == "HEAD" else head + body)
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        return True

    def on_body(self, body: bytes) -> None:
        """A piece of a body; of a request that was refused there is no cycle to give it to."""
        self._chunks += 1
        if self._chunks > MOST_CHUNKS:
            self._refuse("400 Bad Request", "The body comes in too many small chunks.")
            raise _HeldTooMuch
        if self._has_cycle():
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The end of a request, unless it was refused."""
        if self._has_cycle():
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Nothing more comes: also of a response without a body everything has to go out."""
        self._cork.flush()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The client does not keep up: give it some time."""
        super().pause_writing()
        if self._stall_timer is None:
            self._stall_timer = self.loop.call_later(self.limits.stall_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads again."""
        self._stop_stall_timer()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """What the parser could not read."""
        if not self.transport.is_closing():
            self._refuse("400 Bad Request", msg)

    def _has_cycle(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None

    def _busy(self) -> bool:
        """Whether a request is being answered."""
        return self._has_cycle() and not self.cycle.response_complete

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(self.limits.head_seconds, self._head_is_late)

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self._busy():
            return
        if self._head_bytes:
            self._refuse("408 Request Timeout", "The head of the request did not arrive in time.")
        else:
            self.transport.close()

    def _refuse(self, status: str, detail: str) -> None:
        if not self.transport.is_closing():
            self.transport.write(_refusal(status, detail))
            self.transport.close()

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_stall_timer(self) -> None:
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None


def limited_protocol(limits: HTTPLimits, shortcut: Shortcut | None = None) -> type[asyncio.Protocol]:
    """The protocol class with these limits, as `uvicorn.Config(http=…)` takes it."""
    given = {"limits": limits, "shortcut": shortcut}
    return cast("type[asyncio.Protocol]", type("LimitedProtocol", (LimitedProtocol,), given))


def server_options(limits: HTTPLimits, shortcut: Shortcut | None = None) -> dict[str, Any]:
    """The options of `uvicorn.Config` that belong to these limits."""
    return {
        "http": limited_protocol(limits, shortcut),
        "ws": "none",
        "timeout_keep_alive": limits.idle_seconds,
        "timeout_graceful_shutdown": limits.shutdown_seconds,
        "limit_concurrency": limits.connections,
    }
