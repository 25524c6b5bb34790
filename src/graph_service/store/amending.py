"""A store in memory that follows its data set from edition to edition: only what differs is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import pyoxigraph as ox

from graph_service.rdf.terms import Quad, Term, Triple, iri_value, is_typed
from graph_service.snapshots.lines import SortedLines
from graph_service.store.loading import LoadedDataset


class Edition(NamedTuple):
    """A data set, and how it differs from the one before.

    Attributes:
        lines: all quads.
        graphs: how many quads each named graph has.
        stated: the triples that are stated.
        shared: the graphs that have a triple in common with another one.
        added: the quads that the one before has not.
        removed: those that only the one before has.
    """

    lines: SortedLines
    graphs: Mapping[Term, int]
    stated: Collection[Triple]
    shared: Collection[Term]
    added: Collection[Quad]
    removed: Collection[Quad]


def amend(dataset: LoadedDataset, to: Edition) -> LoadedDataset:
    """Turn a loaded data set, whose default graph is the merge of all, into another one; its store is changed."""
    inferred, store = f"<{dataset.inferred_graph}>", dataset.store
    left = {quad.triple for quad in to.removed if quad.graph != inferred}
    for quad in _parsed((*to.removed, *(triple for triple in left if triple not in to.stated))):
        store.remove(quad)
    # The engine keeps values: what it has taken out may stand in another spelling.
    typed = {(quad.subject, quad.predicate) for quad in to.removed if is_typed(quad.object)}
    again = [quad for pair in typed for quad in to.lines.beginning(*pair)]
    new = [*to.added, *again]
    store.extend(_parsed((*new, *(quad.triple for quad in new if quad.graph != inferred))))
    for graph in list(store.named_graphs()):
        if str(graph) not in to.graphs:
            store.remove_graph(graph)
    return replace(dataset, shared=frozenset(map(iri_value, to.shared)))


def _parsed(statements: Iterable[Quad | Triple]) -> Iterator[ox.Quad]:
    text = "".join(f"{statement}\n" for statement in statements)
    return ox.parse(text, format=ox.RdfFormat.N_QUADS, lenient=True)
