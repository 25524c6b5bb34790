"""The engine's store on disk, prepared once beside `quads.nq`: a start opens it in milliseconds at any size.

    DIGEST.FINGERPRINT/engine/     RocksDB · complete.json (digest, shared graphs, SHA-256 of the files)

It comes to be under another name and is renamed when it is complete. It is no part of the digest, but says of which
data set it is. A flipped bit in a table gave wrong answers and no error, so all files are compared with their digests
when the store is opened, and again and again while it is used (`inspection`).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from graph_service.errors import ProcessError, SnapshotError
from graph_service.snapshots import checking, sealed
from graph_service.snapshots.checking import Progress
from graph_service.snapshots.holding import Hold
from graph_service.store.loading import LoadedDataset, StoreManifest, fill

DIRECTORY = "engine"
COMPLETE = "complete.json"
_MEND = "Remove the directory engine of the snapshot: it is made again from quads.nq."
# Bytes of quads.nq from which on a store on disk pays: what is smaller is in memory within a second.
WORTHWHILE = 20_000_000
# Of the process that makes it, which takes some 450 MB at any size.
_SECONDS, _MEMORY_BYTES = 3600, 4 << 30


def is_prepared(snapshot: Path) -> bool:
    """Whether there is a store on disk."""
    return (snapshot / DIRECTORY / COMPLETE).is_file()


def prepare(snapshot: Path) -> None:
    """Make the store on disk; one that is there and whole stays, a damaged one is replaced.

    Raises:
        SnapshotError: the snapshot is incomplete, or not what its digest says.
        OSError: the store cannot be written; nothing is left of it.
    """
    with Hold(snapshot):
        _prepare(snapshot, Path(tempfile.mkdtemp(prefix=".engine-", dir=snapshot)))


def _prepare(snapshot: Path, draft: Path) -> None:
    try:
        store = ox.Store(str(draft))
        manifest, dataset = fill(snapshot, store)
        store.optimize()
        store.flush()
        shared = sorted(dataset.shared)
        # Closes the files.
        del store, dataset
        told = {"digest": manifest.digest, "shared": shared, "files": _digests(draft)}
        (draft / COMPLETE).write_text(sealed.sealed(told), encoding="utf-8")
        draft.chmod(0o755)
        try:
            draft.rename(snapshot / DIRECTORY)
        except OSError:
            # Another process was quicker and its store is the same, or the one that is there is damaged.
            if any(damaged(snapshot)):
                away = Path(tempfile.mkdtemp(prefix=".engine-", dir=snapshot))
                (snapshot / DIRECTORY).rename(away)
                draft.rename(snapshot / DIRECTORY)
                shutil.rmtree(away, ignore_errors=True)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


async def prepare_apart(snapshot: Path) -> None:
    """Make the store on disk in a process of its own: it takes some 450 MB for a while.

    Raises:
        SnapshotError: it could not be made.
    """
    # Imported on demand: a build needs no event loop.
    from graph_service import processes

    if not os.access(snapshot, os.W_OK):
        hint = "Build it where it can be written to, or raise --data-mb."
        raise SnapshotError(f"The snapshot {snapshot.name} needs a store on disk and is read-only.", hint=hint)
    try:
        limits = processes.ProcessLimits(_SECONDS, _MEMORY_BYTES)
        await processes.run("graph_service.store.disk", str(snapshot), limits=limits)
    except ProcessError as error:
        message = f"The store on disk of {snapshot.name} could not be made: {error.message}"
        raise SnapshotError(message, hint="Make room for it, or build anew if the snapshot is damaged.") from error


def open_on_disk(snapshot: Path) -> tuple[StoreManifest, LoadedDataset]:
    """Open the store on disk, read-only.

    Raises:
        SnapshotError: it is absent, incomplete or of another data set.
    """
    manifest = StoreManifest.read(snapshot)
    if altered := ", ".join(damaged(snapshot)):
        message = f"The store on disk of {snapshot.name} is not the one that was prepared: {altered}."
        raise SnapshotError(message, hint=_MEND)
    try:
        shared = frozenset(sealed.read(snapshot / DIRECTORY / COMPLETE)["shared"])
        store = ox.Store.read_only(str(snapshot / DIRECTORY))
    except (OSError, ValueError) as error:
        reason = type(error).__name__
        raise SnapshotError(f"The store on disk of {snapshot.name} cannot be opened ({reason}).", hint=_MEND) from None
    return manifest, LoadedDataset(store, manifest.inferred_graph, shared=shared, base=manifest.base)


def damaged(snapshot: Path, progress: Progress = checking.at_once) -> Iterator[str]:
    """The names of files of the store on disk, relative to the snapshot, that are not as they were prepared.

    Raises:
        SnapshotError: the snapshot has no readable manifest.
    """
    digest, directory = StoreManifest.read(snapshot).digest, snapshot / DIRECTORY
    try:
        told = sealed.read(directory / COMPLETE)
        if told["digest"] != digest:
            raise ValueError(told["digest"])
        files = told["files"]
    except (OSError, ValueError, KeyError):
        yield f"{DIRECTORY}/{COMPLETE}"
        return
    yield from (f"{DIRECTORY}/{name}" for name in _files(directory) if name not in files)
    yield from (f"{DIRECTORY}/{name}" for name in checking.damaged(directory, files, progress))


def _digests(directory: Path) -> dict[str, str]:
    return {name: checking.sha256(directory / name) for name in _files(directory)}


def _files(directory: Path) -> Iterator[str]:
    """The files that data are read from; the engine's own log and its lock come and go."""
    for pattern in ("*.sst", "*.log", "MANIFEST-*", "CURRENT"):
        yield from sorted(path.name for path in directory.glob(pattern))


if __name__ == "__main__":
    from graph_service import processes

    processes.report(lambda: prepare(Path(sys.argv[1])))
