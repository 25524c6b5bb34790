"""Evaluates queries over a loaded data set, in the calling thread and without any limit of time.

Which triples a query sees (SPARQL 1.1 Query Language, section 13; SPARQL 1.1 Protocol, section 2.1.4):

- no data set named: the default graph is the merge of all, each triple once. The engine holds the merge of what is
  stated as its default graph, and the inferred triples, none of which is stated, only in their named graph. Asking both
  is the full graph, asking the first alone is `inferred=false`: neither needs a copy of its own.
- FROM, or the protocol's `default-graph-uri`: the merge of these graphs. The engine counts a triple once for each graph
  that states it; so if two of the graphs have a triple in common, they are merged beforehand.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from graph_service.errors import ParameterError
from graph_service.rdf import guard
from graph_service.rdf.formats import Form
from graph_service.store import Query, disk
from graph_service.store.columns import in_written_order
from graph_service.store.complaints import runtime_error, syntax_error
from graph_service.store.counting import CountingWriter, Output
from graph_service.store.loading import LoadedDataset, load
from graph_service.store.writing import write

Graph: TypeAlias = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


@dataclass(frozen=True)
class _Graphs:
    """What the engine is told: graphs of the default graph, and named ones; None leaves it to the query."""

    default: list[Graph] | None = None
    named: list[ox.NamedNode | ox.BlankNode] | None = None


class Engine:
    """A data set that answers queries.

    Args:
        dataset: what is asked.
        digest: SHA-256 of the data set, hexadecimal.
    """

    def __init__(self, dataset: LoadedDataset, digest: str = "") -> None:
        self.digest = digest
        self._dataset = dataset
        self._inferred = ox.NamedNode(dataset.inferred_graph) if dataset.inferred_graph else None
        full: list[Graph] = [ox.DefaultGraph()]
        self._stated = _Graphs(None if dataset.separate else [ox.DefaultGraph()])
        named = list(dataset.store.named_graphs())
        # Where nothing was inferred there is no second graph to look into at each step of a join.
        both = not dataset.separate and self._inferred in named
        self._full = _Graphs([*full, self._inferred] if both and self._inferred else None)
        graphs = [graph for graph in named if graph != self._inferred]
        self._stated_only = _Graphs(full, graphs)
        self._merged: tuple[object, ox.Store] | None = None

    @classmethod
    def load(cls, directory: Path, *, separate_default_graph: bool = False) -> Engine:
        """Load a snapshot into memory.

        Raises:
            SnapshotError: it is absent, incomplete or altered.
        """
        manifest, dataset = load(directory, separate_default_graph=separate_default_graph)
        return cls(dataset, manifest.digest)

    @classmethod
    def open_on_disk(cls, directory: Path) -> Engine:
        """Open a snapshot's store on disk.

        Raises:
            SnapshotError: it is absent, incomplete or of another data set.
        """
        manifest, dataset = disk.open_on_disk(directory)
        return cls(dataset, manifest.digest)

    def evaluate(self, query: Query, output: Output, *, rows: int | None = None, size: int | None = None) -> int:
        """Run a query and write its answer.

        Args:
            query: what is asked.
            output: takes the bytes of the answer, in pieces of some kilobytes.
            rows: rows or triples that the answer may have; None for any number.
            size: bytes that it may have; None for any number.

        Returns:
            How many rows or triples the answer has.

        Raises:
            QuerySyntaxError: the text is not SPARQL, or not of the form that the query says.
            ParameterError: a graph of the data set is no IRI.
            LimitReached: the answer is larger than a limit.
            QueryRefused: it asked for what lies outside of the data set.
        """
        store, graphs = self._choose(query)
        counted = CountingWriter(output, query.format.name, rows=rows, size=size)
        try:
            results = store.query(
                in_written_order(query.text, self._dataset.base) if query.form is Form.SELECT else query.text,
                base_iri=self._dataset.base or None,
                default_graph=graphs.default,
                named_graphs=graphs.named,
            )
            write(results, query, counted)
        except SyntaxError as error:
            raise syntax_error(error, query.text) from None
        except (OSError, ValueError, RuntimeError) as error:
            if isinstance(error, BlockingIOError | ConnectionError):
                raise
            raise runtime_error(error) from None
        return counted.rows

    def _choose(self, query: Query) -> tuple[ox.Store, _Graphs]:
        """The store and the graphs in it that the query sees."""
        default, named = query.default_graphs, query.named_graphs
        given = default is not None or named is not None
        if not given and guard.may_name_graphs(query.text):
            own = guard.inspect(query.text, query_bytes=sys.maxsize, nesting=sys.maxsize, base=self._dataset.base)
            default, named = own.default_graphs, own.named_graphs
        if default is None and named is None:
            if query.inferred:
                return self._dataset.store, self._full
            # The list of graphs costs something for each; a query that does not say GRAPH does not need it.
            return self._dataset.store, self._stated_only if "graph" in query.text.lower() else self._stated
        return self._named_dataset(default or (), named or (), query.inferred, given)

    def _named_dataset(
        self, default: Sequence[str], named: Sequence[str], inferred: bool, given: bool
    ) -> tuple[ox.Store, _Graphs]:
        """The data set that the protocol or the query names."""
        try:
            merge: list[Graph] = [ox.NamedNode(iri) for iri in dict.fromkeys(default)]
            graphs: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(iri) for iri in dict.fromkeys(named)]
        except ValueError:
            raise ParameterError("A graph of the data set is not an absolute IRI.") from None
        if not inferred:
            merge = [graph for graph in merge if graph != self._inferred]
            graphs = [graph for graph in graphs if graph != self._inferred]
        elif not given and not self._share(default):
            return self._dataset.store, _Graphs()
        if self._share(default):
            return self._scratch(merge, graphs), _Graphs([ox.DefaultGraph()], graphs)
        return self._dataset.store, _Graphs(merge, graphs)

    def _share(self, graphs: Sequence[str]) -> bool:
        """Whether two of the graphs could have a triple in common."""
        return len(self._dataset.shared.intersection(graphs)) > 1

    def _scratch(self, default: Sequence[Graph], named: Sequence[ox.NamedNode | ox.BlankNode]) -> ox.Store:
        """A store of its own for a merge; the last one is kept, since such questions come in series."""
        key = (tuple(default), tuple(named))
        if self._merged is None or self._merged[0] != key:
            self._merged = None
            store = ox.Store()
            for graph in default:
                quads = self._dataset.store.quads_for_pattern(None, None, None, graph)
                store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
            for graph in named:
                store.bulk_extend(self._dataset.store.quads_for_pattern(None, None, None, graph))
            self._merged = (key, store)
        return self._merged[1]
