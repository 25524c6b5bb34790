"""Gathering the facts of a proof from the store, in rounds.

The search for a proof asks for triple patterns. It runs on the facts that are there, notes the patterns that are
not, and stops between two layers if there are any. Those are asked of the store in one query, and the search goes on
with the goals for which they were missing, so that it finds the proof it finds in the whole graph.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Generator, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeAlias, TypeVar

from graph_service.errors import LimitExceeded, NotEntailed, QueryTimeout
from graph_service.explaining import patterns
from graph_service.explaining.patterns import Pattern
from graph_service.rdf import answers
from graph_service.rdf.terms import Quad, Term, Triple, is_literal
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.applicable import ApplicableRules
from graph_service.reasoning.facts import FactsMissing, MemoryFacts
from graph_service.reasoning.notation import owl2rl
from graph_service.reasoning.proofs import Proof, ProofSearch

Result = TypeVar("Result")
# Work that needs a store: it yields SELECT queries, is sent their answers in JSON, and returns its result.
Inquiry: TypeAlias = Generator[Sequence[str], Sequence[bytes], Result]


@dataclass(frozen=True)
class Finished(Generic[Result]):
    """What an inquiry has come to."""

    result: Result


def advance(inquiry: Inquiry[Result], found: Sequence[bytes] | None) -> Sequence[str] | Finished[Result]:
    """Run an inquiry to its next queries or to its end.

    Args:
        inquiry: what is run.
        found: answers to its last queries; None starts it.
    """
    try:
        return next(inquiry) if found is None else inquiry.send(found)
    except StopIteration as finished:
        return Finished(finished.value)


# What rules ask for of every goal and few data sets have: without it, a proof asks for two facts less for each goal.
_IDENTITY = (v.SAME_AS, v.DIFFERENT_FROM)
# Patterns that one query asks for: where there are a thousand ways to prove something, the first ones will do.
_AT_ONCE = 128
_SPELLINGS = 16
# So many triples of one predicate and object are asked for by one pattern.
_ALIKE = 8


@dataclass(frozen=True)
class ProofLimits:
    """What one proof may use.

    Attributes:
        seconds: time for all of it, queries included.
        rounds: how often the store is asked.
        patterns: triple patterns that are asked for.
        facts: quads that are kept.
        per_pattern: quads of one pattern; `widening` times as many where these do not hold a proof.
        axioms: quads of the ontology.
    """

    seconds: float = 20.0
    rounds: int = 100
    patterns: int = 10_000
    facts: int = 200_000
    per_pattern: int = 1_000
    widening: int = 16
    axioms: int = 200_000


class Ontology:
    """The axioms of a data set, stated and inferred; they are the same for all proofs.

    Args:
        quads: the axioms.
        inferred_graph: the named graph of those that are inferred.
        unused: predicates of the rules, other than those of axioms, that no triple of the data set has.

    Attributes:
        rules: those that may conclude something under these axioms.
    """

    def __init__(self, quads: Sequence[Quad], inferred_graph: Term, unused: Collection[Term] = ()) -> None:
        stated = (quad for quad in quads if quad.graph != inferred_graph)
        facts = MemoryFacts(stated, (quad.triple for quad in quads if quad.graph == inferred_graph))
        self.match = lru_cache(maxsize=16_384)(facts.match)
        self.stated = facts.stated
        self.rules = ApplicableRules(owl2rl(), self, unused)


def load_ontology(inferred_graph: Term, limits: ProofLimits) -> Inquiry[Ontology]:
    """Ask for all axioms.

    Raises:
        LimitExceeded: there are too many.
    """
    (answer, used) = yield [patterns.select_schema(limits.axioms + 1), patterns.select_used(_IDENTITY)]
    quads = patterns.read_schema(answer)
    if len(quads) > limits.axioms:
        raise _exceeded("axioms", limits.axioms)
    return Ontology(quads, inferred_graph, set(_IDENTITY) - patterns.read_used(used))


class GatheredFacts:
    """The facts that one search has asked for (`ClosedFacts`).

    Args:
        ontology: the axioms.
        inferred_graph: the named graph of the inferred triples.
        limits: what the search may use.
    """

    def __init__(self, ontology: Ontology, inferred_graph: Term, limits: ProofLimits) -> None:
        self.capped = False
        self._ontology = ontology
        self._inferred = inferred_graph
        self._limits = limits
        self._per_pattern = limits.per_pattern
        self._deadline = time.monotonic() + limits.seconds
        self._known: dict[Pattern, Sequence[Triple]] = {}
        self._complete: set[Pattern] = set()
        self._graphs: dict[Triple, tuple[Term, ...]] = {}
        self._missing: dict[Pattern, None] = {}
        self.rules = ontology.rules
        self.misses = 0
        self._rounds = self._asked = self._kept = 0

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterable[Triple]:
        """The triples of a pattern, sorted; none, and the pattern noted, if they are not there yet."""
        if time.monotonic() > self._deadline:
            raise QueryTimeout(f"No proof was found within {self._limits.seconds:g} s.")
        pattern = Pattern(subject, predicate, value)
        if patterns.is_schema(pattern):
            return self._ontology.match(subject, predicate, value)
        if subject is not None and predicate is not None and value is not None:
            triple = Triple(subject, predicate, value)
            return (triple,) if self._graphs_of(triple) else ()
        if pattern not in self._known and patterns.is_possible(pattern):
            self._miss(pattern)
        return self._known.get(pattern, ())

    def stated(self, triple: Triple) -> tuple[Term, ...]:
        """The named graphs in which the triple is stated; empty if it is not."""
        if patterns.is_schema(Pattern(*triple)):
            return self._ontology.stated(triple)
        return tuple(graph for graph in self._graphs_of(triple) if graph != self._inferred)

    def checkpoint(self) -> None:
        """Stop the search if it has asked for facts that are not there yet."""
        if self._missing:
            raise FactsMissing

    def widen(self) -> None:
        """Forget the patterns that were cut short, and ask for more of each from now on.

        Raises:
            LimitExceeded: that has been done before.
        """
        if self._per_pattern > self._limits.per_pattern:
            raise _exceeded("quads of one pattern", self._per_pattern)
        self._per_pattern *= self._limits.widening
        self._known = {pattern: found for pattern, found in self._known.items() if pattern in self._complete}
        self.capped = False

    def gather(self) -> Inquiry[None]:
        """Ask for what is missing.

        Raises:
            LimitExceeded: it is too much.
        """
        asked, self._missing = self._together(), {}
        self._rounds += 1
        self._asked += len(asked)
        if self._rounds > self._limits.rounds:
            raise _exceeded("rounds", self._limits.rounds)
        if self._asked > self._limits.patterns:
            raise _exceeded("patterns", self._limits.patterns)
        (answer,) = yield [patterns.select(asked, self._per_pattern + 1)]
        for pattern, quads in patterns.read(answer, asked).items():
            self._keep(pattern, quads)

    def _together(self) -> list[Pattern]:
        """The patterns that are missing; of many triples that differ in their subjects, the one that holds them all.

        Of a class they are asked for one by one: it has more members than these. So they are where the pattern was
        cut short before.
        """
        wider = {pattern: pattern._replace(subject=None) for pattern in self._missing if pattern.is_triple}
        alike = Counter(wider.values())
        joined = {
            pattern for pattern, n in alike.items() if n >= _ALIKE and pattern.predicate != v.TYPE
        } - self._known.keys()
        return list(dict.fromkeys(wider[p] if wider.get(p) in joined else p for p in self._missing))

    def _keep(self, pattern: Pattern, quads: list[Quad]) -> None:
        self._kept += len(quads)
        if self._kept > self._limits.facts:
            raise _exceeded("facts", self._limits.facts)
        triples = sorted({quad.triple for quad in quads})
        self._known[pattern] = triples
        if not pattern.is_triple and len(quads) > self._per_pattern:
            # Of these, some graphs may be missing: each is asked for by itself when it is needed.
            self.capped = True
            return
        self._complete.add(pattern)
        graphs: dict[Triple, list[Term]] = {}
        for quad in quads:
            graphs.setdefault(quad.triple, []).append(quad.graph)
        self._graphs |= {triple: tuple(sorted(found)) for triple, found in graphs.items()}

    def _graphs_of(self, triple: Triple) -> tuple[Term, ...]:
        """All named graphs of a triple; none, and the triple noted, if they are not known yet."""
        if triple in self._graphs:
            return self._graphs[triple]
        s, p, o = triple
        # As plain tuples, which are equal to the patterns and made in a fifth of the time.
        wider = ((s, p, o), (s, p, None), (None, p, o), (s, None, o))
        if self._complete.isdisjoint(wider) and patterns.is_possible(Pattern(s, p, o)):
            self._miss(Pattern(s, p, o))
        return ()

    def _miss(self, pattern: Pattern) -> None:
        self._missing[pattern] = None
        self.misses += 1
        if len(self._missing) >= _AT_ONCE:
            raise FactsMissing


def find_proof(triple: Triple, facts: GatheredFacts) -> Inquiry[Proof]:
    """The proof of a triple, whose literal may be spelled otherwise in the data.

    Raises:
        NotEntailed: the triple neither stands in the data nor follows from them.
        LimitExceeded: the search needs more than a limit allows; the error says which.
        QueryTimeout: it takes too long.
    """
    goal = yield from _as_spelled(triple)
    search = ProofSearch([goal], facts, facts.rules)
    while True:
        try:
            return search.proof(goal)
        except FactsMissing:
            yield from facts.gather()
        except NotEntailed:
            if not facts.capped:
                raise
            facts.widen()
            search = ProofSearch([goal], facts, facts.rules)


def _as_spelled(triple: Triple) -> Inquiry[Triple]:
    """The triple with its literal as the data spell it: `"1"` for `"01"`, where a store keeps values."""
    if not is_literal(triple.object) or is_literal(triple.subject) or is_literal(triple.predicate):
        return triple
    (answer,) = yield [patterns.select_spellings(triple, _SPELLINGS)]
    spellings = [row["o"] for row in answers.terms(answer)]
    if triple.object in spellings or not spellings:
        return triple
    return triple._replace(object=min(spellings))


def _exceeded(what: str, limit: int) -> LimitExceeded:
    return LimitExceeded(
        f"The search for the proof needs more than {limit} {what}.",
        hint="Ask for the proof of a premise: a statement from which this one follows in fewer steps.",
    )
