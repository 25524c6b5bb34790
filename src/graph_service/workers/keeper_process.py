"""The pool's side of the keeper: starts it, reads its messages, ends it."""

from __future__ import annotations

import array
import asyncio
import contextlib
import os
import socket
import subprocess
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from graph_service import processes
from graph_service.errors import SnapshotError
from graph_service.workers.link import Link
from graph_service.workers.wire import Lines, Order, line

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
        self._control = control
        self._on_worker = on_worker
        self._on_death = on_death
        self._on_lost = on_lost
        self._lines = Lines()
        self._descriptors: deque[int] = deque()
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._loop.add_reader(control.fileno(), self._on_readable)

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
        ours.setblocking(False)
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
        with contextlib.suppress(OSError):  # then the keeper is gone, and its workers with it
            self._control.send(line({"kill": number}))

    async def end(self) -> None:
        """Hang up, upon which the keeper kills its workers and ends. May be called twice."""
        self._disconnect()
        if not self._ready.done():
            self._ready.cancel()
        try:
            await asyncio.to_thread(self._process.wait, _END_SECONDS)
        except subprocess.TimeoutExpired:  # it is loading
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    def _on_readable(self) -> None:
        """Read what the keeper says; sockets come along with it, in the same order."""
        try:
            data, ancillary, _, _ = self._control.recvmsg(65536, socket.CMSG_SPACE(64 * array.array("i").itemsize))
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data, ancillary = b"", []
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                found = array.array("i")
                found.frombytes(content[: len(content) - len(content) % found.itemsize])
                for descriptor in found:
                    os.set_inheritable(descriptor, False)
                    self._descriptors.append(descriptor)
        for message in self._lines.feed(data):
            self._handle(message)
        if not data:
            self._disconnect()
            if not self._ready.done():
                self._ready.set_exception(SnapshotError("The process that loads the snapshot ended unexpectedly."))
            self._on_lost()

    def _handle(self, message: dict[str, Any]) -> None:
        if "worker" in message:
            connection = socket.socket(fileno=self._descriptors.popleft())
            link = Link(message["worker"], message["pid"], message["role"], connection)
            self._on_worker(link, message["fork_seconds"])
        elif "died" in message:
            self._on_death(message["died"], message["signal"])
        elif self._ready.done():
            return
        elif "ready" in message:
            self._ready.set_result(None)
        else:
            self._ready.set_exception(processes.error_of(*message["error"]))

    def _disconnect(self) -> None:
        if self._control.fileno() >= 0:
            self._loop.remove_reader(self._control.fileno())
            self._control.close()
        while self._descriptors:
            os.close(self._descriptors.popleft())
