"""Which snapshots are kept: the one in use, those that are served, and as many of the last ones as were asked for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from graph_service.errors import SnapshotError
from graph_service.snapshots import register
from graph_service.snapshots.holding import Hold, held_if_free
from graph_service.snapshots.snapshot import Snapshot, current, open_snapshot

# What a killed process may leave behind: drafts, snapshots half removed.
_REMAINS = (".building-*", ".removed-*")
# And within a snapshot: half a store on disk, half of the dumps. Who writes them holds the snapshot.
_REMAINS_WITHIN = (".engine-*", ".dumps-*")


def kept(root: Path) -> list[Path]:
    """The directories of whole snapshots, the last one put into use first."""
    used = [entry.directory for entry in reversed(register.read(root))]
    order = {name: rank for rank, name in reversed(list(enumerate(used)))}
    found = (path.parent for path in root.glob("[!.]*/manifest.json") if not path.parent.is_symlink())
    return sorted(found, key=lambda path: (order.get(path.name, len(used)), -path.stat().st_mtime))


def find(root: Path, name: str) -> Snapshot:
    """A snapshot by digest, by the beginning of one, or as `current` or `previous`.

    Raises:
        SnapshotError: none is meant, or more than one data set.
    """
    present = current(root)
    if name == "current" and present is not None:
        return present
    paths = kept(root)
    if name == "previous":
        digest = present.digest if present else ""
        paths = [path for path in paths if not path.name.startswith(digest)][:1]
    else:
        paths = [path for path in paths if path.name.startswith(name)]
    if not paths or len({path.name.partition(".")[0] for path in paths}) > 1:
        what = "More than one snapshot" if paths else "No snapshot"
        hint = f"Name more of its digest; {register.NAME} lists them."
        if not paths and (lines := register.damaged(root)):
            hint = f"{', '.join(lines)} cannot be read. {register.HINT}"
        raise SnapshotError(f"{what} matches {name!r}.", hint=hint)
    return open_snapshot(paths[0])


def tidy(root: Path, keep: int = 0) -> None:
    """Remove what nobody needs.

    Args:
        root: directory of the snapshots.
        keep: snapshots that stay, the one in use among them; 0 for all.
    """
    if not root.is_dir():
        return
    with Hold(root, alone=True):
        for link in root.glob(".current-*"):
            link.unlink()
        for path in _unneeded(root, keep):
            # Under the lock, so that nobody begins to use it between the question and the removal.
            with held_if_free(path) as free:
                if free:
                    # Under another name first, so that there is never half a snapshot under its own.
                    away = path if path.name.startswith(".") else path.rename(root / f".removed-{path.name}")
                    shutil.rmtree(away, ignore_errors=True)
        for path in kept(root):
            with held_if_free(path) as free:
                for remains in (found for pattern in _REMAINS_WITHIN for found in path.glob(pattern) if free):
                    shutil.rmtree(remains, ignore_errors=True)


def _unneeded(root: Path, keep: int) -> Iterator[Path]:
    for pattern in _REMAINS:
        yield from root.glob(pattern)
    if keep > 0:
        present = current(root)
        others = [path for path in kept(root) if present is None or path.name != present.path.name]
        if register.damaged(root):
            # A snapshot that no line names may be one of the last: a damaged line may have named it.
            named = {entry.directory for entry in register.read(root)}
            others = [path for path in others if path.name in named]
        yield from others[keep - 1 :]
