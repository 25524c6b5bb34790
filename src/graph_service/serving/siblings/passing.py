"""Requests that only the main process can answer are passed on to it, and the answer comes back.

For each request there is a pair of sockets, of which the main process gets one end over the channel. ASGI messages go
over it in frames (`workers/wire.py`): head of the request, its body; head of the response, its body. Who hangs up
before the end breaks the other side off.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket

from graph_service.http.api import statement_editions
from graph_service.http.linked_data.publishing import LIST, OF_FILES
from graph_service.http.protocol import security
from graph_service.http.protocol.request import ASGIApp, Message, Receive, Scope, Send
from graph_service.http.web import addresses
from graph_service.http.web.forwarding import decode_request, encode_request
from graph_service.serving import catalog, health, live
from graph_service.serving.kept import PREFIX
from graph_service.workers.channel import Channel
from graph_service.workers.wire import HEAD, LAST, PIECE, frame

_START = 4
# What depends on more than the edition in use (other editions, files that are made once, all processes), or edits it.
_PATHS = {
    health.READY, health.METRICS, live.PATH, catalog.PATH, statement_editions.PATH, addresses.CHANGES, addresses.FEED,
    addresses.EDITIONS, LIST, *OF_FILES,
}  # fmt: skip
_BELOW = (PREFIX, f"{LIST}/", security.EDITS)


def is_passed(path: str) -> bool:
    """Whether only the main process can answer at this path."""
    return path in _PATHS or path.startswith(_BELOW)


class Passing:
    """In a sibling: has requests answered by the main process.

    Args:
        channel: to it.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have one request answered; if the answer breaks off, so does this one."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._channel.send({"passed": True}, theirs)
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        writer.write(frame(_START, encode_request(scope)))
        asked = asyncio.ensure_future(_pump(receive, writer))
        try:
            await _relay(reader, send)
        finally:
            asked.cancel()
            writer.close()


async def _pump(receive: Receive, writer: asyncio.StreamWriter) -> None:
    """Send the body of the request, and hang up when its client has gone."""
    while (message := await receive())["type"] == "http.request":
        kind = PIECE if message.get("more_body", False) else LAST
        writer.write(frame(kind, message.get("body", b"")))
        await writer.drain()
    writer.close()


async def _relay(reader: asyncio.StreamReader, send: Send) -> None:
    """Send the response that comes."""
    while (found := await _next(reader)) is not None:
        kind, content = found
        if kind == _START:
            start = json.loads(content)
            headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in start["headers"]]
            await send({"type": "http.response.start", "status": start["status"], "headers": headers})
            continue
        await send({"type": "http.response.body", "body": content, "more_body": kind != LAST})
        if kind == LAST:
            return


async def answer(app: ASGIApp, connection: socket.socket) -> None:
    """In the main process: answer a request that a sibling has passed on."""
    reader, writer = await asyncio.open_unix_connection(sock=connection)
    try:
        if (found := await _next(reader)) is not None:
            await app(decode_request(found[1]), _Incoming(reader).receive, _Outgoing(writer).send)
    finally:
        writer.close()


class _Incoming:
    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    async def receive(self) -> Message:
        """The next message of the request; behind its body comes nothing but its end."""
        found = await _next(self._reader)
        if found is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": found[1], "more_body": found[0] == PIECE}


class _Outgoing:
    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def send(self, message: Message) -> None:
        """Send a message of the response; nothing any more when the sibling, or its client, has gone."""
        if self._writer.is_closing():
            return
        if message["type"] == "http.response.start":
            headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
            self._writer.write(frame(_START, json.dumps({"status": message["status"], "headers": headers}).encode()))
        else:
            kind = PIECE if message.get("more_body", False) else LAST
            self._writer.write(frame(kind, message.get("body", b"")))
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()


async def _next(reader: asyncio.StreamReader) -> tuple[int, bytes] | None:
    """Kind and content of the next frame; None at the end."""
    try:
        kind, length = HEAD.unpack(await reader.readexactly(HEAD.size))
        return kind, await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
