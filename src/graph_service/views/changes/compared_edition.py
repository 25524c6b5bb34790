"""One of two editions that are compared: kinds, context and labels of the things that differ, asked of its data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from graph_service.catalogue.queries import QueryFile
from graph_service.catalogue.query_files import QueryFiles
from graph_service.rdf.answers import Row, solutions
from graph_service.rdf.formats import TSV
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore
from graph_service.views.changes.tombstones import Tombstone, by_item
from graph_service.views.labels import Label, Labels

_BATCH = 1000
LANGUAGES = ("de", "en")
# Fields of the context whose values have labels that readers see.
CALLED = ("actor", "document")
Words: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """What things of a kind are called, by language.

    Attributes:
        rank: place in a list.
        many: the word for several of them, or the label of their class.
        one: the word for one of them; empty for a class, whose label goes before the number.
    """

    rank: int
    many: Words
    one: Words = field(default_factory=dict)


class ComparedEdition:
    """What one of the two says of the things that differ.

    Args:
        snapshot: the edition.
        queries: as of `differences.compare`.
        subjects: the things, as N-Triples writes them.

    Attributes:
        kinds: what things of their kinds are called; of what is not told of, none.
        context: whom and what they concern, by field.
        tombstones: of those that it holds as withdrawn or corrected.
        called: the actors and documents among the context.
        counts: how many things of each kind it holds in all; empty where nothing differs.
    """

    def __init__(self, snapshot: Snapshot, queries: QueryFiles, subjects: list[str]) -> None:
        self._names = snapshot.manifest.names
        self._labels = Labels(self._names)
        self.kinds: dict[str, Kind] = {}
        self.context: dict[str, dict[str, set[str]]] = {}
        self.tombstones: dict[str, Tombstone] = {}
        self.called: set[str] = set()
        self.counts: Mapping[str, int] = {}
        if not subjects:
            return
        self._store = EmbeddedStore.open(snapshot.path)
        self._label_file = QueryFile(queries.file("api/labels"))
        counts, context, withdrawn = (
            QueryFile(queries.file(name)) for name in ("pages/counts", "editions/context", "api/withdrawn")
        )
        self.counts = {row["kind"]["value"]: int(row["count"]["value"]) for row in self._rows(counts)}
        kinds = self._kinds if queries.of_model else self._classes
        file = QueryFile(queries.file(f"editions/{'kinds' if queries.of_model else 'kinds-by-class'}"))
        for batch in _batches(subjects):
            kinds(self._rows(file, batch))
            self._know(item[1:-1] for item in batch)
            for row in self._rows(context, batch):
                fields = self.context.setdefault(row["item"]["value"], {})
                fields.setdefault(row["field"]["value"], set()).add(row["value"]["value"])
            self.tombstones |= by_item(self._rows(withdrawn, batch))
        self.called = {iri for fields in self.context.values() for name in CALLED for iri in fields.get(name, ())}
        self._know(self.called)

    def named(self, iri: str) -> Mapping[str, Label]:
        """What it is called, by language."""
        return {language: self._labels.label(iri, language) for language in LANGUAGES}

    def _know(self, iris: Iterable[str]) -> None:
        for batch in _batches([f"<{iri}>" for iri in iris]):
            self._labels.add([item[1:-1] for item in batch], self._rows(self._label_file, batch))

    def _kinds(self, rows: Iterable[Row]) -> None:
        for row in rows:
            many, one = ({code: row[f"{place}{code}"]["value"] for code in LANGUAGES} for place in ("", "one_"))
            found = Kind(int(row["rank"]["value"]), many, one)
            item = row["item"]["value"]
            self.kinds[item] = min(found, self.kinds.get(item, found), key=lambda kind: kind.rank)

    def _classes(self, rows: Iterable[Row]) -> None:
        classes: dict[str, str] = {}
        for row in rows:
            item, found = row["item"]["value"], row["class"]["value"]
            classes[item] = min(found, classes.get(item, found))
        self._know(sorted(set(classes.values())))
        for item, found in classes.items():
            self.kinds[item] = Kind(0, {code: label.text for code, label in self.named(found).items()})

    def _rows(self, query: QueryFile, items: Iterable[str] = ()) -> list[Row]:
        given = {"item": list(items)} if items else {}
        return solutions(self._store.query(query.bind(given, self._names), TSV))[1]


def _batches(items: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
