"""Applicable rules: those that may conclude a goal, found by the heads of rules and by the axioms there are.

A search for proofs asks for the rules of each of its goals. Most rules of the table need an axiom that the ontology
does not have: without a `owl:SymmetricProperty`, no goal follows by `prp-symp`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from graph_service.rdf.terms import Term, Triple, is_literal
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.compilation import is_axiom
from graph_service.reasoning.matching import Facts
from graph_service.reasoning.notation import owl2rl
from graph_service.reasoning.rules import Rule, has_subscript, is_variable, substitute

# Predicates and classes whose rules are remembered.
_REMEMBERED = 4_096


class Head(NamedTuple):
    """A rule, and which of its heads may be the goal."""

    rule: Rule
    position: int


class ApplicableRules:
    """The rules that may conclude a goal.

    Args:
        rules: those of the closure.
        axioms: all axioms, stated and inferred; None if they may change, and then no rule is left out for them.
        unused: predicates of the table that no triple has.
    """

    def __init__(self, rules: Sequence[Rule], axioms: Facts | None = None, unused: Collection[Term] = ()) -> None:
        self._heads = [Head(rule, position) for rule in rules for position in range(len(rule.heads))]
        self._axioms = axioms
        self._unused = unused
        self._of: Callable[[Term, Term | None, bool], Sequence[Head]] = lru_cache(_REMEMBERED)(self._find)

    def of(self, goal: Triple) -> Sequence[Head]:
        """The heads that may be the goal, in the order of the table."""
        return self._of(goal.predicate, goal.object if goal.predicate == v.TYPE else None, is_literal(goal.object))

    def _find(self, predicate: Term, class_: Term | None, is_value: bool) -> Sequence[Head]:
        # Literals of one value are the same, which no triple states.
        heads = self._heads if is_value else [head for head in self._heads if not self._reads_unused(head.rule)]
        return [
            head for head in heads if self._fits(head, predicate, class_) and self._has_axioms(head, predicate, class_)
        ]

    def _reads_unused(self, rule: Rule) -> bool:
        return any(part.predicate in self._unused for part in rule.parts if isinstance(part, Triple))

    def _fits(self, head: Head, predicate: Term, class_: Term | None) -> bool:
        """Whether the head has this predicate, and this class if it has one."""
        _, given, value = head.rule.heads[head.position]
        return is_variable(given) or (given == predicate and (is_variable(value) or class_ in (None, value)))

    def _has_axioms(self, head: Head, predicate: Term, class_: Term | None) -> bool:
        """Whether each axiom that the rule needs is there, as far as predicate and class of the goal tell which."""
        rule = head.rule
        _, given, value = rule.heads[head.position]
        bound = {given: predicate} if class_ is None else {given: predicate, value: class_}
        known = {name: term for name, term in bound.items() if not (rule.members and has_subscript(name))}
        before = rule.before_list if rule.members else rule.parts
        atoms = (part for part in before if isinstance(part, Triple) and is_axiom(part))
        return all(self._may_hold(substitute(atom, known)) for atom in atoms)

    def _may_hold(self, atom: Triple) -> bool:
        """Whether an axiom may be there.

        A closure leaves some out that hold (`noise`). That every class is in `owl:Thing` may lead to a goal; that a
        term is its own sub- or equivalent class or property leads from the goal to itself.
        """
        over_thing = atom.predicate == v.SUB_CLASS_OF and (is_variable(atom.object) or atom.object == v.THING)
        if self._axioms is None or over_thing:
            return True
        s, p, o = (None if is_variable(term) or is_literal(term) else term for term in atom)
        return next(iter(self._axioms.match(s, p, o)), None) is not None


@cache
def of_any_ontology() -> ApplicableRules:
    """The rules of OWL 2 RL by their heads alone."""
    return ApplicableRules(owl2rl())
