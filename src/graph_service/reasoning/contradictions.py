"""Contradictions: where a closed graph satisfies the body of a rule whose head is false."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import islice
from typing import NamedTuple

from graph_service.reasoning import Contradiction
from graph_service.reasoning.compilation import Compiled
from graph_service.reasoning.evaluation import Evaluation, Step
from graph_service.reasoning.proofs import Inference, refute
from graph_service.reasoning.rules import is_variable, substitute
from graph_service.terms import Term, Triple

LIMIT = 100
"""How many contradictions are reported for one axiom: a thousand more would have the same cause."""


def find(evaluation: Evaluation, stated: Set[Triple]) -> Iterator[Contradiction]:
    """The contradictions of a finished evaluation, mirror images left out (x and y, y and x).

    Args:
        evaluation: the closed graph.
        stated: its triples that are stated.
    """
    seen: set[tuple[str, frozenset[Term]]] = set()
    facts = _Evaluated(evaluation, stated)
    for compiled in evaluation.contradicting:
        rule = compiled.clause.rule
        for binding in islice(_bindings(compiled, evaluation), LIMIT):
            premises = tuple(substitute(premise, binding) for premise in compiled.premises)
            terms = frozenset(term for premise in premises for term in premise)
            if (rule, terms) not in seen:
                seen.add((rule, terms))
                proof = refute(Inference(rule, premises, None), facts, evaluation.rules)
                yield Contradiction(rule, premises, _sentence(compiled, binding), tuple(proof.stated))


class _Evaluated(NamedTuple):
    """A finished evaluation as facts, so that contradictions can be traced to what was stated."""

    evaluation: Evaluation
    triples: Set[Triple]

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[Triple]:
        return self.evaluation.relations.match(subject, predicate, value)

    def stated(self, triple: Triple) -> tuple[Term, ...]:
        return ("stated",) if triple in self.triples else ()


def _bindings(compiled: Compiled, evaluation: Evaluation) -> Iterator[dict[str, Term]]:
    keys = compiled.reads
    sizes = [len(evaluation.relations[key].rows) for key in keys]
    if not sizes:
        yield {}
    if not sizes or not all(sizes):
        return
    first = sizes.index(min(sizes))
    variables = tuple(sorted({term for atom in compiled.clause.body for term in atom if is_variable(term)}))
    step = Step(compiled, first, variables, evaluation.relations)
    for row in sorted(step.run(evaluation.relations[keys[first]].rows)):
        yield dict(zip(variables, (row,) if len(variables) == 1 else row, strict=True))


def _sentence(compiled: Compiled, binding: dict[str, Term]) -> dict[str, str]:
    bound = {**compiled.bound, **binding}
    names = {name.removeprefix("?"): binding.get(term, term) for name, term in bound.items()}
    sentences = compiled.clause.sentence or {"en": "This contradicts itself.", "de": "Das widerspricht sich."}
    return {language: sentence.format_map(names) for language, sentence in sentences.items()}
