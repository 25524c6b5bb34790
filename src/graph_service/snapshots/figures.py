"""Figures of a data set: counts of triples, subjects, properties and classes, and the resources that are described."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from graph_service.rdf.namespaces import RDF
from graph_service.rdf.terms import Quad, iri_value
from graph_service.snapshots.dumps import Dump
from graph_service.snapshots.snapshot import Snapshot

_TYPE = f"<{RDF}type>"
# Hashes that are kept as a set, of some 70 bytes each, before they are written.
_HASHES = 500_000
_RANGES = 64


@dataclass(frozen=True)
class VoidFigures:
    """What VoID tells of a data set (Describing Linked Datasets with the VoID Vocabulary, section 4.6).

    Attributes:
        triples: of the merge of all graphs, each counted once.
        subjects, objects: how many different ones.
        entities: of the described resources by namespace, the base first; nodes without a name do not count.
        properties: triples and different subjects by property.
        classes: instances by class.
        dumps: the files.
    """

    triples: int
    subjects: int
    objects: int
    entities: dict[str, int]
    properties: dict[str, tuple[int, int]]
    classes: dict[str, int]
    dumps: tuple[Dump, ...]


def _merged(snapshot: Snapshot) -> Iterator[Quad]:
    """Each triple once: in the order of the digest, a triple of several graphs stands on lines that follow."""
    last = None
    for quad in snapshot.quads():
        if quad.triple != last:
            last = quad.triple
            yield quad


def counted(snapshot: Snapshot, files: tuple[Dump, ...], directory: Path | None = None) -> VoidFigures:
    """The counts, in one pass: subjects and their properties stand together.

    Args:
        snapshot: what is counted.
        files: its dumps.
        directory: for temporary files, of which a large data set needs 8 bytes for each triple; the system's if None.
    """
    with ExitStack() as opened:
        return _counted(snapshot, files, _Distinct(directory, opened))


def _counted(snapshot: Snapshot, files: tuple[Dump, ...], objects: _Distinct) -> VoidFigures:
    triples, properties, holders, classes = 0, Counter[str](), Counter[str](), Counter[str]()
    subjects, subject, predicate = 0, "", ""
    for quad in _merged(snapshot):
        triples += 1
        if quad.subject != subject:
            subjects, subject, predicate = subjects + 1, quad.subject, ""
        if quad.predicate != predicate:
            predicate = quad.predicate
            holders[predicate] += 1
        properties[predicate] += 1
        objects.add(quad.object)
        if predicate == _TYPE and quad.object.startswith("<"):
            classes[quad.object] += 1
    spaces = (snapshot.manifest.base, *snapshot.manifest.namespaces)
    entities = dict.fromkeys(spaces, 0)
    for iri in resources(snapshot):
        for space in spaces:
            entities[space] += iri.startswith(space)
    named = {iri_value(name): (count, holders[name]) for name, count in sorted(properties.items())}
    return VoidFigures(
        triples,
        subjects,
        len(objects),
        entities,
        named,
        {iri_value(name): count for name, count in sorted(classes.items())},
        files,
    )


class _Distinct:
    """Counts different terms by hashes of 64 bits. Of many, the hashes lie in files, one for each range of them.

    Two different ones in a million share one once in 37 million data sets. Where all differ, the memory is that of
    `_HASHES` hashes, or that of a file, 8 bytes for each of a `_RANGES`th of the terms.

    Args:
        directory: has room for 8 bytes for each term; the files have no name and end with the process.
        files: closes them.
    """

    def __init__(self, directory: Path | None, files: ExitStack) -> None:
        self._directory = directory
        self._opened = files
        self._new: set[int] = set()
        self._files: list[IO[bytes]] = []

    def add(self, term: str) -> None:
        self._new.add(hash(term))
        if len(self._new) >= _HASHES:
            self._write()

    def __len__(self) -> int:
        if not self._files:
            return len(self._new)
        # Imported on demand: few graphs are that large, and it takes 0.1 s to load.
        import numpy as np

        self._write()
        number = 0
        for file in self._files:
            file.seek(0)
            number += len(np.unique(np.frombuffer(file.read(), np.int64)))
        return number

    def _write(self) -> None:
        import numpy as np

        if not self._files:
            for _ in range(_RANGES):
                made = tempfile.TemporaryFile(dir=self._directory)  # noqa: SIM115 - the stack closes it
                self._files.append(self._opened.enter_context(made))
        new = np.sort(np.fromiter(self._new, np.int64, len(self._new)))
        self._new.clear()
        starts = np.linspace(-(2.0**63), 2.0**63, _RANGES, endpoint=False).astype(np.int64)
        for file, part in zip(self._files, np.split(new, np.searchsorted(new, starts[1:])), strict=True):
            file.write(part.tobytes())


def resources(snapshot: Snapshot) -> Iterator[str]:
    """The IRIs that have a page of their own: what is described, but nodes without a name and terms of the ontology."""
    base = snapshot.manifest.base
    without = ("_:", f"<{base}.well-known/", f"<{base}ontology#")
    last = ""
    for quad in snapshot.quads():
        subject = quad.subject
        if subject != last:
            last = subject
            if not subject.startswith(without):
                yield iri_value(subject)
