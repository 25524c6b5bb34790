"""The desk: hands requests to edit to the process that edits, one at a time, and has each new edition taken over.

That process may be killed at any moment (`editing`); it is started anew, and tidies up first.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from graph_service import processes
from graph_service.editing import tokens
from graph_service.editing.edit_request import EditRequest
from graph_service.errors import SettingsError
from graph_service.http.edits.admission import Admission
from graph_service.http.edits.routes import DOOR, EditDoor, edits_router
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import Receive, Scope, Send
from graph_service.http.web.framework import framework_with
from graph_service.importing import ImportTarget
from graph_service.serving.forge import forged
from graph_service.serving.route_settings import RouteSettings
from graph_service.serving.workshop_order import WorkshopOrder
from graph_service.settings import BuildSettings, ServeSettings
from graph_service.workers.keeper_process import KeeperChild, launch

_log = logging.getLogger("graph_service.edits")
# Edits that may wait, each with its body; when a client that was turned away may come back.
_WAITING, _RETRY = 8, 5
# Seconds that the first build of the process may take.
_START_SECONDS = 600
# Of the line of an answer: findings and differences are bounded where they are made. What is written in one turn.
_LINE_BYTES, _PIECE_BYTES = 16 << 20, 256 << 10
_PROCESS = "graph_service.serving.desk_process"
TakeOver = Callable[[str], Awaitable[bool]]


class Desk:
    """The ASGI application of `/edit`.

    Args:
        serve: file of tokens, and limits.
        build: what is edited.

    Raises:
        SettingsError: the file of tokens cannot be used, or there is nothing that could be edited.
    """

    def __init__(self, serve: ServeSettings, build: BuildSettings) -> None:
        path = serve.edit_tokens or Path()
        _check(serve, build, path)
        self._build = build
        self._seconds = serve.edit_seconds
        self._door = EditDoor(Admission(partial(tokens.read, path)), self.ask, serve.edit_kb * 1024)
        self._framework: FastAPI = framework_with([edits_router()], title="edits")
        self._take_over: TakeOver | None = None
        self._routes = RouteSettings()
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._forge: socket.socket | None = None
        self._is_idle = False

    def launch(self, theirs: socket.socket) -> KeeperChild:
        """A keeper, forked by the process that edits if that has nothing else to do, and what it built loaded."""
        if self._forge is not None and self._is_idle:
            with contextlib.suppress(OSError):
                return forged(self._forge, theirs)
        return launch(theirs)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        scope[DOOR] = self._door
        await self._framework(scope, receive, send)

    async def run(self, routes: RouteSettings, take_over: TakeOver) -> None:
        """Have the process ready before somebody asks; it ends with this.

        Args:
            routes: what the routes of editions are made with.
            take_over: makes the edition in use the one that is served, and says whether it is that of a digest.
        """
        self._take_over, self._routes = take_over, routes
        try:
            async with self._turn:
                try:
                    await self._started()
                except (OSError, TimeoutError) as error:
                    # Who edits starts it again.
                    _log.error("process that edits did not start", extra={"fields": {"reason": repr(error)}})
            await asyncio.Event().wait()
        finally:
            self._end()

    async def ask(self, request: EditRequest, body: bytes) -> dict[str, Any]:
        """What came of a request; see `Editor.answer`. It goes on if who asked has left.

        Raises:
            RequestError: 503, too many wait or the process ended; 504, it took too long.
        """
        if self._waiting >= _WAITING:
            fields = ((b"retry-after", str(_RETRY).encode()),)
            raise RequestError(503, f"{_WAITING} edits wait already.", hint=f"Try again in {_RETRY} s.", fields=fields)
        self._waiting += 1
        work = asyncio.ensure_future(self._in_turn(request, body))
        work.add_done_callback(self._leave)
        return await asyncio.shield(work)

    def _leave(self, work: asyncio.Future[dict[str, Any]]) -> None:
        self._waiting -= 1
        if not work.cancelled():
            work.exception()

    async def _in_turn(self, request: EditRequest, body: bytes) -> dict[str, Any]:
        async with self._turn:
            try:
                await self._started()
                async with asyncio.timeout(self._seconds):
                    answer = await self._asked(request, body)
            except TimeoutError:
                self._end()
                raise RequestError(504, f"The edit took longer than {self._seconds:g} s.", hint=_SEE) from None
            except OSError as error:
                self._end()
                raise RequestError(503, "The process that edits ended.", hint=_SEE) from error
            except BaseException:
                # What the process still says would be taken for the answer to the next request.
                self._end()
                raise
            if "edition" in answer and self._take_over is not None and not await self._take_over(answer["edition"]):
                raise RequestError(500, "The edit is done, and its edition cannot be served.", hint="The log says why.")
            return answer

    async def _asked(self, request: EditRequest, body: bytes) -> dict[str, Any]:
        if self._streams is None:
            raise ConnectionResetError
        reader, writer = self._streams
        self._is_idle = False
        writer.write(request.encode(len(body)))
        for at in range(0, len(body), _PIECE_BYTES):
            writer.write(body[at : at + _PIECE_BYTES])
            await writer.drain()
        answer = await _answer(reader)
        self._is_idle = True
        return answer

    async def _started(self) -> None:
        """Have a process that waits for requests.

        Raises:
            OSError: it ended at once.
            TimeoutError: it is not ready in time.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self._end()
        (ours, theirs), (self._forge, asked) = socket.socketpair(), socket.socketpair()
        with theirs, asked:
            descriptors = theirs.fileno(), asked.fileno()
            self._process = processes.start(_PROCESS, *map(str, descriptors), descriptors=descriptors)
        reader, writer = await asyncio.open_connection(sock=ours, limit=_LINE_BYTES)
        self._streams = reader, writer
        writer.write(WorkshopOrder(self._build, self._routes).encode())
        async with asyncio.timeout(_START_SECONDS):
            await _answer(reader)
        self._is_idle = True

    def _end(self) -> None:
        """End the process and its children, wherever they are."""
        self._is_idle = False
        forge, self._forge = self._forge, None
        if forge is not None:
            forge.close()
        streams, self._streams = self._streams, None
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            _log.info("process that edits ended", extra={"fields": {"pid": process.pid}})
        if streams is not None:
            streams[1].close()


_SEE = "Get what you wanted to change: it is as before, or as you want it."


async def _answer(reader: asyncio.StreamReader) -> dict[str, Any]:
    head = await reader.readline()
    if not head.endswith(b"\n"):
        raise ConnectionResetError
    answer: dict[str, Any] = json.loads(head)
    try:
        return {**answer, "text": await reader.readexactly(answer.pop("length", 0))}
    except asyncio.IncompleteReadError as error:
        raise ConnectionResetError from error


def _check(serve: ServeSettings, build: BuildSettings, path: Path) -> None:
    """Refuse settings under which nobody could edit.

    Raises:
        SettingsError: the file of tokens cannot be used, nothing may be written, or nothing is built here.
    """
    if not serve.build or serve.endpoint:
        hint = "Leave out --no-build and --endpoint, or --edit-tokens."
        raise SettingsError("Who only serves a snapshot cannot edit data.", hint=hint)
    tokens.read(path)
    ImportTarget.of(build).directory()
