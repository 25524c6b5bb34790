"""What is published of a snapshot beside its answers: figures, a list of resources, dumps.

Made once from `quads.nq`, in a process of its own, and kept beside it in `dumps/`:

    figures.json    triples, subjects, properties and classes with their counts, digests of the dumps
    resources.txt   the IRIs that are described and have a page of their own, one a line
    graph.…         the dumps

A directory that comes to be has another name until
it is complete; where the snapshot cannot be written to, the files lie in a directory for temporary files.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from graph_service import processes
from graph_service.errors import ProcessError, SnapshotError
from graph_service.processes import ProcessLimits
from graph_service.rdf.namespaces import RDF
from graph_service.rdf.terms import Quad, iri_value
from graph_service.snapshots import dumps
from graph_service.snapshots.dumps import Dump
from graph_service.snapshots.holding import Hold
from graph_service.snapshots.snapshot import Snapshot, open_snapshot

LAYOUT = 3
_TYPE = f"<{RDF}type>"
# Some 800 MB and ten minutes at ten million triples.
_LIMITS = ProcessLimits(3600, 4 << 30)


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


class Publication:
    """The published files of a snapshot; made when somebody first asks."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._lock = asyncio.Lock()
        self._directory: Path | None = None
        self._figures: VoidFigures | None = None
        self._temporary: Path | None = None
        self._work: asyncio.Task[Path] | None = None

    async def directory(self) -> Path:
        """Where the files are, all of them.

        Raises:
            SnapshotError: they could not be made.
        """
        async with self._lock:
            if self._directory is None:
                self._work = asyncio.create_task(self._made())
                self._directory = await self._work
            return self._directory

    async def figures(self) -> VoidFigures:
        """The counts, and the dumps with their digests.

        Raises:
            SnapshotError: they could not be made.
        """
        directory = await self.directory()
        if self._figures is None:
            self._figures = await asyncio.to_thread(read_figures, directory)
        return self._figures

    async def close(self) -> None:
        """End what is being made, and remove what was made for this process alone."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait([self._work])
        if self._temporary is not None:
            await asyncio.to_thread(shutil.rmtree, self._temporary, ignore_errors=True)

    async def _made(self) -> Path:
        directory = self.snapshot.path / "dumps"
        if await asyncio.to_thread(_is_complete, directory):
            return directory
        if not os.access(self.snapshot.path, os.W_OK):
            if self._temporary is None:
                self._temporary = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="graph-service-"))
            directory = self._temporary / "dumps"
        arguments = (str(self.snapshot.path), str(directory))
        try:
            await processes.run("graph_service.snapshots.publication", *arguments, limits=_LIMITS)
        except ProcessError as error:
            raise SnapshotError(f"The dumps could not be made: {error.message}") from error
        return directory


def read_figures(directory: Path) -> VoidFigures:
    """The figures of a directory that `publish` filled."""
    content = json.loads((directory / "figures.json").read_text(encoding="utf-8"))
    del content["layout"]
    content["dumps"] = tuple(Dump(**dump) for dump in content["dumps"])
    content["properties"] = {name: (counts[0], counts[1]) for name, counts in content["properties"].items()}
    return VoidFigures(**content)


def publish(snapshot: Snapshot, directory: Path) -> None:
    """Make the files of a snapshot.

    Args:
        snapshot: what is published.
        directory: comes to be, complete or not at all.
    """
    with Hold(snapshot.path):
        _publish(snapshot, directory, Path(tempfile.mkdtemp(prefix=".dumps-", dir=directory.parent)))


def _publish(snapshot: Snapshot, directory: Path, draft: Path) -> None:
    try:
        draft.chmod(0o755)
        (draft / "resources.txt").write_text("".join(f"{name}\n" for name in _resources(snapshot)), encoding="utf-8")
        figures = _counted(snapshot, tuple(dumps.write(snapshot, draft)))
        text = json.dumps({"layout": LAYOUT, **asdict(figures)}, ensure_ascii=False, sort_keys=True)
        (draft / "figures.json").write_text(text, encoding="utf-8")
        if directory.is_dir() and not _is_complete(directory):
            shutil.rmtree(directory)
        try:
            draft.rename(directory)
        except OSError:
            # Another process was quicker; its files are the same.
            if not _is_complete(directory):
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _is_complete(directory: Path) -> bool:
    try:
        return bool(json.loads((directory / "figures.json").read_text(encoding="utf-8"))["layout"] == LAYOUT)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _merged(snapshot: Snapshot) -> Iterator[Quad]:
    """Each triple once: in the order of the digest, a triple of several graphs stands on lines that follow."""
    last = None
    for quad in snapshot.quads():
        if quad.triple != last:
            last = quad.triple
            yield quad


def _counted(snapshot: Snapshot, files: tuple[Dump, ...]) -> VoidFigures:
    """The counts, in one pass: subjects and their properties stand together."""
    triples, properties, holders, classes = 0, Counter[str](), Counter[str](), Counter[str]()
    objects: set[int] = set()
    subjects, subject, predicate = 0, "", ""
    for quad in _merged(snapshot):
        triples += 1
        if quad.subject != subject:
            subjects, subject, predicate = subjects + 1, quad.subject, ""
        if quad.predicate != predicate:
            predicate = quad.predicate
            holders[predicate] += 1
        properties[predicate] += 1
        # Hashes of 64 bits: two different objects in a million share one once in 37 million data sets.
        objects.add(hash(quad.object))
        if predicate == _TYPE and quad.object.startswith("<"):
            classes[quad.object] += 1
    spaces = (snapshot.manifest.base, *snapshot.manifest.namespaces)
    described = list(_resources(snapshot))
    entities = {space: sum(iri.startswith(space) for iri in described) for space in spaces}
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


def _resources(snapshot: Snapshot) -> Iterator[str]:
    """The IRIs that have a page of their own: what is described, but nodes without a name and terms of the ontology."""
    base = snapshot.manifest.base
    without = (f"<{base}.well-known/", f"<{base}ontology#")
    last = ""
    for quad in snapshot.quads():
        subject = quad.subject
        if subject != last:
            last = subject
            if not subject.startswith(without):
                yield iri_value(subject)


if __name__ == "__main__":
    processes.report(lambda: publish(open_snapshot(Path(sys.argv[1])), Path(sys.argv[2])))
