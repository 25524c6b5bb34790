"""What is stated, counted over files: so that one file can take the place of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
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
        triples: the graphs that state each triple.
        graphs: how many quads each graph has.
        shared: how many triples each graph has in common with others.
    """

    def __init__(self) -> None:
        self.triples: dict[Triple, tuple[Term, ...]] = {}
        self.graphs: Counter[Term] = Counter()
        self.shared: Counter[Term] = Counter()
        # A tuple for each graph that states triples alone, as most do: a million need not have one each.
        self._alone: dict[Term, tuple[Term, ...]] = {}
        # How many files beyond the first state a quad.
        self._again: Counter[Quad] = Counter()

    @classmethod
    def of(cls, quads: Collection[Quad]) -> Statements:
        """Quads of which each is stated by one file."""
        made = cls()
        for quad in quads:
            made._put_in(quad.triple, quad.graph)
        made.graphs = Counter(quad.graph for quad in quads)
        return made

    def __len__(self) -> int:
        """How many quads are stated."""
        return sum(self.graphs.values())

    def quads(self) -> Iterator[Quad]:
        """The quads, each once."""
        return (Quad(*triple, graph) for triple, graphs in self.triples.items() for graph in graphs)

    def exchange(self, added: Iterable[Quad], removed: Iterable[Quad]) -> Change:
        """Take quads of files in and others out, each file's once; what changed on the whole."""
        difference = Counter(added)
        difference.subtract(removed)
        new: list[Quad] = []
        gone: list[Quad] = []
        before: dict[Triple, bool] = {}
        for quad, number in difference.items():
            triple = quad.triple
            was = quad.graph in self.triples.get(triple, ())
            files = was + self._again[quad] + number
            _count(self._again, quad, max(files - 1, 0) - self._again[quad])
            if was != (files > 0):
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
        graphs = self.triples.get(triple)
        if not graphs:
            self.triples[triple] = self._tuple(graph)
            return
        self.triples[triple] = (*graphs, graph)
        for other in (*(graphs if len(graphs) == 1 else ()), graph):
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
