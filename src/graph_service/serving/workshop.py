"""The workshop of `serve --live`: one process that builds what has changed and forks keepers over what it has built.

`python -m graph_service.serving.workshop FD`, where FD is one end of a stream socket pair. The first line that arrives
is the order. Lines are sent for what happens: `{"reading": true}`, then `{"built": NAME}` with the name of the snapshot
in use, or `{"refused": TEXT}`, of some lines. What arrives asks for keepers (`forge`).
"""

from __future__ import annotations

import gc
import select
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from graph_service.building import locking
from graph_service.building.resident import ResidentBuilder
from graph_service.building.watching import Watch
from graph_service.errors import FindingsError, GraphServiceError
from graph_service.serving.forge import Forge, limit_data
from graph_service.serving.workshop_order import WorkshopOrder
from graph_service.snapshots.snapshot import Snapshot, current
from graph_service.workers.wire import Lines, line

# What all of it may take: a million triples take 2 GB.
_MEMORY_BYTES = 8 << 30
# What is told of a refusal: so many findings, so many characters of all.
_MOST_FINDINGS, _MOST_CHARACTERS = 20, 8000


class _Overtaken(Exception):
    """Somebody else has put a snapshot into use since the build began."""


class Workshop:
    """Builds and forks.

    Args:
        control: the socket to the process that serves.
        order: what is built, and what its routes are made with.
    """

    def __init__(self, control: socket.socket, order: WorkshopOrder) -> None:
        self._control = control
        self._settings = order.build
        self._watch = Watch(order.build, order.routes.files)
        self._builder = ResidentBuilder(order.build)
        self._forge = Forge(order.routes, control)

    def run(self) -> None:
        """Build, and again after each change, until the other side hangs up."""
        while True:
            # Looked at before anything is read: what is written meanwhile is seen as a change.
            seen = self._watch.settled()
            self._tell({"reading": True})
            self._tell(self.outcome())
            # What is loaded stays: the collector of a keeper need not look at it.
            gc.freeze()
            while self._watch.look() == seen:
                if not self._answer():
                    return

    def outcome(self) -> dict[str, Any]:
        """Build, and have the routes ready; what came of it."""
        try:
            built = self._built()
            self._forge.load(built, self._builder.dataset)
        except GraphServiceError as error:
            return _refused(error)
        except OSError as error:
            return {"refused": f"{error.filename or 'the system'}: {error.strerror or error}"}
        except Exception as error:  # noqa: BLE001 - broken shapes raise what they like, and the page says it
            self._builder = ResidentBuilder(self._settings)
            return {"refused": f"{type(error).__name__}: {error}"[:_MOST_CHARACTERS]}
        return {"built": built.path.name}

    def _built(self) -> Snapshot:
        """Build; again if an edit (`serving/desk.py`) was quicker, of which this build may not know."""
        while True:
            before = current(self._settings.snapshots)

            @contextmanager
            def accept(_: Path, before: Snapshot | None = before) -> Iterator[None]:
                # An edit is put into use while it keeps others from its directory.
                with locking.unmoved(self._settings.data):
                    if current(self._settings.snapshots) != before:
                        raise _Overtaken
                    yield

            with suppress(_Overtaken):
                return self._builder.build(accept=accept)

    def _tell(self, message: dict[str, Any]) -> None:
        self._control.sendall(line(message))

    def _answer(self) -> bool:
        """Wait for the next look, and fork what is asked for meanwhile; False if the other side has hung up."""
        if select.select([self._control], [], [], self._watch.pause)[0]:
            return self._forge.answer(self._control)
        self._forge.reap()
        return True


def _refused(error: GraphServiceError) -> dict[str, Any]:
    """An error with its first findings; whoever listens reads lines of limited length."""
    findings = error.findings if isinstance(error, FindingsError) else ()
    left = len(findings) - _MOST_FINDINGS
    lines = [str(error), *findings[:_MOST_FINDINGS], *([f"and {left} more"] if left > 0 else [])]
    return {"refused": "\n".join(lines)[:_MOST_CHARACTERS]}


def main(descriptor: int) -> None:
    """Read the order, then work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_data(_MEMORY_BYTES)
    gc.disable()
    with socket.socket(fileno=descriptor) as control:
        control.setblocking(True)
        lines, orders = Lines(), list[dict[str, Any]]()
        while not orders and (data := control.recv(65536)):
            orders += lines.feed(data)
        if orders:
            Workshop(control, WorkshopOrder.decode(orders[0])).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
