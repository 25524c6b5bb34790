"""What is stated, counted over files: so that one file can take the place of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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
        triples: how many graphs state each triple.
        graphs: how many quads each graph has.
        several: the triples that several graphs state.
    """

    def __init__(self) -> None:
        self.quads: Counter[Quad] = Counter()
        self.triples: Counter[Triple] = Counter()
        self.graphs: Counter[Term] = Counter()
        self.several: set[Triple] = set()

    def exchange(self, added: Iterable[Quad], removed: Iterable[Quad]) -> Change:
        """Take quads of files in and others out, each file's once; what changed on the whole."""
        difference = Counter(added)
        difference.subtract(removed)
        new: list[Quad] = []
        gone: list[Quad] = []
        before: dict[Triple, bool] = {}
        for quad, number in difference.items():
            was = quad in self.quads
            self.quads[quad] += number
            if not self.quads[quad]:
                del self.quads[quad]
            if was != (quad in self.quads):
                before.setdefault(quad.triple, quad.triple in self.triples)
                (gone if was else new).append(quad)
                _count(self.triples, quad.triple, -1 if was else 1)
                (self.several.add if self.triples[quad.triple] > 1 else self.several.discard)(quad.triple)
                _count(self.graphs, quad.graph, -1 if was else 1)
        return Change(
            new,
            gone,
            {triple for triple, was in before.items() if not was and triple in self.triples},
            {triple for triple, was in before.items() if was and triple not in self.triples},
        )


def _count(counter: Counter[Key], key: Key, number: int) -> None:
    counter[key] += number
    if not counter[key]:
        del counter[key]
