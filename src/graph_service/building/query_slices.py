"""Slices of a data set that is not loaded: the triples that a violation query sees when it is asked about a change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Set

from graph_service.building.query_reach import Given, Pattern
from graph_service.rdf.terms import Term, Triple, is_typed
from graph_service.reasoning import vocabulary as v
from graph_service.store import loading
from graph_service.store.embedded import EmbeddedStore
from graph_service.store.engine import Engine


class Slices:
    """Makes slices.

    Args:
        triples: those of the data set, each once.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._of: dict[Term, list[Triple]] = defaultdict(list)
        self._members: dict[Term, list[Triple]] = defaultdict(list)
        for triple in triples:
            (self._members[triple[2]] if triple[1] == v.TYPE else self._of[triple[1]]).append(triple)

    def asked(self, patterns: Collection[Pattern], given: Given) -> EmbeddedStore:
        """A store of the triples of some patterns, if these terms are given for variables."""
        found = {triple for pattern in patterns for triple in self._matching(pattern, given)}
        return EmbeddedStore(Engine(loading.of_triples(found)))

    def _matching(self, pattern: Pattern, given: Given) -> Iterable[Triple]:
        subjects, predicates, values = (_allowed(term, pattern, given) for term in pattern.terms)
        for triple in self._among(predicates, values):
            if (subjects is None or triple[0] in subjects) and (values is None or triple[2] in values):
                yield triple

    def _among(self, predicates: Set[Term] | None, values: Set[Term] | None) -> Iterator[Triple]:
        """The triples of properties; of those that say of what class something is, the ones of some classes."""
        for predicate in self._of if predicates is None else predicates:
            yield from self._of.get(predicate, ())
        if predicates is None or v.TYPE in predicates:
            for name in self._members if values is None else values:
                yield from self._members.get(name, ())


def _allowed(term: str, pattern: Pattern, given: Given) -> Set[Term] | None:
    """What may stand in a place of a pattern; None for anything. Typed literals are compared by value."""
    if not term.startswith("?"):
        return {term} if term else None
    terms = given.get(term) if term in pattern.given else None
    return None if terms is None or any(map(is_typed, terms)) else terms
