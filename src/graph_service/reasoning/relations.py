"""Relations: the triples of a closure, one relation a property and one a class.

A property is a set of pairs, a class a set of members; so no row repeats a predicate or a class, and a rule that
copies one relation into another runs as one set operation.

Of a large graph, only those relations are held that rules join or fill. A rule that copies single triples of another
one runs on them as they are read, piece by piece. Whatever else asks for the rows of a relation has them read then.
"""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import cache, cached_property, partial
from itertools import chain, islice
from typing import Any

from graph_service.rdf.terms import Term, Triple
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.compilation import schema_terms
from graph_service.reasoning.kernels import Access
from graph_service.reasoning.noise import LISTS
from graph_service.reasoning.program import Key
from graph_service.reasoning.spellings import representatives

# Triples that are read at a time.
_PIECE = 100_000


class Relation:
    """The rows of a property (pairs) or a class (members), and indexes on demand.

    Derived rows wait in `new` and are seen by no rule until they are taken: so of two relations that grow at the
    same time, each pair of new rows is joined once.
    """

    def __init__(self, unread: int = 0, read: Callable[[], object] = lambda: None) -> None:
        """With `unread` rows, if any, that `read` fetches when somebody asks for them."""
        self.unread = unread
        self.new: set[Any] = set()
        self.inferred: list[list[Any]] = []
        self._rows: set[Any] = set()
        self._read = read
        self._indexes: dict[Access, dict[Term, list[Term]]] = {}

    @property
    def rows(self) -> set[Any]:
        """The rows that rules see."""
        if self.unread:
            self._read()
        return self._rows

    @rows.setter
    def rows(self, rows: set[Any]) -> None:
        self._rows, self.unread = rows, 0

    def is_inhabited(self) -> bool:
        """Whether there is a row."""
        return bool(self.unread or self._rows)

    def add(self, rows: set[Any]) -> bool:
        """Let derived rows wait; whether any of them is new."""
        new = rows - self.rows
        if self.new:
            new = new - self.new
        if not new:
            return False
        if self.new:
            self.new |= new
        else:
            self.new = new
        return True

    def take(self) -> set[Any]:
        """The rows that have waited; from now on they are seen."""
        new, self.new = self.new, set()
        self.rows |= new
        # A list takes a quarter of the memory of a set.
        self.inferred.append(list(new))
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
        held: whether all triples are held from the start, or at first only axioms; the others are then read again and
            again.
    """

    def __init__(self, stated: Iterable[Triple], *, generalized: bool = False, held: bool = True) -> None:
        self._generalized = generalized
        self._stated = stated
        self._relations: dict[Key, Relation] = {}
        self.consulted: dict[Key, int] = {}
        if held:
            for key, rows in _grouped(stated):
                self[key].rows = set(rows)
            return
        unread: Counter[Key] = Counter()
        for key, rows in self._pieces():
            if (key.value or key.predicate) in _axiomatic():
                self[key].rows.update(rows)
            else:
                unread[key] += len(rows)
        # A relation that knew this object would keep it in memory until the next search for cycles.
        hold = partial(Relations.hold, weakref.proxy(self))
        for key, number in unread.items():
            self._relations[key] = Relation(number, partial(hold, {key}))

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

    def hold(self, keys: Iterable[Key]) -> None:
        """Read the rows of relations that are not held yet."""
        for _ in self.read(keys, ()):
            pass

    def read(self, held: Iterable[Key], copied: Iterable[Key]) -> Iterator[tuple[Key, set[Any]]]:
        """Read relations that are not held yet, and the classes with them.

        Args:
            held: their rows are held from now on.
            copied: their rows are handed out piece by piece, unless they are among the others.
        """
        held, copied = self._unread(held), self._unread(copied)
        if not held and not copied:
            return
        held |= self._unread(key for key, _ in self if key.predicate == v.TYPE)
        rows: dict[Key, set[Any]] = {key: set() for key in held}
        # Each term once, in however many rows it stands.
        terms: dict[Term, Term] = {}
        one = terms.setdefault
        for key, found in self._pieces():
            if key.value and key in held:
                rows[key].update(one(member, member) for member in found)
            elif key in held:
                rows[key].update((one(subject, subject), one(value, value)) for subject, value in found)
            elif key in copied:
                yield key, {(one(s, s), value if value[0] == '"' else one(value, value)) for s, value in found}
        for key, whole in rows.items():
            self[key].rows = whole

    def _unread(self, keys: Iterable[Key]) -> set[Key]:
        return {key for key in keys if key in self._relations and self._relations[key].unread}

    def _pieces(self) -> Iterator[tuple[Key, list[Any]]]:
        """The stated rows, so many at a time that they fit into memory."""
        stated = iter(self._stated)
        while piece := list(islice(stated, _PIECE)):
            yield from _grouped(piece)

    def literals(self) -> set[Term]:
        """The literals that are objects."""
        unread = self._unread(key for key, _ in self)
        pieces = self._pieces() if unread else ()
        held = ((key, relation.rows) for key, relation in self if key not in unread)
        rows = chain(held, (piece for piece in pieces if piece[0] in unread))
        return {value for key, found in rows if not key.value for _, value in found if value[0] == '"'}

    @cached_property
    def representatives(self) -> Mapping[Term, Term]:
        """One spelling of each value that the triples spell in several ways, by each of its spellings."""
        return representatives(self.literals())

    def inhabited(self) -> Set[Key]:
        """The relations of RDF triples that hold at least one row."""
        return {key for key, relation in self if not key.literals and relation.is_inhabited()}

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


@cache
def _axiomatic() -> frozenset[Term]:
    """The predicates and classes that a rule may be compiled by."""
    return schema_terms() | LISTS | {v.SAME_AS, v.DIFFERENT_FROM}


def _grouped(triples: Iterable[Triple]) -> list[tuple[Key, list[Any]]]:
    """The rows of triples by their relations."""
    properties: dict[Term, list[tuple[Term, Term]]] = {}
    classes: dict[Term, list[Term]] = {}
    for subject, predicate, value in triples:
        if predicate == v.TYPE:
            classes.setdefault(value, []).append(subject)
        else:
            properties.setdefault(predicate, []).append((subject, value))
    found: list[tuple[Key, list[Any]]] = [(Key(predicate), pairs) for predicate, pairs in properties.items()]
    return found + [(Key(v.TYPE, name), members) for name, members in classes.items()]
