"""Files compared with the digests that were taken of them when they were written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

# Called with the number of bytes after each piece that was read: it may pause.
Progress = Callable[[int], object]
_PIECE = 1 << 20


def at_once(size: int) -> None:
    """A progress that does not pause."""


def sha256(path: Path, progress: Progress = at_once) -> str:
    """SHA-256 of a file, hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            progress(len(piece))
    return digest.hexdigest()


def is_same(path: Path, other: Path) -> bool:
    """Whether two files are one, or hold the same.

    Raises:
        OSError: one of them cannot be read.
    """
    if path.samefile(other):
        return True
    with path.open("rb") as first, other.open("rb") as second:
        while (piece := first.read(_PIECE)) == second.read(_PIECE):
            if not piece:
                return True
    return False


def damaged(directory: Path, expected: Mapping[str, str], progress: Progress = at_once) -> Iterator[str]:
    """The names of files that are absent, cannot be read, or are not as they were written.

    Args:
        directory: where the files are.
        expected: SHA-256 by name.
        progress: called after each piece.
    """
    for name, digest in expected.items():
        try:
            whole = sha256(directory / name, progress) == digest
        except OSError:
            whole = False
        if not whole:
            yield name
