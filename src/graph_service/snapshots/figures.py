"""Figures of a data set: counts of triples, subjects, properties and classes, and the resources that are described."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph_service.rdf.namespaces import RDF
from graph_service.rdf.terms import Quad, iri_value
from graph_service.snapshots.dumps import Dump
from graph_service.snapshots.snapshot import Snapshot

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TYPE = f"<{RDF}type>"
# Hashes that are kept as a set, of some 70 bytes each, before they are merged.
_HASHES = 500_000


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


def counted(snapshot: Snapshot, files: tuple[Dump, ...]) -> VoidFigures:
    """The counts, in one pass: subjects and their properties stand together."""
    triples, properties, holders, classes = 0, Counter[str](), Counter[str](), Counter[str]()
    objects = _Distinct()
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
    """Counts different terms by hashes of 64 bits; of many, it keeps eight bytes each.

    Two different ones in a million share one once in 37 million data sets.
    """

    def __init__(self) -> None:
        self._new: set[int] = set()
        self._sorted: NDArray[np.int64] | None = None

    def add(self, term: str) -> None:
        self._new.add(hash(term))
        if len(self._new) >= _HASHES:
            self._merge()

    def __len__(self) -> int:
        if self._sorted is None:
            return len(self._new)
        return len(self._merge())

    def _merge(self) -> NDArray[np.int64]:
        # Imported on demand: few graphs are that large, and it takes 0.1 s to load.
        import numpy as np

        new = np.fromiter(self._new, np.int64, len(self._new))
        self._sorted = np.unique(new) if self._sorted is None else np.union1d(self._sorted, new)
        self._new.clear()
        return self._sorted


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
