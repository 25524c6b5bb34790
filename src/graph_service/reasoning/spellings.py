"""Spellings: literals of one value.

In a graph they are few; so what asks for them comes last, and costs little where there are none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from graph_service.rdf.terms import Term
from graph_service.reasoning import datatypes


def alike(literals: Iterable[Term]) -> list[list[Term]]:
    """The literals whose value others have as well, each group of one value."""
    spellings: dict[datatypes.Value, list[Term]] = defaultdict(list)
    for literal in literals:
        value = datatypes.value(literal)
        if value is not None:
            spellings[value].append(literal)
    return [group for group in spellings.values() if len(group) > 1]


def any_alike(literals: Iterable[Term]) -> bool:
    """Whether a value is spelled in several ways.

    Strings, of which graphs have most, are compared only if some are written with another datatype than usual.
    """
    typed = [literal for literal in literals if literal[-1] == ">"]
    as_text = {datatypes.datatype_of(literal) for literal in typed} & datatypes.OF_TEXT
    return bool(alike(literals if as_text else typed))


class Spellings:
    """One spelling for each value, the first that was met."""

    def __init__(self) -> None:
        self._by_value: dict[datatypes.Value, Term] = {}
        self._chosen: dict[Term, Term] = {}

    def chosen(self, terms: Iterable[Term]) -> Mapping[Term, Term]:
        """The spelling that stands for each of these literals; other terms are passed over."""
        for literal in sorted(term for term in terms if term[0] == '"' and term not in self._chosen):
            value = datatypes.value(literal)
            self._chosen[literal] = literal if value is None else self._by_value.setdefault(value, literal)
        return self._chosen
