"""Compilation: the rules, specialised to an ontology.

A generic rule asks every triple whether it is an axiom. Compiling asks once: the schema atoms of a rule's body are
bound to the axioms there are, and what is left is a clause over concrete properties and classes. From
`?p rdfs:domain ?c & ?x ?p ?y => ?x a ?c` and an ontology with 30 domains come 30 clauses such as
`?x :holder ?y => ?x a :Position`. Rules about the schema alone (`scm-*`) have nothing to bind and stay as they are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TypeAlias

from graph_service.rdf.datatypes import DATATYPES
from graph_service.rdf.terms import Term, Triple, is_literal
from graph_service.reasoning import literals
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.conditions import OF_LITERALS, holds, instances, possible
from graph_service.reasoning.matching import openings, solve, unify
from graph_service.reasoning.noise import LISTS
from graph_service.reasoning.notation import owl2rl
from graph_service.reasoning.program import GroundClause, Key, Program, Vocabulary, key_of
from graph_service.reasoning.rules import Clause, Condition, Rule, has_subscript, is_variable, list_axioms, substitute

ByValue: TypeAlias = list[tuple[Triple, Condition]]


def compile_rules(rules: Sequence[Rule], vocabulary: Vocabulary, *, full: bool = False) -> Program:
    """Bind the schema atoms of all rules to the axioms of a vocabulary.

    Alike clauses from different rules are kept once. Unless `full`, what holds of `owl:Thing` only because
    everything does is left out where no rule reads it, as are the built-in axioms of tables 5 and 8, and what is
    concluded of literals. With `full`, literals are subjects and members like other terms.
    """
    by_value = [(rule.heads[0], part) for rule in rules for part in rule.parts[:1] if isinstance(part, Condition)]
    program = Program()
    found: dict[Hashable, GroundClause] = {}
    for rule in rules:
        if _speaks_of_literals(rule) or not _may_fire(rule, vocabulary, program.waiting):
            continue
        for compiled in _specialised(rule, vocabulary, by_value, program, full=full):
            clause = compiled.clause
            if clause.body or (clause.head is None and all(holds(condition, {}) for condition in clause.conditions)):
                found.setdefault(compiled.label(), compiled)
            elif clause.head:
                program.facts += [
                    substitute(clause.head, binding) for binding in instances(clause.conditions, full=full)
                ]
    program.clauses = [*found.values(), literals.DIFFERENCE] if full else _without_noise(list(found.values()))
    return program


def _specialised(
    rule: Rule, vocabulary: Vocabulary, by_value: ByValue, program: Program, *, full: bool
) -> Iterator[GroundClause]:
    """The clauses of one rule, and the same without atoms that hold of themselves."""
    for compiled in _bound(rule, vocabulary):
        if _trivial(compiled.clause, full=full):
            continue
        for concrete in _concrete(compiled, vocabulary, program):
            if not _trivial(concrete.clause, full=full):
                yield from [concrete] if full else literals.joined_by_value(concrete, vocabulary)
                yield from _decided_by_values(concrete, by_value)
                yield from _decided_by_identity(concrete)


def _speaks_of_literals(rule: Rule) -> bool:
    """Whether a rule concludes something of a literal (table 8), which is known before anything is derived."""
    about = {part.arguments[0] for part in rule.parts if isinstance(part, Condition) and part.name in OF_LITERALS}
    return any(head.subject in about for head in rule.heads)


def _may_fire(rule: Rule, vocabulary: Vocabulary, waiting: set[Key]) -> bool:
    """Whether a rule over all properties (`eq-rep-*`) finds anything in those it names; if not, it waits."""
    atoms = [part for part in rule.parts if isinstance(part, Triple)]
    if all(not is_variable(p) or _schema_binds(rule, p) for _, p, _ in atoms):
        return True
    named = {key_of(atom) for atom in atoms if not is_variable(atom.predicate) and atom.predicate != v.TYPE}
    empty = named - vocabulary.inhabited()
    waiting |= empty
    return not empty


def _schema_binds(rule: Rule, variable: str) -> bool:
    if rule.members and has_subscript(variable):
        return True
    return any(variable in part for part in rule.parts if isinstance(part, Triple) and is_axiom(part))


@cache
def schema_terms() -> frozenset[Term]:
    """The predicates and classes by which the rules of OWL 2 RL recognise axioms."""
    data = {v.SAME_AS, v.DIFFERENT_FROM, v.TYPE, v.THING, v.NOTHING}
    atoms = [part for rule in owl2rl() for part in rule.parts if isinstance(part, Triple)]
    named = {p for _, p, _ in atoms} | {o for _, p, o in atoms if p == v.TYPE}
    return frozenset(term for term in named if not is_variable(term)) - data


def is_axiom(atom: Triple) -> bool:
    """Whether an atom is about the ontology and not about the things it describes."""
    return (atom.object if atom.predicate == v.TYPE else atom.predicate) in schema_terms()


def _bound(rule: Rule, vocabulary: Vocabulary) -> Iterator[GroundClause]:
    """The clauses of a rule with its schema atoms, its list and its predicates bound."""
    if rule.members:
        for binding, length in openings(rule, vocabulary, {}):
            axioms = list_axioms(rule, length)
            for clause in rule.clauses_behind_list(length):
                yield GroundClause(clause, (*axioms, *clause.body), {}).with_bound(binding)
        return
    for clause in rule.clauses():
        axioms, rest = _split(clause)
        if not rest and not clause.conditions:
            axioms, rest = (), clause.body
        compiled = GroundClause(replace(clause, body=rest), (*axioms, *rest), {})
        for binding in solve(axioms, vocabulary, {}):
            yield compiled.with_bound(binding)


def _split(clause: Clause) -> tuple[tuple[Triple, ...], tuple[Triple, ...]]:
    """The atoms to bind now, axioms and what names a predicate; and those that are left."""
    predicates = {atom.predicate for atom in clause.body if is_variable(atom.predicate)}
    axioms: list[Triple] = []
    rest: list[Triple] = []
    for atom in clause.body:
        names = not is_variable(atom.predicate) and not predicates.isdisjoint(atom)
        (axioms if is_axiom(atom) or names else rest).append(atom)
    return tuple(axioms), tuple(rest)


def _concrete(compiled: GroundClause, vocabulary: Vocabulary, program: Program) -> Iterator[GroundClause]:
    """Bind what is still open in place of a predicate, or of a class, to each one that comes into question."""
    clause = compiled.clause
    opened = next((p for _, p, _ in clause.body if is_variable(p)), None)
    classes = next((o for _, p, o in clause.body if p == v.TYPE and is_variable(o)), None)
    variable = opened or classes
    if variable is None:
        yield compiled
        return
    choices: Iterable[Term]
    if opened:
        choices = {key.predicate for key in vocabulary.inhabited()}
    elif classes and any(classes in condition.arguments for condition in clause.conditions):
        choices = DATATYPES
    else:
        choices = {key.value for key in vocabulary.inhabited() if key.value}
    program.open |= choices is not DATATYPES
    for term in sorted(choices):
        yield from _concrete(compiled.with_bound({variable: term}), vocabulary, program)


def _trivial(clause: Clause, *, full: bool) -> bool:
    """Whether a clause can only repeat its premise, or make noise: x = x, a literal's triple, a list's."""
    head = clause.head
    if head is None:
        return False
    same = head.predicate == v.SAME_AS and head.subject == head.object
    of_literal = is_literal(head.predicate) or (is_literal(head.subject) and not full)
    return same or head in clause.body or of_literal or head.predicate in LISTS


def _decided_by_values(compiled: GroundClause, by_value: list[tuple[Triple, Condition]]) -> Iterator[GroundClause]:
    """The clause again, for literals, with an atom that their value decides (table 8) as a condition."""
    clause = compiled.clause
    for atom in clause.body:
        for pattern, test in by_value:
            binding = unify(pattern, atom, {}) if pattern.predicate == atom.predicate else None
            if binding is None or not possible(test.bound(binding)):
                continue
            rest = tuple(other for other in clause.body if other != atom)
            bound = {term for other in rest for term in other}
            if all(term in bound for term in binding.values() if is_variable(term)):
                conditions = (*clause.conditions, test.bound(binding))
                yield replace(compiled, clause=replace(clause, body=rest, conditions=conditions))


def _decided_by_identity(compiled: GroundClause) -> Iterator[GroundClause]:
    """A contradiction again, for the one thing that `eq-ref` makes the same as itself."""
    clause = compiled.clause
    for atom in clause.body if clause.head is None else ():
        rest = tuple(other for other in clause.body if other != atom)
        if atom.predicate == v.SAME_AS and (is_variable(atom.subject) or atom.subject == atom.object):
            same = {atom.subject: atom.object} if is_variable(atom.subject) else {}
            yield replace(compiled, clause=replace(clause, body=rest)).with_bound(same)


def _without_noise(found: list[GroundClause]) -> list[GroundClause]:
    """Leave out who is a member of `owl:Thing`, unless that tells a rule something more."""
    wholes = {(frozenset(compiled.clause.body), compiled.clause.head) for compiled in found}

    def tells_more(compiled: GroundClause) -> bool:
        body = frozenset(compiled.clause.body)
        without = frozenset(atom for atom in body if key_of(atom) != _THING)
        return body == without or (without, compiled.clause.head) not in wholes

    kept = [compiled for compiled in found if tells_more(compiled)]
    if any(_THING in compiled.reads for compiled in kept):
        return kept
    return [compiled for compiled in kept if not compiled.clause.head or key_of(compiled.clause.head) != _THING]


_THING = Key(v.TYPE, v.THING)
