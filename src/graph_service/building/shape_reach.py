"""How far shapes reach: which triples they read of a thing and of what it leads to (W3C SHACL Core).

From that follows which things have to be validated again when triples change, and which triples that takes. Of shapes
that reach without end (paths of any length, shapes within themselves), have findings about the values of a property
(SHACL, section 4.7.2) or are more than SHACL Core, nothing is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from rdflib import OWL, RDF, RDFS, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node, URIRef

from graph_service.rdf.namespaces import SH
from graph_service.rdf.terms import Term
from graph_service.reasoning import vocabulary as v

_SH = Namespace(SH)
# Which parameters read nothing but the value itself.
_OF_VALUES = (
    "minCount maxCount datatype nodeKind minExclusive minInclusive maxExclusive maxInclusive minLength maxLength "
    "pattern flags languageIn uniqueLang in hasValue qualifiedMinCount qualifiedMaxCount qualifiedValueShapesDisjoint "
    "closed ignoredProperties class message name description order group defaultValue severity deactivated"
)
_COMPARING = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
_NESTING = ("property", "node", "not", "qualifiedValueShape")
_NESTING_LISTS = ("and", "or", "xone")
# Whether the property that a target names is followed backwards.
_TARGETS = {"targetClass": None, "targetNode": None, "targetSubjectsOf": False, "targetObjectsOf": True}
_PATHS = ("path", "inversePath", "alternativePath", "zeroOrOnePath")
_KNOWN = {_SH[name] for name in (*_OF_VALUES.split(), *_COMPARING, *_NESTING, *_NESTING_LISTS, *_TARGETS, *_PATHS)}


# More levels than this are taken for endless: the ways from shape to shape would be too many to follow.
_DEEPEST = 12


class _EndlessError(Exception):
    """The shapes reach without end, or in a way that is not known."""


@dataclass
class Level:
    """What shapes read of the things that are a number of triples away from a focus node.

    Attributes:
        forward: properties that are followed from subject to object.
        inverse: properties that are followed from object to subject.
        targets: properties whose objects are focus nodes, however many subjects they have.
        is_closed: whether all properties are looked at.
    """

    forward: set[Term] = field(default_factory=set)
    inverse: set[Term] = field(default_factory=set)
    targets: set[Term] = field(default_factory=set)
    is_closed: bool = False

    def __or__(self, other: Level) -> Level:
        """What two kinds of shapes read together."""
        return Level(
            self.forward | other.forward,
            self.inverse | other.inverse,
            self.targets | other.targets,
            self.is_closed or other.is_closed,
        )


def joined(levels: Iterable[Level]) -> Level:
    """What is read on any of some levels."""
    return reduce(or_, levels, Level())


def reach_of(shapes: Graph) -> list[Level] | None:
    """What shapes read, level by level; None if that is not known."""
    if any(str(p).startswith(SH) and p not in _KNOWN for p in shapes.predicates()):
        return None
    reach = _Reach(shapes)
    try:
        for name, inverse in _TARGETS.items():
            for shape, target in shapes.subject_objects(_SH[name]):
                reach.target(target, inverse=inverse)
                reach.walk(shape, 0)
        for kind in (RDFS.Class, OWL.Class):
            for shape in shapes.subjects(RDF.type, kind):
                reach.walk(shape, 0)
    except _EndlessError:
        return None
    return reach.levels


class _Reach:
    """Walks from shape to shape and notes what is read on the way."""

    def __init__(self, shapes: Graph) -> None:
        self.levels = [Level({v.TYPE})]
        self._shapes = shapes
        # What is said of each shape, by the name of the parameter: asking rdflib took three times as long as the walk.
        self._of: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for shape, parameter, value in shapes:
            self._of[shape][str(parameter).removeprefix(SH)].append(value)
        self._walked: set[tuple[Node, int]] = set()

    def target(self, target: Node, *, inverse: bool | None) -> None:
        """Note what tells whether a shape is about a thing; its type is read in any case."""
        if inverse is not None:
            level = self.levels[0]
            (level.targets if inverse else level.forward).add(target.n3())

    def walk(self, shape: Node, level: int) -> None:
        """Note what a shape reads of a thing at a level."""
        if (shape, level) in self._walked:
            return
        self._walked.add((shape, level))
        of = self._of[shape]
        if of["path"] and of["property"]:
            # What is found by the inner shape is about the values, which may be about anything.
            raise _EndlessError
        self._at(level).is_closed |= bool(of["closed"])
        for name in _COMPARING:
            self._at(level).forward |= {term.n3() for term in of[name]}
        ends = {level}
        for path in of["path"]:
            ends = {end for before in ends for end in self._follow(path, before)}
        for end in ends:
            if of["class"]:
                self._at(end).forward.add(v.TYPE)
            for nested in self._nested(shape):
                self.walk(nested, end)

    def _nested(self, shape: Node) -> Iterator[Node]:
        """The shapes that a shape has its values conform to."""
        for name in _NESTING:
            yield from self._of[shape][name]
        for name in _NESTING_LISTS:
            for members in self._of[shape][name]:
                yield from Collection(self._shapes, members)

    def _follow(self, path: Node, level: int, *, inverse: bool = False) -> set[int]:
        """Note the properties of a path that begins at a level; the levels on which it may end."""
        if isinstance(path, URIRef):
            here = self._at(level)
            (here.inverse if inverse else here.forward).add(path.n3())
            return {level + 1}
        of = self._of[path]
        for inner in of["inversePath"]:
            return self._follow(inner, level, inverse=not inverse)
        for inner in of["zeroOrOnePath"]:
            return {level, *self._follow(inner, level, inverse=inverse)}
        for choices in of["alternativePath"]:
            ways = Collection(self._shapes, choices)
            return {end for way in ways for end in self._follow(way, level, inverse=inverse)}
        ends, steps = {level}, list(Collection(self._shapes, path))
        for step in reversed(steps) if inverse else steps:
            ends = {end for before in ends for end in self._follow(step, before, inverse=inverse)}
        return ends

    def _at(self, level: int) -> Level:
        if level > _DEEPEST:
            raise _EndlessError
        while level >= len(self.levels):
            self.levels.append(Level())
        return self.levels[level]
