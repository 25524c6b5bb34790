"""Taking turns on the machine: tests run side by side, but one that needs the machine alone has it alone.

The workers of pytest-xdist are processes, so the turns are file locks. Each test holds the machine's lock, shared by
all, or for itself alone if it is marked `alone`. Everybody comes through a gate that whoever waits keeps closed:
otherwise the others would go on sharing the lock, and who wants it alone would wait for ever.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def held(file: IO[str], *, alone: bool = True) -> Iterator[None]:
    """Hold the lock of an open file."""
    fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock that lies at this path."""
    with path.open("w") as file, held(file):
        yield


class Turns:
    """The turns of one run of all workers.

    Args:
        directory: where the locks lie; the same for all workers.
    """

    def __init__(self, directory: Path) -> None:
        self._gate = (directory / "gate.lock").open("w")
        self._machine = (directory / "machine.lock").open("w")

    @contextmanager
    def take(self, *, alone: bool) -> Iterator[None]:
        """Wait for a turn, and have it."""
        with ExitStack() as turn:
            with held(self._gate):
                turn.enter_context(held(self._machine, alone=alone))
            yield
