"""Where a triple stands: the file of its named graph, and the line on which its subject first stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graph_service.building.sources import SourceFile, line_of
from graph_service.errors import Location
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import Term, iri_value
from graph_service.snapshots.snapshot import Snapshot


@dataclass(frozen=True)
class SourceText:
    """A file as it is shown to a reader, and a way to its content."""

    shown: Path
    content: Callable[[], bytes]


class Provenance:
    """Finds the place of a subject; reads a file only when it is asked for one of its lines."""

    def __init__(self, files: Mapping[Term, Iterable[SourceText]], names: Names) -> None:
        self._files = {graph: tuple(texts) for graph, texts in files.items()}
        self._names = names
        self._text = cache(lambda text: text.content().decode("utf-8-sig", "replace"))

    def locate(self, subject: Term, graph: Term | None = None) -> Location | None:
        """The first place where a subject stands, None where no file mentions it by name.

        Args:
            subject: an IRI term.
            graph: the named graph to look in; None looks in all.
        """
        candidates = self._files.get(graph, ()) if graph else [t for ts in self._files.values() for t in ts]
        for text in candidates:
            if line := line_of(self._text(text), iri_value(subject), self._names):
                return Location(text.shown, line)
        return None


def of_sources(sources: Iterable[SourceFile], names: Names) -> Provenance:
    """Places in the files themselves, for the curator who builds."""
    files: dict[Term, list[SourceText]] = {}
    for source in sources:
        files.setdefault(source.graph, []).append(SourceText(source.path, source.content))
    return Provenance(files, names)


def of_snapshot(snapshot: Snapshot) -> Provenance:
    """Places in the copies that a snapshot keeps, shown by their name below `ontology` or `data`."""
    files: dict[Term, list[SourceText]] = {}
    for record in snapshot.manifest.sources:
        text = SourceText(Path(record.role, record.name), snapshot.source(record).read_bytes)
        files.setdefault(f"<{record.graph}>", []).append(text)
    return Provenance(files, snapshot.manifest.names)
