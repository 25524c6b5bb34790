"""Facts: a closed graph that knows which of its triples are stated, for the search of proofs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Protocol

from graph_service.rdf.terms import Quad, Term, Triple
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.matching import Facts
from graph_service.reasoning.relations import Relations


class FactsMissing(Exception):
    """A search needs facts that are not there yet."""


class ClosedFacts(Facts, Protocol):
    """Stated and inferred triples; a store behind SPARQL serves as well as memory."""

    def stated(self, triple: Triple) -> tuple[Term, ...]:
        """The named graphs in which the triple is stated; empty if it is not."""
        ...

    @property
    def misses(self) -> int:
        """How often facts were asked for that have to be fetched from elsewhere first."""
        ...

    def checkpoint(self) -> None:
        """Called after each layer of a search.

        Raises:
            FactsMissing: facts have to be fetched from elsewhere. Then the search goes on where it was.
        """
        ...


class MemoryFacts:
    """A closed graph in memory.

    Indexes are made for a property when it is first asked for, so that few of them are ever made.
    """

    def __init__(self, stated: Iterable[Quad], inferred: Iterable[Triple]) -> None:
        self._graphs: dict[Triple, tuple[Term, ...]] = {}
        for quad in stated:
            self._graphs[quad.triple] = (*self._graphs.get(quad.triple, ()), quad.graph)
        self._relations = Relations((*self._graphs, *inferred))

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterable[Triple]:
        """The triples of a pattern, sorted: the same graph gives the same proof in every process."""
        if subject is not None and predicate == v.TYPE and value is None:
            return self._types.get(subject, ())
        found = list(self._relations.match(subject, predicate, value))
        if len(found) > 1:
            found.sort()
        return found

    @cached_property
    def _types(self) -> Mapping[Term, list[Triple]]:
        """The type triples of each subject, sorted; the relations would try every class there is."""
        found: dict[Term, list[Triple]] = {}
        for triple in sorted(self._relations.match(None, v.TYPE, None)):
            found.setdefault(triple.subject, []).append(triple)
        return found

    def stated(self, triple: Triple) -> tuple[Term, ...]:
        """The named graphs in which the triple is stated; empty if it is not."""
        return self._graphs.get(triple, ())

    @property
    def misses(self) -> int:
        """All facts are there."""
        return 0

    def checkpoint(self) -> None:
        """All facts are there."""
