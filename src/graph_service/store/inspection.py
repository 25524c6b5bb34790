"""The files of a snapshot in use, compared with their digests: in a process of its own, at a bounded rate."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from graph_service import processes
from graph_service.errors import SnapshotError
from graph_service.processes import ProcessLimits
from graph_service.snapshots import checking, publication
from graph_service.snapshots.checking import Progress
from graph_service.snapshots.snapshot import MANIFEST, open_snapshot
from graph_service.store import disk

# Bytes a second: a core does nothing else for some 4 % of the time.
RATE = 32_000_000
_NICENESS = 15
# A day is enough for 2.7 TB.
_LIMITS = ProcessLimits(86_400, 1 << 30, 1 << 20)


def damaged(snapshot: Path, progress: Progress = checking.at_once) -> Iterator[str]:
    """The names of files, relative to the snapshot, that are absent or not as they were written.

    Args:
        snapshot: its directory.
        progress: called with the number of bytes after each piece that was read.
    """
    try:
        whole = open_snapshot(snapshot)
    except SnapshotError:
        yield MANIFEST
        return
    yield from whole.damaged(progress)
    if (snapshot / disk.DIRECTORY).is_dir():
        yield from disk.damaged(snapshot, progress)
    yield from publication.damaged(snapshot, progress)


async def inspect(snapshot: Path) -> list[str]:
    """The names of damaged files, as of `damaged`.

    Raises:
        GraphServiceError: the process failed.
    """
    return list(json.loads(await processes.run("graph_service.store.inspection", str(snapshot), limits=_LIMITS)))


class _Pace:
    """Pauses, so that no more is read than the rate allows."""

    def __init__(self) -> None:
        self._due = time.monotonic()

    def __call__(self, size: int) -> None:
        self._due += size / RATE
        time.sleep(max(0.0, self._due - time.monotonic()))


def _main() -> None:
    os.nice(_NICENESS)
    sys.stdout.write(json.dumps(list(damaged(Path(sys.argv[1]), _Pace()))))


if __name__ == "__main__":
    processes.report(_main)
