"""Documents in shares, so that shapes can run on each by itself.

A share has all triples of its things and of all that these lead to, and what leads to them as far as shapes follow it.
So of its own things shapes find there what they find in the whole. Documents lead to little but their own things.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from graph_service.building.shape_reach import Level
from graph_service.rdf.terms import Quad, Term, Triple


class Share(NamedTuple):
    """What shapes run on.

    Attributes:
        things: those of its own.
        triples: all that shapes may read of these things.
    """

    things: set[Term]
    triples: Collection[Triple]


class Shares:
    """Shares of about the same size.

    Args:
        quads: all; none has a blank node.
        reach: how far the shapes reach, which may follow properties backwards from focus nodes only.
        named: things that shapes name as targets.
        number: of shares.
    """

    def __init__(self, quads: Iterable[Quad], reach: Sequence[Level], named: Iterable[Term], number: int) -> None:
        self._inverse = reach[0].inverse
        back = reach[0].inverse | reach[0].targets
        self._of: dict[Term, set[Triple]] = {}
        self._to: dict[Term, dict[Term, set[Triple]]] = {}
        place = _places(Counter(quad.graph for quad in quads), number)
        homes = dict.fromkeys(named, 0)
        for quad in quads:
            subject, predicate, value, graph = quad
            triple = quad.triple
            self._of.setdefault(subject, set()).add(triple)
            homes.setdefault(subject, place[graph])
            if predicate in back:
                self._to.setdefault(value, {}).setdefault(predicate, set()).add(triple)
                homes.setdefault(value, place[graph])
        self._own: list[set[Term]] = [set() for _ in range(number)]
        for thing, home in homes.items():
            self._own[home].add(thing)

    def __getitem__(self, number: int) -> Share:
        own = self._own[number]
        found = own | {triple.subject for thing in own for triple in self._leading_to(thing)}
        waiting = found
        while waiting:
            ends = {triple.object for thing in waiting for triple in self._of.get(thing, ())}
            waiting = (ends & self._of.keys()) - found
            found |= waiting
        return Share(own, [triple for thing in found for triple in self._of.get(thing, ())])

    def _leading_to(self, thing: Term) -> Iterable[Triple]:
        """What is followed backwards from a thing; of what only makes it a focus node, one triple is enough."""
        for predicate, triples in self._to.get(thing, {}).items():
            yield from triples if predicate in self._inverse else (next(iter(triples)),)


def _places(sizes: Counter[Term], number: int) -> dict[Term, int]:
    """A share for each graph: the largest first, each where there is least."""
    filled = [0] * number
    places = {}
    for graph, size in sizes.most_common():
        places[graph] = filled.index(min(filled))
        filled[places[graph]] += size
    return places
