"""How a snapshot comes to be: written in a directory of another name, renamed when it is complete, then put into use.

`current` is replaced by a rename too. So whatever happens in between, `current` names a whole snapshot or none.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from graph_service.errors import SnapshotError
from graph_service.snapshots import checking, register, sealed
from graph_service.snapshots.holding import Hold
from graph_service.snapshots.register import RegisteredSnapshot
from graph_service.snapshots.snapshot import (
    MANIFEST,
    QUADS,
    SOURCES,
    Manifest,
    Snapshot,
    SourceRecord,
    current,
    open_snapshot,
)


class Draft:
    """A snapshot that is coming to be: complete on disk, not yet in use, gone if it is not published.

    Use as a context manager; leaving without `publish` removes it.

    Args:
        root: directory of the snapshots.
        lines: the data set in pieces of some size; see `lines.lines_of`.
        sources: the source files to be copied, each piece by piece.
        before: a snapshot on the same disk, whose copies are linked and not written again where they are the same.

    Raises:
        OSError: it cannot be written; nothing is left of it.
    """

    def __init__(
        self,
        root: Path,
        lines: Iterable[bytes],
        sources: Mapping[SourceRecord, Iterable[bytes]],
        before: Snapshot | None = None,
    ) -> None:
        self._undo = ExitStack()
        self.path = self._undo.enter_context(workspace(root))
        self._root = root
        try:
            self.path.chmod(0o755)
            self.digest = _write_lines(self.path / QUADS, lines)
            self._copy(sources, before)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    def _copy(self, sources: Mapping[SourceRecord, Iterable[bytes]], before: Snapshot | None) -> None:
        known = {record: before.source(record) for record in before.manifest.sources} if before else {}
        made: set[str] = set()
        for record, pieces in sources.items():
            copy = Path(self.path, SOURCES, record.role, record.name)
            directory = f"{record.role}/{record.name}".rpartition("/")[0]
            if directory not in made:
                copy.parent.mkdir(parents=True, exist_ok=True)
                made.add(directory)
            if not _linked(known.get(record), record.sha256, copy):
                _write(copy, pieces)

    def describe(self, manifest: Manifest) -> Snapshot:
        """Add the manifest: from now on the draft can be opened like any snapshot."""
        content = {**vars(manifest), "sources": [vars(record) for record in manifest.sources]}
        _write(self.path / MANIFEST, [sealed.sealed(content).encode()])
        return Snapshot(self.path, manifest)

    def publish(self) -> Snapshot:
        """Give the draft its name and make it the current snapshot.

        A snapshot of this name that stands already was made from the same input: it is kept if it is whole, and
        replaced if it was damaged.
        """
        manifest = open_snapshot(self.path).manifest
        path = self._root / f"{manifest.digest}.{manifest.fingerprint[:12]}"
        with Hold(self._root, alone=True):
            if path.is_dir() and not _is_whole(path, self.path, manifest):
                # Whoever still reads it goes on; the next clean-up removes it.
                path.rename(tempfile.mkdtemp(prefix=".removed-", dir=self._root))
            if not path.is_dir():
                _sync_directory(self.path)
                self.path.rename(path)
            return _put_into_use(path)


@contextmanager
def workspace(root: Path) -> Iterator[Path]:
    """A directory for what comes to be; it is gone afterwards, and no clean-up removes it before."""
    root.mkdir(parents=True, exist_ok=True)
    with Hold(root, alone=True):
        path = Path(tempfile.mkdtemp(prefix=".building-", dir=root))
        hold = Hold(path)
    try:
        yield path
    finally:
        hold.close()
        shutil.rmtree(path, ignore_errors=True)


def put_into_use(snapshot: Snapshot) -> Snapshot:
    """Make a snapshot the current one."""
    with Hold(snapshot.path.parent, alone=True):
        return _put_into_use(snapshot.path)


def _put_into_use(path: Path) -> Snapshot:
    """Replace the link, then note it; a kill in between costs no more than the note, which the next one makes.

    Raises:
        OSError: it cannot be noted; the link is as it was.
    """
    root, made = path.parent, open_snapshot(path)
    link, before = root / "current", root / f".current-before-{os.getpid()}"
    if link.is_symlink():
        _note(root)
        # Made while nothing has changed: to put it back needs no room.
        _link(before, str(link.readlink()))
    after = root / f".current-{os.getpid()}"
    try:
        _link(after, path.name)
        after.replace(link)
        _sync_directory(root)
        _note(root)
    except OSError:
        if before.is_symlink():
            before.replace(link)
        raise
    finally:
        for remains in (before, after):
            remains.unlink(missing_ok=True)
    return made


def _link(path: Path, target: str) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def _note(root: Path) -> None:
    """Have the register know the snapshot in use."""
    with contextlib.suppress(SnapshotError):
        if (used := current(root)) is not None:
            register.record(root, RegisteredSnapshot.now(used.digest, used.path.name, used.manifest.triples))


def _is_whole(path: Path, draft: Path, manifest: Manifest) -> bool:
    """Whether a directory holds what a draft does: comparing takes a third of the time that digests would."""
    copies = [f"{SOURCES}/{record.role}/{record.name}" for record in manifest.sources]
    try:
        return open_snapshot(path).manifest == manifest and all(
            checking.is_same(path / name, draft / name) for name in (QUADS, *copies)
        )
    except (OSError, SnapshotError):
        return False


def _write_lines(path: Path, lines: Iterable[bytes]) -> str:
    """Write the lines; return the digest."""
    digest = hashlib.sha256()

    def digested() -> Iterator[bytes]:
        for piece in lines:
            digest.update(piece)
            yield piece

    _write(path, digested())
    return digest.hexdigest()


def _linked(source: Path | None, sha256: str, copy: Path) -> bool:
    """Whether a copy could be made as a link to a file that holds the same still."""
    try:
        if source is None or checking.sha256(source) != sha256:
            return False
        copy.hardlink_to(source)
    except OSError:
        return False
    return True


def _write(path: Path, content: Iterable[bytes]) -> None:
    """Write a file and have it on disk before going on."""
    try:
        with path.open("wb") as out:
            out.writelines(content)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        # A write that fails does not say of which file.
        error.filename = str(path)
        raise


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
