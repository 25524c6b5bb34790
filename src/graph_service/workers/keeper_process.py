"""The pool's side of the keeper: starts it, reads its messages, ends it."""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import Callable
from typing import Protocol, TypeAlias

from graph_service import processes
from graph_service.errors import SnapshotError
from graph_service.workers.channel import Channel, Message
from graph_service.workers.link import Link
from graph_service.workers.wire import Order

_END_SECONDS = 5.0


class KeeperChild(Protocol):
    """The process of a keeper, whoever has forked it."""

    @property
    def pid(self) -> int:
        """Its process id."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: it has not ended.
        """
        ...

    def kill(self) -> None:
        """Kill it."""
        ...


# Starts a keeper with its end of the socket pair.
Launch: TypeAlias = Callable[[socket.socket], KeeperChild]


def launch(theirs: socket.socket) -> KeeperChild:
    """A keeper in a process of its own, which imports and loads everything."""
    return processes.start("graph_service.workers.keeper", str(theirs.fileno()), descriptors=(theirs.fileno(),))


class KeeperProcess:
    """A running keeper.

    Args:
        process: the process.
        control: the socket to it.
        on_worker: called with each new worker and the seconds its fork took.
        on_death: called with the number of a worker that ended, and the signal that ended it.
        on_lost: called when the keeper itself has ended.
    """

    def __init__(
        self,
        process: KeeperChild,
        control: socket.socket,
        on_worker: Callable[[Link, float], None],
        on_death: Callable[[int, int], None],
        on_lost: Callable[[], None],
    ) -> None:
        self._process = process
        self._on_worker = on_worker
        self._on_death = on_death
        self._on_lost = on_lost
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._control = Channel(control, self._handle, self._on_end)

    @classmethod
    async def start(
        cls,
        order: Order,
        launch: Launch,
        on_worker: Callable[[Link, float], None],
        on_death: Callable[[int, int], None],
        on_lost: Callable[[], None],
    ) -> KeeperProcess:
        """Start a keeper; `ready` tells when it has loaded."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = launch(theirs)
        ours.sendall(order.encode())
        return cls(process, ours, on_worker, on_death, on_lost)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def ready(self) -> None:
        """Wait until all roles have workers.

        Raises:
            GraphServiceError: what they need could not be loaded, for example SnapshotError.
        """
        await self._ready

    def kill(self, number: int) -> None:
        """Have a worker killed."""
        self._control.send({"kill": number})

    async def end(self) -> None:
        """Hang up, upon which the keeper kills its workers and ends. May be called twice."""
        self._control.close()
        if not self._ready.done():
            self._ready.cancel()
        try:
            await asyncio.to_thread(self._process.wait, _END_SECONDS)
        except subprocess.TimeoutExpired:  # it is loading
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    def _on_end(self) -> None:
        if not self._ready.done():
            self._ready.set_exception(SnapshotError("The process that loads the snapshot ended unexpectedly."))
        self._on_lost()

    def _handle(self, message: Message) -> None:
        if "worker" in message:
            link = Link(message["worker"], message["pid"], message["role"], self._control.take_socket())
            self._on_worker(link, message["fork_seconds"])
        elif "died" in message:
            self._on_death(message["died"], message["signal"])
        elif self._ready.done():
            return
        elif "ready" in message:
            self._ready.set_result(None)
        else:
            self._ready.set_exception(processes.error_of(*message["error"]))
