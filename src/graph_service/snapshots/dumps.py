"""Dumps: the whole data set as files to download, every literal as its source wrote it.

N-Quads are the snapshot's own file; TriG is made of its lines; JSON-LD of what a parser reads in them. None comes out
of the engine that answers queries, which rewrites numbers.
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
from typing import IO, Any

import pyoxigraph as ox
import zstandard

from graph_service.rdf.serialization import nodes
from graph_service.snapshots.snapshot import Snapshot

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
    """

    name: str
    media_type: str
    compression: str
    sha256: str
    size: int


def write(snapshot: Snapshot, directory: Path) -> Iterator[Dump]:
    """Write all dumps into a directory; tells of each, the snapshot's own file first."""
    quads = snapshot.path / "quads.nq"
    # The digest of the data set is the digest of this very file.
    yield Dump("graph.nq", "application/n-quads", "", snapshot.digest, quads.stat().st_size)
    with quads.open("rb") as source:
        _compress(iter(lambda: source.read(1 << 20), b""), directory, "graph.nq")
    _compress(_trig(snapshot), directory, "graph.trig")
    _compress(_json_ld(snapshot), directory, "graph.jsonld")
    for name, media_type in _NAMES.items():
        for extension, compression in (("gz", "application/gzip"), ("zst", "application/zstd")):
            path = directory / f"{name}.{extension}"
            with path.open("rb") as made:
                digest = hashlib.file_digest(made, "sha256").hexdigest()
            yield Dump(path.name, media_type, compression, digest, path.stat().st_size)


def pieces(snapshot: Snapshot, form: str) -> Iterator[bytes]:
    """The data set in one of the formats `nquads`, `trig`, `jsonld`, or `ntriples`, which has no graphs."""
    if form == "nquads":
        with (snapshot.path / "quads.nq").open("rb") as source:
            yield from iter(lambda: source.read(1 << 20), b"")
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
    with (snapshot.path / "quads.nq").open(encoding="utf-8", newline="\n") as lines:
        for _, about in groupby(lines, key=lambda line: line.partition(" ")[0]):
            graphs: dict[str, list[ox.Triple]] = {}
            for quad in ox.parse("".join(about), format=ox.RdfFormat.N_QUADS):
                graphs.setdefault(str(quad.graph_name)[1:-1], []).append(quad.triple)
            for graph, triples in graphs.items():
                told: dict[str, Any] = {"@id": graph, "@graph": nodes(triples, {})}
                yield f"{before}{json.dumps(told, ensure_ascii=False)}".encode()
                before = ",\n"
    yield b"\n]\n" if before != "[\n" else b"[]\n"


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
