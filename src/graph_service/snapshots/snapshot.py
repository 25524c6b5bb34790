"""Snapshots: an immutable directory that holds everything an answer is computed from.

    snapshots/
      DIGEST.FINGERPRINT/     quads.nq · manifest.json · sources/…
      current                 symbolic link to the one in use
      editions.jsonl          register of all that were ever in use

`quads.nq` is the data set as sorted canonical N-Quads; its SHA-256 is the digest, so `sha256sum quads.nq` checks a
snapshot. A snapshot comes to be in a directory of another name and is renamed when it is complete; `current` is
replaced by a rename too. So whatever happens in between, `current` names a whole snapshot or none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph_service.errors import SnapshotError
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import Quad, parse_quad
from graph_service.snapshots import register
from graph_service.snapshots.holding import Hold
from graph_service.snapshots.register import RegisteredSnapshot

if TYPE_CHECKING:
    import rdflib

FORMAT = 1


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

    def quads(self) -> Iterator[Quad]:
        """All quads in the order of the digest."""
        with (self.path / "quads.nq").open(encoding="utf-8", newline="\n") as lines:
            yield from map(parse_quad, lines)

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
        return self.path / "sources" / record.role / record.name

    def verify(self) -> None:
        """Compare the data set with its digest.

        Raises:
            SnapshotError: `quads.nq` was altered or cut off.
        """
        with (self.path / "quads.nq").open("rb") as quads:
            found = hashlib.file_digest(quads, "sha256").hexdigest()
        if found != self.digest:
            raise _broken(self.path, f"has the digest {found}, its manifest says {self.digest}")


class Draft:
    """A snapshot that is coming to be: complete on disk, not yet in use, gone if it is not published.

    Use as a context manager; leaving without `publish` removes it.
    """

    def __init__(self, root: Path, quads: Collection[Quad], sources: Mapping[SourceRecord, bytes]) -> None:
        root.mkdir(parents=True, exist_ok=True)
        with Hold(root, alone=True):
            self.path = Path(tempfile.mkdtemp(prefix=".building-", dir=root))
            self._hold = Hold(self.path)
        self.path.chmod(0o755)
        self.digest = _write_quads(self.path / "quads.nq", quads)
        self._root = root
        for record, content in sources.items():
            copy = self.path / "sources" / record.role / record.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            _write(copy, [content])

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, *_: object) -> None:
        self._hold.close()
        shutil.rmtree(self.path, ignore_errors=True)

    def describe(self, manifest: Manifest) -> Snapshot:
        """Add the manifest: from now on the draft can be opened like any snapshot."""
        text = json.dumps(asdict(manifest), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        _write(self.path / "manifest.json", [text.encode()])
        return Snapshot(self.path, manifest)

    def publish(self) -> Snapshot:
        """Give the draft its name and make it the current snapshot.

        A snapshot of this name that stands already was made from the same input: it is kept if it is whole, and
        replaced if it was damaged.
        """
        manifest = open_snapshot(self.path).manifest
        path = self._root / f"{manifest.digest}.{manifest.fingerprint[:12]}"
        with Hold(self._root, alone=True):
            if path.is_dir() and not _is_whole(path, manifest):
                # Whoever still reads it goes on; the next clean-up removes it.
                path.rename(tempfile.mkdtemp(prefix=".removed-", dir=self._root))
            if not path.is_dir():
                _sync_directory(self.path)
                self.path.rename(path)
            return _put_into_use(path)


def put_into_use(snapshot: Snapshot) -> Snapshot:
    """Make a snapshot the current one."""
    with Hold(snapshot.path.parent, alone=True):
        return _put_into_use(snapshot.path)


def _put_into_use(path: Path) -> Snapshot:
    """Replace the link, then note it; a kill in between costs no more than the note, which the next one makes."""
    root, made = path.parent, open_snapshot(path)
    if (root / "current").is_symlink():
        _note(root)
    link = root / f".current-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(path.name)
    link.replace(root / "current")
    _sync_directory(root)
    _note(root)
    return made


def _note(root: Path) -> None:
    """Have the register know the snapshot in use."""
    with contextlib.suppress(SnapshotError):
        if (used := current(root)) is not None:
            register.record(root, RegisteredSnapshot.now(used.digest, used.path.name, used.manifest.triples))


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
        content = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise _broken(path, f"has layout {content['format']}, this software reads {FORMAT}")
        content["sources"] = tuple(SourceRecord(**record) for record in content["sources"])
        content["namespaces"] = tuple(content.get("namespaces", ()))
        return Snapshot(path, Manifest(**content))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _broken(path, f"cannot be opened ({type(error).__name__})") from error


def _is_whole(path: Path, manifest: Manifest) -> bool:
    """Whether a directory holds what a manifest says: the data set and the copies of its sources."""
    try:
        found = open_snapshot(path)
        found.verify()
        copies = ((found.source(record).read_bytes(), record.sha256) for record in manifest.sources)
        return found.manifest == manifest and all(hashlib.sha256(copy).hexdigest() == sha for copy, sha in copies)
    except (OSError, SnapshotError):
        return False


def _broken(path: Path, what: str) -> SnapshotError:
    return SnapshotError(f"snapshot {path.name} {what}.", hint="Build anew: graph-service build.")


def _write_quads(path: Path, quads: Collection[Quad]) -> str:
    """Write the quads sorted, each once; return the digest."""
    digest = hashlib.sha256()
    lines = sorted({f"{quad}\n" for quad in quads})

    def encoded() -> Iterator[bytes]:
        for line in lines:
            data = line.encode()
            digest.update(data)
            yield data

    _write(path, encoded())
    return digest.hexdigest()


def _write(path: Path, content: Iterable[bytes]) -> None:
    """Write a file and have it on disk before going on."""
    with path.open("wb") as out:
        out.writelines(content)
        out.flush()
        os.fsync(out.fileno())


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
