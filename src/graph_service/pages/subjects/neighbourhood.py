"""The map of a thing's neighbourhood: what it is linked with, the weightiest first, as a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import pyoxigraph as ox
from markupsafe import Markup

from graph_service.pages.shown import Show
from graph_service.rdf.alphabet import sort_key
from graph_service.rdf.answers import Row
from graph_service.rdf.namespaces import RDF
from graph_service.views.charts.marks import Chart
from graph_service.views.charts.neighbourhood import Neighbour, Tied, neighbourhood
from graph_service.views.charts.svg import inner

_TYPE = f"{RDF}type"
_MOST, _LEAST = 24, 2


class How(NamedTuple):
    """A property by IRI or by the key of a word of the pages, and whether the thing of the map is its subject."""

    outward: bool
    property: str


# One way in which a neighbour, by IRI, is tied; and all of them, in the order of the statements.
Tie: TypeAlias = tuple[How, str]
_Ties: TypeAlias = Mapping[How, None]


@dataclass(frozen=True)
class NeighbourhoodMap:
    """The picture, how many neighbours it shows, and of how many."""

    chart: Chart
    shown: int
    count: int

    @property
    def inner(self) -> Markup:
        """What stands within the `svg` element."""
        return Markup(inner(self.chart))  # noqa: S704 - each text is escaped


def ties_of(iri: str, quads: Iterable[ox.Quad], uses: Iterable[Row]) -> Iterator[Tie]:
    """How a thing is tied to others; its classes are not among these.

    Args:
        iri: of the thing.
        quads: statements about it and about others.
        uses: statements that have it as their value: subject, predicate and object.
    """
    node = ox.NamedNode(iri)
    for quad in quads:
        if quad.subject == node and isinstance(quad.object, ox.NamedNode) and quad.predicate.value != _TYPE:
            yield How(True, quad.predicate.value), quad.object.value
        elif quad.object == node and isinstance(quad.subject, ox.NamedNode):
            yield How(False, quad.predicate.value), quad.subject.value
    for row in uses:
        if row["object"]["value"] == iri and row["subject"]["type"] == "uri":
            yield How(False, row["predicate"]["value"]), row["subject"]["value"]


def map_of(
    iri: str, tied: Iterable[Tie], show: Show, words: Mapping[str, str] = MappingProxyType({})
) -> NeighbourhoodMap | None:
    """The map; None where there are fewer than two neighbours. No property fills it alone.

    Args:
        iri: of the thing.
        tied: neighbours, each as often as it is tied; nodes without a name are none.
        show: with the labels of all.
        words: for properties that are keys of these.
    """
    ties: dict[str, dict[How, None]] = {}
    for how, one in tied:
        if one != iri and show.names.skolemised(one) is None:
            ties.setdefault(one, {})[how] = None
    if len(ties) < _LEAST:
        return None
    text = show.labels.text
    names = {one: text(one, show.language) for one in ties}
    groups: dict[How, list[str]] = {}
    by_name = sorted(ties, key=lambda one: (sort_key(names[one]), one))
    drawn = set(_weightiest(by_name, ties))
    for one in by_name:
        if one in drawn:
            groups.setdefault(_first(ties[one]), []).append(one)
    properties = {how: words.get(how.property) or text(how.property, show.language) for how in groups}
    drawn_groups = [
        Tied(properties[how], how.outward, [Neighbour(names[one], show.href(one)) for one in groups[how]])
        for how in sorted(groups, key=lambda how: (how.outward, sort_key(properties[how]), how.property))
    ]
    return NeighbourhoodMap(neighbourhood(show.iri(iri).text, drawn_groups), len(drawn), len(ties))


def _weightiest(by_name: Iterable[str], ties: Mapping[str, _Ties]) -> Sequence[str]:
    """Those that several statements tie; of the others, each property has its first, then each its second."""
    taken: Counter[How] = Counter()
    turns: dict[str, int] = {}
    for one in by_name:
        taken[_first(ties[one])] += 1
        turns[one] = taken[_first(ties[one])]
    return sorted(turns, key=lambda one: (-len(ties[one]), turns[one]))[:_MOST]


def _first(ties: _Ties) -> How:
    return next(iter(ties))
