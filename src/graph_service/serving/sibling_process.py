"""A sibling: accepts at its listener and answers from the workers of the main process.

`python -m graph_service.serving.sibling_process ORDER FD LISTENER`: what it serves with (`SiblingOrder`), its end of
the channel, and where it accepts. It ends on SIGTERM, when its running answers have ended, and with the main process.

The main process tells it, and it says when that is done: which edition to answer from, to forget what is in the cache,
to say what was counted.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any

from graph_service.http.protocol.metrics import Counts
from graph_service.http.server import listening as server
from graph_service.http.server import logs
from graph_service.http.server.logs import AccessLog
from graph_service.http.web import site
from graph_service.serving.app import create_app
from graph_service.serving.edition import Common, OpenEdition
from graph_service.serving.press import Opened, Press, held
from graph_service.serving.service import Service
from graph_service.serving.siblings.order import SiblingOrder
from graph_service.serving.siblings.passing import Passing
from graph_service.snapshots.holding import Hold
from graph_service.snapshots.snapshot import Snapshot, open_snapshot
from graph_service.store.forked import ForkedStore
from graph_service.workers.borrowing import Borrowed
from graph_service.workers.channel import Channel, Message
from graph_service.workers.limits import Limits
from graph_service.workers.pool import WorkerPool
from graph_service.workers.worker import die_with_parent

_log = logging.getLogger("graph_service.http")


class _Process:
    """What this process is told, done in order.

    Args:
        order: what it serves with.
        connection: its end of the channel.
    """

    def __init__(self, order: SiblingOrder, connection: socket.socket) -> None:
        self._order = order
        self._press = Press(order.routes)
        # Whatever is running has no workers without the main process, and must not keep the port.
        self._channel = Channel(connection, self._hear, lambda: os._exit(1))
        self._borrowed: dict[int, Borrowed] = {}
        self._tasks: asyncio.Queue[Message] = asyncio.Queue()
        self._service: Service | None = None
        self._counting: asyncio.Future[None] | None = None

    async def service(self) -> Service:
        """The service, over the first edition that it is told to answer from."""
        first = await self._tasks.get()
        settings = self._order.routes.serve
        held_snapshot = await asyncio.to_thread(_held, first)
        service = self._service = create_app(
            settings,
            lambda common: self._edition(common, first, *held_snapshot),
            limits=self._order.limits,
            access_log=AccessLog(sys.stderr.write, queries=settings.log_queries),
        )
        service.main = Passing(self._channel)
        service.keeps_editions = self._order.routes.snapshots is not None
        service.spawn(self._follow(service, first))
        return service

    async def _follow(self, service: Service, first: Message) -> None:
        """Do what is told, until this process ends."""
        self._done(first)
        try:
            while True:
                await self._do(service, task := await self._tasks.get())
                self._done(task)
        except Exception:  # noqa: BLE001 - whatever it is
            # Rather than answer from another edition than the others: the main process starts it anew.
            _log.exception("serving process gives up")
            os._exit(1)

    async def _do(self, service: Service, task: Message) -> None:
        if "edition" in task:
            held_snapshot = await asyncio.to_thread(_held, task)
            await service.take_over(self._edition(service.common, task, *held_snapshot))
            return
        await service.forget_answers()
        if task["forget"] == "withdrawn":
            service.current.is_withdrawn = True
            service.spawn(service.withdraw(service.current))

    def _edition(self, common: Common, task: Message, snapshot: Snapshot, hold: Hold) -> OpenEdition:
        pool = WorkerPool(self._borrowed[task["of"]], Limits.of(self._order.routes.serve))
        made = self._press.compose(common, Opened(ForkedStore(pool, snapshot.digest), pool), snapshot, hold)
        made.on_disk, made.is_withdrawn = task["edition"]["on_disk"], task["edition"]["is_withdrawn"]
        return made

    def _hear(self, message: Message) -> None:
        if "edition" in message:
            name = message["of"]
            self._borrowed[name] = Borrowed(self._channel, name, partial(self._left, name))
        elif "of" in message:
            if (borrowed := self._borrowed.get(message["of"])) is not None:
                borrowed.hear(message)
            elif "worker" in message:
                self._channel.take_socket().close()
            return
        if "count" in message:
            self._counting = asyncio.ensure_future(self._count(message))
        else:
            self._tasks.put_nowait(message)

    async def _count(self, task: Message) -> None:
        service = self._service
        found = await service.siblings.counts(service.common.metrics) if service is not None else Counts()
        self._done(task, counts=found.encode())

    def _left(self, name: int) -> None:
        if self._borrowed.pop(name, None) is not None:
            self._channel.send({"left": name})

    def _done(self, task: Message, **found: Any) -> None:
        self._channel.send({"told": task["told"], **found})


def _held(task: Message) -> tuple[Snapshot, Hold]:
    """The snapshot of an edition, held."""
    snapshot = open_snapshot(Path(task["edition"]["snapshot"]))
    return snapshot, held(snapshot)


def main(order: str, channel: int, listener: int) -> None:
    """Serve until SIGTERM."""
    die_with_parent(os.getppid())
    logs.configure()
    taken = SiblingOrder.decode(order)
    settings = taken.routes.serve
    site.use(site.of(settings, of_model=taken.routes.queries.of_model))
    with socket.socket(fileno=channel) as connection, socket.socket(fileno=listener) as accepting:

        async def make_app() -> Service:
            return await _Process(taken, connection).service()

        server.serve(make_app, accepting, limits=taken.limits, trusted=settings.trusted_proxies)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
