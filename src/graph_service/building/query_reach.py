"""How far violation queries reach: what they have to be asked about when triples change.

A query that had no answer has one only if a changed triple has part in it: as a triple of its patterns, or as one that
is missing or is there beside them. So it is enough to ask with the terms of changed triples for the variables of a
pattern (SPARQL 1.1 Query Language, section 10.2.2), and the whole query only if that finds something. What can be given
for a variable are terms that every solution has there; where none can, the query is asked as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import URIRef, Variable

from graph_service.errors import QueryError
from graph_service.rdf.formats import TSV
from graph_service.rdf.lexer import significant, tokens
from graph_service.rdf.terms import Term, Triple
from graph_service.store.embedded import EmbeddedStore

# More rows than this take longer than the whole query.
_MOST_ROWS = 3000
_TRANSPARENT = ("SelectQuery", "Distinct", "Reduced", "OrderBy")
_OPTIONAL = ("LeftJoin", "Minus")
_EXISTS = ("Builtin_EXISTS", "Builtin_NOTEXISTS")
# What reads other graphs, or has solutions that depend on each other.
_UNKNOWN = ("Graph", "GraphGraphPattern", "ServiceGraphPattern", "SubSelect", "MinusGraphPattern", "Slice")

Names = frozenset[str]


class _UnknownError(Exception):
    """Nothing is known of how far the query reaches."""


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


class QueryReach:
    """How far a violation query reaches.

    Args:
        text: SPARQL, a SELECT.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = _beginning_of_pattern(text)
        self.patterns = None if self._place is None else _patterns_of(text)

    def concerns(self, changed: Changed, store: EmbeddedStore) -> bool:
        """Whether the query may have an answer now, if it had none before these triples changed."""
        if self.patterns is None:
            return True
        rows: dict[tuple[str, ...], set[tuple[Term, ...]]] = defaultdict(set)
        for pattern in self.patterns:
            given = tuple(sorted(pattern.given))
            rows[given].update(tuple(map(found.__getitem__, given)) for found in changed.bindings(pattern))
        if rows.pop((), None) or any(len(some) > _MOST_ROWS for some in rows.values()):
            return True
        return any(some and self._finds(given, some, store) for given, some in rows.items())

    def _finds(self, given: tuple[str, ...], rows: Collection[tuple[Term, ...]], store: EmbeddedStore) -> bool:
        values = " ".join(f"({' '.join(row)})" for row in rows)
        narrowed = f"{self._text[: self._place]} VALUES ({' '.join(given)}) {{ {values} }} {self._text[self._place :]}"
        try:
            return store.query(narrowed, TSV).count(b"\n") > 1
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


def _beginning_of_pattern(text: str) -> int | None:
    """The place behind the first brace; None if that is not the one of WHERE."""
    last = ""
    for token in significant(tokens(text)):
        if token.text == "{":
            return token.end if last == "WHERE" else None
        last = token.keyword
    return None


def _patterns_of(text: str) -> list[Pattern] | None:
    """All triple patterns of a query; None if it may have an answer whatever changes."""
    try:
        select = translateQuery(parseQuery(text)).algebra
        if select.name != "SelectQuery" or select.datasetClause:
            raise _UnknownError
        hidden = _hidden(select)
        found = list(_walk(select, _variables(select), is_main=True))
    except _UnknownError:
        return None
    return [Pattern(pattern.terms, pattern.given - hidden) for pattern in found]


def _walk(node: CompValue, given: Names, *, is_main: bool = False) -> Iterator[Pattern]:
    """The patterns of a part of the algebra.

    Args:
        node: the part (SPARQL 1.1 Query Language, section 18.2).
        given: variables that are seen from outside of it.
        is_main: whether it is the main query still, and not its pattern or a query within.

    Raises:
        _UnknownError: the part has an answer of its own whatever is given.
    """
    name = node.name
    if name in _TRANSPARENT or name == "Project":
        seen = given if is_main or name != "Project" else given & {v.n3() for v in node.PV}
        yield from _walk(node.p, seen, is_main=is_main)
    elif name == "AggregateJoin":
        yield from _grouped(node, given, is_main=is_main)
    elif name in ("Join", "Union", *_OPTIONAL):
        yield from _walk(node.p1, given)
        within = given & _bound(node.p1) if name in _OPTIONAL else given
        yield from _walk(node.p2, within)
        yield from _existing(node.expr, within)
    elif name in ("Filter", "Extend"):
        yield from _walk(node.p, given, is_main=is_main and name == "Extend")
        yield from _existing(node.expr, given & _bound(node.p))
    elif name == "BGP":
        yield from (pattern for s, p, o in node.triples for pattern in _steps(s, p, o, given))
    elif name == "ToMultiSet":
        if node.p.name != "values":
            yield from _walk(node.p, given)
    else:
        raise _UnknownError


