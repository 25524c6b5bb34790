"""Source positions: the file of a triple's named graph, and the line where its subject first occurs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from graph_service.errors import Location
from graph_service.rdf.namespaces import Names
from graph_service.rdf.source_lines import lines_of
from graph_service.rdf.terms import Term, iri_value
from graph_service.snapshots.snapshot import Snapshot

# Files whose lines are kept in memory.
_INDEXED = 512
# Reading the lines of a larger file takes tens of seconds, which a proof does not have.
_LARGEST = 16 * 1024 * 1024


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
        self._lines = lru_cache(maxsize=_INDEXED)(
            lambda text: lines_of(text.content().decode("utf-8-sig", "replace"), self._names)
        )

    def locate(self, subject: Term, graph: Term | None = None) -> Location | None:
        """The first place where a subject stands, None where no file mentions it by name.

        Args:
            subject: an IRI term.
            graph: the named graph to look in; None looks in all.
        """
        candidates = self._files.get(graph, ()) if graph else [t for ts in self._files.values() for t in ts]
        for text in candidates:
            if line := self._lines(text).get(iri_value(subject)):
                return Location(text.shown, line)
        return None


def of_snapshot(snapshot: Snapshot) -> Provenance:
    """Places in the copies that a snapshot keeps, shown by their name below `ontology` or `data`.

    Files of more than 16 MiB are left out: proofs name their graph, not their lines.
    """
    files: dict[Term, list[SourceText]] = {}
    for record in snapshot.manifest.sources:
        path = snapshot.source(record)
        if path.exists() and path.stat().st_size > _LARGEST:
            continue
        text = SourceText(Path(record.role, record.name), partial(snapshot.content, record))
        files.setdefault(f"<{record.graph}>", []).append(text)
    return Provenance(files, snapshot.manifest.names)
