"""Matching: which triples satisfy the body of a rule.

Both directions of reasoning stand on this: compiling binds a rule's schema atoms, a proof finds the premises of a
conclusion. What is searched is anything that answers a triple pattern, in memory or behind SPARQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from graph_service.rdf import datatypes
from graph_service.rdf.terms import Term, Triple, is_literal
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.rules import Binding, Rule, list_triples, substitute


class Facts(Protocol):
    """Triples that can be asked by pattern."""

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterable[Triple]:
        """The triples with these terms; None stands for any."""
        ...


def never(triple: Triple) -> bool:
    """Assume nothing."""
    return False


def unify(pattern: Triple, triple: Triple, binding: Binding) -> dict[str, Term] | None:
    """The binding, extended so that the pattern becomes the triple; None where that cannot be.

    A literal of the rule itself matches any spelling of its value (`dt-eq`): people write
    `owl:maxCardinality 1` where the standard says `"1"^^xsd:nonNegativeInteger`. The binding then holds
    the spelling that was found, like that of a variable.
    """
    extended = dict(binding)
    for wanted, found in zip(pattern, triple, strict=True):
        if wanted[0] == "?":
            if extended.setdefault(wanted, found) != found:
                return None
        elif wanted != found:
            if not (is_literal(wanted) and is_literal(found) and datatypes.same(wanted, found)):
                return None
            extended[wanted] = found
    return extended


def solve(
    patterns: Sequence[Triple], facts: Facts, binding: Binding, assume: Callable[[Triple], bool] = never
) -> Iterator[dict[str, Term]]:
    """Every binding under which all patterns are among the facts.

    The pattern with the fewest open places is matched first. A pattern without open places also passes if
    `assume` accepts it: a premise that follows, yet is not kept among the facts.
    """
    if not patterns:
        yield dict(binding)
        return
    grounded = [substitute(pattern, binding) for pattern in patterns]
    first = min(range(len(patterns)), key=lambda k: _openness(grounded[k])) if len(patterns) > 1 else 0
    rest = [*patterns[:first], *patterns[first + 1 :]]
    for extended in _match(grounded[first], facts, binding, assume):
        yield from solve(rest, facts, extended, assume)


def _openness(pattern: Triple) -> tuple[int, bool]:
    """How many places are open; what is the same as a literal comes last, as facts seldom hold it."""
    s, p, o = pattern
    return (s[0] == "?") + (p[0] == "?") + (o[0] == "?"), p == v.SAME_AS and is_literal(o)


def _match(pattern: Triple, facts: Facts, binding: Binding, assume: Callable[[Triple], bool]) -> Iterator[Binding]:
    s, p, o = (None if term[0] == "?" else term for term in pattern)
    if s and p and o and not _any_spelling(o):
        if next(iter(facts.match(s, p, o)), None) is not None or assume(pattern):
            yield binding
        return
    found = False
    for triple in facts.match(s, p, None if o and _any_spelling(o) else o):
        extended = unify(pattern, triple, binding)
        if extended is not None:
            found = True
            yield extended
    if not found and s and p and o and assume(pattern):
        yield binding


def _any_spelling(term: Term) -> bool:
    """Whether the term is a number of the rule table, which data may spell otherwise."""
    return term.startswith(('"0"^^', '"1"^^'))


def read_list(head: Term, facts: Facts) -> list[Term] | None:
    """The nodes and members of an RDF list, alternating; None where it is not well-formed."""
    terms: list[Term] = []
    node = head
    while node != v.NIL:
        members = [triple.object for triple in facts.match(node, v.FIRST, None)]
        rests = [triple.object for triple in facts.match(node, v.REST, None)]
        if not members or len(rests) != 1 or node in terms[::2]:
            return None
        terms += [node, min(members)]
        node = rests[0]
    return terms


def openings(rule: Rule, facts: Facts, binding: Binding) -> Iterator[tuple[dict[str, Term], int]]:
    """The bindings under which the atoms up to the list hold, the list read, and its length."""
    members = rule.members
    if members is None:
        yield dict(binding), 0
        return
    for extended in solve(rule.before_list, facts, binding):
        terms = read_list(extended[members.head], facts)
        if terms:
            length = len(terms) // 2
            for pattern, node, member in zip(list_triples(members, length)[::2], terms[::2], terms[1::2], strict=True):
                extended[pattern.subject] = node
                extended[pattern.object] = member
            yield extended, length
