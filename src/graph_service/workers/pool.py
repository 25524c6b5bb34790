"""A pool of workers: work on requests of strangers that cannot hurt the process that serves.

    this process (asyncio)  ── control ──  keeper (one thread, holds the data)
            └───────────── a socket each ─────────  workers, forked by the keeper

The pool asks the keeper for nothing but workers and their end. Requests and answers go straight between pool and
worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import Any

from graph_service.errors import GraphServiceError
from graph_service.workers.answer import WorkerAnswer
from graph_service.workers.fairness import FairQueue
from graph_service.workers.keeper_process import KeeperProcess, Launch, launch
from graph_service.workers.limits import Limits, QueueFull
from graph_service.workers.link import ConnectionLost, Link
from graph_service.workers.statistics import Statistics
from graph_service.workers.wire import Order

_LONGEST_PAUSE = 10.0
_TRIES = 3
_TICK_SECONDS = 0.02


class WorkerPool:
    """Has requests answered by workers. Made by `open`; belongs to the event loop it was opened in.

    Args:
        roles: `module:function` that makes the roles; it runs in the keeper.
        arguments: of that function, as JSON has them.
        limits: of requests and queue.
        launch: starts the keeper.
    """

    def __init__(self, roles: str, arguments: Mapping[str, Any], limits: Limits, launch: Launch = launch) -> None:
        self.limits = limits
        self._launch = launch
        # One worker more than a client may hold: who comes while another holds all of its own is served at once.
        self._order = Order(roles, dict(arguments), limits.workers + 1, limits.memory_bytes)
        self._queues: dict[str, FairQueue[Link]] = {}
        self._links: dict[int, Link] = {}
        self._statistics = Statistics()
        self._keeper: KeeperProcess | None = None
        self._running: set[WorkerAnswer] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self._opened = False
        self._restarting = False
        self._ticking = False
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._last_number = 0
        self._restarts_from = 0

    @classmethod
    async def open(
        cls, roles: str, arguments: Mapping[str, Any], limits: Limits | None = None, launch: Launch = launch
    ) -> WorkerPool:
        """Start a keeper; returns when each role has workers. Arguments as of the class.

        Raises:
            GraphServiceError: what the workers need cannot be loaded, for example SnapshotError.
        """
        pool = cls(roles, arguments, limits or Limits(), launch)
        try:
            await pool._start()
        except BaseException:
            await pool.close()
            raise
        pool._opened = True
        return pool

    @property
    def ready(self) -> bool:
        """Whether there are workers that requests can be worked on by."""
        return bool(self._links) and not self._closing

    def statistics(self) -> Statistics:
        """A copy of what was counted, and how things stand."""
        return replace(
            self._statistics,
            running=len(self._running),
            waiting=sum(queue.waiting for queue in self._queues.values()),
            workers=len(self._links),
            refusals=self._statistics.refusals.copy(),
            worker_pids=tuple(link.pid for link in self._links.values()),
            keeper_pid=self._keeper.pid if self._keeper else 0,
        )

    async def ask(self, role: str, request: bytes, client: str = "") -> WorkerAnswer:
        """Begin to answer; returns when the first 64 kB are there, or the whole answer.

        Args:
            role: name of the role whose workers can answer.
            request: for them.
            client: who asks, for a fair share of the workers.

        Raises:
            QueryError: all that went wrong until then: `QueueFull` (with `retry_after`), `LimitReached` (with `reason`
                and `limit`), `QueryTimeout`, `WorkerLost`, and what the work of the role raises.
        """
        try:
            for _ in range(_TRIES):
                try:
                    return await self._begin(role, request, client)
                except ConnectionLost:  # it had ended while it was idle; nothing of the request was worked on
                    continue
            raise QueueFull("The workers are being replaced.", retry_after=1, hint="Ask again.")
        except QueueFull:
            self.refused("busy")
            raise

    async def close(self) -> None:
        """Turn away new requests, let running answers end for `limits.grace_seconds`, then end all processes."""
        self._closing = True
        for queue in self._queues.values():
            queue.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.limits.grace_seconds):
                await self._quiet.wait()
        for answer in list(self._running):
            await answer.aclose()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._keeper is not None:
            await self._keeper.end()
            self._keeper = None
        for link in self._links.values():
            link.close()
        self._links.clear()
        for queue in self._queues.values():
            queue.clear()

    async def _begin(self, role: str, request: bytes, client: str) -> WorkerAnswer:
        link = await self._queue(role).take(client)
        self._statistics.queries += 1
        answer = WorkerAnswer(self, link, client)
        self._running.add(answer)
        self._quiet.clear()
        if not self._ticking:
            self._tick()
        await answer.begin(request)
        return answer

    def _queue(self, role: str) -> FairQueue[Link]:
        if role not in self._queues:
            limits = self.limits
            waiting = limits.queue if limits.per_client is None else limits.per_client
            queue = FairQueue[Link](limits.queue, waiting, limits.workers, limits.wait_seconds)
            if self._closing:
                queue.close()
            self._queues[role] = queue
        return self._queues[role]

    def release(self, answer: WorkerAnswer, link: Link, client: str, started: float) -> None:
        """An answer is over and its worker is well."""
        self._over(answer)
        self._queue(link.role).free(client, link, time.monotonic() - started)

    def discard(self, answer: WorkerAnswer, link: Link, client: str, started: float, *, kill: bool) -> None:
        """An answer is over and so is its worker."""
        self._over(answer)
        self._links.pop(link.number, None)
        if kill:
            self.kill(link)
        link.close()
        self._queue(link.role).free(client, None, time.monotonic() - started)

    def kill(self, link: Link) -> None:
        """Have the keeper kill a worker; what waits for its answer ends at once."""
        self._statistics.kills += 1
        link.cut()
        if self._keeper is not None:
            self._keeper.kill(link.number)

    def refused(self, reason: str) -> None:
        """Count a request that was not answered."""
        self._statistics.refusals[reason] += 1

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside the answers; it ends with the pool."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _tick(self) -> None:
        """One clock for all: a timer for each read would cost more than the read."""
        now = time.monotonic()
        for answer in list(self._running):
            answer.tick(now)
        self._ticking = bool(self._running)
        if self._ticking:
            asyncio.get_running_loop().call_later(_TICK_SECONDS, self._tick)

    def _over(self, answer: WorkerAnswer) -> None:
        self._running.discard(answer)
        if not self._running:
            self._quiet.set()

    async def _start(self) -> None:
        # An answer may outlive the keeper that forked its worker: no number is given twice.
        order = replace(self._order, first=self._last_number + 1)
        self._keeper = await KeeperProcess.start(order, self._launch, self._on_worker, self._on_death, self._on_lost)
        await self._keeper.ready()
        self._restarts_from = self._last_number + 1

    def _on_worker(self, link: Link, fork_seconds: float) -> None:
        self._statistics.fork_seconds = fork_seconds
        self._last_number = link.number
        self._statistics.worker_restarts += 0 < self._restarts_from <= link.number
        self._links[link.number] = link
        self._queue(link.role).put(link)

    def _on_death(self, number: int, signal: int) -> None:
        """A worker has ended: if it was idle, nobody else will notice."""
        link = self._links.get(number)
        if link is None:
            return
        link.ended_by(signal)
        if self._queue(link.role).remove(link):
            self._links.pop(number)
            link.close()

    def _on_lost(self) -> None:
        """The keeper has ended, and its workers with it."""
        for link in list(self._links.values()):
            link.ended_by(0)
            if self._queue(link.role).remove(link):
                link.close()
        self._links.clear()
        if self._opened and not self._closing and not self._restarting:
            self._restarting = True
            self._statistics.keeper_restarts += 1
            self.spawn(self._restart())

    async def _restart(self) -> None:
        """Begin anew, with longer and longer pauses as long as it fails."""
        pause = 0.05
        self._restarts_from = 0
        while self._restarting:
            if self._keeper is not None:
                await self._keeper.end()
                self._keeper = None
            with contextlib.suppress(GraphServiceError):
                await self._start()
                self._restarting = False
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
