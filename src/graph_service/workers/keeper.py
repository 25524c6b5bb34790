"""The keeper: a process that loads what work needs, forks workers that share it, and does nothing else.

`python -m graph_service.workers.keeper FD`, where FD is one end of a stream socket pair. The first line that arrives is
an `Order`. The keeper makes the roles, one after the other, and forks the workers of each. It sends
`{"worker": N, "pid": P, "role": R}` for each worker, with its socket attached, `{"ready": true}` behind the last role
or `{"error": …}`, and `{"died": N, "signal": S}` when a worker has ended, which it replaces.
It accepts `{"kill": N}`. When the other side hangs up, it kills its workers and ends.

It has one thread and holds no lock when it forks, which is what makes forking safe.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from graph_service import processes
from graph_service.errors import GraphServiceError
from graph_service.workers.role import Role, roles
from graph_service.workers.wire import Lines, Order, line
from graph_service.workers.worker import LOADED, die_with_parent, serve

_RESTART_DELAY = 0.05


@dataclass
class _Worker:
    number: int
    role: Role
    born: float
    killed: bool = False


class Keeper:
    """Forks, kills and replaces workers.

    Args:
        order: how many, and their limits.
        control: the socket to the process that asks.
    """

    def __init__(self, order: Order, control: socket.socket) -> None:
        self._order = order
        self._control = control
        self._next = order.first
        self._workers: dict[int, _Worker] = {}
        self._woken, self._waker = socket.socketpair()

    def start(self, role: Role) -> None:
        """Fork the workers of a role. Until then the collector rests: what is loaded stays, as good as all of it."""
        _freeze()
        for _ in range(self._order.workers):
            self._fork(role)

    def run(self) -> None:
        """Keep the workers until the other side hangs up."""
        self._watch_children()
        lines = Lines()
        while True:
            ready, _, _ = select.select([self._control, self._woken], [], [])
            if self._woken in ready:
                self._woken.recv(4096)
                self._replace_dead()
            if self._control in ready:
                data = self._control.recv(65536)
                if not data:
                    break
                for message in lines.feed(data):
                    self._kill(message["kill"])
        self._ignore_children()
        self.end()

    def end(self) -> None:
        """Kill all workers."""
        for pid in self._workers:
            os.kill(pid, signal.SIGKILL)

    def _watch_children(self) -> None:
        """Have the end of a child wake `select`; the handler itself has nothing to do."""
        self._waker.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, stack: None)
        self._replace_dead()  # who ended while later roles were made

    def _ignore_children(self) -> None:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)

    def _fork(self, role: Role) -> None:
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        started = time.perf_counter()
        pid = os.fork()
        if pid == 0:
            self._be_worker(role, ours, theirs, parent)
        theirs.close()
        number, self._next = self._next, self._next + 1
        self._workers[pid] = _Worker(number, role, time.monotonic())
        took = time.perf_counter() - started
        with ours:
            self._tell({"worker": number, "pid": pid, "role": role.name, "fork_seconds": took}, ours)

    def _be_worker(self, role: Role, ours: socket.socket, theirs: socket.socket, parent: int) -> None:
        """In the child: let go of all that is the keeper's."""
        try:
            die_with_parent(parent)
            self._ignore_children()
            gc.enable()
            for one in (ours, self._control, self._woken, self._waker):
                one.close()
            serve(role, theirs, self._order.memory_bytes)
        finally:
            os._exit(1)

    def _replace_dead(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            worker = self._workers.pop(pid)
            self._tell({"died": worker.number, "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0})
            if worker.killed:
                continue
            if os.WIFEXITED(status) and os.WEXITSTATUS(status) == LOADED and not worker.role.has_loaded():
                worker.role.load()
                _freeze()
            if time.monotonic() - worker.born < _RESTART_DELAY:
                time.sleep(_RESTART_DELAY)  # workers that die by themselves at once must not make this a busy loop
            self._fork(worker.role)

    def _kill(self, number: int) -> None:
        """Kill a worker if it still lives: only the parent knows that the process id is still its own.

        The next one is forked at once: until a worker with much memory has ended, some tenths of a second may pass.
        """
        for pid, worker in list(self._workers.items()):
            if worker.number == number and not worker.killed:
                os.kill(pid, signal.SIGKILL)
                worker.killed = True
                self._fork(worker.role)

    def _tell(self, message: dict[str, Any], attached: socket.socket | None = None) -> None:
        with contextlib.suppress(BrokenPipeError):  # `run` notices that nobody listens
            socket.send_fds(self._control, [line(message)], [attached.fileno()] if attached else [])


def _freeze() -> None:
    """Objects that are never looked at again by the collector stay on pages that the workers share."""
    gc.collect()
    gc.freeze()


def main(descriptor: int) -> int:
    """Load, then keep workers until the other side of the socket is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return keep(descriptor, lambda order: roles(order.roles, order.arguments))


def keep(descriptor: int, make: Callable[[Order], Iterator[Role]]) -> int:
    """Read an order, make its roles, and keep their workers until the other side hangs up; returns the exit code."""
    with socket.socket(fileno=descriptor) as control:
        control.setblocking(True)
        order = _read_order(control)
        if order is None:
            return 0
        keeper = Keeper(order, control)
        gc.disable()
        try:
            for role in make(order):
                keeper.start(role)
        except GraphServiceError as error:
            control.sendall(line({"error": processes.describe(error)}))
            keeper.end()
            return 1
        gc.enable()
        control.sendall(line({"ready": True}))
        keeper.run()
    return 0


def _read_order(control: socket.socket) -> Order | None:
    lines = Lines()
    while data := control.recv(65536):
        for message in lines.feed(data):
            return Order(**message)
    return None


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
