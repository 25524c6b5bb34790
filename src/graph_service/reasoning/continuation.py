"""Continuation: a closure that goes on from the difference, where little is stated or taken back.

What is added runs semi-naively through the clauses that stand compiled. What is taken back is deleted with all that it
helped to derive, and what other premises still derive is put back (DRed: Gupta, Mumick, Subrahmanian: Maintaining Views
Incrementally, SIGMOD 1993, section 7). Where the clauses themselves might change, there is no continuation: axioms,
`owl:sameAs` where there is some, values that come in several spellings. Nor is there one into a contradiction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from graph_service.rdf.terms import Triple, is_literal, is_typed
from graph_service.reasoning import literals
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.compilation import is_axiom
from graph_service.reasoning.evaluation import Evaluation, JoinStep, TargetRelation
from graph_service.reasoning.noise import LISTS, is_noise
from graph_service.reasoning.program import GroundClause, Key
from graph_service.reasoning.spellings import representatives


class Difference(NamedTuple):
    """How the inferred triples differ from those before."""

    added: set[Triple]
    removed: set[Triple]


class Continuation:
    """A finished evaluation without contradictions, ready to go on.

    Args:
        evaluation: it belongs to the continuation from now on.
        stated: the triples that it was made from.
        inferred: what it gave, without noise.
    """

    def __init__(self, evaluation: Evaluation, stated: Iterable[Triple], inferred: Iterable[Triple]) -> None:
        self._evaluation = evaluation
        self._relations = evaluation.relations
        self._stated = set(stated)
        self._inferred = set(inferred)
        self._literals = self._relations.literals()
        self._taken()

    def change(self, added: Collection[Triple], removed: Collection[Triple]) -> Difference | None:
        """Go on to the closure of what is stated now.

        Args:
            added: triples that were not stated before.
            removed: triples that were, and are not any more.

        Returns:
            None if the whole has to be closed again; the continuation is then of no use any more.
        """
        if any(_is_about_ontology(triple) for triple in (*added, *removed)) or self._respells(added, removed):
            return None
        self._stated.difference_update(removed)
        gone = self._overdeleted(removed)
        for key, rows in gone.items():
            self._relations[key].discard(rows)
        for key, rows in gone.items():
            self._evaluation.add(key, self._derivable(key, rows))
        self._stated.update(added)
        for key, rows in _rows(added).items():
            self._evaluation.add(key, rows)
        self._evaluation.exhaust()
        new = self._taken()
        touched = gone.keys() | new.keys()
        if self._evaluation.is_outdated() or touched & self._evaluation.axioms or self._contradicts(new):
            return None
        return self._difference({*added, *removed, *_triples(gone), *_triples(new)})

    def _respells(self, added: Iterable[Triple], removed: Iterable[Triple]) -> bool:
        """Whether values come to be spelled in several ways, or cease to be."""
        known = self._relations.representatives
        if any(triple.object in known for triple in removed):
            return True
        new = {triple.object for triple in added if is_literal(triple.object)} - self._literals
        self._literals |= new
        return any(map(is_typed, new)) and representatives(self._literals) != known

    def _overdeleted(self, removed: Iterable[Triple]) -> Mapping[Key, set[Any]]:
        """The rows of what is taken back, and all that they helped to derive and that is not stated."""
        gone: dict[Key, set[Any]] = defaultdict(set)
        waiting = {key: self._unstated(key, rows) for key, rows in _rows(removed).items()}
        while waiting:
            key, rows = waiting.popitem()
            gone[key] |= rows
            for step, target in self._evaluation.steps.get(key, ()):
                for below, derived in self._evaluation.placed(target, step.run(rows)):
                    dead = (derived & self._relations[below].rows) - gone[below]
                    if dead := self._unstated(below, dead):
                        waiting[below] = waiting.get(below, set()) | dead
        return {key: rows for key, rows in gone.items() if rows}

    def _unstated(self, key: Key, rows: set[Any]) -> set[Any]:
        """The rows that neither stand in a source nor follow from axioms alone."""
        if key.literals:
            return rows
        facts = self._evaluation.facts
        return {row for row in rows if (triple := _triple(key, row)) not in self._stated and triple not in facts}

    def _derivable(self, key: Key, gone: set[Any]) -> set[Any]:
        """Those among deleted rows that follow in one step from the rows that are left."""
        if key in self._evaluation.respelling:
            step, source = self._evaluation.respelling[key]
            subjects = {subject for subject, _ in gone}
            return gone & step.run({row for row in self._relations[source].rows if row[0] in subjects})
        plain = key._replace(literals=False)
        found: set[Any] = set()
        for compiled, target in self._evaluation.deriving.get(plain, ()):
            found |= self._backwards(compiled, target).run(gone - found)
        if key.value:
            pairs = {(row, key.value) for row in gone - found}
            for compiled, target in self._evaluation.deriving.get(Key(v.TYPE), ()):
                found |= {member for member, _ in self._backwards(compiled, target).run(pairs)}
        return found

    def _backwards(self, compiled: GroundClause, target: TargetRelation) -> JoinStep:
        """A step that is driven by rows of the head: it gives those that the body still derives."""
        clause = compiled.clause
        body = (clause.head, *clause.body) if clause.head else clause.body
        turned = replace(compiled, clause=replace(clause, body=body))
        return JoinStep(turned, 0, target.columns, self._relations)

    def _taken(self) -> Mapping[Key, set[Any]]:
        """The rows that are new since this was asked last."""
        taken = {}
        for key, relation in self._relations:
            if relation.inferred:
                taken[key] = set[Any]().union(*relation.inferred)
                relation.inferred.clear()
        return taken

    def _contradicts(self, new: Mapping[Key, set[Any]]) -> bool:
        """Whether new rows complete the body of a clause whose head is false."""
        for compiled in self._evaluation.contradicting:
            for position, key in enumerate(compiled.reads):
                rows = new.get(self._relations.key(key))
                if rows and JoinStep(compiled, position, (), self._relations).run(rows):
                    return True
        return False

    def _difference(self, touched: set[Triple]) -> Difference:
        """How what is inferred has changed among triples that may have changed, and those of the same property."""
        touched |= {other for triple in touched if is_typed(triple.object) for other in self._beside(triple)}
        derived = [triple for triple in touched if triple not in self._stated and self._holds(triple)]
        useful = [triple for triple in derived if not is_noise(*triple)]
        now = {*useful} - literals.copies(useful, self._relations)
        difference = Difference(now - self._inferred, (touched & self._inferred) - now)
        self._inferred -= difference.removed
        self._inferred |= difference.added
        return difference

    def _beside(self, triple: Triple) -> Iterator[Triple]:
        return self._relations.match(triple.subject, triple.predicate, None)

    def _holds(self, triple: Triple) -> bool:
        return any(True for _ in self._relations.match(*triple))


def _is_about_ontology(triple: Triple) -> bool:
    return is_axiom(triple) or triple.predicate in LISTS


def _rows(triples: Iterable[Triple]) -> dict[Key, set[Any]]:
    """Triples as rows of their relations."""
    rows: dict[Key, set[Any]] = defaultdict(set)
    for subject, predicate, value in triples:
        if predicate == v.TYPE:
            rows[Key(v.TYPE, value)].add(subject)
        else:
            rows[Key(predicate)].add((subject, value))
    return rows


def _triple(key: Key, row: Any) -> Triple:
    return Triple(row, v.TYPE, key.value) if key.value else Triple(row[0], key.predicate, row[1])


def _triples(rows: Mapping[Key, set[Any]]) -> Iterator[Triple]:
    return (_triple(key, row) for key, found in rows.items() if not key.literals for row in found)
