"""Dumps: the whole data set as files to download, every literal as its source wrote it.

N-Quads are the snapshot's own file; TriG is made of its lines; JSON-LD of what a parser reads in them. None comes out
of the engine that answers queries, which rewrites numbers.

A digest is kept of each piece of a file, and each piece is compared with it before it is handed out. So what was
altered on disk reaches nobody.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import IO, Any, BinaryIO

import pyoxigraph as ox
import zstandard

from graph_service.errors import SnapshotError
from graph_service.rdf.serialization import nodes
from graph_service.snapshots.snapshot import QUADS, Snapshot, broken

# Bytes of a file that are read, compared and handed out at a time.
PIECE = 1 << 20
_NAMES = {
    "graph.nq": "application/n-quads",
    "graph.trig": "application/trig",
    "graph.jsonld": "application/ld+json",
}


@dataclass(frozen=True)
class Dump:
    """A file to download.

    Attributes:
        name: of the file.
        media_type: of what it holds.
        compression: media type of the compression, empty for none.
        sha256: of the file, hexadecimal.
        size: of the file, in bytes.
        pieces: BLAKE2b of each `PIECE` bytes of it, 16 bytes in hexadecimal.
    """

    name: str
    media_type: str
    compression: str
    sha256: str
    size: int
    pieces: tuple[str, ...]

    def listed(self, root: str) -> dict[str, object]:
        """What readers are told of it; `root` is the address below which the dumps are, without a slash at the end."""
        return {
            "name": self.name,
            "url": f"{root}/dump/{self.name}",
            "media_type": self.media_type,
            "compression": self.compression or None,
            "bytes": self.size,
            "sha256": self.sha256,
        }


def write(snapshot: Snapshot, directory: Path) -> Iterator[Dump]:
    """Write all dumps into a directory; tells of each, the snapshot's own file first.

    Raises:
        SnapshotError: the snapshot was altered.
    """
    # The digest of the data set is the digest of this very file.
    quads = described(snapshot.path / QUADS, "graph.nq", _NAMES["graph.nq"])
    if quads.sha256 != snapshot.digest:
        raise broken(snapshot.path, f"was altered: {QUADS}")
    yield quads
    with (snapshot.path / QUADS).open("rb") as file:
        _compress(read(file, quads), directory, "graph.nq")
    _compress(_trig(snapshot), directory, "graph.trig")
    _compress(_json_ld(snapshot), directory, "graph.jsonld")
    for name, media_type in _NAMES.items():
        for extension, compression in (("gz", "application/gzip"), ("zst", "application/zstd")):
            yield described(directory / f"{name}.{extension}", f"{name}.{extension}", media_type, compression)


def plain(snapshot: Snapshot) -> Dump:
    """The snapshot's own file, which is there before any other dump is made; without the digests of its pieces."""
    size = (snapshot.path / QUADS).stat().st_size
    return Dump("graph.nq", _NAMES["graph.nq"], "", snapshot.digest, size, ())


def described(path: Path, name: str, media_type: str, compression: str = "") -> Dump:
    """What is told of a file, with the digests of its pieces."""
    whole, size, digests = hashlib.sha256(), 0, []
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            whole.update(piece)
            size += len(piece)
            digests.append(_digest(piece))
    return Dump(name, media_type, compression, whole.hexdigest(), size, tuple(digests))


def read(file: BinaryIO, dump: Dump) -> Iterator[bytes]:
    """The pieces of a file, each as it was written.

    Args:
        file: opened at its beginning; who opened it closes it, however early the reader stops.
        dump: what was told of it.

    Raises:
        SnapshotError: the next piece was altered or cut off; it is not handed out.
    """
    for number in range(len(dump.pieces)):
        yield piece(file, dump, number)


def piece(file: BinaryIO, dump: Dump, number: int) -> bytes:
    """The next `PIECE` bytes of a file, which are the piece of this number.

    Raises:
        SnapshotError: they were altered or cut off.
    """
    found = file.read(PIECE)
    if _digest(found) != dump.pieces[number]:
        path = Path(file.name)
        where = f"between the bytes {number * PIECE} and {(number + 1) * PIECE}"
        raise SnapshotError(f"{path.parent.name}/{path.name} was altered {where}.")
    return found


def pieces(snapshot: Snapshot, form: str) -> Iterator[bytes]:
    """The data set in one of the formats `nquads`, `trig`, `jsonld`, or `ntriples`, which has no graphs."""
    if form == "nquads":
        yield from (line.encode() for line in snapshot.lines())
    elif form == "ntriples":
        # In the order of the digest, a triple of several graphs stands on lines that follow.
        yield from (f"{triple}\n".encode() for triple, _ in groupby(snapshot.quads(), key=lambda quad: quad.triple))
    else:
        yield from _trig(snapshot) if form == "trig" else _json_ld(snapshot)


def _trig(snapshot: Snapshot) -> Iterator[bytes]:
    """RDF 1.1 TriG, section 2.1: a graph may be opened any number of times, and a triple is written as in N-Triples."""
    graph = ""
    for quad in snapshot.quads():
        if quad.graph != graph:
            yield f"{'}' if graph else ''}\n{quad.graph} {{\n".lstrip("\n").encode()
            graph = quad.graph
        yield f"{quad.triple}\n".encode()
    yield b"}\n" if graph else b""


def _json_ld(snapshot: Snapshot) -> Iterator[bytes]:
    """JSON-LD 1.1, expanded (section 4.9): for each subject and graph one object on a line of its own."""
    before = "[\n"
    for _, about in groupby(snapshot.lines(), key=lambda line: line.partition(" ")[0]):
        graphs: dict[str, list[ox.Triple]] = {}
        for quad in ox.parse("".join(about), format=ox.RdfFormat.N_QUADS):
            graphs.setdefault(str(quad.graph_name)[1:-1], []).append(quad.triple)
        for graph, triples in graphs.items():
            told: dict[str, Any] = {"@id": graph, "@graph": nodes(triples, {})}
            yield f"{before}{json.dumps(told, ensure_ascii=False)}".encode()
            before = ",\n"
    yield b"\n]\n" if before != "[\n" else b"[]\n"


def _digest(piece: bytes) -> str:
    return hashlib.blake2b(piece, digest_size=16).hexdigest()


def _compress(pieces: Iterable[bytes], directory: Path, name: str) -> None:
    """Write `NAME.gz` and `NAME.zst` in one pass, the same bytes from the same content."""
    with ExitStack() as files:
        gz = files.enter_context((directory / f"{name}.gz").open("wb"))
        zst = files.enter_context((directory / f"{name}.zst").open("wb"))
        # Neither name nor time of the file goes into it.
        zipped = files.enter_context(gzip.GzipFile("", "wb", 6, gz, mtime=0))
        packed: IO[bytes] = files.enter_context(zstandard.ZstdCompressor(level=10).stream_writer(zst, closefd=False))
        writers: tuple[Callable[[bytes], object], ...] = (zipped.write, packed.write)
        for piece in pieces:
            for write in writers:
                write(piece)
