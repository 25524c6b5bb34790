"""Contents of source files, kept in memory as long as the files stay as they are.

A file is taken for unchanged if its inode, size and times are the same and it had been left alone for a while when it
was read: two writes within one tick of the clock leave the same times behind.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from graph_service.building.sources import Role, SourceFile
from graph_service.errors import Location, SourceError

# Nanoseconds for which a file has to be left alone; clocks of file systems tick at most two seconds apart (FAT).
_SETTLED = 3_000_000_000


class _Kept(NamedTuple):
    status: tuple[int, ...]
    content: bytes
    digest: str


class Contents:
    """Reads files, and only those again that have changed since."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Role, str], _Kept] = {}

    def read(self, files: Iterable[SourceFile]) -> tuple[SourceFile, ...]:
        """The files with their contents in memory; those that are not named any more are forgotten.

        Raises:
            SourceError: a file cannot be read, or was replaced meanwhile.
        """
        before, self._kept = self._kept, {}
        return tuple(self._read(file, before.get((file.role, file.name))) for file in files)

    def _read(self, file: SourceFile, kept: _Kept | None) -> SourceFile:
        if file.memory is not None:
            return replace(file, digest=hashlib.sha256(file.memory).hexdigest())
        try:
            found = file.path.stat()
        except OSError as error:
            raise SourceError(f"cannot be read ({error.strerror}).", where=Location(file.path)) from error
        status = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        if kept is None or kept.status != status:
            is_settled = time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) > _SETTLED
            content = file.content()
            kept = _Kept(status if is_settled else (), content, hashlib.sha256(content).hexdigest())
        self._kept[file.role, file.name] = kept
        return replace(file, memory=kept.content, digest=kept.digest)