def _grouped(node: CompValue, given: Names, *, is_main: bool) -> Iterator[Pattern]:
    """The patterns below a grouping, of which all of a group can be given or nothing.

    That is what it is grouped by. In a main query without a condition on groups any variable will do, since a group is
    an answer whatever it comes to.
    """
    keys = frozenset(key.n3() for key in node.p.expr or () if isinstance(key, Variable))
    if _exists_in(node.A) or (is_main and not node.p.expr):
        raise _UnknownError
    yield from _walk(node.p.p, given if is_main else given & keys)


def _steps(subject: Any, predicate: Any, value: Any, given: Names) -> Iterator[Pattern]:
    """The triple patterns of a triple with a property path, without the nodes between its steps."""
    if isinstance(predicate, AlternativePath):
        yield from (step for path in predicate.args for step in _steps(subject, path, value, given))
    elif isinstance(predicate, InvPath):
        yield from _steps(value, predicate.arg, subject, given)
    elif isinstance(predicate, SequencePath):
        ends = [subject, *[None] * (len(predicate.args) - 1), value]
        for number, path in enumerate(predicate.args):
            yield from _steps(ends[number], path, ends[number + 1], given)
    elif isinstance(predicate, MulPath) and predicate.mod == "+" and isinstance(predicate.path, URIRef):
        yield Pattern(("", predicate.path.n3(), ""), frozenset())
    elif isinstance(predicate, (Path, CompValue)):
        yield Pattern(("", "", ""), frozenset())
    else:
        first, second, third = (_spelled(term) for term in (subject, predicate, value))
        yield Pattern((first, second, third), given & {first, second, third})


def _spelled(term: Any) -> str:
    """Literals are compared by value, so any may be meant; blank nodes stand for whatever there is."""
    return str(term.n3()) if isinstance(term, (URIRef, Variable)) else ""


def _existing(expression: Any, given: Names) -> Iterator[Pattern]:
    """The patterns of EXISTS within an expression."""
    for exists in _exists_in(expression):
        for subject, predicate, value in _triples(exists.graph):
            yield from _steps(subject, predicate, value, given)


def _exists_in(part: Any) -> list[CompValue]:
    if isinstance(part, CompValue) and part.name in _EXISTS:
        return [part]
    return [found for inner in _parts(part) for found in _exists_in(inner)]


def _triples(part: Any) -> Iterator[tuple[Any, Any, Any]]:
    """All triples of a pattern, translated into the algebra or not."""
    if isinstance(part, CompValue) and part.name in _UNKNOWN:
        raise _UnknownError
    if isinstance(part, CompValue) and part.name == "BGP":
        yield from part.triples
    elif isinstance(part, CompValue) and part.name == "TriplesBlock":
        for flat in part.triples:
            yield from zip(flat[::3], flat[1::3], flat[2::3], strict=True)
    else:
        for inner in _parts(part):
            yield from _triples(inner)


def _bound(node: CompValue) -> Names:
    """The variables that every solution of a part has."""
    name = node.name
    if name == "BGP":
        return frozenset(term.n3() for triple in node.triples for term in triple if isinstance(term, Variable))
    if name == "Join":
        return _bound(node.p1) | _bound(node.p2)
    if name == "Union":
        return _bound(node.p1) & _bound(node.p2)
    if name in _OPTIONAL:
        return _bound(node.p1)
    if name in ("Filter", "Extend", "Distinct", "Reduced", "OrderBy"):
        return _bound(node.p)
    if name == "ToMultiSet" and node.p.name in ("Project", "Distinct", "Reduced"):
        return _bound(node.p)
    if name == "Project":
        return _bound(node.p) & {variable.n3() for variable in node.PV}
    return frozenset()


def _hidden(part: Any) -> Names:
    """Variables that are looked at before a solution has them, so that a term given for them would change something."""
    found = Names().union(*(_hidden(inner) for inner in _parts(part)))
    if isinstance(part, CompValue) and part.name in _OPTIONAL:
        found |= (_variables(part.p2) | _variables(part.expr)) - _bound(part.p1)
    elif isinstance(part, CompValue) and part.name == "Extend" and not str(part.expr).startswith("__agg_"):
        found |= (_variables(part.expr) - _bound(part.p)) | {part.var.n3()}
    return found


def _variables(part: Any) -> Names:
    if isinstance(part, Variable):
        return frozenset((part.n3(),))
    return Names().union(*(_variables(inner) for inner in _parts(part)))


def _parts(part: Any) -> Iterator[Any]:
    """What a part of the algebra is made of."""
    if isinstance(part, CompValue):
        yield from (value for key, value in part.items() if key != "_vars")
    elif isinstance(part, dict):
        yield from part.keys()
        yield from part.values()
    elif isinstance(part, (list, tuple, set, frozenset)) or type(part).__name__ == "ParseResults":
        yield from part
