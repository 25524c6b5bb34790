"""What is stated, counted over files: so that one file can take the place of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple, TypeVar

from graph_service.rdf.terms import Quad, Term, Triple

Key = TypeVar("Key")


class Change(NamedTuple):
    """What is stated now and was not before, and what was and is not any more."""

    added: list[Quad]
    removed: list[Quad]
    added_triples: set[Triple]
    removed_triples: set[Triple]


class Statements:
    """The stated quads, each with the number of files that state it.

    Attributes:
        quads: how many files state each quad.
        triples: the graphs that state each triple.
        graphs: how many quads each graph has.
        shared: how many triples each graph has in common with others.
    """

    def __init__(self) -> None:
        self.quads: Counter[Quad] = Counter()
        self.triples: dict[Triple, tuple[Term, ...]] = {}
        self.graphs: Counter[Term] = Counter()
        self.shared: Counter[Term] = Counter()
        # A tuple for each graph that states triples alone, as most do: a million need not have one each.
        self._alone: dict[Term, tuple[Term, ...]] = {}

    @classmethod
    def of(cls, quads: Collection[Quad]) -> Statements:
        """Quads of which each is stated by one file."""
        made = cls()
        made.quads = Counter(dict.fromkeys(quads, 1))
        made.graphs = Counter(quad.graph for quad in quads)
        for quad in quads:
            triple = quad.triple
            if triple in made.triples:
                made._put_in(triple, quad.graph)
            else:
                made.triples[triple] = made._tuple(quad.graph)
        return made

    def exchange(self, added: Iterable[Quad], removed: Iterable[Quad]) -> Change:
        """Take quads of files in and others out, each file's once; what changed on the whole."""
        difference = Counter(added)
        difference.subtract(removed)
        new: list[Quad] = []
        gone: list[Quad] = []
        before: dict[Triple, bool] = {}
        for quad, number in difference.items():
            was = quad in self.quads
            _count(self.quads, quad, number)
            if was != (quad in self.quads):
                triple = quad.triple
                before.setdefault(triple, triple in self.triples)
                (gone if was else new).append(quad)
                _count(self.graphs, quad.graph, -1 if was else 1)
                if was:
                    self._take_out(triple, quad.graph)
                else:
                    self._put_in(triple, quad.graph)
        return Change(
            new,
            gone,
            {triple for triple, was in before.items() if not was and triple in self.triples},
            {triple for triple, was in before.items() if was and triple not in self.triples},
        )

    def _put_in(self, triple: Triple, graph: Term) -> None:
        graphs = self.triples.get(triple, ())
        self.triples[triple] = (*graphs, graph) if graphs else self._tuple(graph)
        for other in (*(graphs if len(graphs) == 1 else ()), *((graph,) if graphs else ())):
            _count(self.shared, other, 1)

    def _take_out(self, triple: Triple, graph: Term) -> None:
        left = tuple(other for other in self.triples[triple] if other != graph)
        if left:
            self.triples[triple] = self._tuple(left[0]) if len(left) == 1 else left
        else:
            del self.triples[triple]
        for other in (*(left if len(left) == 1 else ()), *((graph,) if left else ())):
            _count(self.shared, other, -1)

    def _tuple(self, graph: Term) -> tuple[Term, ...]:
        return self._alone.setdefault(graph, (graph,))


def _count(counter: Counter[Key], key: Key, number: int) -> None:
    counter[key] += number
    if not counter[key]:
        del counter[key]
