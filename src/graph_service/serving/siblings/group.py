"""All siblings: the main process starts them, replaces those that end, and tells all of them the same.

Each sibling has a listener of its own on the port (SO_REUSEPORT), which the main process keeps open. While a sibling is
missing the main process accepts there itself, so no client waits for the next one, and no connection that waits to be
accepted is lost with a process.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, Protocol, TypeAlias

from graph_service.http.protocol.metrics import Counts, Metrics
from graph_service.http.protocol.request import ASGIApp
from graph_service.serving.edition import OpenEdition
from graph_service.serving.siblings import passing
from graph_service.serving.siblings.sibling import PATIENCE, Followed, Sibling
from graph_service.workers.crew import Crew

_log = logging.getLogger("graph_service.http")
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.05, 10.0
# A sibling that has served for so many seconds was well.
_WELL = 10.0


class Accepting(Protocol):
    """A listener at which this process accepts."""

    def close(self) -> None:
        """Accept there no more."""
        ...


Accept: TypeAlias = Callable[[socket.socket], Awaitable[Accepting]]


class Siblings:
    """The serving processes beside this one.

    Args:
        app: answers what they pass on.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._order = ""
        self._seconds = 0.0
        self._numbers = count(1)
        self._followed: dict[OpenEdition, Followed] = {}
        self._current: Followed | None = None
        self._running: set[Sibling] = set()
        self._gone = Counts()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ending = False
        self._deadline = 0.0

    def start(
        self, order: str, seconds: float, current: OpenEdition, listeners: Sequence[socket.socket], accept: Accept
    ) -> None:
        """Keep a sibling at each of these listeners.

        Args:
            order: what they serve with, as JSON.
            seconds: time that they get to end when the service stops.
            current: what they answer from.
            listeners: where they accept.
            accept: has this process accept there.
        """
        self._order, self._seconds = order, seconds
        self._follow(current)
        for listener in listeners:
            self._spawn(self._keep(listener, accept))

    async def follow(self, edition: OpenEdition) -> None:
        """Have all answer from an edition; returns when none answers a new request from another one."""
        if self._current is not None:
            current = self._follow(edition)
            await asyncio.gather(*(sibling.follow(current) for sibling in self._running))

    async def leave(self, edition: OpenEdition) -> None:
        """Wait until none of them has an answer from an edition running."""
        if (followed := self._followed.pop(edition, None)) is not None:
            await asyncio.gather(*(sibling.leave(followed.number) for sibling in self._running))

    async def forget(self) -> None:
        """Have them forget the answers that they keep."""
        await asyncio.gather(*(sibling.forget() for sibling in self._running))

    async def withdraw(self) -> None:
        """Have them answer nothing more from the edition in use."""
        if self._current is not None:
            self._current = replace(self._current, is_withdrawn=True)
        await asyncio.gather(*(sibling.withdraw() for sibling in self._running))

    async def counts(self, own: Metrics) -> Counts:
        """What this process and all of them have counted, those that have ended included as far as they had told."""
        total = own.counts(await asyncio.to_thread(own.read_gauges))
        total.add(self._gone)
        for counts in await asyncio.gather(*(sibling.count() for sibling in self._running if sibling.serves)):
            total.add(counts)
        return total

    def end(self) -> None:
        """Have all of them let running answers end, and then end."""
        if not self._ending:
            self._ending = True
            self._deadline = time.monotonic() + self._seconds
        for sibling in self._running:
            sibling.end()

    async def close(self) -> None:
        """Wait for the end of all."""
        self.end()
        left = max(0.0, self._deadline - time.monotonic())
        await asyncio.gather(*(sibling.ended(left) for sibling in self._running))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _follow(self, edition: OpenEdition) -> Followed:
        release = edition.release
        if release is None or not isinstance(crew := release.pool.workers, Crew):
            raise TypeError("Siblings have workers of this process only.")
        snapshot = release.publication.snapshot.path
        self._current = Followed(next(self._numbers), snapshot, edition.on_disk, edition.is_withdrawn, crew)
        self._followed[edition] = self._current
        return self._current

    async def _keep(self, listener: socket.socket, accept: Accept) -> None:
        """Keep a sibling at a listener until the service ends."""
        pause = _SHORTEST_PAUSE
        here = await accept(listener)
        while not self._ending:
            sibling = Sibling(self._order, listener, self._pass_on)
            self._running.add(sibling)
            started = time.monotonic()
            if self._current is not None:
                await sibling.follow(self._current)
            if sibling.serves:
                here.close()
                await sibling.watch()
            self._running.discard(sibling)
            self._gone.add(sibling.counted.lasting())
            if self._ending:
                return
            here.close()
            here = await accept(listener)
            await sibling.ended(PATIENCE)
            _log.error("serving process ended, another one takes its place")
            pause = _SHORTEST_PAUSE if time.monotonic() - started > _WELL else min(2 * pause, _LONGEST_PAUSE)
            await asyncio.sleep(pause)

    def _pass_on(self, connection: socket.socket) -> None:
        self._spawn(passing.answer(self._app, connection))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
