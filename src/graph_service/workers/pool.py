"""A pool of workers: work on requests of strangers that cannot hurt the process that serves.

    this process (asyncio)  ── control ──  keeper (one thread, holds the data)
            └───────────── a socket each ─────────  workers, forked by the keeper

The pool asks the keeper for nothing but workers and their end. Requests and answers go straight between pool and
worker. Who gets a worker next is decided by a crew: in the process that has started the keeper, for all others that
serve beside it, too (`lending`).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import Any, Protocol

from graph_service.workers.answer import WorkerAnswer
from graph_service.workers.crew import Crew
from graph_service.workers.keeper_process import Launch, launch
from graph_service.workers.limits import Limits, QueueFull
from graph_service.workers.link import ConnectionLost, Link
from graph_service.workers.statistics import Statistics
from graph_service.workers.wire import Order

_TRIES = 3
_TICK_SECONDS = 0.02


class Workers(Protocol):
    """Where a pool has its workers from: a crew of this process (`Crew`), or of another one (`borrowing.Borrowed`)."""

    @property
    def ready(self) -> bool:
        """Whether there are workers that requests can be worked on by."""
        ...

    def figures(self) -> dict[str, Any]:
        """How things stand, as fields of `Statistics`."""
        ...

    async def take(self, role: str, client: str) -> Link:
        """A worker of a role for a client; raises `QueueFull`."""
        ...

    def give_back(self, link: Link, client: str, seconds: float) -> None:
        """A client needs a worker no more, which is well; it had it for so long."""
        ...

    def lose(self, link: Link, client: str, seconds: float) -> None:
        """The worker that a client had is gone."""
        ...

    def kill(self, link: Link) -> None:
        """Have a worker killed; what waits for its answer ends at once."""
        ...

    def turn_away(self) -> None:
        """Let nobody have a worker any more."""
        ...

    async def close(self) -> None:
        """End all that is left."""
        ...


class WorkerPool:
    """Has requests answered by workers. Belongs to one event loop.

    Args:
        workers: where they come from.
        limits: of requests.
    """

    def __init__(self, workers: Workers, limits: Limits) -> None:
        self.limits = limits
        self.workers = workers
        self._statistics = Statistics()
        self._running: set[WorkerAnswer] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticking = False
        self._quiet = asyncio.Event()
        self._quiet.set()

    @classmethod
    async def open(
        cls, roles: str, arguments: Mapping[str, Any], limits: Limits | None = None, launch: Launch = launch
    ) -> WorkerPool:
        """Start a keeper; returns when each role has workers.

        Args:
            roles: `module:function` that makes the roles; it runs in the keeper.
            arguments: of that function, as JSON has them.
            limits: of requests and queue.
            launch: starts the keeper.

        Raises:
            GraphServiceError: what the workers need cannot be loaded, for example SnapshotError.
        """
        limits = limits or Limits()
        # One worker more than a client may hold: who comes while another holds all of its own is served at once.
        order = Order(roles, dict(arguments), limits.workers + 1, limits.memory_bytes)
        crew = Crew(order, limits, launch)
        try:
            await crew.open()
        except BaseException:
            await crew.close()
            raise
        return cls(crew, limits)

    @property
    def ready(self) -> bool:
        """Whether there are workers that requests can be worked on by."""
        return self.workers.ready

    def statistics(self) -> Statistics:
        """A copy of what was counted, and how things stand."""
        counted = self._statistics
        figures = self.workers.figures()
        return replace(counted, running=len(self._running), refusals=counted.refusals.copy(), **figures)

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
        self.workers.turn_away()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.limits.grace_seconds):
                await self._quiet.wait()
        for answer in list(self._running):
            await answer.aclose()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.workers.close()

    async def _begin(self, role: str, request: bytes, client: str) -> WorkerAnswer:
        link = await self.workers.take(role, client)
        self._statistics.queries += 1
        answer = WorkerAnswer(self, link, client)
        self._running.add(answer)
        self._quiet.clear()
        if not self._ticking:
            self._tick()
        await answer.begin(request)
        return answer

    def release(self, answer: WorkerAnswer, link: Link, client: str, started: float) -> None:
        """An answer is over and its worker is well."""
        self._over(answer)
        self.workers.give_back(link, client, time.monotonic() - started)

    def discard(self, answer: WorkerAnswer, link: Link, client: str, started: float, *, kill: bool) -> None:
        """An answer is over and so is its worker."""
        self._over(answer)
        if kill:
            self.kill(link)
        self.workers.lose(link, client, time.monotonic() - started)

    def kill(self, link: Link) -> None:
        """Have a worker killed; what waits for its answer ends at once."""
        self._statistics.kills += 1
        self.workers.kill(link)

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
