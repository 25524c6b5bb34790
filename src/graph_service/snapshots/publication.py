"""Published files of a snapshot: figures, a list of resources, dumps.

Made once from `quads.nq`, in a process of its own, and kept beside it in `dumps/`:

    figures.json    triples, subjects, properties and classes with their counts, digests of the other files
    resources.txt   the IRIs that are described and have a page of their own, one a line
    graph.…         the dumps

A directory that comes to be has another name until it is complete. Where the snapshot cannot be written to, the files
lie in a directory for temporary files. Files that were altered are made again when somebody next asks.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from graph_service import processes
from graph_service.errors import ProcessError, SnapshotError
from graph_service.processes import ProcessLimits
from graph_service.snapshots import checking, dumps, figures, sealed
from graph_service.snapshots.checking import Progress
from graph_service.snapshots.dumps import Dump
from graph_service.snapshots.figures import VoidFigures
from graph_service.snapshots.holding import Hold
from graph_service.snapshots.snapshot import QUADS, Snapshot, open_snapshot

LAYOUT = 4
DIRECTORY = "dumps"
_FIGURES = "figures.json"
_RESOURCES = "resources.txt"
_log = logging.getLogger("graph_service.http")
# Some 500 MB at sixteen million triples, and minutes.
_LIMITS = ProcessLimits(3600, 4 << 30)


class Publication:
    """The published files of a snapshot; made when somebody first asks."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._lock = asyncio.Lock()
        self._directory: Path | None = None
        self._figures: VoidFigures | None = None
        self._distrusted = False
        self._temporary: Path | None = None
        self._work: asyncio.Task[Path] | None = None

    async def directory(self) -> Path:
        """Where the files are, all of them.

        Raises:
            SnapshotError: they could not be made.
        """
        async with self._lock:
            if self._directory is None:
                self._work = asyncio.create_task(self._made())
                self._directory = await self._work
            return self._directory

    async def figures(self) -> VoidFigures:
        """The counts, and the dumps with their digests.

        Raises:
            SnapshotError: they could not be made.
        """
        directory = await self.directory()
        if self._figures is None:
            try:
                self._figures = await asyncio.to_thread(read_figures, directory)
            except SnapshotError:
                await self.forget()
                raise
        return self._figures

    async def pieces(self, dump: Dump) -> AsyncGenerator[bytes, None]:
        """A dump piece by piece, read in a thread, each piece compared with its digest before it is handed out.

        Raises:
            SnapshotError: the next piece was altered. What is made from `quads.nq` is made again at the next question.
        """
        directory, known = await self.directory(), self._figures
        path = directory / dump.name if dump.compression else self.snapshot.path / QUADS
        try:
            # Opened here and not in the thread: a reader who leaves while the thread reads could not close it there.
            with path.open("rb") as file:
                pieces = dumps.read(file, dump)
                while piece := await asyncio.to_thread(next, pieces, b""):
                    yield piece
        except (OSError, SnapshotError) as error:
            # From an altered quads.nq none could be made again, so the others stay.
            await self._give_up(known if dump.compression else None, error)
            raise SnapshotError(str(error)) from error

    async def forget(self) -> None:
        """Remove the files, since they were altered: they are made again when somebody next asks."""
        async with self._lock:
            directory = self._directory or self.snapshot.path / DIRECTORY
            self._directory = self._figures = None
            if not directory.is_dir():
                return
            try:
                away = await asyncio.to_thread(tempfile.mkdtemp, prefix=".dumps-", dir=directory.parent)
                await asyncio.to_thread(directory.rename, away)
                await asyncio.to_thread(shutil.rmtree, away, ignore_errors=True)
            except OSError:
                # Where nobody can write, they are made again elsewhere.
                self._distrusted = True

    async def _give_up(self, known: VoidFigures | None, error: Exception) -> None:
        """Note that files were altered; of those who meet the same files, only the first has them made again."""
        _log.error("damaged", extra={"fields": {"snapshot": self.snapshot.path.name, "reason": str(error)}})
        if known is not None and known is self._figures:
            await self.forget()

    async def close(self) -> None:
        """End what is being made, and remove what was made for this process alone."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait([self._work])
        if self._temporary is not None:
            await asyncio.to_thread(shutil.rmtree, self._temporary, ignore_errors=True)

    async def _made(self) -> Path:
        directory = self.snapshot.path / DIRECTORY
        if not self._distrusted and await asyncio.to_thread(_is_complete, directory):
            return directory
        if not os.access(self.snapshot.path, os.W_OK):
            if self._temporary is None:
                self._temporary = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="graph-service-"))
            directory = self._temporary / DIRECTORY
        arguments = (str(self.snapshot.path), str(directory))
        try:
            await processes.run("graph_service.snapshots.publication", *arguments, limits=_LIMITS)
        except ProcessError as error:
            raise SnapshotError(f"The dumps could not be made: {error.message}") from error
        return directory


def read_figures(directory: Path) -> VoidFigures:
    """The figures of a directory that `publish` filled.

    Raises:
        SnapshotError: they were altered.
    """
    content = _content(directory)["figures"]
    content["dumps"] = tuple(Dump(**{**dump, "pieces": tuple(dump["pieces"])}) for dump in content["dumps"])
    content["properties"] = {name: (counts[0], counts[1]) for name, counts in content["properties"].items()}
    return VoidFigures(**content)


def read_resources(directory: Path) -> list[str]:
    """The list of resources of a directory that `publish` filled.

    Raises:
        SnapshotError: it was altered.
    """
    content = (directory / _RESOURCES).read_bytes() if (directory / _RESOURCES).is_file() else b""
    if hashlib.sha256(content).hexdigest() != _content(directory)["resources"]:
        raise SnapshotError(f"{DIRECTORY}/{_RESOURCES} was altered.")
    return content.decode().split("\n")[:-1]


def damaged(snapshot: Path, progress: Progress = checking.at_once) -> Iterator[str]:
    """The names of published files, relative to the snapshot, that are not as they were written."""
    directory = snapshot / DIRECTORY
    if not directory.is_dir():
        return
    try:
        content = _content(directory)
        expected = {dump["name"]: dump["sha256"] for dump in content["figures"]["dumps"] if dump["compression"]}
    except SnapshotError:
        yield f"{DIRECTORY}/{_FIGURES}"
        return
    expected[_RESOURCES] = content["resources"]
    yield from (f"{DIRECTORY}/{name}" for name in checking.damaged(directory, expected, progress))


def _content(directory: Path) -> dict[str, Any]:
    try:
        content = sealed.read(directory / _FIGURES)
        if content["layout"] != LAYOUT:
            raise ValueError(content["layout"])
    except (OSError, ValueError, KeyError) as error:
        raise SnapshotError(f"{DIRECTORY}/{_FIGURES} is absent or was altered.") from error
    return content


def publish(snapshot: Snapshot, directory: Path) -> None:
    """Make the files of a snapshot.

    Args:
        snapshot: what is published.
        directory: comes to be, complete or not at all.
    """
    with Hold(snapshot.path):
        _publish(snapshot, directory, Path(tempfile.mkdtemp(prefix=".dumps-", dir=directory.parent)))


def _publish(snapshot: Snapshot, directory: Path, draft: Path) -> None:
    try:
        draft.chmod(0o755)
        with (draft / _RESOURCES).open("w", encoding="utf-8", newline="\n") as listed:
            listed.writelines(f"{name}\n" for name in figures.resources(snapshot))
        counted = figures.counted(snapshot, tuple(dumps.write(snapshot, draft)), draft)
        told = {"layout": LAYOUT, "figures": asdict(counted), "resources": checking.sha256(draft / _RESOURCES)}
        (draft / _FIGURES).write_text(sealed.sealed(told), encoding="utf-8")
        if directory.is_dir() and not _is_complete(directory):
            shutil.rmtree(directory)
        try:
            draft.rename(directory)
        except OSError:
            # Another process was quicker; its files are the same.
            if not _is_complete(directory):
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _is_complete(directory: Path) -> bool:
    try:
        _content(directory)
    except SnapshotError:
        return False
    return True


if __name__ == "__main__":
    processes.report(lambda: publish(open_snapshot(Path(sys.argv[1])), Path(sys.argv[2])))
