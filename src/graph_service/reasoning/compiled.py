"""The default reasoner: OWL 2 RL, compiled to the ontology at hand."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from graph_service.rdf.terms import Triple, is_literal
from graph_service.reasoning import Closure, literals
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.continuation import Continuation
from graph_service.reasoning.contradictions import find
from graph_service.reasoning.evaluation import Evaluation
from graph_service.reasoning.noise import is_noise
from graph_service.reasoning.notation import owl2rl
from graph_service.reasoning.relations import Relations
from graph_service.reasoning.rules import Rule


class CompiledReasoner:
    """Computes closures by compiled rules.

    Args:
        rules: further rules, beside those of OWL 2 RL; see `notation.load`.
        full: also give what is left out as noise, except for lists.
    """

    name = "compiled"

    def __init__(self, rules: Sequence[Rule] = (), *, full: bool = False) -> None:
        self._rules = (*owl2rl(), *rules)
        self._full = full

    def close(self, stated: Collection[Triple]) -> Closure:
        """The closure without noise, and its contradictions."""
        return self._closed(stated)[0]

    def start(self, stated: Collection[Triple]) -> tuple[Closure, Continuation | None]:
        """The closure, and what goes on from it; nothing goes on from a contradiction, or from a full closure."""
        closure, evaluation = self._closed(stated)
        if closure.contradictions or self._full:
            return closure, None
        return closure, Continuation(evaluation, stated, closure.inferred)

    def _closed(self, stated: Collection[Triple]) -> tuple[Closure, Evaluation]:
        with uncollected():
            evaluation = Evaluation(self._rules, stated, full=self._full)
            evaluation.run()
            contradictions = tuple(find(evaluation, stated))
            inferred = _triples(evaluation.relations)
            if not self._full:
                useful = [triple for triple in inferred if not is_noise(*triple)]
                return Closure(literals.each_value_once(useful, evaluation.relations), contradictions), evaluation
            triples = [triple for triple in inferred if not is_literal(triple.subject)]
            generalized = [triple for triple in inferred if is_literal(triple.subject)]
            return Closure(triples + _reflexive([*stated, *triples]), contradictions, generalized), evaluation


@contextmanager
def uncollected() -> Iterator[None]:
    """Without Python's search for cycles of references.

    Millions of tuples of strings make none, and looking takes a third of the time. Worth having around whatever
    else a build does with a million quads.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _triples(relations: Relations) -> list[Triple]:
    """The inferred triples."""
    triples: list[Triple] = []
    for key, relation in relations:
        if key.literals:
            continue
        for rows in relation.inferred:
            if key.value:
                triples += [Triple(member, v.TYPE, key.value) for member in rows]
            else:
                triples += [Triple(subject, key.predicate, value) for subject, value in rows]
    return triples


def _reflexive(triples: Sequence[Triple]) -> list[Triple]:
    """What `eq-ref` gives of terms that may be subjects and is not there yet."""
    terms = {term for triple in triples for term in triple if not is_literal(term)}
    same = (Triple(term, v.SAME_AS, term) for term in terms)
    return list(set(same).difference(triples))
