"""A snapshot from a dump: the data set alone, without its sources, for whoever has kept nothing else of an edition."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import cast

import zstandard

from graph_service.errors import SnapshotError
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import iri_value
from graph_service.snapshots import sealed
from graph_service.snapshots.snapshot import MANIFEST, QUADS, Manifest, Snapshot
from graph_service.version import __version__


def restore(dump: Path, directory: Path, base: str) -> Snapshot:
    """Make a snapshot of a dump in N-Quads.

    Args:
        dump: `graph.nq`, `graph.nq.gz` or `graph.nq.zst`, as the service offers it.
        directory: gets the snapshot; it exists and is empty.
        base: base IRI of the data.

    Raises:
        SnapshotError: the dump cannot be read.
    """
    digest, graphs, triples, has_blank_nodes = hashlib.sha256(), Counter[str](), 0, False
    before = b""
    try:
        with (directory / QUADS).open("wb") as out:
            for line in _lines(dump):
                out.write(line)
                digest.update(line)
                triple, _, graph = line[:-3].rpartition(b" ")
                graphs[graph[1:-1].decode()] += 1
                triples += triple != before
                before = triple
                # Of a literal that only looks so nothing worse comes than that it is loaded in one piece.
                has_blank_nodes = has_blank_nodes or b"_:" in line
    except (OSError, EOFError, ValueError, zstandard.ZstdError) as error:
        hint = "Take graph.nq, graph.nq.gz or graph.nq.zst of the service."
        raise SnapshotError(f"{dump} cannot be read as a dump: {error}.", hint=hint) from None
    inferred = iri_value(Names(base).inferred_graph)
    manifest = Manifest(
        digest=digest.hexdigest(),
        fingerprint="",
        base=base,
        inferred_graph=inferred,
        graphs=dict(sorted(graphs.items())),
        triples=triples,
        sources=(),
        reasoner="compiled" if inferred in graphs else "none",
        software=__version__,
        blank_nodes=has_blank_nodes,
    )
    (directory / MANIFEST).write_text(sealed.sealed(asdict(manifest)), encoding="utf-8")
    return Snapshot(directory, manifest)


def _lines(dump: Path) -> Iterator[bytes]:
    with dump.open("rb") as file:
        if dump.suffix == ".gz":
            yield from gzip.GzipFile(fileobj=file)
        elif dump.suffix == ".zst":
            yield from io.BufferedReader(cast(io.RawIOBase, zstandard.ZstdDecompressor().stream_reader(file)))
        else:
            yield from file
