"""Snapshots: an immutable directory that holds everything an answer is computed from.

    snapshots/
      DIGEST.FINGERPRINT/     quads.nq · manifest.json · sources/…
      current                 symbolic link to the one in use
      editions.jsonl          register of all that were ever in use

`quads.nq` is the data set as sorted canonical N-Quads; its SHA-256 is the digest, so `sha256sum quads.nq` checks a
snapshot. The manifest holds its own digest and those of all other files. `draft` says how a snapshot comes to be.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph_service.errors import SnapshotError
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import Quad, parse_quad
from graph_service.snapshots import checking, sealed
from graph_service.snapshots.checking import Progress

if TYPE_CHECKING:
    import rdflib

FORMAT = 1
QUADS = "quads.nq"
MANIFEST = "manifest.json"
SOURCES = "sources"


@dataclass(frozen=True)
class SourceRecord:
    """A source file as the manifest remembers it; its bytes lie in the snapshot under `sources/ROLE/NAME`."""

    role: str
    name: str
    graph: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a snapshot is made of. It holds no time and no path, so the same input gives the same manifest.

    Attributes:
        digest: SHA-256 of `quads.nq`, hexadecimal.
        fingerprint: SHA-256 of all that went in: sources, settings, software.
        base: base IRI of the data.
        namespaces: further ones whose names are published.
        inferred_graph: the named graph (an IRI) of the inferred triples.
        graphs: number of triples by named graph.
        triples: number of triples of the default graph, each counted once.
        sources: the files it was made from.
        reasoner: name of the reasoner.
        software: version of the software that built it.
        blank_nodes: whether nodes without a name were kept.
        format: version of this layout.
    """

    digest: str
    fingerprint: str
    base: str
    inferred_graph: str
    graphs: Mapping[str, int]
    triples: int
    sources: tuple[SourceRecord, ...]
    reasoner: str
    software: str
    namespaces: tuple[str, ...] = ()
    blank_nodes: bool = False
    format: int = FORMAT

    @property
    def inferred(self) -> int:
        """Number of inferred triples."""
        return self.graphs.get(self.inferred_graph, 0)

    @property
    def stated(self) -> int:
        """Number of stated quads: a triple stated in two graphs counts twice."""
        return sum(self.graphs.values()) - self.inferred

    @property
    def names(self) -> Names:
        """The names that follow from the base IRI and the other namespaces."""
        return Names(self.base, self.namespaces)


@dataclass(frozen=True)
class Snapshot:
    """A snapshot on disk."""

    path: Path
    manifest: Manifest

    @property
    def digest(self) -> str:
        """SHA-256 of the data set, hexadecimal."""
        return self.manifest.digest

    def lines(self) -> Iterator[str]:
        """The lines of `quads.nq`: canonical N-Quads in the order of the digest.

        Raises:
            SnapshotError: the file was altered; no line of it is handed out.
        """
        self.verify()
        with (self.path / QUADS).open(encoding="utf-8", newline="\n") as lines:
            yield from lines

    def quads(self) -> Iterator[Quad]:
        """All quads in the order of the digest; raises as `lines`."""
        return map(parse_quad, self.lines())

    def to_rdflib(self, *, inferred: bool = True) -> rdflib.Dataset:
        """The data set for rdflib, with its named graphs; the default graph is the union of them.

        Literals keep their spelling. It is held in memory: about 2 kB a triple.

        Args:
            inferred: whether the graph of the inferred triples is part of it; leave it out to change and build.
        """
        # Imported on demand: only those who ask for rdflib wait until it is loaded.
        from graph_service.rdf import rdflib_nodes

        left_out = None if inferred else f"<{self.manifest.inferred_graph}>"
        return rdflib_nodes.dataset(quad for quad in self.quads() if quad.graph != left_out)

    def source(self, record: SourceRecord) -> Path:
        """Where the snapshot keeps its copy of a source file."""
        return Path(self.path, SOURCES, record.role, record.name)

    def content(self, record: SourceRecord) -> bytes:
        """The copy of a source file.

        Raises:
            SnapshotError: it was altered, or is absent.
        """
        path = self.source(record)
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != record.sha256:
            raise broken(self.path, f"has an altered copy of {record.role}/{record.name}")
        return content

    def verify(self) -> None:
        """Compare the data set with its digest.

        Raises:
            SnapshotError: `quads.nq` was altered or cut off.
        """
        try:
            found = checking.sha256(self.path / QUADS)
        except OSError as error:
            raise broken(self.path, f"is not whole: {QUADS}: {error.strerror}") from error
        if found != self.digest:
            raise broken(self.path, f"was altered: {QUADS} has the digest {found}, the manifest says {self.digest}")

    def damaged(self, progress: Progress = checking.at_once) -> Iterator[str]:
        """The names of those files of the data set and its sources that are not as they were written.

        Args:
            progress: called with the number of bytes after each piece that was read.
        """
        expected = {QUADS: self.digest}
        expected |= {f"sources/{one.role}/{one.name}": one.sha256 for one in self.manifest.sources}
        yield from checking.damaged(self.path, expected, progress)


def current(root: Path) -> Snapshot | None:
    """The snapshot in use, None before the first build."""
    link = root / "current"
    return open_snapshot(link.resolve()) if link.is_symlink() else None


def open_snapshot(path: Path) -> Snapshot:
    """A snapshot by its directory.

    Raises:
        SnapshotError: it is absent, incomplete or of another layout.
    """
    try:
        content = sealed.read(path / MANIFEST, or_open=True)
        if content["format"] != FORMAT:
            raise broken(path, f"has layout {content['format']}, this software reads {FORMAT}")
        content["sources"] = tuple(SourceRecord(**record) for record in content["sources"])
        content["namespaces"] = tuple(content.get("namespaces", ()))
        return Snapshot(path, Manifest(**content))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise broken(path, f"cannot be opened: {MANIFEST} is absent or altered ({type(error).__name__})") from error


def name_of(digest: str) -> str:
    """The name of a data set by its digest, such as `ni:///sha-256;f4OxZX_x…` (RFC 6920, section 3)."""
    return f"ni:///sha-256;{urlsafe_b64encode(bytes.fromhex(digest)).decode().rstrip('=')}"


def broken(path: Path, what: str) -> SnapshotError:
    """The error of a snapshot that is not whole."""
    return SnapshotError(f"snapshot {path.name} {what}.", hint="Build anew: graph-service build.")
