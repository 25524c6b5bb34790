"""Ends the work on a request when its client disconnects."""

from __future__ import annotations

import asyncio
from types import TracebackType

from graph_service.http.protocol.request import Receive

# Seconds after which a running request begins to look whether its client is still there; most are over by then.
PATIENCE = 0.05


class ClientGone(Exception):
    """The client has disconnected."""


class Disconnection:
    """Ends the work of the block it surrounds when the client goes away.

    Raises:
        ClientGone: in place of what the block was doing.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._watcher: asyncio.Task[None] | None = None
        self._gone = False

    async def __aenter__(self) -> None:
        loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        # A task costs more than most requests have left to run: only the long ones get one.
        self._timer = loop.call_later(PATIENCE, self._start, loop)

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._watcher = loop.create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        if self._task is not None:
            self._task.cancel()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()
        if self._gone and self._task is not None:
            self._task.uncancel()
            raise ClientGone from error
