"""Locks of data directories, so that a build beside an import sees all of it or nothing.

The lock is one of the operating system on the directory itself (`flock`): it needs no file, and ends with its process.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from graph_service.errors import Location, SourceError

# Where an import leaves accepted files until each is in its place: they count as if they were there already.
ACCEPTED = ".import-accepted"
# Below it: names of files that count as removed.
GONE = ".gone"


@contextmanager
def exclusive(directory: Path) -> Iterator[None]:
    """Keep others out of a directory while its files are moved."""
    with _locked(directory, fcntl.LOCK_EX):
        yield


@contextmanager
def unmoved(directories: Iterable[Path]) -> Iterator[None]:
    """Have nobody move files of these directories; what is none is passed over."""
    with ExitStack() as locks:
        for directory in filter(Path.is_dir, directories):
            locks.enter_context(_locked(directory, fcntl.LOCK_SH))
        yield


@contextmanager
def listing(root: Path) -> Iterator[list[tuple[Path, Path]]]:
    """The files below a directory while nobody moves any, each with its path below the root.

    Hidden files are left out. Of two files with one path the later counts: it is accepted and about to take the place
    of the other; a file whose removal is accepted is not there. Each directory is locked before it is listed, so that
    what an import adds to it is seen whole or not.

    Raises:
        SourceError: a link leads back to a directory that it lies in.
    """
    gone = set[Path]()
    with ExitStack() as locks:
        found = list(_walk(root, locks, gone))
        yield [(path, below) for path, below in found if below not in gone]


def _walk(
    directory: Path,
    locks: ExitStack,
    gone: set[Path],
    below: Path = Path(),
    above: frozenset[tuple[int, int]] = frozenset(),
) -> Iterator[tuple[Path, Path]]:
    status = directory.stat()
    here = status.st_dev, status.st_ino
    if here in above:
        message = "leads back to a directory that it lies in, so there is no end of files."
        raise SourceError(message, where=Location(directory), hint="Remove the link.")
    locks.enter_context(_locked(directory, fcntl.LOCK_SH))
    for entry in sorted(directory.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _walk(entry, locks, gone, below / entry.name, above | {here})
        elif entry.is_file():
            yield entry, below / entry.name
    accepted, removed = directory / ACCEPTED, directory / ACCEPTED / GONE
    for path in (path for path in accepted.rglob("*") if path.is_file()):
        if path.is_relative_to(removed):
            gone.add(below / path.relative_to(removed))
        else:
            yield path, below / path.relative_to(accepted)


@contextmanager
def _locked(directory: Path, how: int) -> Iterator[None]:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)
