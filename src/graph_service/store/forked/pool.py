"""A store whose queries run in forked workers, so that no query can hurt the process that serves.

    this process (asyncio)  ── control ──  keeper (one thread, holds the data)
            └───────────── a socket each ─────────  workers, forked by the keeper

The pool asks the keeper for nothing but workers and their end. Queries and answers go straight between pool and worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from graph_service.errors import SnapshotError
from graph_service.store import Query
from graph_service.store.fairness import FairQueue
from graph_service.store.forked.answer import ForkedAnswer
from graph_service.store.forked.keeper_process import KeeperProcess
from graph_service.store.forked.link import ConnectionLost, Link
from graph_service.store.forked.wire import Order
from graph_service.store.limits import Limits, QueueFull
from graph_service.store.statistics import Statistics

_LONGEST_PAUSE = 10.0
_TRIES = 3
_TICK_SECONDS = 0.02


class ForkedStore:
    """Answers queries over one snapshot. Made by `open`; belongs to the event loop it was opened in."""

    def __init__(
        self, snapshot: Path, limits: Limits, separate_default_graph: bool = False, on_disk: bool = False
    ) -> None:
        self.limits = limits
        # One worker more than a client may hold: who comes while another holds all of its own is served at once.
        self._order = Order(
            str(snapshot.resolve()), separate_default_graph, limits.workers + 1,
            limits.memory_bytes, limits.stack_bytes, limits.rows, limits.answer_bytes, on_disk,
        )  # fmt: skip
        waiting = limits.queue if limits.per_client is None else limits.per_client
        self._queue: FairQueue[Link] = FairQueue(limits.queue, waiting, limits.workers, limits.wait_seconds)
        self._links: dict[int, Link] = {}
        self._statistics = Statistics()
        self._keeper: KeeperProcess | None = None
        self._running: set[ForkedAnswer] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self._restarting = False
        self._ticking = False
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._first_worker = asyncio.Event()
        self._digest = ""
        self._last_number = 0
        self._restarts_from = 0

    @classmethod
    async def open(
        cls,
        snapshot: Path,
        limits: Limits | None = None,
        *,
        separate_default_graph: bool = False,
        on_disk: bool = False,
    ) -> ForkedStore:
        """Load a snapshot and fork workers over it; returns when the first of them is ready.

        Args:
            snapshot: directory of the snapshot.
            limits: of queries and queue.
            separate_default_graph: the default graph is what was loaded into it, not the merge of all.
            on_disk: ask the store on disk that was prepared with the snapshot; nothing is loaded.

        Raises:
            SnapshotError: the snapshot is absent, incomplete or altered.
        """
        store = cls(snapshot, limits or Limits(), separate_default_graph, on_disk)
        try:
            await store._start()
            await store._first_worker.wait()
        except BaseException:
            await store.close()
            raise
        return store

    @property
    def digest(self) -> str:
        """SHA-256 of the data set, hexadecimal."""
        return self._digest

    @property
    def ready(self) -> bool:
        """Whether there are workers that queries can run on."""
        return bool(self._links) and not self._closing

    def statistics(self) -> Statistics:
        """A copy of what was counted, and how things stand."""
        return replace(
            self._statistics,
            running=len(self._running),
            waiting=self._queue.waiting,
            workers=len(self._links),
            refusals=self._statistics.refusals.copy(),
            worker_pids=tuple(link.pid for link in self._links.values()),
            keeper_pid=self._keeper.pid if self._keeper else 0,
        )

    async def query(self, query: Query, *, client: str = "") -> ForkedAnswer:
        """Begin to answer; returns when the first 64 kB are there, or the whole answer.

        Args:
            query: what is asked, checked by the guard.
            client: who asks, for a fair share of the workers.

        Raises:
            QueryError: all that went wrong until then: `QueueFull` (with `retry_after`), `LimitReached` (with `reason`
                and `limit`), `QueryTimeout`, `WorkerLost`, `QuerySyntaxError`, `ParameterError`, `QueryRefused`.
        """
        try:
            for _ in range(_TRIES):
                try:
                    return await self._begin(query, client)
                except ConnectionLost:  # it had ended while it was idle; nothing of the query has run
                    continue
            raise QueueFull("The workers are being replaced.", retry_after=1, hint="Ask again.")
        except QueueFull:
            self.refused("busy")
            raise

    async def close(self) -> None:
        """Turn away new queries, let running ones end for `limits.grace_seconds`, then end all processes."""
        self._closing = True
        self._queue.close()
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
        self._queue.clear()

    async def _begin(self, query: Query, client: str) -> ForkedAnswer:
        link = await self._queue.take(client)
        self._statistics.queries += 1
        answer = ForkedAnswer(self, link, client)
        self._running.add(answer)
        self._quiet.clear()
        if not self._ticking:
            self._tick()
        await answer.begin(query)
        return answer

    def release(self, answer: ForkedAnswer, link: Link, client: str, started: float) -> None:
        """An answer is over and its worker is well."""
        self._over(answer)
        self._queue.free(client, link, time.monotonic() - started)

    def discard(self, answer: ForkedAnswer, link: Link, client: str, started: float, *, kill: bool) -> None:
        """An answer is over and so is its worker."""
        self._over(answer)
        self._links.pop(link.number, None)
        if kill:
            self.kill(link)
        link.close()
        self._queue.free(client, None, time.monotonic() - started)

    def kill(self, link: Link) -> None:
        """Have the keeper kill a worker; what waits for its answer ends at once."""
        self._statistics.kills += 1
        link.cut()
        if self._keeper is not None:
            self._keeper.kill(link.number)

    def refused(self, reason: str) -> None:
        """Count a query that was not answered."""
        self._statistics.refusals[reason] += 1

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside the queries; it ends with the store."""
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

    def _over(self, answer: ForkedAnswer) -> None:
        self._running.discard(answer)
        if not self._running:
            self._quiet.set()

    async def _start(self) -> None:
        # An answer may outlive the keeper that forked its worker: no number is given twice.
        order = replace(self._order, first=self._last_number + 1)
        self._restarts_from = order.first + order.workers
        self._keeper = await KeeperProcess.start(order, self._on_worker, self._on_death, self._on_lost)
        self._digest = await self._keeper.ready()

    def _on_worker(self, link: Link, fork_seconds: float) -> None:
        self._statistics.fork_seconds = fork_seconds
        self._last_number = link.number
        self._statistics.worker_restarts += link.number >= self._restarts_from
        self._links[link.number] = link
        self._first_worker.set()
        self._queue.put(link)

    def _on_death(self, number: int, signal: int) -> None:
        """A worker has ended: if it was idle, nobody else will notice."""
        link = self._links.get(number)
        if link is None:
            return
        link.ended_by(signal)
        if self._queue.remove(link):
            self._links.pop(number)
            link.close()

    def _on_lost(self) -> None:
        """The keeper has ended, and its workers with it."""
        for link in list(self._links.values()):
            link.ended_by(0)
            if self._queue.remove(link):
                link.close()
        self._links.clear()
        if self._digest and not self._closing and not self._restarting:
            self._restarting = True
            self._statistics.keeper_restarts += 1
            self.spawn(self._restart())

    async def _restart(self) -> None:
        """Begin anew, with longer and longer pauses as long as it fails."""
        pause = 0.05
        while self._restarting:
            if self._keeper is not None:
                await self._keeper.end()
                self._keeper = None
            with contextlib.suppress(SnapshotError):
                await self._start()
                self._restarting = False
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
