"""Evaluation: running compiled clauses to their fixpoint, semi-naively.

A clause is run on the rows that are new in one of its atoms, joined with all rows of the others, so that little is
derived twice (Abiteboul, Hull, Vianu: Foundations of Databases, section 13.1). Where an axiom is inferred, say that
a property is transitive, the rules are compiled again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence, Set
from functools import cached_property, partial
from typing import Any, NamedTuple, Protocol

from graph_service.rdf.terms import Term, Triple, is_literal
from graph_service.reasoning import literals
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.compilation import compile_rules, is_axiom
from graph_service.reasoning.conditions import TESTS
from graph_service.reasoning.kernels import kernel
from graph_service.reasoning.literals import OneSpelling, OtherSpellings
from graph_service.reasoning.program import GroundClause, Key, Program, key_of, respelled, respellings
from graph_service.reasoning.relations import Relations
from graph_service.reasoning.rules import Members, Rule, is_variable


class TargetRelation(NamedTuple):
    """Where derived rows go.

    Attributes:
        key: the relation; for `?x rdf:type ?c`, rows name their class, so it is only the predicate.
        columns: the terms of a row.
        checked: whether the subject of a row may be a literal, which is then no triple.
    """

    key: Key
    columns: tuple[str, ...]
    checked: bool = False

    @classmethod
    def of(cls, head: Triple, body: Sequence[Triple] = ()) -> TargetRelation:
        """The target of a clause."""
        key = key_of(head)
        columns = (head.subject,) if key.value else (head.subject, head.object)
        subjects = {atom.subject for atom in body}
        return cls(key, columns, is_variable(head.subject) and head.subject not in subjects)


class Step(Protocol):
    """What derives rows from new ones."""

    def run(self, rows: set[Any]) -> set[Any]:
        """What follows from them."""
        ...


class JoinStep:
    """A compiled clause, driven by the rows of one of its atoms."""

    def __init__(self, compiled: GroundClause, position: int, columns: tuple[str, ...], relations: Relations) -> None:
        self._make = partial(kernel, compiled.clause, compiled.reads, position, columns)
        self._relations = relations

    @cached_property
    def _kernel(self) -> Callable[[set[Any]], set[Any]]:
        """The kernel with its arguments; most steps of a large ontology never come to need it."""
        made = self._make()
        arguments = [self._relations[use.key].through(use.access) for use in made.uses]
        arguments += [*made.constants, *(TESTS[name] for name in made.tests)]
        return lambda rows: made.run(rows, *arguments)

    def run(self, rows: set[Any]) -> set[Any]:
        """What follows from these rows of the atom and all rows of the others."""
        return self._kernel(rows)


class _Running(NamedTuple):
    """A clause that is run: the relations of its atoms, the step that each of them drives, where its rows go."""

    keys: tuple[Key, ...]
    steps: list[JoinStep]
    target: TargetRelation


class Evaluation:
    """One closure in the making.

    Attributes:
        rules: the rules it runs under.
        relations: all triples, stated and inferred.
        contradicting: the clauses whose head is false, compiled to the closed ontology.
        facts: what follows of axioms alone.
        steps: what is run on new rows of a relation.
        deriving: the clauses that run, by the relation of their head, and where their rows go.
        respelling: the steps that respell properties, by the relation that they fill, each with the one that it reads.
        program: what the rules were compiled to last.
        axioms: the relations that were consulted for it.
    """

    def __init__(
        self, rules: Sequence[Rule], stated: Iterable[Triple], *, full: bool = False, held: bool = True
    ) -> None:
        self.relations = Relations(stated, generalized=full, held=held)
        self.contradicting: list[GroundClause] = []
        self.rules = rules
        self._full = full
        self.facts: set[Triple] = set()
        self.steps: dict[Key, list[tuple[Step, TargetRelation]]] = defaultdict(list)
        self.deriving: dict[Key, list[tuple[GroundClause, TargetRelation]]] = defaultdict(list)
        self.respelling: dict[Key, tuple[Step, Key]] = {}
        self.program = Program()
        self.axioms: Set[Key] = frozenset()
        self._known: Set[Key] = frozenset()
        self._started: set[Hashable] = set()
        self._literals: set[Key] = set()
        self._queue: dict[Key, None] = {}
        for key, rows in literals.facts(self.relations.literals()) if full else ():
            if self.relations[key].add(rows):
                self.relations[key].take()

    def run(self) -> None:
        """Close the ontology, then everything."""
        self._close([rule for rule in self.rules if _is_about_ontology(rule)])
        self._close(self.rules)

    def _close(self, rules: Sequence[Rule]) -> None:
        """Compile and run; again while new axioms follow."""
        while True:
            self._known = self.relations.inhabited()
            self.relations.consulted.clear()
            program = self.program = compile_rules(rules, self.relations, full=self._full)
            self.facts.update(program.facts)
            for fact in program.facts:
                target = TargetRelation.of(fact)
                self._add(target, {target.columns if len(target.columns) == 2 else fact.subject})
            self._respell(respellings(program.clauses))
            self._literals.update(key for clause in program.clauses for key in clause.reads if key.literals)
            self.contradicting = [clause for clause in program.clauses if not clause.clause.head]
            self._start([clause for clause in program.clauses if clause.label() not in self._started])
            self.exhaust()
            if not self.relations.grown() and not self.is_outdated():
                self.axioms = frozenset(self.relations.consulted)
                return

    def is_outdated(self) -> bool:
        """Whether relations that have been inhabited since the rules were compiled call for compiling them again."""
        return self.program.outdated(self.relations.inhabited() - self._known)

    def _respell(self, properties: Iterable[tuple[Term, Term]]) -> None:
        """Keep properties in other spellings of their values as well."""
        properties = list(properties)
        self.relations.hold(Key(predicate) for predicate, _ in properties)
        for predicate, literal in properties:
            key, name = Key(predicate), respelled(predicate, literal)
            if name not in self._started:
                self._started.add(name)
                step = OtherSpellings(literal) if literal else OneSpelling(self.relations.representatives)
                target = TargetRelation.of(Triple("?x", name, "?y"))
                self.steps[key].append((step, target))
                self.respelling[target.key] = step, key
                self._add(target, step.run(self.relations[key].rows))

    def _start(self, clauses: Sequence[GroundClause]) -> None:
        """Run clauses for the first time, on all rows; those that copy before those that join."""
        self._started.update(compiled.label() for compiled in clauses)
        running = [self._running(one, one.clause.head) for one in sorted(clauses, key=_atoms) if one.clause.head]
        for target, rows in self._copied(clauses, running):
            self._add(target, rows)
        for keys, steps, target in running:
            smallest = min(range(len(keys)), key=lambda k: len(self.relations[keys[k]].rows)) if len(keys) > 1 else 0
            relation = self.relations[keys[smallest]]
            if not relation.unread and relation.rows:
                self._add(target, steps[smallest].run(relation.rows))
            for key, step in zip(keys, steps, strict=True):
                self.steps[key].append((step, target))

    def _running(self, compiled: GroundClause, head: Triple) -> _Running:
        target = TargetRelation.of(head, compiled.clause.body)
        self.deriving[target.key].append((compiled, target))
        keys = tuple(map(self.relations.key, compiled.reads))
        return _Running(keys, [JoinStep(compiled, k, target.columns, self.relations) for k in range(len(keys))], target)

    def _copied(
        self, clauses: Sequence[GroundClause], running: Sequence[_Running]
    ) -> Iterable[tuple[TargetRelation, set[Any]]]:
        """Hold what clauses join, fill or find contradicting; what follows from single triples that are not held."""
        held = {
            key for compiled in clauses if _atoms(compiled) > 1 or not compiled.clause.head for key in compiled.reads
        }
        held |= {target.key for _, _, target in running}
        copies: dict[Key, list[_Running]] = defaultdict(list)
        for one in running:
            if len(one.keys) == 1:
                copies[one.keys[0]].append(one)
        derived: dict[TargetRelation, set[Any]] = defaultdict(set)
        for key, rows in self.relations.read(held, copies):
            for _, (step,), target in copies[key]:
                derived[target] |= step.run(rows)
        return derived.items()

    def exhaust(self) -> None:
        """Run steps until no relation holds new rows."""
        while self._queue:
            key = next(iter(self._queue))
            del self._queue[key]
            new = self.relations[key].take()
            for step, target in self.steps.get(key, ()):
                self._add(target, step.run(new))

    def add(self, key: Key, rows: set[Any]) -> None:
        """Let rows wait for the steps of their relation."""
        if rows and self.relations[key].add(rows):
            self._queue[key] = None

    def _add(self, target: TargetRelation, rows: set[Any]) -> None:
        """Take in derived rows."""
        for key, placed in self.placed(target, rows):
            self.add(key, placed)

    def placed(self, target: TargetRelation, rows: set[Any]) -> Iterator[tuple[Key, set[Any]]]:
        """The relations that derived rows belong to, without what is noise by its form."""
        key = self.relations.key(target.key)
        if key.predicate == v.TYPE and key.value is None:
            classes: dict[Term, set[Term]] = defaultdict(set)
            for subject, name in rows:
                classes[name].add(subject)
            for name, members in classes.items():
                yield from self.placed(TargetRelation(Key(v.TYPE, name), target.columns[:1], target.checked), members)
            return
        literals: set[Any] = set()
        if self._full:
            pass
        elif key.predicate == v.SAME_AS:
            literals = {row for row in rows if is_literal(row[0]) or is_literal(row[1])}
        elif target.checked:
            literals = set(filter(_is_literal_member if key.value else _has_literal_subject, rows))
        yield key, rows - literals if literals else rows
        # What is no triple is kept apart where a contradiction may need it.
        apart = key._replace(literals=True)
        if literals and apart in self._literals:
            yield apart, literals


def _atoms(compiled: GroundClause) -> int:
    return len(compiled.clause.body)


def _is_literal_member(row: str) -> bool:
    return row[0] == '"'


def _has_literal_subject(row: tuple[str, str]) -> bool:
    return row[0][0] == '"'


def _is_about_ontology(rule: Rule) -> bool:
    """Whether all atoms of a rule are axioms, so that it can be run before the others are compiled."""
    return all(isinstance(part, Members) or (isinstance(part, Triple) and is_axiom(part)) for part in rule.parts)
