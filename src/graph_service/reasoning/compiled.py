"""The default reasoner: OWL 2 RL, compiled to the ontology at hand."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from graph_service.reasoning import Closure
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.contradictions import find
from graph_service.reasoning.evaluation import Evaluation
from graph_service.reasoning.noise import is_noise
from graph_service.reasoning.relations import Relations
from graph_service.reasoning.rules import Rule, owl2rl
from graph_service.terms import Triple


class CompiledReasoner:
    """Computes closures by compiled rules.

    Args:
        rules: further rules, beside those of OWL 2 RL; see `rules.load`.
    """

    name = "compiled"

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self._rules = (*owl2rl(), *rules)

    def close(self, stated: Collection[Triple]) -> Closure:
        """The closure without noise, and its contradictions."""
        with _no_collection():
            evaluation = Evaluation(self._rules, stated)
            evaluation.run()
            contradictions = tuple(find(evaluation, set(stated))) if evaluation.contradicting else ()
            return Closure(_triples(evaluation.relations), contradictions)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of tuples of strings make no cycles; looking for some would take a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _triples(relations: Relations) -> list[Triple]:
    """The inferred triples, noise left out."""
    triples: list[Triple] = []
    for key, relation in relations:
        if key.literals:
            continue
        for rows in relation.inferred:
            if key.value:
                found = [Triple(member, v.TYPE, key.value) for member in rows]
            else:
                found = [Triple(subject, key.predicate, value) for subject, value in rows]
            triples += [triple for triple in found if not is_noise(*triple)]
    return triples
