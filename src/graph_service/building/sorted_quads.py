"""Quads in bounded memory: sorted runs on disk, merged when they are read in order (external merge sort).

What fits into one run never touches the disk.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from graph_service.rdf.terms import Quad, Triple, parse_quad
from graph_service.snapshots.draft import workspace

# Quads of a run: some 120 MB while they are in memory.
_RUN = 250_000


class SortedQuads(Collection[Quad]):
    """A growing set of quads. Use as a context manager; leaving it removes the runs.

    Args:
        root: the runs lie in a directory below it.
        blank_nodes: whether some may be about blank nodes.
    """

    def __init__(self, root: Path, *, blank_nodes: bool = False) -> None:
        self.blank_nodes = blank_nodes
        self._root = root
        self._undo = ExitStack()
        self._directory: Path | None = None
        self._runs: list[Path] = []
        self._kept: set[Quad] = set()
        self._written = 0

    def __enter__(self) -> SortedQuads:
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    def add(self, quads: Iterable[Quad]) -> None:
        """Take quads in.

        Raises:
            OSError: a run cannot be written.
        """
        kept = self._kept
        for quad in quads:
            kept.add(quad)
            if len(kept) >= _RUN:
                self._write_run()

    def __len__(self) -> int:
        """The number of quads; one that stands in several runs counts in each of them."""
        return self._written + len(self._kept)

    def __iter__(self) -> Iterator[Quad]:
        """The quads in no particular order; those of several runs again and again."""
        for run in self._runs:
            with run.open(encoding="utf-8", newline="\n") as lines:
                yield from map(parse_quad, lines)
        yield from self._kept

    def __contains__(self, quad: object) -> bool:
        """Whether a quad is among them: this goes through all."""
        return any(quad == other for other in self)

    @property
    def triples(self) -> Collection[Triple]:
        """Their triples in no particular order, not each once."""
        return _Triples(self)

    def lines(self) -> Iterator[str]:
        """The quads as the lines of a snapshot: sorted, each once."""
        if not self._runs:
            yield from _sorted(self._kept)
            return
        self._write_run()
        before = ""
        with ExitStack() as files:
            runs = [files.enter_context(run.open(encoding="utf-8", newline="\n")) for run in self._runs]
            for line in heapq.merge(*runs):
                if line != before:
                    yield line
                    before = line

    @property
    def directory(self) -> Path:
        """Where the runs lie, and what else is made of the quads; it is removed with them."""
        if self._directory is None:
            self._directory = self._undo.enter_context(workspace(self._root))
        return self._directory

    def _write_run(self) -> None:
        if not self._kept:
            return
        run = self.directory / f"{len(self._runs)}.nq"
        with run.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(_sorted(self._kept))
        self._runs.append(run)
        self._written += len(self._kept)
        self._kept.clear()


def _sorted(quads: Iterable[Quad]) -> list[str]:
    return sorted({f"{quad}\n" for quad in quads})


class _Triples(Collection[Triple]):
    def __init__(self, quads: SortedQuads) -> None:
        self._quads = quads

    def __iter__(self) -> Iterator[Triple]:
        return (Triple(subject, predicate, value) for subject, predicate, value, _ in self._quads)

    def __len__(self) -> int:
        return len(self._quads)

    def __contains__(self, triple: object) -> bool:
        return any(triple == other for other in self)
