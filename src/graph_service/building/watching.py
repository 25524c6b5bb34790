"""Watching the files of a build: by size, inode and time.

A look at the shipped graph's 370 files takes 2 ms of CPU, ten of them a second one fiftieth of a core; a watcher of
the operating system would save that, and is one library more.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from graph_service.building import shipped
from graph_service.building.inputs import query_files
from graph_service.building.locking import ACCEPTED
from graph_service.settings import BuildSettings

# Seconds between two looks at least, and as a multiple of what a look takes: of many files it must not take a core.
_PAUSE, _PAUSE_PER_LOOK = 0.1, 20
# What is being written is looked at again after so many seconds, and so often at most.
_MOMENT, _MOMENTS = 0.03, 20
Look: TypeAlias = dict[str, tuple[int, int, int]]


def look(settings: BuildSettings, beside: Iterable[Path] = ()) -> Look:
    """Ontology, data and queries as they are now, and what lies beside them: each file's time, size and inode."""
    return {
        path: (status.st_mtime_ns, status.st_size, status.st_ino)
        for root in (*_roots(settings), *beside)
        for path, status in _below(root)
    }


class Watch:
    """Looks at the files of a build again and again.

    Args:
        settings: what is built.
        beside: further files and directories.

    Attributes:
        pause: seconds until the next look.
    """

    def __init__(self, settings: BuildSettings, beside: Iterable[Path] = ()) -> None:
        self._settings = settings
        self._beside = tuple(beside)
        self.pause = _PAUSE

    def look(self) -> Look:
        """The files as they are now: each one's time, size and inode."""
        started = time.perf_counter()
        found = look(self._settings, self._beside)
        self.pause = max(_PAUSE, _PAUSE_PER_LOOK * (time.perf_counter() - started))
        return found

    def settled(self) -> Look:
        """The files once nobody is writing one: an editor empties a file before it writes into it."""
        found = self.look()
        for _ in range(_MOMENTS):
            before = found
            time.sleep(_MOMENT)
            found = self.look()
            if found == before:
                break
        return found


def _roots(settings: BuildSettings) -> Iterator[Path]:
    yield from settings.ontology or (shipped.directory("ontology"),)
    yield from settings.data or (shipped.directory("data"),)
    yield from query_files(settings).layers


def _below(root: Path, above: frozenset[tuple[int, int]] = frozenset()) -> Iterator[tuple[str, os.stat_result]]:
    """The files at or below a path; what vanishes while it is looked at is not there, nor what links lead back to."""
    try:
        status = root.stat()
        if stat.S_ISREG(status.st_mode):
            yield str(root), status
            return
        here = status.st_dev, status.st_ino
        if here in above:
            return
        with os.scandir(root) as entries:
            for entry in entries:
                # What a build leaves out: files of an edit that wait, locks of text editors.
                if entry.name[0] == "." and entry.name != ACCEPTED:
                    continue
                if entry.is_dir():
                    yield from _below(Path(entry.path), above | {here})
                else:
                    # A link that leads nowhere is looked at itself.
                    yield entry.path, entry.stat(follow_symlinks=entry.is_file())
    except OSError:
        return
