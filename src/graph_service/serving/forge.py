"""Forks keepers in a process that has a data set loaded, so that a new edition answers without loading anything.

Each byte that arrives at a forge brings two descriptors and asks for a keeper: its end of a socket pair and a pipe,
into which the keeper writes its process id and which closes when it ends. Keepers outlive the process. Nothing else
runs in it when it forks.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from fastapi import FastAPI

from graph_service.serving.route_settings import RouteSettings
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.engine import Engine
from graph_service.store.loading import LoadedDataset
from graph_service.workers import keeper
from graph_service.workers.role import Role
from graph_service.workers.wire import Lines, Order, line


class Forge:
    """Forks keepers.

    Args:
        made_with: what the routes of editions are made with.
        sockets: what keepers do not inherit.
    """

    def __init__(self, made_with: RouteSettings, *sockets: socket.socket) -> None:
        self._made_with = made_with
        self._sockets = sockets
        self._framework: tuple[str, FastAPI] | None = None
        self._loaded: tuple[Snapshot, LoadedDataset] | None = None
        self._keepers: set[int] = set()

    def load(self, snapshot: Snapshot, dataset: LoadedDataset | None) -> None:
        """Fork over this data set from now on, with routes that are ready; raises as `routes.warmed`."""
        from graph_service.serving import routes  # with all pages, of which the serving process needs nothing

        self._loaded = (snapshot, dataset) if dataset is not None else None
        made_with = self._made_with.digest
        if self._framework is None or self._framework[0] != made_with:
            self._framework = made_with, routes.warmed(self._made_with, snapshot)

    def answer(self, asked: socket.socket) -> bool:
        """Fork what is asked for; False if the other side has hung up."""
        said, descriptors, _, _ = socket.recv_fds(asked, 1, 2)
        if said:
            self._fork(*descriptors)
        return bool(said)

    def reap(self) -> None:
        """Forget keepers that have ended."""
        self._keepers = {pid for pid in self._keepers if os.waitpid(pid, os.WNOHANG) == (0, 0)}

    def _fork(self, control: int, lifeline: int) -> None:
        pid = os.fork()
        if pid == 0:
            try:
                # Whoever ends this process and its children leaves keepers alone.
                os.setsid()
                for inherited in self._sockets:
                    # Closed although a file reads from it: the other side is to see when this process ends.
                    os.close(inherited.detach())
                limit_data(resource.RLIM_INFINITY)
                os.write(lifeline, line({"pid": os.getpid()}))
                os._exit(keeper.keep(control, self._roles))
            finally:
                os._exit(1)
        self._keepers.add(pid)
        for descriptor in (control, lifeline):
            os.close(descriptor)

    def _roles(self, order: Order) -> Iterator[Role]:
        """The roles over what is loaded; those of another snapshot load it."""
        from graph_service.serving import routes

        warm = None
        if self._loaded and self._framework and order.arguments["snapshot"] == str(self._loaded[0].path):
            warm = routes.Warm(Engine(self._loaded[1], self._loaded[0].digest), self._framework[1])
        return routes.roles(order.arguments, warm)


class ForgedKeeper:
    """A keeper that a forge has forked; its end of the pipe closes when it has ended.

    Args:
        lifeline: our end of the pipe.
    """

    def __init__(self, lifeline: int) -> None:
        self._lifeline = lifeline
        self._pid = 0
        os.set_blocking(lifeline, False)

    @property
    def pid(self) -> int:
        """Its process id; 0 before it is forked."""
        if not self._pid:
            self._has_ended()
        return self._pid

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raises as `subprocess.Popen.wait`."""
        end = time.monotonic() + (timeout or 0)
        while True:
            ready, _, _ = select.select([self._lifeline], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise subprocess.TimeoutExpired("keeper", timeout or 0)
            if self._has_ended():
                os.close(self._lifeline)
                return 0

    def _has_ended(self) -> bool:
        try:
            said = os.read(self._lifeline, 64)
        except BlockingIOError:
            return False
        for message in Lines().feed(said):
            self._pid = message["pid"]
        return not said

    def kill(self) -> None:
        """Kill it."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


def forged(asking: socket.socket, theirs: socket.socket) -> ForgedKeeper:
    """Have a forge fork a keeper.

    Args:
        asking: our end of the socket at which the forge listens.
        theirs: the keeper's end of its socket pair.

    Raises:
        OSError: the forge has gone.
    """
    ours, pipe = os.pipe()
    try:
        socket.send_fds(asking, [b"k"], [theirs.fileno(), pipe])
    except OSError:
        os.close(ours)
        raise
    finally:
        os.close(pipe)
    return ForgedKeeper(ours)


def limit_data(size: int) -> None:
    """Limit the private memory of this process (Linux only); what it forks may lift that for itself."""
    if sys.platform == "linux":
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (most if size == resource.RLIM_INFINITY else size, most))
