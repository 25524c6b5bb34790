"""Programs: what rules are compiled to, clauses over named relations."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from graph_service.rdf.terms import Term, Triple
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.matching import Facts
from graph_service.reasoning.rules import Clause, is_variable, substitute


class Key(NamedTuple):
    """Names a relation: the pairs of a property, or the members of a class.

    `literals` marks what RDF cannot state: members and subjects that are literals, which contradictions need, and
    properties whose literals are respelled.
    """

    predicate: Term
    value: Term | None = None
    literals: bool = False


class Vocabulary(Facts, Protocol):
    """The triples that rules are compiled against."""

    @property
    def representatives(self) -> Mapping[Term, Term]:
        """One spelling of each value that the triples spell in several ways, by each of its spellings."""
        ...

    def inhabited(self) -> Set[Key]:
        """The relations that hold at least one triple."""
        ...


@dataclass(frozen=True)
class GroundClause:
    """A clause whose predicates and classes are all terms.

    Attributes:
        clause: what is left to match.
        premises: the whole body of the rule as far as it is bound: axioms, and what is left to match.
        bound: the variables that were bound.
    """

    clause: Clause
    premises: tuple[Triple, ...]
    bound: Mapping[str, Term]

    def label(self) -> Hashable:
        """What tells one clause from another: its rule only where it contradicts."""
        clause = self.clause
        return (clause.body, clause.conditions, clause.head or (clause.rule, self.premises))

    def with_bound(self, binding: Mapping[str, Term]) -> GroundClause:
        """The clause with more variables bound."""
        clause = self.clause
        bound = Clause(
            clause.rule,
            tuple(substitute(atom, binding) for atom in clause.body),
            tuple(condition.bound(binding) for condition in clause.conditions),
            clause.head and substitute(clause.head, binding),
            clause.sentence,
        )
        premises = tuple(substitute(atom, binding) for atom in self.premises)
        return GroundClause(bound, premises, {**self.bound, **binding})

    @cached_property
    def reads(self) -> tuple[Key, ...]:
        """The relation of each atom of the body."""
        if not self.clause.conditions:
            return tuple(map(key_of, self.clause.body))
        tested = {argument for condition in self.clause.conditions for argument in condition.arguments}
        return tuple(
            key._replace(literals=key.literals or atom.subject in tested)
            for key, atom in zip(map(key_of, self.clause.body), self.clause.body, strict=True)
        )


def key_of(atom: Triple) -> Key:
    """The relation that an atom speaks of."""
    if atom.predicate == v.TYPE and not is_variable(atom.object):
        return Key(v.TYPE, atom.object)
    return Key(atom.predicate, literals=atom.predicate[0] in (_MARK, '"'))


_MARK = "="


def respelled(predicate: Term, literal: Term = "") -> Term:
    """The name of a property with one spelling of each value; with a literal, of those that have its value otherwise.

    It is no term of RDF.
    """
    return f"{literal}{_MARK}{predicate}"


def respellings(clauses: Iterable[GroundClause]) -> set[tuple[Term, Term]]:
    """The properties that clauses read respelled, each with the literal that they ask for or nothing."""
    found = set()
    for compiled in clauses:
        for _, predicate, value in compiled.clause.body:
            if predicate[0] in (_MARK, '"'):
                literal = value if predicate[0] == '"' else ""
                found.add((predicate[len(literal) + len(_MARK) :], literal))
    return found


@dataclass
class Program:
    """Rules compiled against a vocabulary.

    Attributes:
        clauses: what is to be run.
        facts: what followed from axioms alone.
        waiting: relations that were empty, so that rules about them were left out.
        open: whether a rule was compiled to every property or class in use.
    """

    clauses: list[GroundClause] = field(default_factory=list)
    facts: list[Triple] = field(default_factory=list)
    waiting: set[Key] = field(default_factory=set)
    open: bool = False

    def outdated(self, new: Set[Key]) -> bool:
        """Whether relations that have been inhabited since call for compiling again."""
        return bool(self.waiting & new) or (self.open and bool(new))
