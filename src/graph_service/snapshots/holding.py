"""Directories held by who works with them: locks that the kernel drops when a process ends, however it ends.

Who serves or writes a directory holds it shared; who wants to remove it asks first whether nobody does (flock(2)).
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType


class Hold:
    """A lock on a directory, from construction to `close`.

    Args:
        directory: which one; it may be on a file system that cannot be written to.
        alone: nobody else may hold it; waits until nobody does.

    Raises:
        OSError: there is no such directory, or it was removed before the lock was had.
    """

    def __init__(self, directory: Path, *, alone: bool = False) -> None:
        self._descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            # Who removes a directory renames it first, under this lock.
            if not os.path.samestat(os.fstat(self._descriptor), directory.stat()):
                raise FileNotFoundError(errno.ENOENT, "removed meanwhile", str(directory))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Hold:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go. May be called twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


@contextmanager
def held_if_free(directory: Path) -> Iterator[bool]:
    """Hold a directory alone if nobody else does, and tell whether; who comes then waits."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield _locked(descriptor)
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
