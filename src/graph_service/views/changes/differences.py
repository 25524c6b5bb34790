"""Differences between two editions: statements, and the things they are about.

Only what is stated counts: what follows from it would tell the same change twice. Which things are worth telling about,
and by which word, is in the query file `editions/kinds.rq`; things of any other model are told by the label of their
narrowest class (`editions/kinds-by-class.rq`). Whom and what a change concerns is in `editions/context.rq`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from graph_service.catalogue.query_files import QueryFiles
from graph_service.rdf.namespaces import PREFIXES
from graph_service.snapshots import delta
from graph_service.snapshots.snapshot import Snapshot, name_of
from graph_service.views.changes.compared_edition import CALLED, ComparedEdition, Kind
from graph_service.views.changes.tombstones import Tombstone
from graph_service.views.labels import Label


@dataclass(frozen=True)
class ChangedThing:
    """Something that came, went or changed.

    Attributes:
        iri: its name.
        labels: what it is called, by language (`de`, `en`).
        how: `came`, `went`, `changed`, or what its tombstone says: `withdrawn` or `corrected`.
        kind: what things of its kind are called.
        statements: how many stated statements about it were added, and how many removed.
        context: whom and what it concerns: values by field, as `editions/context.rq` says.
        tombstone: what is left of it, where it was withdrawn or corrected.
    """

    iri: str
    labels: Mapping[str, Label]
    how: str
    kind: Kind
    statements: tuple[int, int]
    context: Mapping[str, tuple[str, ...]]
    tombstone: Tombstone | None = None


@dataclass(frozen=True)
class Differences:
    """What differs between two editions.

    Attributes:
        old, new: their digests.
        added, removed: statements (N-Triples without the final dot), each once, sorted.
        things: what they are about, by kind and name.
        labels: of the actors and documents that `things` concern, by IRI and language.
        counts: how many things of each kind the two hold, as `pages/counts.rq` says.
    """

    old: str
    new: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    things: tuple[ChangedThing, ...]
    labels: Mapping[str, Mapping[str, Label]]
    counts: tuple[Mapping[str, int], Mapping[str, int]]


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
        queries: with the files of `editions`, `api/labels`, `api/withdrawn` and `pages/counts`.

    Raises:
        SnapshotError: one of them is incomplete or was altered.
    """
    added, removed = statements(old, new)
    came, went = (Counter(line.partition(" ")[0] for line in lines) for lines in (added, removed))
    subjects = sorted(came | went)
    before, after = ComparedEdition(old, queries, subjects), ComparedEdition(new, queries, subjects)
    things = [_thing(subject[1:-1], before, after, (came[subject], went[subject])) for subject in subjects]
    ordered = sorted((one for one in things if one), key=lambda one: (one.kind.rank, one.how, one.iri))
    concerned = {iri for one in ordered for name in CALLED for iri in one.context.get(name, ())}
    labels = {iri: (after if iri in after.called else before).named(iri) for iri in concerned}
    return Differences(
        old.digest, new.digest, tuple(added), tuple(removed), tuple(ordered), labels, (before.counts, after.counts)
    )


def text(found: Differences, language: str) -> str:
    """In words, a line a thing."""
    words = _WORDS[language]
    lines = [f"{found.old[:12]} → {found.new[:12]}: {words['statements'](len(found.added), len(found.removed))}"]
    for kind, things in _by_kind(found, language):
        lines.append(f"{kind}:")
        lines += [
            f"  {words[one.how]('')} {one.labels[language].text}  <{one.iri}>{_why(one.tombstone, language)}"
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
    described: dict[str, object] = {"iri": thing.iri, "label": thing.labels[language].text}
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


def _thing(iri: str, before: ComparedEdition, after: ComparedEdition, counts: tuple[int, int]) -> ChangedThing | None:
    old, new = before.kinds.get(iri), after.kinds.get(iri)
    kind = new or old
    if kind is None:
        return None
    stone = None if new else after.tombstones.get(iri)
    how = stone.how if stone else "changed" if old and new else "came" if new else "went"
    side = after if new else before
    context = {name: tuple(sorted(values)) for name, values in side.context.get(iri, {}).items()}
    return ChangedThing(iri, side.named(iri), how, kind, counts, context, stone)


def _by_kind(found: Differences, language: str) -> Iterator[tuple[str, list[ChangedThing]]]:
    kinds: dict[str, list[ChangedThing]] = {}
    for one in found.things:
        kinds.setdefault(one.kind.many[language], []).append(one)
    yield from kinds.items()


def _stated(snapshot: Snapshot) -> Iterator[str]:
    """The stated triples in order, each once, with the space behind that keeps the order of the lines."""
    inferred, last = f"<{snapshot.manifest.inferred_graph}>", ""
    for line in snapshot.lines():
        triple, _, graph = line[:-3].rpartition(" ")
        if graph != inferred and triple != last:
            last = triple
            yield f"{triple} "


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
