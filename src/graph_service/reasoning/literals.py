"""Literals: what table 8 says of those in a graph, and how rules join them by value.

No rule makes a literal, so what follows of literals alone is known from the stated triples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from graph_service.rdf.terms import Term, Triple, is_literal
from graph_service.reasoning import datatypes
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.program import GroundClause, Key, respelled
from graph_service.reasoning.rules import Clause, Condition, is_variable
from graph_service.reasoning.spellings import Spellings, alike

DIFFERENCE = GroundClause(
    Clause(
        "dt-diff",
        (Triple("?x", v.SAME_AS, "?l"), Triple("?y", v.SAME_AS, "?m")),
        (Condition("DIFFERENT", ("?l", "?m")),),
        Triple("?l", v.DIFFERENT_FROM, "?m"),
    ),
    (),
    {},
)
"""`dt-diff`, for literals that something else is the same as: of others, only contradictions ask."""


def facts(literals: Iterable[Term]) -> Iterator[tuple[Key, set[Any]]]:
    """The rows that `rdfD1`, `dt-type2` and `dt-eq` give of these literals."""
    found = sorted(literals)
    for datatype in datatypes.DATATYPES:
        own = {one for one in found if datatypes.datatype_of(one) == datatype or datatypes.belongs(one, datatype)}
        if own:
            yield Key(v.TYPE, datatype), own
    pairs = {(one, other) for group in alike(found) for one in group for other in group if one != other}
    yield Key(v.SAME_AS), pairs


class Respelling(NamedTuple):
    """Writes each literal of a property in the one spelling of its value (a step of an evaluation)."""

    spellings: Spellings

    def run(self, rows: set[tuple[Term, Term]]) -> set[tuple[Term, Term]]:
        """The rows with their objects respelled."""
        spelled = self.spellings.chosen({value for _, value in rows}).get
        return {(subject, spelled(value, value)) for subject, value in rows}


def joins(clause: Clause) -> frozenset[Term]:
    """The objects by which a clause joins literals: constants, and variables that several atoms have as object."""
    objects = Counter(atom.object for atom in clause.body if _relates(atom))
    subjects = {atom.subject for atom in clause.body}
    return frozenset(
        term
        for term, times in objects.items()
        if is_literal(term) or (is_variable(term) and times > 1 and term not in subjects)
    )


def joined_by_value(compiled: GroundClause, joined: frozenset[Term], spellings: Spellings) -> GroundClause:
    """The clause over properties in one spelling, so that what has the same value meets (`dt-eq`, `eq-rep-o`)."""
    spelled = spellings.chosen(joined)
    body = tuple(
        Triple(atom.subject, respelled(atom.predicate), spelled.get(atom.object, atom.object))
        if atom.object in joined and _relates(atom)
        else atom
        for atom in compiled.clause.body
    )
    return replace(compiled, clause=replace(compiled.clause, body=body))


def _relates(atom: Triple) -> bool:
    """Whether an atom is about the data: what an axiom says is compared as it is spelled, but in a full closure."""
    return atom.predicate not in (v.TYPE, v.SAME_AS, v.DIFFERENT_FROM) and not atom.predicate.startswith(v.RESERVED)
