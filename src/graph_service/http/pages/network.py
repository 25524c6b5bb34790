"""The page of the network of actors: a drawing, the same edges as a table, and the reasons for each.

What computes is imported by the functions that need it, as in `api.network_kinds`. Drawing and table are made here, so
nothing needs a script; where there is one, it lets the drawing be moved and asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http.api import network_params
from graph_service.http.api.network_kinds import KINDS, left_out, query_behind, specification, statements
from graph_service.http.pages.choices import Choices, choices_of
from graph_service.http.pages.parts import PAGE, part_of
from graph_service.http.pages.positions import STANCES
from graph_service.http.pages.visit import PageContent, Visit
from graph_service.http.protocol.cache import Recent
from graph_service.http.protocol.problems import RequestError
from graph_service.rdf.alphabet import sort_key

Places: TypeAlias = dict[str, tuple[float, float]]

if TYPE_CHECKING:
    from graph_service.networks import Edge, Statements

MOST_NODES = 300
_MOST_LINES = 400
_MOST_ROWS = 100
# Reasons that are looked at, and those of one page.
_MOST_REASONS, _FEW_REASONS = 2000, 60
_KEPT = 16
# Widths of a node in the drawing's own unit, and room at its edges for the names.
_UNIT, _MARGIN = 44, 60
_KIND = KINDS[0]
_SHAPES = ("ellipse", "rectangle", "triangle", "diamond", "hexagon", "pentagon", "star")
_COLOURS = 7
_TAKEN = (
    "measure", "normalisation", "duplicates", "isolates", "minimum", "since", "until", "actor_kind", "issue",
    "source_kind", "own", "all",
)  # fmt: skip
_OFFERED = network_params.of(_KIND.name)


def _actor(example: str, english: str, german: str) -> Parameter:
    title = {"en": english, "de": german}
    return Parameter(type=Type.IRI, of="mp:Actor", required=bool(example), example=example, title=title)


EDGE_PARAMS = {name: _OFFERED[name] for name in _TAKEN} | {
    "a": _actor("id/actor/spd", "One actor", "Ein Akteur"),
    "b": _actor("id/actor/gruene", "Another", "Ein anderer"),
    "page": PAGE,
}
PARAMS = {name: _OFFERED[name] for name in _TAKEN} | {
    "ego": _actor("", "Only around this actor", "Nur um diesen Akteur"),
    "depth": Parameter(type=Type.ENUM, values=("1", "2"), default="1", title={"en": "Steps", "de": "Schritte"}),
    "sort": Parameter(type=Type.ENUM, values=("weight", "name"), default="weight", title={"en": "By", "de": "Nach"}),
}


@dataclass(frozen=True)
class Node:
    """An actor in the drawing: its place, and the shape and colour of its kind."""

    iri: str
    x: int
    y: int
    shape: str
    colour: int


class _Memory:
    """What is kept for a data set: the last few statements, and places of drawings.

    The same network is asked for in two languages and orders, and as often drawn in the same places.
    """

    def __init__(self) -> None:
        self.statements: Recent[tuple[str, ...], Statements] = Recent(_KEPT)
        self.places: Recent[tuple[object, ...], Places] = Recent(_KEPT)


async def network(visit: Visit) -> PageContent:
    """Drawing and table.

    Raises:
        ParameterError: choices do not go together.
    """
    choices = await choices_of(visit)
    edges = await _edges(visit)
    nodes = sorted({end for edge in edges for end in (edge.source, edge.target)})
    strongest = sorted(edges, key=lambda edge: (-abs(edge.weight), edge.source, edge.target))
    lines = strongest[:_MOST_LINES] if len(nodes) <= MOST_NODES else []
    drawn = _drawn(_places(visit, nodes, lines), choices) if lines else []
    await visit.label(nodes)
    facts = {
        **_common(visit, choices),
        "around": {name: one for name, one in visit.arguments.items() if name not in ("sort", "lang")},
        "nodes": nodes,
        "edges": len(edges),
        "drawn": {node.iri: node for node in drawn},
        "lines": lines,
        "size": _size(drawn),
        "heaviest": abs(strongest[0].weight) if strongest else 1.0,
        "rows": _sorted(strongest[:_MOST_ROWS], visit),
        "legend": _legend(choices, nodes),
        "left_out": await left_out(visit.edition, visit.arguments, visit.client),
    }
    return PageContent("network", facts, nodes)


async def edge(visit: Visit) -> PageContent:
    """The reasons of one edge.

    Raises:
        RequestError: 404, the network has no such node.
    """
    from graph_service.networks import Reasons
    from graph_service.networks import network as network_of

    choices = await choices_of(visit)
    a, b = (visit.show.names.expand(visit.one(name)) for name in ("a", "b"))
    found = await _statements(visit)
    chosen = specification(_KIND, visit.arguments)

    computed = network_of(found, chosen)
    try:
        weight, reasons = computed.weight(a, b), Reasons(computed, a, b)
    except ParameterError as error:
        raise RequestError(404, error.message, hint=error.hint) from None
    part = part_of(visit, reasons.first(_MOST_REASONS), _FEW_REASONS)
    sides = [one for reason in part.entries for one in (reason.first, reason.second) if one]
    shown = {iri for one in sides for iri in (one.concept, one.document, one.id)} | {a, b}
    facts = {"a": a, "b": b, "weight": weight, "part": part, "agreements": STANCES}
    return PageContent("edge", _common(visit, choices) | facts, shown - {""})


def _common(visit: Visit, choices: Choices) -> dict[str, Any]:
    same = {name: values for name, values in visit.arguments.items() if name in _TAKEN}
    return {"visit": visit, "choices": choices, "same": same, "offered": _OFFERED, "signs": {}}


async def _statements(visit: Visit) -> Statements:
    """Those of the call; the last few are kept, since measures and actors change more often than filters."""
    kept = visit.edition.remembered("networks", _Memory).statements
    key = (query_behind(visit.questions, visit.arguments), visit.one("since"), visit.one("until"))
    found = kept.get(key)
    if found is None:
        found = await statements(visit.questions, visit.arguments, visit.client)
        kept.put(key, found)
    return found


async def _edges(visit: Visit) -> list[Edge]:
    from graph_service.networks import network as network_of

    found = await _statements(visit)
    chosen = specification(_KIND, visit.arguments)
    edges = list(network_of(found, chosen).edges())
    ego = visit.one("ego")
    return _around(visit.show.names.expand(ego), int(visit.one("depth")), edges) if ego else edges


def _places(visit: Visit, nodes: Sequence[str], lines: Sequence[Edge]) -> Places:
    """Where each actor stands."""
    from graph_service.networks.layout import places

    key: tuple[object, ...] = (*nodes, *lines)
    kept = visit.edition.remembered("networks", _Memory).places
    found = kept.get(key)
    if found is None:
        found = places(nodes, lines)
        kept.put(key, found)
    return found


def _around(ego: str, depth: int, edges: Sequence[Edge]) -> list[Edge]:
    """The edges among the actors that are so many steps away."""
    near = {ego}
    for _ in range(depth):
        near |= {end for edge in edges if edge.source in near or edge.target in near for end in edge[:2]}
    return [edge for edge in edges if edge.source in near and edge.target in near]


def _drawn(places: Places, choices: Choices) -> list[Node]:
    looks = _looks(choices)
    return [
        Node(iri, _MARGIN + round(_UNIT * x), _MARGIN + round(_UNIT * y), *_look(looks, choices, iri))
        for iri, (x, y) in sorted(places.items())
    ]


def _size(drawn: Sequence[Node]) -> tuple[int, int]:
    """Width and height of the drawing."""
    return tuple(max((getattr(node, axis) for node in drawn), default=0) + _MARGIN for axis in "xy")  # type: ignore[return-value]


def _looks(choices: Choices) -> dict[str, tuple[str, int]]:
    """Shape and colour of each kind of actor, the most frequent kinds first, whatever the filters."""
    numbers = Counter(kind for kinds in choices.actors.values() for kind in kinds[:1])
    kinds = sorted(numbers, key=lambda kind: (-numbers[kind], kind))
    # Colours move on by one at each round of the shapes, so no two of the first 49 look the same.
    shapes = len(_SHAPES)
    return {kind: (_SHAPES[n % shapes], (n + n // shapes) % _COLOURS) for n, kind in enumerate(kinds)}


def _look(looks: dict[str, tuple[str, int]], choices: Choices, actor: str) -> tuple[str, int]:
    kinds = choices.actors.get(actor, [])
    return looks.get(kinds[0], _NO_LOOK) if kinds else _NO_LOOK


_NO_LOOK = ("ellipse", _COLOURS)


def _legend(choices: Choices, nodes: Sequence[str]) -> list[tuple[str, str, int]]:
    """The kinds of these actors with their shape and colour."""
    there = {kind for node in nodes for kind in choices.actors.get(node, [])[:1]}
    return [(kind, *look) for kind, look in _looks(choices).items() if kind in there]


def _sorted(rows: Sequence[Edge], visit: Visit) -> list[Edge]:
    if visit.one("sort") != "name":
        return list(rows)

    def text(iri: str) -> str:
        return sort_key(visit.show.iri(iri).text)

    return sorted(rows, key=lambda edge: (text(edge.source), text(edge.target)))
