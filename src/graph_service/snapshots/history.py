"""In which editions a triple stands: from the register, and from the snapshots that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from graph_service.errors import SnapshotError
from graph_service.rdf.terms import Triple
from graph_service.snapshots import editions, lookup, register
from graph_service.snapshots.dumps import Dump
from graph_service.snapshots.register import RegisteredSnapshot
from graph_service.snapshots.snapshot import QUADS, Snapshot, open_snapshot


class Standing(StrEnum):
    """How an edition stands to a triple; the last two say that nobody can know."""

    STATED = "stated"
    INFERRED = "inferred"
    ABSENT = "absent"
    NOT_KEPT = "not kept"
    DAMAGED = "damaged"

    @property
    def holds(self) -> bool:
        """Whether the edition has the triple."""
        return self in (Standing.STATED, Standing.INFERRED)

    @property
    def is_known(self) -> bool:
        """Whether one could look."""
        return self not in (Standing.NOT_KEPT, Standing.DAMAGED)


@dataclass(frozen=True)
class Run:
    """Editions that followed each other and stand to a triple alike, the oldest first."""

    standing: Standing
    editions: Sequence[RegisteredSnapshot]


class StatementHistory:
    """Looks triples up in all editions that are kept.

    Args:
        root: directory of the snapshots; None where one is served that no register knows.
        snapshot: that one.
    """

    def __init__(self, root: Path | None, snapshot: Snapshot) -> None:
        self._root = root
        self._snapshot = snapshot
        # What is known of the files of quads, by the name of the directory: snapshots never change.
        self._files: dict[str, tuple[Snapshot, Dump]] = {}

    def of(self, triple: Triple) -> list[Run]:
        """The editions in the order of time; of a triple that nobody ever stated a run of absence.

        Args:
            triple: in its canonical spelling.
        """
        if self._root is None:
            only = RegisteredSnapshot(self._snapshot.digest, "", "", self._snapshot.manifest.triples)
            return [Run(self._standing(self._snapshot.path, triple), [only])]
        entries = register.read(self._root)
        kept = {one.digest: one.directory for one in editions.known(self._root)}
        names = {path.name for path in kept.values() if path is not None}
        self._files = {name: known for name, known in self._files.items() if name in names}
        standings = {digest: self._standing(path, triple) for digest, path in kept.items()}
        return [Run(one, list(found)) for one, found in groupby(entries, key=lambda entry: standings[entry.digest])]

    def damaged(self) -> list[str]:
        """The lines of the register that are damaged."""
        return register.damaged(self._root) if self._root is not None else []

    def _standing(self, path: Path | None, triple: Triple) -> Standing:
        if path is None:
            return Standing.NOT_KEPT
        try:
            if path.name not in self._files:
                snapshot = open_snapshot(path)
                self._files[path.name] = snapshot, lookup.described(snapshot)
            snapshot, file = self._files[path.name]
            graphs = lookup.graphs(path / QUADS, file, triple)
        except FileNotFoundError:
            # It was removed meanwhile.
            return Standing.NOT_KEPT
        except (SnapshotError, OSError):
            return Standing.DAMAGED
        if not graphs:
            return Standing.ABSENT
        return Standing.INFERRED if graphs == [f"<{snapshot.manifest.inferred_graph}>"] else Standing.STATED
