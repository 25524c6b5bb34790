"""Conditions: the tests in a rule's body that no triple states (OWL 2 Profiles, tables 5 and 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from graph_service.rdf import datatypes
from graph_service.rdf.namespaces import term
from graph_service.rdf.terms import Term, is_literal
from graph_service.reasoning.rules import Condition, is_variable

ANNOTATION_PROPERTIES = frozenset(
    map(
        term,
        (
            "rdfs:label",
            "rdfs:comment",
            "rdfs:seeAlso",
            "rdfs:isDefinedBy",
            "owl:deprecated",
            "owl:versionInfo",
            "owl:priorVersion",
            "owl:backwardCompatibleWith",
            "owl:incompatibleWith",
        ),
    )
)


def _literals(first: Term, second: Term, test: Callable[[Term, Term], bool]) -> bool:
    return is_literal(first) and is_literal(second) and test(first, second)


TESTS: Mapping[str, Callable[..., bool]] = {
    "ANNOTATION": lambda p: p in ANNOTATION_PROPERTIES,
    "DATATYPE": lambda d: d in datatypes.DATATYPES,
    "VALUE": lambda literal, d: is_literal(literal) and datatypes.belongs(literal, d),
    "NOT-VALUE": lambda literal, d: is_literal(literal) and datatypes.excluded(literal, d),
    "TYPED": lambda literal, d: is_literal(literal) and datatypes.datatype_of(literal) == d in datatypes.DATATYPES,
    "SAME": lambda one, other: _literals(one, other, datatypes.same),
    "DIFFERENT": lambda one, other: _literals(one, other, datatypes.different),
}


OF_LITERALS = frozenset(("VALUE", "TYPED", "SAME", "DIFFERENT"))
"""The conditions that hold of literals only."""

_BUILT_IN = {"ANNOTATION": ANNOTATION_PROPERTIES, "DATATYPE": datatypes.DATATYPES}


def holds(condition: Condition, binding: Mapping[str, Term]) -> bool:
    """Whether a condition holds of bound terms; an unbound variable or an unknown name never does."""
    terms = [binding.get(argument, argument) for argument in condition.arguments]
    if condition.name not in TESTS or any(map(is_variable, terms)):
        return False
    return TESTS[condition.name](*terms)


def refuted(condition: Condition, binding: Mapping[str, Term]) -> bool:
    """Whether all terms of a condition are bound, and it does not hold."""
    bound = all(argument in binding or not is_variable(argument) for argument in condition.arguments)
    return bound and not holds(condition, binding)


def instances(conditions: Sequence[Condition], *, full: bool) -> Iterator[dict[str, Term]]:
    """The bindings under which conditions hold by themselves: bound ones, and with `full` the built-in axioms."""
    if all(holds(condition, {}) for condition in conditions):
        yield {}
    elif full:
        for name, (argument, *_) in conditions:
            yield from ({argument: known} for known in _BUILT_IN.get(name, ()))


def possible(condition: Condition) -> bool:
    """Whether a condition may hold of some literals: of what its terms say, `VALUE` needs a known datatype."""
    last = condition.arguments[-1]
    return condition.name != "VALUE" or is_variable(last) or last in datatypes.DATATYPES
