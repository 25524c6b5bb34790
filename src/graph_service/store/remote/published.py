"""How a snapshot lies in a remote store, and which of its graphs a query sees there.

    <graph of each document, of the ontology, …/inferred>    as in the snapshot
    …/merged      what is stated in any of them, each triple once
    …/registry    which graphs were put there by whom: only those are ever replaced

Stores do not agree on what their default graph is: a graph of its own (Oxigraph, Jena), the union of all (GraphDB), or
that with a triple once for each graph that states it (Virtuoso). So none is asked for it: each query names the graphs
that it means by the protocol (SPARQL 1.1 Protocol, section 2.1.4): merged and inferred, which share no triple, so
it does not matter how a store counts in a union.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph_service.rdf import guard
from graph_service.store import Query

_INFERRED = "inferred"


@dataclass(frozen=True)
class Layout:
    """The graphs of a published snapshot, all by IRI.

    Attributes:
        graphs: those of the snapshot.
        inferred: the one of them that the reasoner filled.
        base: what relative IRIs of queries are resolved against.
    """

    graphs: tuple[str, ...]
    inferred: str
    base: str = ""

    @property
    def merged(self) -> str:
        """Everything stated, each triple once."""
        return self._beside("merged")

    @property
    def registry(self) -> str:
        """What is told about the others."""
        return self._beside("registry")

    def seen_by(self, query: Query) -> dict[str, tuple[str, ...]]:
        """The protocol's parameters that give a query the data set that it would see in an embedded store."""
        default, named = query.default_graphs, query.named_graphs
        if default is None and named is None and guard.may_name_graphs(query.text):
            own = guard.inspect(query.text, base=self.base)
            default, named = own.default_graphs, own.named_graphs
        if default is None and named is None:
            default = (self.merged, self.inferred)
            # The list of graphs costs something for each; a query that does not say GRAPH does not need it.
            named = self.graphs if "graph" in query.text.lower() else ()
        wanted = {"default-graph-uri": default or (), "named-graph-uri": named or ()}
        return {name: self._without_inferred(iris, query.inferred) for name, iris in wanted.items()}

    def _without_inferred(self, iris: Iterable[str], inferred: bool) -> tuple[str, ...]:
        """The graphs that take part. No graph at all is named as one that is empty: stores take silence for all."""
        kept = tuple(iri for iri in dict.fromkeys(iris) if inferred or iri != self.inferred)
        return kept or (self._beside("none"),)

    def _beside(self, name: str) -> str:
        return self.inferred.removesuffix(_INFERRED) + name
