"""Manifests: what a build says of its snapshot, and the sources that it copies there."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from graph_service.building.inputs import Inputs
from graph_service.building.sources import SourceFile
from graph_service.errors import Location, SourceError
from graph_service.rdf.terms import Term, iri_value
from graph_service.snapshots.snapshot import Manifest, SourceRecord
from graph_service.version import __version__

# Lines that are written at a time.
_LINES = 4096


class LineCounts:
    """What a manifest counts in the lines of a data set.

    Attributes:
        graphs: the number of quads of each graph.
        triples: the number of triples, each counted once.
    """

    def __init__(self) -> None:
        self.graphs: Counter[Term] = Counter()
        self.triples = 0

    def of(self, lines: Iterable[str]) -> Iterator[bytes]:
        """Count lines as they pass, in UTF-8, a piece at a time; those of one triple are neighbours."""
        before, left = "", iter(lines)
        while piece := list(islice(left, _LINES)):
            for line in piece:
                triple, _, graph = line[:-3].rpartition(" ")
                self.graphs[graph] += 1
                self.triples += triple != before
                before = triple
            yield "".join(piece).encode()


def manifest_of(digest: str, graphs: Mapping[Term, int], triples: int, inputs: Inputs) -> Manifest:
    """The manifest of a data set with so many statements in each graph."""
    return Manifest(
        digest=digest,
        fingerprint=inputs.fingerprint,
        base=inputs.settings.base,
        namespaces=inputs.names.others,
        inferred_graph=iri_value(inputs.names.inferred_graph),
        graphs={iri_value(graph): number for graph, number in sorted(graphs.items())},
        triples=triples,
        sources=tuple(map(record_of, inputs.files)),
        reasoner=inputs.settings.reasoner,
        software=__version__,
        blank_nodes=inputs.settings.blank_nodes,
    )


def copies(files: Iterable[SourceFile]) -> dict[SourceRecord, Iterator[bytes]]:
    """The files as a snapshot keeps them, piece by piece, so that what it says can be traced to a line."""
    return {(record := record_of(file)): _unchanged(file, record.sha256) for file in files}


def record_of(file: SourceFile) -> SourceRecord:
    """A file as the manifest remembers it."""
    return SourceRecord(file.role, file.name, iri_value(file.graph), file.sha256())


def _unchanged(file: SourceFile, sha256: str) -> Iterator[bytes]:
    """The pieces of a file.

    Raises:
        SourceError: they have not the digest that was found first.
    """
    digest = hashlib.sha256()
    for piece in file.pieces():
        digest.update(piece)
        yield piece
    if digest.hexdigest() != sha256:
        raise SourceError("has changed while it was read.", where=Location(file.path), hint="Build again.")
