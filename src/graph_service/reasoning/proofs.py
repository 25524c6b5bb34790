"""Proofs: why a triple follows, from stated triples by rules of the table.

A proof is looked for when it is asked for, in the closed graph, backwards: a conclusion's possible premises are
the bodies of rules that give it. Layer by layer this grows a graph of alternatives, in which a proof is then built
forwards from the stated triples (Knuth: A generalization of Dijkstra's algorithm, 1977). Built forwards, it cannot
run in circles; and as every layer is tried before the next is added, it is as shallow as there is one, and the
smallest that these layers hold.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import chain, islice

from graph_service.errors import NotEntailed
from graph_service.rdf.datatypes import same
from graph_service.rdf.terms import Term, Triple, is_literal
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.applicable import ApplicableRules, of_any_ontology
from graph_service.reasoning.conditions import holds, refuted
from graph_service.reasoning.facts import ClosedFacts
from graph_service.reasoning.matching import openings, solve, unify
from graph_service.reasoning.noise import is_noise
from graph_service.reasoning.rules import Condition, Rule, has_subscript, list_axioms, substitute

# How many uses of one rule are looked at for one goal, at first.
_WIDTH = 8


@dataclass(frozen=True)
class Inference:
    """One use of a rule.

    Attributes:
        rule: its W3C name.
        premises: the triples of its body, in the order of the table.
        conclusion: what follows; None means false.
    """

    rule: str
    premises: tuple[Triple, ...]
    conclusion: Triple | None


@dataclass(frozen=True)
class Proof:
    """Why a triple holds.

    Attributes:
        conclusion: what is proved; None means that false is.
        inferences: the uses of rules, each after those that prove its premises; empty for a stated triple.
        stated: the leaves: stated triples that are used, and the named graphs they stand in.
    """

    conclusion: Triple | None
    inferences: tuple[Inference, ...]
    stated: dict[Triple, tuple[Term, ...]]


def explain(triple: Triple, facts: ClosedFacts, rules: Sequence[Rule] | None = None) -> Proof:
    """The proof of a stated or inferred triple.

    Args:
        triple: what is to be proved.
        facts: the closed graph.
        rules: the rules it was closed under; OWL 2 RL if not given.

    Raises:
        NotEntailed: the triple is neither stated nor does it follow.
    """
    return ProofSearch([triple], facts, _applicable(rules)).proof(triple)


def refute(inference: Inference, facts: ClosedFacts, rules: Sequence[Rule] | None = None) -> Proof:
    """The proof of false from an inference whose conclusion is false.

    Raises:
        NotEntailed: one of its premises does not follow.
    """
    found = ProofSearch(inference.premises, facts, _applicable(rules)).proof(None)
    return Proof(None, (*found.inferences, inference), found.stated)


class ProofSearch:
    """The search for the proofs of some goals, which can be interrupted.

    Args:
        goals: what is to be proved.
        facts: the closed graph.
        rules: those of the rules it was closed under that may conclude a goal; OWL 2 RL if not given.
    """

    def __init__(self, goals: Sequence[Triple], facts: ClosedFacts, rules: ApplicableRules | None = None) -> None:
        self._goals = goals
        self._facts = facts
        self._rules = rules or of_any_ontology()
        self._alternatives = _Alternatives(goals, facts, self._rules, _WIDTH)

    def proof(self, conclusion: Triple | None) -> Proof:
        """The proofs of the goals as that of a conclusion.

        Raises:
            NotEntailed: one of the goals is neither stated nor does it follow.
            FactsMissing: as of the facts; the next call goes on from there.
        """
        while True:
            search = self._alternatives
            proved = search.run()
            missing = [goal for goal in self._goals if goal not in proved and goal not in search.stated]
            if not missing:
                inferences, leaves = _collected(self._goals, proved, search.stated)
                return Proof(conclusion, tuple(inferences), leaves)
            if not search.cut:
                raise NotEntailed(f"This neither stands in the data nor follows from them: {missing[0]}")
            self._alternatives = _Alternatives(self._goals, self._facts, self._rules, search.width * 8)


class _Alternatives:
    """The alternatives found so far for some goals.

    `width` bounds how many uses of one rule are looked at for one goal: an actor speaks on an issue for a hundred
    reasons, of which one is enough. Where those do not do, the search starts again with more.
    """

    def __init__(self, goals: Sequence[Triple], facts: ClosedFacts, rules: ApplicableRules, width: int) -> None:
        self._goals = goals
        self._facts = facts
        self._rules = rules
        self.width = width
        self.cut = False
        self.stated: dict[Triple, tuple[Term, ...]] = {}
        # The layers so far, and for each goal in them the uses of rules, by number, for which all facts were there.
        self._layers: list[list[Triple]] = []
        self._opened: set[Triple] = set()
        self._uses: dict[Triple, dict[int, list[Inference]]] = {}

    def run(self) -> dict[Triple, Inference]:
        """The inferences by which goals are proved, by conclusion: of all goals, unless there are none."""
        if not self._layers:
            # Asks for what goals may follow from together with whether they are stated.
            for goal in self._goals:
                deque(self._look_into(goal), maxlen=0)
            self._add_layer(self._goals)
        proved: dict[Triple, Inference] = {}
        while self._layers[-1] and not all(goal in proved or goal in self.stated for goal in self._goals):
            uses = [use for goal in self._layers[-1] for use in self._look_into(goal)]
            self._add_layer(premise for use in uses for premise in use.premises)
            proved = self._proved()
        return proved

    def _add_layer(self, triples: Iterable[Triple]) -> None:
        """Add the goals that come next, unless facts are missing."""
        layer = self._open(triples)
        self._facts.checkpoint()
        self._layers.append(layer)
        self._opened.update(layer)

    def _look_into(self, goal: Triple) -> Iterator[Inference]:
        """The uses of rules that conclude the goal from facts; those of a rule are kept unless facts were missing."""
        kept = self._uses.setdefault(goal, {})
        for number, (rule, position) in enumerate(self._rules.of(goal)):
            uses = kept.get(number)
            if uses is None:
                misses = self._facts.misses
                uses = self._uses_of(rule, position, goal)
                if self._facts.misses == misses:
                    kept[number] = uses
            yield from uses or ()

    def _open(self, triples: Iterable[Triple]) -> list[Triple]:
        """Those triples that are neither stated nor looked into yet."""
        unseen = [t for t in dict.fromkeys(triples) if t not in self._opened and t not in self.stated]
        for triple in unseen:
            if graphs := self._facts.stated(triple):
                self.stated[triple] = graphs
        return [triple for triple in unseen if triple not in self.stated]

    def _uses_of(self, rule: Rule, position: int, goal: Triple) -> list[Inference]:
        found = list(islice(self._premises(rule, position, goal), self.width + 1))
        self.cut |= len(found) > self.width
        return [Inference(rule.name, premises, goal) for premises in found[: self.width]]

    def _premises(self, rule: Rule, position: int, goal: Triple) -> Iterator[tuple[Triple, ...]]:
        """The bodies of a rule under which its head at this position is the goal."""
        whole = unify(rule.heads[position], goal, {})
        if whole is None or any(refuted(part, whole) for part in rule.parts if isinstance(part, Condition)):
            return
        known = {name: term for name, term in whole.items() if not (rule.members and has_subscript(name))}
        for opened, length in openings(rule, self._facts, known):
            axioms = list_axioms(rule, length)
            for clause in islice(rule.clauses_behind_list(length), position, None, len(rule.heads)):
                binding = clause.head and unify(clause.head, goal, opened)
                for solved in solve(clause.body, self, binding, self._follows_unseen) if binding is not None else ():
                    premises = tuple(substitute(atom, solved) for atom in (*axioms, *clause.body))
                    if goal not in premises and all(holds(condition, solved) for condition in clause.conditions):
                        yield premises

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterable[Triple]:
        """The facts, and what is kept out of them as noise yet may be asked for: all classes are in `owl:Thing`."""
        found = self._facts.match(subject, predicate, value)
        if subject is None and predicate == v.SUB_CLASS_OF and value == v.THING:
            classes = self._facts.match(None, v.TYPE, v.CLASS)
            return chain(found, (Triple(one.subject, v.SUB_CLASS_OF, v.THING) for one in classes))
        return found

    def _follows_unseen(self, triple: Triple) -> bool:
        """Whether a triple may follow and not be among the facts: as noise, or with a literal in another spelling."""
        subject, predicate, value = triple
        if is_noise(*triple) or not is_literal(value):
            return is_noise(*triple)
        return any(
            is_literal(other.object) and same(value, other.object) for other in self.match(subject, predicate, None)
        )

    def _uses_so_far(self, goal: Triple) -> Iterator[Inference]:
        kept = self._uses.get(goal, {})
        return (use for number in sorted(kept) for use in kept[number])

    def _proved(self) -> dict[Triple, Inference]:
        """The cheapest inference of every goal that can be proved from stated triples by the uses found."""
        waiting: dict[int, set[Triple]] = {}
        users: dict[Triple, list[tuple[int, Inference]]] = {}
        uses = [use for layer in self._layers for goal in layer for use in self._uses_so_far(goal)]
        heap: list[tuple[int, int]] = []
        for number, use in enumerate(uses):
            waiting[number] = {premise for premise in use.premises if premise not in self.stated}
            for premise in waiting[number]:
                users.setdefault(premise, []).append((number, use))
            if not waiting[number]:
                heappush(heap, (1, number))
        cost: dict[Triple, int] = {}
        proved: dict[Triple, Inference] = {}
        while heap:
            size, number = heappop(heap)
            conclusion = uses[number].conclusion
            if conclusion is None or conclusion in proved:
                continue
            proved[conclusion], cost[conclusion] = uses[number], size
            for user, use in users.get(conclusion, ()):
                waiting[user].discard(conclusion)
                if not waiting[user]:
                    heappush(heap, (1 + sum(cost.get(premise, 0) for premise in use.premises), user))
        return proved


def _applicable(rules: Sequence[Rule] | None) -> ApplicableRules | None:
    return None if rules is None else ApplicableRules(rules)


def _collected(
    goals: Sequence[Triple], proved: Mapping[Triple, Inference], stated: Mapping[Triple, tuple[Term, ...]]
) -> tuple[list[Inference], dict[Triple, tuple[Term, ...]]]:
    """The inferences that the goals need, each after those of its premises, and the stated triples."""
    ordered: dict[Triple, Inference] = {}
    leaves: dict[Triple, tuple[Term, ...]] = {}
    stack = [(goal, False) for goal in reversed(goals)]
    while stack:
        goal, ready = stack.pop()
        if goal in stated:
            leaves[goal] = stated[goal]
        elif ready:
            ordered.setdefault(goal, proved[goal])
        elif goal not in ordered:
            stack.append((goal, True))
            stack += [(premise, False) for premise in reversed(proved[goal].premises)]
    return list(ordered.values()), leaves
