"""Differences between two editions: statements, and the things they are about.

Only what is stated counts: what follows from it would tell the same change twice. Which things are worth telling about,
and by which word, is in the query file `editions/kinds.rq`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graph_service.catalogue.queries import QueryFile
from graph_service.catalogue.query_files import QueryFiles
from graph_service.rdf.answers import Row, solutions
from graph_service.rdf.formats import TSV
from graph_service.rdf.namespaces import PREFIXES, Names
from graph_service.snapshots import delta
from graph_service.snapshots.snapshot import Snapshot, name_of
from graph_service.store.embedded import EmbeddedStore
from graph_service.views.labels import Labels
from graph_service.views.tombstones import Tombstone, by_item

_BATCH = 1000
_LANGUAGES = ("de", "en")
Words: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class ChangedThing:
    """Something that came, went or changed.

    Attributes:
        iri: its name.
        labels: what it is called, by language (`de`, `en`).
        how: `came`, `went`, `changed`, or what its tombstone says: `withdrawn` or `corrected`.
        kind: the word for things of its kind, by language.
        rank: place of its kind in a list.
        tombstone: what is left of it, where it was withdrawn or corrected.
    """

    iri: str
    labels: Words
    how: str
    kind: Words
    rank: int
    tombstone: Tombstone | None = None


@dataclass(frozen=True)
class Differences:
    """What differs between two editions.

    Attributes:
        old, new: their digests.
        added, removed: statements (N-Triples without the final dot), each once, sorted.
        things: what they are about, by kind and name.
    """

    old: str
    new: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    things: tuple[ChangedThing, ...]


def statements(old: Snapshot, new: Snapshot) -> tuple[list[str], list[str]]:
    """What is stated in one of two snapshots only: added, removed."""
    added: list[str] = []
    removed: list[str] = []
    for is_added, line in delta.changes(_stated(old), _stated(new)):
        (added if is_added else removed).append(line[:-1])
    return added, removed


def compare(old: Snapshot, new: Snapshot, queries: QueryFiles) -> Differences:
    """Compare two snapshots.

    Args:
        old: the edition before.
        new: the edition after.
        queries: with `editions/kinds`, `api/labels` and `api/withdrawn`.

    Raises:
        SnapshotError: one of them is incomplete or was altered.
    """
    added, removed = statements(old, new)
    subjects = sorted({line.partition(" ")[0] for line in (*added, *removed)})
    before, after = _Side(old, queries, subjects), _Side(new, queries, subjects)
    things = [_thing(subject[1:-1], before, after) for subject in subjects]
    ordered = sorted((one for one in things if one), key=lambda one: (one.rank, one.how, one.iri))
    return Differences(old.digest, new.digest, tuple(added), tuple(removed), tuple(ordered))


def text(found: Differences, language: str) -> str:
    """In words, a line a thing."""
    words = _WORDS[language]
    lines = [f"{found.old[:12]} → {found.new[:12]}: {words['statements'](len(found.added), len(found.removed))}"]
    for kind, things in _by_kind(found, language):
        lines.append(f"{kind}:")
        lines += [
            f"  {words[one.how]('')} {one.labels[language]}  <{one.iri}>{_why(one.tombstone, language)}"
            for one in things
        ]
    return "\n".join(lines) + "\n"


def json(found: Differences, language: str) -> dict[str, object]:
    """As JSON: `from`, `to`, `statements` (`added`, `removed`), and `kinds` with a list for each way to differ."""
    kinds = [
        {
            "kind": kind,
            **{how: [_thing_json(one, language) for one in things if one.how == how] for how in _HOW},
        }
        for kind, things in _by_kind(found, language)
    ]
    counts = {"added": len(found.added), "removed": len(found.removed)}
    return {"from": found.old, "to": found.new, "statements": counts, "kinds": kinds}


def _thing_json(thing: ChangedThing, language: str) -> dict[str, object]:
    described: dict[str, object] = {"iri": thing.iri, "label": thing.labels[language]}
    if thing.tombstone:
        described["since"] = thing.tombstone.day
        described["reason"] = thing.tombstone.reason(language).text
        described["successors"] = list(thing.tombstone.successors)
    return described


def _why(tombstone: Tombstone | None, language: str) -> str:
    """Since when, why and for what a thing was withdrawn, behind its name; nothing where it was not."""
    if tombstone is None:
        return ""
    instead = "".join(f" → <{one}>" for one in tombstone.successors)
    return f"{instead}  ({tombstone.day}: {tombstone.reason(language).text})"


def trig(found: Differences, base: str) -> Iterator[str]:
    """As TriG: two named graphs, and which edition is a revision of which (PROV-O).

    Editions are named by the digest of their data.
    """
    pair = f"{base}.well-known/changes/{found.old[:12]}-{found.new[:12]}"
    yield f"<{name_of(found.new)}> <{PREFIXES['prov']}wasRevisionOf> <{name_of(found.old)}> .\n"
    for graph, lines in (("added", found.added), ("removed", found.removed)):
        yield f"<{pair}#{graph}> {{\n"
        yield from (f"{line} .\n" for line in lines)
        yield "}\n"


class _Side:
    """Kinds and labels of the subjects in one of the two."""

    def __init__(self, snapshot: Snapshot, queries: QueryFiles, subjects: list[str]) -> None:
        names = snapshot.manifest.names
        self.labels = Labels(names)
        self.kinds: dict[str, tuple[int, Words]] = {}
        self.tombstones: dict[str, Tombstone] = {}
        if not subjects:
            return
        store = EmbeddedStore.open(snapshot.path)
        files = map(queries.file, ("editions/kinds", "api/labels", "api/withdrawn"))
        kinds, labels, withdrawn = map(QueryFile, files)
        for batch in _batches(subjects):
            for row in _rows(store, kinds, batch, names):
                item = row["item"]["value"]
                found = int(row["rank"]["value"]), {one: row[one]["value"] for one in _LANGUAGES}
                self.kinds[item] = min(found, self.kinds.get(item, found), key=lambda one: one[0])
            self.labels.add([item[1:-1] for item in batch], _rows(store, labels, batch, names))
            self.tombstones |= by_item(_rows(store, withdrawn, batch, names))


def _thing(iri: str, before: _Side, after: _Side) -> ChangedThing | None:
    old, new = before.kinds.get(iri), after.kinds.get(iri)
    kind = new or old
    if kind is None:
        return None
    stone = None if new else after.tombstones.get(iri)
    how = stone.how if stone else "changed" if old and new else "came" if new else "went"
    labels = (after if new else before).labels
    texts = {language: labels.text(iri, language) for language in _LANGUAGES}
    return ChangedThing(iri, texts, how, kind[1], kind[0], stone)


def _by_kind(found: Differences, language: str) -> Iterator[tuple[str, list[ChangedThing]]]:
    kinds: dict[str, list[ChangedThing]] = {}
    for one in found.things:
        kinds.setdefault(one.kind[language], []).append(one)
    yield from kinds.items()


def _stated(snapshot: Snapshot) -> Iterator[str]:
    """The stated triples in order, each once, with the space behind that keeps the order of the lines."""
    inferred, last = f"<{snapshot.manifest.inferred_graph}>", ""
    for line in snapshot.lines():
        triple, _, graph = line[:-3].rpartition(" ")
        if graph != inferred and triple != last:
            last = triple
            yield f"{triple} "


def _rows(store: EmbeddedStore, query: QueryFile, items: Iterable[str], names: Names) -> list[Row]:
    return solutions(store.query(query.bind({"item": list(items)}, names), TSV))[1]


def _batches(items: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]


def _counted(one: str, many: str, one_gone: str, many_gone: str) -> Callable[[int, int], str]:
    """The sentence of two counts, each in its number."""

    def sentence(added: int, removed: int) -> str:
        return (one if added == 1 else many).format(added) + (one_gone if removed == 1 else many_gone).format(removed)

    return sentence


_HOW = ("came", "went", "changed", "withdrawn", "corrected")
_WORDS: Mapping[str, Mapping[str, Callable[..., str]]] = {
    "en": {
        "statements": _counted("{} statement came", "{} statements came", ", {} went", ", {} went"),
        "came": "new:".format,
        "went": "gone:".format,
        "changed": "changed:".format,
        "withdrawn": "withdrawn:".format,
        "corrected": "corrected:".format,
    },
    "de": {
        "statements": _counted("{} Aussage kam hinzu", "{} Aussagen kamen hinzu", ", {} fiel weg", ", {} fielen weg"),
        "came": "neu:".format,
        "went": "weggefallen:".format,
        "changed": "geändert:".format,
        "withdrawn": "zurückgezogen:".format,
        "corrected": "korrigiert:".format,
    },
}
