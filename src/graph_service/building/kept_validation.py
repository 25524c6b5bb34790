"""Validation by document: shapes run on what changed and on what refers to it; other findings stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from pyshacl_turbo import CompiledShapes
from rdflib import URIRef

from graph_service.building.shape_reach import Level, reach_of
from graph_service.building.validation import (
    Findings,
    Violation,
    compiled,
    focus_nodes,
    in_order,
    validated,
    validated_about,
)
from graph_service.rdf.namespaces import SH, Names
from graph_service.rdf.terms import Term, Triple
from graph_service.reasoning import vocabulary as v

_SEVERITY = URIRef(f"{SH}severity")


class KeptValidation:
    """What shapes find in triples that change.

    Args:
        shapes: files of shapes in Turtle.
        triples: what is stated at first.
        names: for findings.
        valid: whether that is known to have no finding of a violation.

    Attributes:
        is_by_document: whether it is known what the shapes reach.
    """

    def __init__(
        self, shapes: Iterable[bytes], triples: Collection[Triple], names: Names, *, valid: bool = False
    ) -> None:
        self._names = names
        self._shapes = [compiled(text) for text in shapes]
        reaches = [reach_of(shape.graph) for shape in self._shapes]
        self._reaches = [reach for reach in reaches if reach is not None]
        self.is_by_document = len(self._reaches) == len(reaches)
        levels = [level for reach in self._reaches for level in reach]
        self._followed = frozenset[Term]().union(*(level.forward | level.inverse | level.targets for level in levels))
        self._of: dict[Term, set[Triple]] = {}
        self._to: dict[tuple[Term, Term], set[Triple]] = {}
        self._classes: set[Triple] = set()
        self._index(triples)
        # Warnings are shown by each build, so shapes that may find some are run in any case.
        self._found: list[Findings] = [
            {} if valid and not _may_warn(shape) else validated(shape, triples, names) for shape in self._shapes
        ]

    @property
    def findings(self) -> list[Violation]:
        """All findings, as `check_shapes` gives them."""
        merged: Findings = {}
        for found in self._found:
            merged |= found
        return in_order(merged)

    def change(self, added: Collection[Triple], removed: Collection[Triple]) -> None:
        """Validate again what has changed and what refers to it; all of it if shapes or classes do not tell."""
        for triple in removed:
            self._of[triple.subject].discard(triple)
            self._to.get((triple.predicate, triple.object), set()).discard(triple)
            self._classes.discard(triple)
        self._index(added)
        changed = [*added, *removed]
        if not self.is_by_document or any(triple.predicate == v.SUB_CLASS_OF for triple in changed):
            self._found = [validated(shape, self._all(), self._names) for shape in self._shapes]
            return
        for number, (shapes, reach) in enumerate(zip(self._shapes, self._reaches, strict=True)):
            affected = self._affected(changed, reach)
            self._found[number] = self._again(shapes, reach, affected, self._found[number])

    def _again(self, shapes: CompiledShapes, reach: Sequence[Level], affected: set[Term], before: Findings) -> Findings:
        """The findings before, with those on affected things found again."""
        if not affected:
            return before
        focus = focus_nodes(affected)
        kept = {key: finding for key, finding in before.items() if key[0] not in focus}
        return kept | validated_about(affected, shapes, self._read(affected, reach), self._names)

    def _index(self, triples: Iterable[Triple]) -> None:
        for triple in triples:
            self._of.setdefault(triple.subject, set()).add(triple)
            if triple.predicate in self._followed:
                self._to.setdefault((triple.predicate, triple.object), set()).add(triple)
            elif triple.predicate == v.SUB_CLASS_OF:
                self._classes.add(triple)

    def _all(self) -> Iterator[Triple]:
        return (triple for triples in self._of.values() for triple in triples)

    def _affected(self, changed: Iterable[Triple], reach: Sequence[Level]) -> set[Term]:
        """The things from which shapes can reach a changed triple: back from the farthest level to the focus nodes."""
        found: set[Term] = set()
        for level in reversed(reach):
            before = {t.subject for t in self._leading_to(found, level.forward)}
            before |= {t.object for term in found for t in self._of.get(term, ()) if t.predicate in level.inverse}
            before |= {t.subject for t in changed if level.is_closed or t.predicate in level.forward}
            before |= {t.object for t in changed if t.predicate in level.inverse or t.predicate in level.targets}
            found = before
        return found

    def _leading_to(self, things: Iterable[Term], predicates: Collection[Term]) -> Iterator[Triple]:
        return (triple for triples in self._to_each(things, predicates) for triple in triples)

    def _to_each(self, things: Iterable[Term], predicates: Collection[Term]) -> Iterator[set[Triple]]:
        """The triples by which each of some properties leads to things, where there are some."""
        for term in things:
            for predicate in predicates:
                if triples := self._to.get((predicate, term)):
                    yield triples

    def _read(self, affected: set[Term], reach: Sequence[Level]) -> set[Triple]:
        """The triples that shapes may read of affected things."""
        triples, things = set(self._classes), affected
        for level in reach:
            forward = {t for term in things for t in self._of.get(term, ()) if t.predicate in level.forward}
            inverse = {*self._leading_to(things, level.inverse)}
            triples |= forward | inverse
            # That one of many leads to a thing makes it a focus node.
            triples |= {next(iter(some)) for some in self._to_each(things, level.targets)}
            if level.is_closed:
                triples |= {t for term in things for t in self._of.get(term, ())}
            things = {t.object for t in forward} | {t.subject for t in inverse}
        return triples


def _may_warn(shapes: CompiledShapes) -> bool:
    return (None, _SEVERITY, None) in shapes.graph
