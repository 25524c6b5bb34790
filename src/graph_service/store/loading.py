"""From a snapshot on disk to an engine's store: one pass that loads, merges, checks and notes what is shared.

A snapshot is a directory with `quads.nq` (canonical N-Quads, sorted by code point, each quad in a named graph) and
`manifest.json`, of which `digest` (SHA-256 of `quads.nq`), `inferred_graph` and `base` (IRIs) are read here.

Because the lines are sorted, all statements of one triple are neighbours: the default graph gets each triple once.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from graph_service.errors import SnapshotError
from graph_service.rdf.terms import Triple
from graph_service.snapshots import sealed
from graph_service.snapshots.snapshot import MANIFEST, QUADS

_MEND = "Build the snapshot anew."
# How errors begin that the engine meets in its own files.
_OF_THE_ENGINE = "IO error"
_CHUNK = 1 << 20
# Bytes that are handed to the engine at a time: sorting them for its indexes takes about seven times as much memory.
_SLICE = 64_000_000


@dataclass(frozen=True)
class StoreManifest:
    """What the store needs to know of a snapshot: its digest, the graph of its inferred triples, its base; IRIs.

    `blank_nodes` tells whether it has any.
    """

    digest: str
    inferred_graph: str
    base: str = ""
    blank_nodes: bool = False

    @classmethod
    def read(cls, directory: Path) -> StoreManifest:
        """Read it.

        Raises:
            SnapshotError: there is none, it was altered, or it has no digest.
        """
        try:
            content = sealed.read(directory / MANIFEST, or_open=True)
            inferred_graph, base = (str(content.get(name) or "") for name in ("inferred_graph", "base"))
            return cls(str(content["digest"]), inferred_graph, base, bool(content.get("blank_nodes")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise SnapshotError(f"The snapshot {directory.name} has no readable {MANIFEST}.", hint=_MEND) from None


@dataclass(frozen=True)
class LoadedDataset:
    """A loaded data set.

    Attributes:
        store: named graphs, and in its default graph the merge of all that is stated, each triple once.
        inferred_graph: IRI of the inferred triples, none of which is stated; empty if there is no such graph.
        separate: the default graph holds only what was loaded into it, and is no merge.
        shared: graphs that have a triple in common with another one.
        base: what relative IRIs of a query are resolved against; empty if they are errors.
    """

    store: ox.Store
    inferred_graph: str = ""
    separate: bool = False
    shared: frozenset[str] = frozenset()
    base: str = ""


def load(directory: Path, *, separate_default_graph: bool = False) -> tuple[StoreManifest, LoadedDataset]:
    """Load a snapshot into memory; arguments and errors as of `fill`."""
    return fill(directory, ox.Store(), separate_default_graph=separate_default_graph)


def fill(
    directory: Path, store: ox.Store, *, separate_default_graph: bool = False
) -> tuple[StoreManifest, LoadedDataset]:
    """Load a snapshot into an empty store.

    Args:
        directory: the snapshot.
        store: in memory or on disk.
        separate_default_graph: do not merge; the quads without a graph name are the default graph.

    Raises:
        SnapshotError: it is absent, incomplete, not sorted or not what its digest says.
        OSError: the store on disk cannot be written.
    """
    manifest = StoreManifest.read(directory)
    reader = _Reader(directory / QUADS, manifest.inferred_graph, merge=not separate_default_graph)
    if manifest.blank_nodes:
        # The engine names blank nodes anew in each slice: what is said of one must not be torn apart.
        reader.slice_bytes = sys.maxsize
    try:
        while reader.begin_slice():
            # Canonical N-Quads under a digest were checked when they were written: no need to check each IRI again.
            store.bulk_load(cast(IO[bytes], reader), ox.RdfFormat.N_QUADS, lenient=True)
    except SyntaxError as error:
        raise SnapshotError(f"{QUADS}: line {error.lineno}: {error.msg}", hint=_MEND) from None
    except OSError as error:
        if str(error).startswith(_OF_THE_ENGINE):
            raise
        raise SnapshotError(f"{QUADS} cannot be read: {error.strerror or 'it is damaged'}.", hint=_MEND) from None
    if reader.digest != manifest.digest:
        raise SnapshotError(f"{QUADS} is not what the manifest says: its digest is {reader.digest}.", hint=_MEND)
    shared = frozenset(reader.shared)
    return manifest, LoadedDataset(store, manifest.inferred_graph, separate_default_graph, shared, manifest.base)


def merged(lines: Iterable[bytes], manifest: StoreManifest) -> LoadedDataset:
    """A default graph alone, the merge of all, in memory: at less than half the cost of `load`.

    Args:
        lines: those of the snapshot, in blocks.
        manifest: of the snapshot.
    """
    store = ox.Store()
    for block in lines:
        triples = [line[: line.rindex(b" ", 0, -2)] for line in block.splitlines()]
        store.load(b" .\n".join((*triples, b"")), ox.RdfFormat.N_TRIPLES, lenient=True)
    return LoadedDataset(store, separate=True, base=manifest.base)


def of_triples(triples: Iterable[Triple]) -> LoadedDataset:
    """A default graph alone, of these triples, in memory."""
    store = ox.Store()
    store.load("".join(f"{triple}\n" for triple in triples), ox.RdfFormat.N_TRIPLES, lenient=True)
    return LoadedDataset(store, separate=True)


class _Reader:
    """A binary file for the engine: the quads; with `merge`, each stated triple follows once more, without a graph.

    It ends with each slice, which holds whole lines, and goes on with the next.
    """

    def __init__(self, path: Path, inferred_graph: str, *, merge: bool) -> None:
        self.shared: set[str] = set()
        self.slice_bytes = _SLICE
        self._inferred = f"<{inferred_graph}>".encode()
        self._hash = hashlib.sha256()
        self._chunks = self._merged(path) if merge else self._plain(path)
        self._rest = b""
        self._left = 0

    def begin_slice(self) -> bool:
        """Go on with the next slice; False if there is none."""
        self._rest = next(self._chunks, b"")
        self._left = self.slice_bytes - len(self._rest)
        return bool(self._rest)

    @property
    def digest(self) -> str:
        """SHA-256 of what was read so far, hexadecimal."""
        return self._hash.hexdigest()

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end of a slice."""
        if not self._rest and self._left > 0:
            self._rest = next(self._chunks, b"")
            self._left -= len(self._rest)
        if size < 0:
            size = len(self._rest)
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    def _plain(self, path: Path) -> Iterator[bytes]:
        with path.open("rb") as file:
            while lines := file.readlines(_CHUNK):
                chunk = b"".join(lines)
                self._hash.update(chunk)
                yield chunk

    def _merged(self, path: Path) -> Iterator[bytes]:
        last, triple, graph = b"", b"", b""
        with path.open("rb") as file:
            while lines := file.readlines(_CHUNK // 8):
                self._hash.update(b"".join(lines))
                out: list[bytes] = []
                for line in lines:
                    if line <= last:
                        raise SnapshotError(f"{QUADS} is not sorted, or has a line twice.", hint=_MEND)
                    last, before, graph_before = line, triple, graph
                    triple, _, graph = line[:-3].rpartition(b" ")
                    out.append(line)
                    if triple == before:
                        self._note(graph_before, graph)
                    elif graph != self._inferred:
                        out.append(triple + b" .\n")
                yield b"".join(out)

    def _note(self, graph: bytes, other: bytes) -> None:
        """Two graphs have a triple in common."""
        if self._inferred in (graph, other):
            raise SnapshotError(f"{QUADS} has a triple that is both stated and inferred.", hint=_MEND)
        self.shared.update((graph[1:-1].decode(), other[1:-1].decode()))
