"""Contradictions: where a closed graph satisfies the body of a rule whose head is false."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

from graph_service.rdf.terms import Term, Triple
from graph_service.reasoning import Contradiction
from graph_service.reasoning.evaluation import Evaluation, JoinStep
from graph_service.reasoning.program import GroundClause
from graph_service.reasoning.proofs import Inference, refute
from graph_service.reasoning.rules import is_variable, substitute

LIMIT = 100
"""How many contradictions are reported for one axiom: a thousand more would have the same cause."""


def find(evaluation: Evaluation, stated: Collection[Triple]) -> list[Contradiction]:
    """The contradictions of a finished evaluation, in a fixed order, mirror images left out (x and y, y and x).

    Args:
        evaluation: the closed graph.
        stated: its triples that are stated.
    """
    found: dict[tuple[str, frozenset[Term]], tuple[Inference, dict[str, str]]] = {}
    for compiled in evaluation.contradicting:
        for binding in islice(_bindings(compiled, evaluation), LIMIT):
            premises = tuple(substitute(premise, binding) for premise in compiled.premises)
            inference = Inference(compiled.clause.rule, premises, None)
            terms = frozenset(term for premise in premises for term in premise)
            found.setdefault((inference.rule, terms), (inference, _sentence(compiled, binding)))
    if not found:
        return []
    facts = _ClosureFacts(evaluation, frozenset(stated))
    ordered = sorted(found.values(), key=lambda pair: (pair[0].rule, pair[0].premises))
    return [_traced(inference, sentence, facts) for inference, sentence in ordered]


class _ClosureFacts(NamedTuple):
    """A finished evaluation as facts, so that contradictions can be traced to what was stated."""

    evaluation: Evaluation
    triples: frozenset[Triple]

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> list[Triple]:
        return sorted(self.evaluation.relations.match(subject, predicate, value))

    def stated(self, triple: Triple) -> tuple[Term, ...]:
        return ("stated",) if triple in self.triples else ()

    @property
    def misses(self) -> int:
        return 0

    def checkpoint(self) -> None:
        return None


def _traced(inference: Inference, sentence: dict[str, str], facts: _ClosureFacts) -> Contradiction:
    """The contradiction with the stated triples that it rests on."""
    proof = refute(inference, facts, facts.evaluation.rules)
    return Contradiction(inference.rule, inference.premises, sentence, tuple(proof.stated))


def _bindings(compiled: GroundClause, evaluation: Evaluation) -> Iterator[dict[str, Term]]:
    keys = compiled.reads
    sizes = [len(evaluation.relations[key].rows) for key in keys]
    if not sizes:
        yield {}
    if not sizes or not all(sizes):
        return
    first = sizes.index(min(sizes))
    variables = tuple(sorted({term for atom in compiled.clause.body for term in atom if is_variable(term)}))
    step = JoinStep(compiled, first, variables, evaluation.relations)
    for row in sorted(step.run(evaluation.relations[keys[first]].rows)):
        yield dict(zip(variables, (row,) if len(variables) == 1 else row, strict=True))


def _sentence(compiled: GroundClause, binding: dict[str, Term]) -> dict[str, str]:
    bound = {**compiled.bound, **binding}
    names = {name.removeprefix("?"): binding.get(term, term) for name, term in bound.items()}
    sentences = compiled.clause.sentence or {"en": "This contradicts itself.", "de": "Das widerspricht sich."}
    return {language: sentence.format_map(names) for language, sentence in sentences.items()}
