"""How far violation queries reach: what they have to be asked about when triples change.

A query that had no answer has one only if a changed triple has part in it: as a triple of its patterns, or as one that
is missing or is there beside them. So it is enough to ask with the terms of changed triples for the variables of a
pattern, and the whole query only if that finds something. Where no term can be given, the query is asked as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Set
from functools import cached_property
from typing import NamedTuple, TypeAlias

from graph_service.errors import QueryError
from graph_service.rdf.formats import TSV, Form
from graph_service.rdf.terms import Term, Triple
from graph_service.store import Query
from graph_service.store.embedded import EmbeddedStore

# More rows than this take longer than the whole query.
_MOST_ROWS = 3000

Names = frozenset[str]


class Pattern(NamedTuple):
    """A triple pattern.

    Attributes:
        terms: subject, predicate and object: a term, a variable as `?x`, or nothing for whatever there is.
        given: variables for which terms of changed triples can be given.
    """

    terms: tuple[str, str, str]
    given: Names

    def binding(self, triple: Triple) -> dict[str, Term] | None:
        """The variables of a triple of this pattern; None if it is none."""
        found: dict[str, Term] = {}
        for wanted, term in zip(self.terms, triple, strict=True):
            if wanted.startswith("?"):
                if found.setdefault(wanted, term) != term:
                    return None
            elif wanted and wanted != term:
                return None
        return found


class Reach(NamedTuple):
    """Where a query looks.

    Attributes:
        place: offset behind the brace that opens its pattern, where terms can be given.
        patterns: all its triple patterns.
    """

    place: int
    patterns: tuple[Pattern, ...]


Given: TypeAlias = Mapping[str, Set[Term]]
# The data set as far as patterns see it if these terms are given for variables, or more of it.
Asked: TypeAlias = Callable[[Collection[Pattern], Given], EmbeddedStore]


class QueryReach:
    """How far a violation query reaches.

    Args:
        text: SPARQL, a SELECT.
        reach: what `query_patterns.reach_of` says of it.
    """

    def __init__(self, text: str, reach: Reach | None) -> None:
        self._text = text
        self.reach = reach

    def concerns(self, changed: Changed, asked: Asked) -> bool:
        """Whether the query may have an answer now, if it had none before these triples changed."""
        if self.reach is None:
            return True
        rows: dict[tuple[str, ...], set[tuple[Term, ...]]] = defaultdict(set)
        for pattern in self.reach.patterns:
            given = tuple(sorted(pattern.given))
            rows[given].update(tuple(map(found.__getitem__, given)) for found in changed.bindings(pattern))
        if rows.pop((), None) or any(len(some) > _MOST_ROWS for some in rows.values()):
            return True
        return any(some and self._finds(given, some, self.reach, asked) for given, some in rows.items())

    def _finds(self, given: tuple[str, ...], rows: Collection[tuple[Term, ...]], reach: Reach, asked: Asked) -> bool:
        values = " ".join(f"({' '.join(row)})" for row in rows)
        narrowed = f"{self._text[: reach.place]} VALUES ({' '.join(given)}) {{ {values} }} {self._text[reach.place :]}"
        store = asked(reach.patterns, {name: set(terms) for name, *terms in zip(given, *rows, strict=True)})
        try:
            # The publisher's own: the guard, which is for others, takes 50 ms to load.
            return store.answer(Query(narrowed, Form.SELECT, TSV)).count(b"\n") > 1
        except QueryError:
            # A variable that cannot be given a value where the pattern begins.
            return True


class Changed:
    """Changed triples, by property."""

    def __init__(self, triples: Collection[Triple]) -> None:
        self._all = triples

    @cached_property
    def _of(self) -> dict[Term, list[Triple]]:
        found: dict[Term, list[Triple]] = defaultdict(list)
        for triple in self._all:
            found[triple.predicate].append(triple)
        return found

    def bindings(self, pattern: Pattern) -> Iterator[dict[str, Term]]:
        """The variables of a pattern for each triple that it matches."""
        predicate = pattern.terms[1]
        for triple in self._of.get(predicate, ()) if predicate[:1] == "<" else self._all:
            if (found := pattern.binding(triple)) is not None:
                yield found
