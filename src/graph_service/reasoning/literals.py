"""Literals: what table 8 says of those in a graph, and how rules join them by value.

No rule makes a literal, so what follows of literals alone is known from the stated triples.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from typing import Any, NamedTuple

from graph_service.rdf import datatypes
from graph_service.rdf.terms import Term, Triple, is_literal, is_typed
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.matching import Facts
from graph_service.reasoning.program import GroundClause, Key, Vocabulary, respelled
from graph_service.reasoning.rules import Clause, Condition, is_variable
from graph_service.reasoning.spellings import alike, others

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


def copies(inferred: Iterable[Triple], facts: Facts) -> set[Triple]:
    """The inferred triples that say in another spelling what is stated, or what another one says.

    Stores keep values: they would have such a triple twice, stated and inferred, and count both.
    """
    typed = {triple for triple in inferred if is_typed(triple[2])}
    return {triple for triple in typed if _is_copy(triple, typed, facts)}


def _is_copy(triple: Triple, inferred: Set[Triple], facts: Facts) -> bool:
    subject, predicate, value = triple
    others = (other for other in facts.match(subject, predicate, None) if other.object != value)
    return any(
        is_literal(other.object) and (other not in inferred or other < triple) and datatypes.same(value, other.object)
        for other in others
    )


class OneSpelling(NamedTuple):
    """Writes each literal of a property in one spelling of its value (a step of an evaluation)."""

    representatives: Mapping[Term, Term]

    def run(self, rows: set[tuple[Term, Term]]) -> set[tuple[Term, Term]]:
        """The rows with their objects respelled."""
        spelled = self.representatives.get
        return {(subject, spelled(value, value)) for subject, value in rows}


class OtherSpellings(NamedTuple):
    """Finds a literal where a property has another spelling of its value (a step of an evaluation)."""

    literal: Term

    def run(self, rows: set[tuple[Term, Term]]) -> set[tuple[Term, Term]]:
        """The rows with the same value, written as the literal is."""
        alike = others(self.literal, {value for _, value in rows})
        return {(subject, self.literal) for subject, value in rows if value in alike} if alike else set()


def joined_by_value(compiled: GroundClause, vocabulary: Vocabulary) -> Iterator[GroundClause]:
    """The clauses by which a clause joins literals of one value (`dt-eq`, `eq-rep-o`): itself, or others beside it."""
    objects = [atom.object for atom in compiled.clause.body if _relates(atom.predicate)]
    joined = _joins(compiled.clause, objects) if len(objects) > 1 else ()
    if joined and vocabulary.representatives:
        compiled = _respelled(compiled, joined)
    yield compiled
    for literal in filter(is_literal, objects):
        yield _respelled(compiled, {literal}, literal)


def _respelled(compiled: GroundClause, objects: Set[Term], literal: Term = "") -> GroundClause:
    """The clause over respelled properties where an atom has one of these objects."""
    body = tuple(
        Triple(s, respelled(p, literal), o) if o in objects and _relates(p) else Triple(s, p, o)
        for s, p, o in compiled.clause.body
    )
    return replace(compiled, clause=replace(compiled.clause, body=body))


def _joins(clause: Clause, objects: list[Term]) -> Set[Term]:
    """The variables by which a clause joins literals: several atoms have them as object, none as subject."""
    subjects = {atom.subject for atom in clause.body}
    return {term for term in objects if is_variable(term) and objects.count(term) > 1 and term not in subjects}


def _relates(predicate: Term) -> bool:
    """Whether a property is one of the data: what an axiom says is compared as it is spelled, but in a full closure."""
    return not predicate.startswith(v.RESERVED)
