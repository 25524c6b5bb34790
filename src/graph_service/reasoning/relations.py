"""Relations: the triples of a closure, one relation a property and one a class.

A property is a set of pairs, a class a set of members; so no row repeats a predicate or a class, and a rule that
copies one relation into another runs as one set operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property
from typing import Any

from graph_service.rdf.terms import Term, Triple
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.kernels import Access
from graph_service.reasoning.program import Key
from graph_service.reasoning.spellings import representatives


class Relation:
    """The rows of a property (pairs) or a class (members), and indexes on demand.

    Derived rows wait in `new` and are seen by no rule until they are taken: so of two relations that grow at the
    same time, each pair of new rows is joined once.
    """

    def __init__(self) -> None:
        self.rows: set[Any] = set()
        self.new: set[Any] = set()
        self.inferred: list[set[Any]] = []
        self._indexes: dict[Access, dict[Term, list[Term]]] = {}

    def add(self, rows: set[Any]) -> bool:
        """Let derived rows wait; whether any of them is new."""
        new = rows - self.rows
        if self.new:
            new = new - self.new
        if not new:
            return False
        self.new = self.new | new if self.new else new
        return True

    def take(self) -> set[Any]:
        """The rows that have waited; from now on they are seen."""
        new, self.new = self.new, set()
        self.rows |= new
        self.inferred.append(new)
        for access, index in self._indexes.items():
            _extend(index, access, new)
        return new

    def discard(self, rows: set[Any]) -> None:
        """Take rows out."""
        self.rows -= rows
        for access, index in self._indexes.items():
            for key, gone in _extend({}, access, rows).items():
                left = set(gone)
                index[key] = [value for value in index[key] if value not in left]

    def through(self, access: Access) -> Any:
        """What a kernel reads the relation through."""
        if access in ("all", "has"):
            return self.rows
        if access not in self._indexes:
            self._indexes[access] = _extend({}, access, self.rows)
        return self._indexes[access].get


def _extend(index: dict[Term, list[Term]], access: Access, rows: Iterable[Any]) -> dict[Term, list[Term]]:
    place = index.setdefault
    if access == "by_subject":
        for subject, value in rows:
            place(subject, []).append(value)
    else:
        for subject, value in rows:
            place(value, []).append(subject)
    return index


class Relations:
    """All relations; also the vocabulary that rules are compiled against.

    Args:
        stated: the triples.
        generalized: whether literals are subjects and members like other terms (RDF 1.1 Concepts, section 7).
    """

    def __init__(self, stated: Iterable[Triple], *, generalized: bool = False) -> None:
        self._generalized = generalized
        self._relations: dict[Key, Relation] = {}
        self.consulted: dict[Key, int] = {}
        properties: dict[Term, list[tuple[Term, Term]]] = {}
        classes: dict[Term, list[Term]] = {}
        for subject, predicate, value in stated:
            if predicate == v.TYPE:
                classes.setdefault(value, []).append(subject)
            else:
                properties.setdefault(predicate, []).append((subject, value))
        for predicate, pairs in properties.items():
            self[Key(predicate)].rows = set(pairs)
        for name, members in classes.items():
            self[Key(v.TYPE, name)].rows = set(members)

    def __getitem__(self, key: Key) -> Relation:
        key = self.key(key)
        relation = self._relations.get(key)
        if relation is None:
            relation = self._relations[key] = Relation()
        return relation

    def __iter__(self) -> Iterator[tuple[Key, Relation]]:
        return iter(self._relations.items())

    def key(self, key: Key) -> Key:
        """The key under which a relation is kept."""
        return key._replace(literals=False) if self._generalized and key.literals else key

    def literals(self) -> set[Term]:
        """The literals that are objects."""
        return {value for key, relation in self if not key.value for _, value in relation.rows if value[0] == '"'}

    @cached_property
    def representatives(self) -> Mapping[Term, Term]:
        """One spelling of each value that the triples spell in several ways, by each of its spellings."""
        return representatives(self.literals())

    def inhabited(self) -> Set[Key]:
        """The relations of RDF triples that hold at least one row."""
        return {key for key, relation in self if relation.rows and not key.literals}

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[Triple]:
        """The triples of a pattern; None stands for any term."""
        for key in self._relations_of(predicate, value):
            relation = self[key]
            self.consulted[key] = len(relation.rows)
            if key.value:
                members = relation.rows if subject is None else {subject} & relation.rows
                yield from (Triple(member, v.TYPE, key.value) for member in members)
            elif subject is not None and value is not None:
                if (subject, value) in relation.rows:
                    yield Triple(subject, key.predicate, value)
            elif subject is not None:
                objects = relation.through("by_subject")(subject, ())
                yield from (Triple(subject, key.predicate, found) for found in objects)
            elif value is not None:
                subjects = relation.through("by_object")(value, ())
                yield from (Triple(found, key.predicate, value) for found in subjects)
            else:
                yield from (Triple(s, key.predicate, o) for s, o in relation.rows)

    def _relations_of(self, predicate: Term | None, value: Term | None) -> list[Key]:
        """The relations that a pattern reaches into; several where predicate or class are open."""
        if predicate is None:
            return [key for key, _ in self if not key.literals and (key.value in (None, value) or value is None)]
        if predicate != v.TYPE:
            return [Key(predicate)]
        return [Key(v.TYPE, value)] if value else [key for key, _ in self if key.value and not key.literals]

    def grown(self) -> bool:
        """Whether axioms have been inferred since they were consulted for compiling."""
        return any(len(self[key].rows) != size for key, size in self.consulted.items())
