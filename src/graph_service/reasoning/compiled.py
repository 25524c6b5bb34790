"""The default reasoner: OWL 2 RL, compiled to the ontology at hand."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from graph_service.rdf.terms import Triple, is_literal, is_typed
from graph_service.reasoning import Closure, literals
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.continuation import Continuation
from graph_service.reasoning.contradictions import find
from graph_service.reasoning.evaluation import Evaluation
from graph_service.reasoning.noise import is_noise
from graph_service.reasoning.notation import owl2rl
from graph_service.reasoning.relations import Relations
from graph_service.reasoning.rules import Rule

# Triples that take some 500 MB while they are closed.
HELD = 250_000


class CompiledReasoner:
    """Computes closures by compiled rules.

    Args:
        rules: further rules, beside those of OWL 2 RL; see `notation.load`.
        full: also give what is left out as noise, except for lists.
        held: the number of stated triples up to which all of them are held in memory (see `relations`); `HELD` if None.
    """

    name = "compiled"

    def __init__(self, rules: Sequence[Rule] = (), *, full: bool = False, held: int | None = None) -> None:
        self._rules = (*owl2rl(), *rules)
        self._full = full
        self._held = HELD if held is None else held

    def close(self, stated: Collection[Triple]) -> Closure:
        """The closure without noise, and its contradictions."""
        return self._closed(stated, held=self._full or len(stated) <= self._held)[0]

    def start(self, stated: Collection[Triple]) -> tuple[Closure, Continuation | None]:
        """The closure, and what goes on from it; nothing goes on from a contradiction, or from a full closure."""
        closure, evaluation = self._closed(stated, held=True)
        if closure.contradictions or self._full:
            return closure, None
        return closure, Continuation(evaluation, stated, closure.inferred)

    def _closed(self, stated: Collection[Triple], *, held: bool) -> tuple[Closure, Evaluation]:
        with uncollected():
            evaluation = Evaluation(self._rules, stated, full=self._full, held=held)
            evaluation.run()
            contradictions = tuple(find(evaluation, stated))
            if not self._full:
                useful = _Inferred(evaluation.relations)
                return Closure(list(useful) if held else useful, contradictions), evaluation
            inferred = list(_triples(evaluation.relations))
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


class _Inferred(Collection[Triple]):
    """The inferred triples without noise, made of their relations one after the other."""

    def __init__(self, relations: Relations) -> None:
        self._relations = relations
        self._copies = literals.copies(self._typed(), relations)

    def __iter__(self) -> Iterator[Triple]:
        return (triple for triple in self._useful() if triple not in self._copies) if self._copies else self._useful()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, triple: object) -> bool:
        return any(triple == other for other in self)

    def _typed(self) -> Iterator[Triple]:
        """Those about a value: few, and of all the others no triple is made."""
        for key, relation in self._relations:
            if not key.literals and not key.value:
                values = ((subject, value) for rows in relation.inferred for subject, value in rows if is_typed(value))
                triples = (Triple(subject, key.predicate, value) for subject, value in values)
                yield from (triple for triple in triples if not is_noise(*triple))

    def _useful(self) -> Iterator[Triple]:
        return (triple for triple in _triples(self._relations) if not is_noise(*triple))


def _triples(relations: Relations) -> Iterator[Triple]:
    """The inferred triples."""
    for key, relation in relations:
        if key.literals:
            continue
        for rows in relation.inferred:
            if key.value:
                yield from (Triple(member, v.TYPE, key.value) for member in rows)
            else:
                yield from (Triple(subject, key.predicate, value) for subject, value in rows)


def _reflexive(triples: Sequence[Triple]) -> list[Triple]:
    """What `eq-ref` gives of terms that may be subjects and is not there yet."""
    terms = {term for triple in triples for term in triple if not is_literal(term)}
    same = (Triple(term, v.SAME_AS, term) for term in terms)
    return list(set(same).difference(triples))
