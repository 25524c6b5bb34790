"""The triple patterns of a violation query, and which of its variables can be given terms from outside.

What can be given for a variable are terms that every solution has there (SPARQL 1.1 Query Language, section 10.2.2).
Reading a query takes 20 ms, so what is found is kept from build to build (`kept_reach`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from types import MappingProxyType
from typing import Any, TypeAlias

from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import URIRef, Variable

from graph_service.building.query_reach import Names, Pattern, Reach
from graph_service.rdf.lexer import significant, tokens

_TRANSPARENT = ("SelectQuery", "Distinct", "Reduced", "OrderBy")
_OPTIONAL = ("LeftJoin", "Minus")
_EXISTS = ("Builtin_EXISTS", "Builtin_NOTEXISTS")
# What reads other graphs, or has solutions that depend on each other.
_UNKNOWN = ("Graph", "GraphGraphPattern", "ServiceGraphPattern", "SubSelect", "MinusGraphPattern", "Slice")


Inline: TypeAlias = Mapping[str, Set[str]]
_NOTHING: Inline = MappingProxyType({})


class _UnknownError(Exception):
    """Nothing is known of how far the query reaches."""


def reach_of(text: str) -> Reach | None:
    """How far a query reaches; None if it may have an answer whatever changes."""
    place = _beginning_of_pattern(text)
    patterns = None if place is None else _patterns_of(text)
    return None if place is None or patterns is None else Reach(place, tuple(patterns))


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


def _walk(node: CompValue, given: Names, inline: Inline = _NOTHING, *, is_main: bool = False) -> Iterator[Pattern]:
    """The patterns of a part of the algebra.

    Args:
        node: the part (SPARQL 1.1 Query Language, section 18.2).
        given: variables that are seen from outside of it.
        inline: the IRIs that VALUES beside it gives for variables.
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
    elif name == "Join":
        inline = {**inline, **_inline(node)}
        yield from _walk(node.p1, given, inline)
        yield from _walk(node.p2, given, inline)
    elif name in ("Union", *_OPTIONAL):
        yield from _walk(node.p1, given)
        within = given & _bound(node.p1) if name in _OPTIONAL else given
        yield from _walk(node.p2, within)
        yield from _existing(node.expr, within)
    elif name in ("Filter", "Extend"):
        yield from _walk(node.p, given, is_main=is_main and name == "Extend")
        yield from _existing(node.expr, given & _bound(node.p))
    elif name == "BGP":
        found = (pattern for s, p, o in node.triples for pattern in _steps(s, p, o, given))
        yield from (one for pattern in found for one in _with(pattern, inline))
    elif name == "ToMultiSet":
        if node.p.name != "values":
            yield from _walk(node.p, given)
    else:
        raise _UnknownError


def _inline(node: CompValue) -> Inline:
    """The IRIs that a VALUES of a join gives for each of its variables."""
    found: dict[str, set[str]] = {}
    for part in (node.p1, node.p2):
        if part.name == "Join":
            found |= {name: set(terms) for name, terms in _inline(part).items()}
        elif part.name == "ToMultiSet" and part.p.name == "values":
            for variable in {name for row in part.p.res for name in row}:
                terms = [row.get(variable) for row in part.p.res]
                if all(isinstance(term, URIRef) for term in terms):
                    found[variable.n3()] = {term.n3() for term in terms}
    return found


def _with(pattern: Pattern, inline: Inline) -> Iterator[Pattern]:
    """A pattern with the terms of a VALUES in the places of its variables."""
    name = next((term for term in pattern.terms if term in inline), None)
    for term in sorted(inline[name]) if name else ():
        first, second, third = (term if wanted == name else wanted for wanted in pattern.terms)
        yield from _with(Pattern((first, second, third), pattern.given - {name}), inline)
    if name is None:
        yield pattern


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
