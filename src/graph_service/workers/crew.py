"""A crew: the workers that one keeper forks, and which client gets one next."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import Any, Protocol

from graph_service.errors import GraphServiceError
from graph_service.workers.fairness import FairQueue
from graph_service.workers.keeper_process import KeeperProcess, Launch
from graph_service.workers.limits import Limits, QueueFull
from graph_service.workers.link import Link
from graph_service.workers.wire import Order

_LONGEST_PAUSE = 10.0


class Observer(Protocol):
    """Who hears of the workers of a crew."""

    def arrived(self, link: Link) -> None:
        """There is one more."""
        ...

    def died(self, number: int, signal: int) -> None:
        """One has ended, by a signal or by itself (0)."""
        ...


class Crew:
    """Workers with their keeper, which is started anew when it is lost. Belongs to one event loop.

    Args:
        order: what the keeper is told.
        limits: of the queue.
        launch: starts the keeper.

    Attributes:
        limits: of the queue.
        links: the workers that live, by number.
        observers: hear of workers that come and go.
    """

    def __init__(self, order: Order, limits: Limits, launch: Launch) -> None:
        self.links: dict[int, Link] = {}
        self.observers: list[Observer] = []
        self._order = order
        self.limits = limits
        self._launch = launch
        self._queues: dict[str, FairQueue[Link]] = {}
        self._keeper: KeeperProcess | None = None
        self._restart: asyncio.Task[None] | None = None
        self._closing = False
        self._opened = False
        self._last_number = 0
        self._restarts_from = 0
        self._worker_restarts = 0
        self._keeper_restarts = 0
        self._fork_seconds = 0.0

    async def open(self) -> None:
        """Start the keeper; returns when each role has workers.

        Raises:
            GraphServiceError: what the workers need cannot be loaded, for example SnapshotError.
        """
        await self._start()
        self._opened = True

    @property
    def ready(self) -> bool:
        """Whether there are workers that requests can be worked on by."""
        return bool(self.links) and not self._closing

    def figures(self) -> dict[str, Any]:
        """How things stand, as fields of `Statistics`."""
        return {
            "waiting": sum(queue.waiting for queue in self._queues.values()),
            "workers": len(self.links),
            "worker_restarts": self._worker_restarts,
            "keeper_restarts": self._keeper_restarts,
            "fork_seconds": self._fork_seconds,
            "worker_pids": tuple(link.pid for link in self.links.values()),
            "keeper_pid": self._keeper.pid if self._keeper else 0,
        }

    def take_now(self, role: str, client: str) -> Link | None:
        """A worker of a role for a client, if it need not wait."""
        return self._queue(role).take_now(client)

    async def take(self, role: str, client: str) -> Link:
        """A worker of a role for a client, who gives it back or loses it.

        Raises:
            QueueFull: too many wait already, or it took too long.
        """
        return await self._queue(role).take(client)

    def join(self, role: str, client: str) -> asyncio.Future[Link]:
        """Wait for a worker, as of `FairQueue.join`."""
        return self._queue(role).join(client)

    def leave(self, role: str, client: str, future: asyncio.Future[Link]) -> None:
        """A client waits no more."""
        self._queue(role).leave(client, future)

    def late(self, role: str) -> QueueFull:
        """The error of who has waited for longer than `Limits.wait_seconds`."""
        return self._queue(role).late()

    def give_back(self, link: Link, client: str, seconds: float) -> None:
        """A client needs a worker no more, which is well; it had it for so long."""
        self._queue(link.role).free(client, link, seconds)

    def lose(self, link: Link, client: str, seconds: float) -> None:
        """The worker that a client had is gone."""
        self.links.pop(link.number, None)
        link.close()
        self._queue(link.role).free(client, None, seconds)

    def kill(self, link: Link) -> None:
        """Have the keeper kill a worker; what waits for its answer ends at once."""
        link.cut()
        if self._keeper is not None:
            self._keeper.kill(link.number)

    def turn_away(self) -> None:
        """Let nobody have a worker any more."""
        self._closing = True
        for queue in self._queues.values():
            queue.close()

    async def close(self) -> None:
        """End all processes."""
        self.turn_away()
        if self._restart is not None:
            self._restart.cancel()
            await asyncio.wait([self._restart])
        if self._keeper is not None:
            await self._keeper.end()
            self._keeper = None
        for link in self.links.values():
            link.close()
        self.links.clear()
        for queue in self._queues.values():
            queue.clear()

    def _queue(self, role: str) -> FairQueue[Link]:
        if role not in self._queues:
            limits = self.limits
            waiting = limits.queue if limits.per_client is None else limits.per_client
            queue = FairQueue[Link](limits.queue, waiting, limits.workers, limits.wait_seconds)
            if self._closing:
                queue.close()
            self._queues[role] = queue
        return self._queues[role]

    async def _start(self) -> None:
        # An answer may outlive the keeper that forked its worker: no number is given twice.
        order = replace(self._order, first=self._last_number + 1)
        self._keeper = await KeeperProcess.start(order, self._launch, self._on_worker, self._on_death, self._on_lost)
        await self._keeper.ready()
        self._restarts_from = self._last_number + 1

    def _on_worker(self, link: Link, fork_seconds: float) -> None:
        self._fork_seconds = fork_seconds
        self._last_number = link.number
        self._worker_restarts += 0 < self._restarts_from <= link.number
        self.links[link.number] = link
        for observer in self.observers:
            observer.arrived(link)
        self._queue(link.role).put(link)

    def _on_death(self, number: int, signal: int) -> None:
        """A worker has ended: if it was idle, nobody else will notice."""
        for observer in self.observers:
            observer.died(number, signal)
        link = self.links.get(number)
        if link is None:
            return
        link.ended_by(signal)
        if self._queue(link.role).remove(link):
            self.links.pop(number)
            link.close()

    def _on_lost(self) -> None:
        """The keeper has ended, and its workers with it."""
        for link in list(self.links.values()):
            for observer in self.observers:
                observer.died(link.number, 0)
            link.ended_by(0)
            if self._queue(link.role).remove(link):
                link.close()
        self.links.clear()
        if self._opened and not self._closing and (self._restart is None or self._restart.done()):
            self._keeper_restarts += 1
            self._restart = asyncio.get_running_loop().create_task(self._begin_anew())

    async def _begin_anew(self) -> None:
        """Start another keeper, with longer and longer pauses as long as it fails."""
        pause = 0.05
        self._restarts_from = 0
        while True:
            if self._keeper is not None:
                await self._keeper.end()
                self._keeper = None
            with contextlib.suppress(GraphServiceError):
                await self._start()
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
