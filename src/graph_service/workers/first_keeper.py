"""The first keeper of a service: a fork of the serving process, which has imported most of what its roles need.

This saves a quarter of the work of a start, 0.8 s, and what both processes have imported lies in memory once.
"""

from __future__ import annotations

import importlib
import socket

from graph_service import processes
from graph_service.workers import keeper
from graph_service.workers.keeper_process import KeeperChild, launch


class FirstKeeper:
    """Launches keepers: the first one is forked at once, before this process has threads, connections or data.

    It imports what its roles need, then waits. Later ones, and all where forking is not safe, are processes that import
    everything themselves.

    Args:
        roles: names the roles, as of `Order`.
    """

    def __init__(self, roles: str) -> None:
        self._waiting: tuple[KeeperChild, socket.socket] | None = None
        if processes.can_fork():
            ours, theirs = socket.socketpair()
            with theirs:
                child = processes.fork(lambda: _keep(theirs, roles), (theirs.fileno(),))
            self._waiting = child, ours

    def launch(self, theirs: socket.socket) -> KeeperChild:
        """A keeper with its end of the socket pair."""
        if self._waiting is None:
            return launch(theirs)
        (child, asking), self._waiting = self._waiting, None
        try:
            with asking:
                socket.send_fds(asking, [b"k"], [theirs.fileno()])
        except ConnectionError:  # it has ended: another one says why, if it cannot start either
            child.wait()
            return launch(theirs)
        return child


def _keep(asked: socket.socket, roles: str) -> None:
    """In the fork: keep workers as soon as there is a socket; end if the other side hangs up without one."""
    importlib.import_module(roles.partition(":")[0])
    with asked:
        said, descriptors, _, _ = socket.recv_fds(asked, 1, 1)
    if said:
        keeper.main(*descriptors)
