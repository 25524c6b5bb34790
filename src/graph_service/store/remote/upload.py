"""A snapshot put into a remote store, graph by graph, so that a broken upload goes on where it stopped.

The store itself remembers how far it is, in a registry graph (see `store.published`):

    <registry>  dcterms:hasPart  <graph>        claimed: this graph is ours, and may be half written
    <graph>     schema:sha256 "…" ; void:triples N      complete and counted
    <registry>  dcterms:identifier "DIGEST"     all graphs of this edition are complete; written last, removed first

A graph whose digest stands there already is left as it is, so the next edition costs as much as it changed.

Many stores keep values of literals and not their spelling: of `1.50` and `1.5` one triple is left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice

from graph_service.errors import EndpointError, SnapshotError
from graph_service.rdf import datatypes
from graph_service.rdf.namespaces import PREFIXES
from graph_service.rdf.terms import Term, iri_value, is_typed, parse_triple
from graph_service.snapshots.snapshot import Manifest, Snapshot
from graph_service.store.remote.graph_writer import GraphWriter, Reader
from graph_service.store.remote.published import Layout

_PART = f"<{PREFIXES['dcterms']}hasPart>"
_EDITION = f"<{PREFIXES['dcterms']}identifier>"
_SHA256 = f"<{PREFIXES['schema']}sha256>"
_TRIPLES = f"<{PREFIXES['void']}triples>"
# Lines that are sent in one request: Virtuoso's update runs out of stack at some ten thousand.
BATCH = 2000


def layout(manifest: Manifest) -> Layout:
    """How a snapshot lies in a store.

    Raises:
        SnapshotError: a graph of it has a name that is needed there, or it has blank nodes.
    """
    layout = Layout(tuple(sorted(manifest.graphs)), manifest.inferred_graph, manifest.base)
    if manifest.blank_nodes:
        message = "The snapshot has blank nodes, which a store names anew in each request."
        raise SnapshotError(message, hint="Build it without --blank-nodes.")
    if taken := {layout.merged, layout.registry} & set(layout.graphs):
        raise SnapshotError(f"The graph {min(taken)} has a name that a store needs for its own.", hint="Rename it.")
    return layout


@dataclass(frozen=True)
class GraphUpload:
    """A graph to be uploaded: the sorted lines of its N-Triples, each once, and their SHA-256."""

    name: str
    lines: Sequence[str]

    @property
    def sha256(self) -> str:
        """Hexadecimal."""
        digest = hashlib.sha256()
        for line in self.lines:
            digest.update(line.encode())
        return digest.hexdigest()

    @cached_property
    def fewest(self) -> int:
        """How many triples are left at least in a store that keeps values."""
        triples = map(parse_triple, self.lines)
        return len({(subject, predicate, _kept(value)) for subject, predicate, value in triples})


@dataclass(frozen=True)
class Registry:
    """What a store remembers: graphs that are ours, the SHA-256 of those that are complete, the edition's digest."""

    claimed: frozenset[str]
    complete: Mapping[str, str]
    edition: str

    @classmethod
    def read(cls, reader: Reader, registry: str) -> Registry:
        """Ask a store."""
        rows = reader.rows(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{registry}> {{ ?s ?p ?o }} }}")
        of = {name: {row["s"]: row["o"] for row in rows if f"<{row['p']}>" == name} for name in (_SHA256, _EDITION)}
        claimed = frozenset(row["o"] for row in rows if f"<{row['p']}>" == _PART)
        return cls(claimed, of[_SHA256], of[_EDITION].get(registry, ""))


