"""Spellings: literals of one value.

In a graph they are few; so what asks for them comes last, and costs little where there are none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from graph_service.rdf import datatypes
from graph_service.rdf.terms import Term, is_typed


def alike(literals: Iterable[Term]) -> list[list[Term]]:
    """The literals whose value others have as well, each group of one value."""
    spellings: dict[datatypes.Value, list[Term]] = defaultdict(list)
    for literal in literals:
        value = datatypes.value(literal)
        if value is not None:
            spellings[value].append(literal)
    return [group for group in spellings.values() if len(group) > 1]


def representatives(literals: Iterable[Term]) -> dict[Term, Term]:
    """One spelling of each value that has several, by each of its spellings."""
    found = list(literals)
    return {one: min(group) for group in alike([*_comparable(found, found)]) for one in group}


def others(literal: Term, terms: Iterable[Term]) -> set[Term]:
    """Those among the terms that have the value of a literal and another spelling."""
    found = [term for term in terms if term[0] == '"' and term != literal]
    return {one for one in _comparable(found, [literal, *found]) if datatypes.same(one, literal)}


def _comparable(literals: list[Term], all_literals: list[Term]) -> Iterable[Term]:
    """Those that may have the value of another one.

    Strings, of which graphs have most, do so only if some are written with another datatype than usual.
    """
    as_text = {datatypes.datatype_of(one) for one in all_literals if is_typed(one)} & datatypes.OF_TEXT
    return literals if as_text else filter(is_typed, literals)
