"""Watching the files of a build: by size, inode and time.

A look at the shipped graph's 370 files takes 2 ms of CPU, five of them a second one hundredth of a core; a watcher of
the operating system would save that, and is one library more.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from graph_service.building import shipped
from graph_service.building.inputs import query_files
from graph_service.settings import BuildSettings

LOOKS = 0.2
"""Seconds between two looks."""

Look: TypeAlias = dict[str, tuple[int, int, int]]


def look(settings: BuildSettings) -> Look:
    """Ontology, data and queries as they are now: each file's time, size and inode."""
    return {
        path: (status.st_mtime_ns, status.st_size, status.st_ino)
        for root in _roots(settings)
        for path, status in _below(root)
    }


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
                if entry.is_dir():
                    yield from _below(Path(entry.path), above | {here})
                else:
                    # A link that leads nowhere, as Emacs leaves beside a file, is looked at itself.
                    yield entry.path, entry.stat(follow_symlinks=entry.is_file())
    except OSError:
        return