@dataclass(frozen=True)
class Upload:
    """Puts snapshots into one store.

    Attributes:
        reader: asks it.
        writer: changes it.
        say: takes a line for each step.
        force: also replace graphs that lie there and are not ours.
    """

    reader: Reader
    writer: GraphWriter
    say: Callable[[str], object] = lambda text: None
    force: bool = False

    def run(self, snapshot: Snapshot) -> int:
        """Make the store hold this snapshot; returns how many graphs had to be written.

        Raises:
            EndpointError: the store is out of reach, refuses, holds graphs of somebody else under these names, or has
                another number of triples than were sent. Run it again to go on.
            SnapshotError: the snapshot cannot be read, or has a graph of a name that is needed.
        """
        where = layout(snapshot.manifest)
        found = Registry.read(self.reader, where.registry)
        if found.edition == snapshot.digest:
            return 0
        graphs = _graphs(snapshot, where)
        self._check_ours(graphs, found)
        same = {name for name, graph in graphs.items() if found.complete.get(name) == graph.sha256}
        gone = sorted(found.claimed - graphs.keys())
        self._claim(where.registry, {name: graphs[name] for name in same}, [*graphs, *gone])
        for number, graph in enumerate((graphs[name] for name in sorted(graphs.keys() - same)), 1):
            self.say(f"{number}/{len(graphs) - len(same)} {graph.name}: {len(graph.lines)} triples")
            self._replace(graph)
            self.writer.add(where.registry, _complete(graph))
        for name in gone:
            self.say(f"removing {name}")
            self.writer.drop(name)
        # Names of graphs that are gone are forgotten, and the edition stands there, in what is the last word.
        self._claim(where.registry, graphs, list(graphs))
        self.writer.add(where.registry, [f'<{where.registry}> {_EDITION} "{snapshot.digest}" .\n'])
        return len(graphs) - len(same)

    def _check_ours(self, graphs: Mapping[str, GraphUpload], found: Registry) -> None:
        if self.force:
            return
        for name in sorted(graphs.keys() - found.claimed):
            if self.reader.rows(f"SELECT ?s WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }} LIMIT 1"):
                hint = "Remove it there, or replace it by --force."
                raise EndpointError(f"The store has a graph {name} that was not put there by this command.", hint=hint)

    def _claim(self, registry: str, complete: Mapping[str, GraphUpload], claimed: Sequence[str]) -> None:
        """Write the registry anew, without an edition."""
        self.writer.drop(registry)
        lines = [f"<{registry}> {_PART} <{name}> .\n" for name in claimed]
        self.writer.add(registry, [*lines, *(line for graph in complete.values() for line in _complete(graph))])

    def _replace(self, graph: GraphUpload) -> None:
        self.writer.drop(graph.name)
        for batch in _batches(graph.lines):
            self.writer.add(graph.name, batch)
        counted = self.reader.rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph.name}> {{ ?s ?p ?o }} }}")
        if not graph.fewest <= int(counted[0]["n"]) <= len(graph.lines):
            held = f"has {counted[0]['n']} triples of {graph.name}, {len(graph.lines)} were sent"
            raise EndpointError(
                f"The store {held}.", hint="Does it drop or merge literals? Else run the command again."
            )


def _kept(term: Term) -> Hashable:
    """What a store keeps of a term at least: of a number the number (`true` may be 1), of the unknown a type."""
    if not is_typed(term):
        return term
    value = datatypes.value(term)
    if value is not None and isinstance(value.value, int | float | Decimal):
        return float(value.value)
    return value or datatypes.datatype_of(term)


def _complete(graph: GraphUpload) -> list[str]:
    subject = f"<{graph.name}>"
    integer = f"^^<{PREFIXES['xsd']}integer>"
    return [f'{subject} {_SHA256} "{graph.sha256}" .\n', f'{subject} {_TRIPLES} "{len(graph.lines)}"{integer} .\n']


def _graphs(snapshot: Snapshot, where: Layout) -> dict[str, GraphUpload]:
    """Each graph of the snapshot that has a triple, and the merge of what is stated; all lines in memory."""
    lines: dict[str, list[str]] = {}
    merged: list[str] = []
    last = ""
    for quad in snapshot.quads():
        line = f"{quad.triple}\n"
        name = iri_value(quad.graph)
        lines.setdefault(name, []).append(line)
        if name != where.inferred and line != last:
            merged.append(line)
            last = line
    return {name: GraphUpload(name, content) for name, content in lines.items()} | {
        where.merged: GraphUpload(where.merged, merged)
    }


def _batches(lines: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(lines)
    while batch := list(islice(rest, BATCH)):
        yield batch
