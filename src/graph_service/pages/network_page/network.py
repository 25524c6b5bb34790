"""The page of the network of actors: a picture, what holds communities together, all edges, and the reasons for each.

What computes is imported by the functions that need it, as in `api.network_kinds`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http.api import network_params
from graph_service.http.api.network_kinds import left_out, specification
from graph_service.http.protocol.problems import RequestError
from graph_service.network_choices import Measure
from graph_service.pages.choices import Choices, choices_of
from graph_service.pages.network_page.network_data import KIND, SPANS, TAKEN, FoundNetwork, found_network, statements_of
from graph_service.pages.network_page.network_drawing import SHAPES, Drawing, DrawnNode, draw, mark
from graph_service.pages.parts import PAGE, part_of
from graph_service.pages.stances.positions import STANCES
from graph_service.pages.visit import PageContent, Visit

_MOST_ROWS = 100
# Reasons that are looked at, and those of one page.
_MOST_REASONS, _FEW_REASONS = 2000, 60
_OFFERED = network_params.of(KIND.name)
_LEVELS = {1.0: "for", -1.0: "against"}
# Members that a community is named by.
_NAMED = 3


def _actor(example: str, english: str, german: str) -> Parameter:
    title = {"en": english, "de": german}
    return Parameter(type=Type.IRI, of="mp:Actor", required=bool(example), example=example, title=title)


def _number(default: str, values: tuple[str, ...], english: str, german: str) -> Parameter:
    return Parameter(type=Type.INTEGER, default=default, values=values, title={"en": english, "de": german})


EDGE_PARAMS = {name: _OFFERED[name] for name in TAKEN} | {
    "a": _actor("id/actor/spd", "One actor", "Ein Akteur"),
    "b": _actor("id/actor/gruene", "Another", "Ein anderer"),
    "page": PAGE,
}
PICTURE_PARAMS = {name: _OFFERED[name] for name in TAKEN} | {
    "ego": _actor("", "Only around this actor", "Nur um diesen Akteur"),
    "depth": Parameter(type=Type.ENUM, values=("1", "2"), default="1", title={"en": "Steps", "de": "Schritte"}),
    "year": _number("", (), "Only documents of the years from this one", "Nur Dokumente der Jahre ab diesem"),
    "span": _number("4", SPANS, "How many years", "Wie viele Jahre"),
}
PARAMS = PICTURE_PARAMS | {
    "sort": Parameter(type=Type.ENUM, values=("weight", "name"), default="weight", title={"en": "By", "de": "Nach"}),
}


async def network(visit: Visit) -> PageContent:
    """Picture, communities and table.

    Raises:
        ParameterError: choices do not go together.
    """
    choices = await choices_of(visit)
    found = await found_network(visit)
    await visit.label([*found.nodes, *found.concepts])
    around = {name: one for name, one in visit.arguments.items() if name not in ("sort", "lang")}
    facts = {
        "visit": visit,
        "choices": choices,
        "offered": _OFFERED,
        "signs": {},
        "same": found.same,
        "around": around,
        "found": found,
        "picture": _linked(visit, found, choices, around),
        "communities": communities_told(visit, found),
        "mark": mark,
        "spans": SPANS,
        "rows": _sorted(found, visit),
        "legend": _legend(choices, found.nodes),
        "left_out": await left_out(visit.edition, found.asked, visit.client),
    }
    return PageContent("network", facts)


async def edge(visit: Visit) -> PageContent:
    """The reasons of one edge.

    Raises:
        RequestError: 404, the network has no such node.
    """
    from graph_service.networks import Reasons
    from graph_service.networks import network as network_of

    choices = await choices_of(visit)
    a, b = (visit.show.names.expand(visit.one(name)) for name in ("a", "b"))
    computed = network_of(await statements_of(visit, visit.arguments), specification(KIND, visit.arguments))
    try:
        weight, reasons = computed.weight(a, b), Reasons(computed, a, b)
    except ParameterError as error:
        raise RequestError(404, error.message, hint=error.hint) from None
    part = part_of(visit, reasons.first(_MOST_REASONS), _FEW_REASONS)
    sides = [one for reason in part.entries for one in (reason.first, reason.second) if one]
    shown = {iri for one in sides for iri in (one.concept, one.document, one.id)} | {a, b}
    same = {name: values for name, values in visit.arguments.items() if name in TAKEN}
    facts = {"visit": visit, "choices": choices, "same": same, "a": a, "b": b, "weight": weight, "part": part}
    return PageContent("edge", facts | {"agreements": STANCES}, shown - {""})


def drawing_of(visit: Visit, found: FoundNetwork, choices: Choices) -> Drawing | None:
    """The picture, if there is one to be drawn; labels must be known. It is made once for each language."""
    if not found.lines:
        return None
    drawing: Drawing | None = found.drawings.get(visit.language)
    if drawing is None:
        numbers = {iri: n for n, group in enumerate(found.communities, 1) for iri in group.members}
        looks, texts = _shapes(choices), visit.show.labels
        nodes = {
            iri: DrawnNode(
                texts.text(iri, visit.language),
                ", ".join(texts.text(kind, visit.language) for kind in choices.actors.get(iri, ()) if kind != iri),
                numbers.get(iri, 0),
                _shape(looks, choices, iri),
            )
            for iri in found.nodes
        }
        opposed = visit.one("measure") == Measure.CONFLICT
        drawing = found.drawings[visit.language] = draw(nodes, found.lines, found.strengths, opposed=opposed)
    return drawing


def communities_told(visit: Visit, found: FoundNetwork) -> list[dict[str, Any]]:
    """For each community its number, the names it is called by, its size, and what its members share."""
    told = []
    for number, group in enumerate(found.communities, 1):
        members = [visit.show.iri(iri) for iri in group.members]
        shared = group.shared
        told.append(
            {
                "number": number,
                "names": ", ".join(one.text for one in members[:_NAMED]),
                "members": members,
                "others": len(found.nodes) - len(members),
                "shared": shared,
                "stance": _LEVELS.get(shared.level, "mixed") if shared else "",
                "concept": visit.show.iri(shared.concept) if shared else None,
            }
        )
    return told


def _linked(visit: Visit, found: FoundNetwork, choices: Choices, around: Mapping[str, Sequence[str]]) -> str:
    """The inside of the picture with links to reasons and to the surroundings of each actor; empty without one."""
    drawing = drawing_of(visit, found, choices)
    if drawing is None:
        return ""
    show = visit.show
    to_edge = show.page("/network/edge", **found.same)
    given = {name: list(values) for name, values in around.items() if name != "ego"}
    to_node = show.page("/network", **given)
    named = {iri: quote(show.short(iri), safe="/:") for iri in found.nodes}
    return drawing.inner(lambda a, b: f"{to_edge}&a={named[a]}&b={named[b]}", lambda iri: f"{to_node}&ego={named[iri]}")


def _shapes(choices: Choices) -> dict[str, str]:
    """The shapes of the most frequent kinds of actors, whatever the filters; all others share the last one."""
    numbers = Counter(kind for kinds in choices.actors.values() for kind in kinds[:1])
    kinds = sorted(numbers, key=lambda kind: (-numbers[kind], kind))
    return dict(zip(kinds, list(SHAPES)[:-1], strict=False))


def _shape(shapes: Mapping[str, str], choices: Choices, actor: str) -> str:
    return next((shapes[kind] for kind in choices.actors.get(actor, [])[:1] if kind in shapes), list(SHAPES)[-1])


def _legend(choices: Choices, nodes: Sequence[str]) -> list[tuple[str, str]]:
    """Shapes with the kinds of actors they stand for; an empty kind stands for all others."""
    shapes = _shapes(choices)
    there = {kind for node in nodes for kind in choices.actors.get(node, [])[:1]}
    others = [("", list(SHAPES)[-1])] if there - shapes.keys() else []
    return [(kind, shape) for kind, shape in shapes.items() if kind in there] + others


def _sorted(found: FoundNetwork, visit: Visit) -> Sequence[Any]:
    rows = found.edges[:_MOST_ROWS]
    if visit.one("sort") != "name":
        return rows
    places = {iri: place for place, iri in enumerate(visit.by_name({end for edge in rows for end in edge[:2]}))}
    return sorted(rows, key=lambda edge: (places[edge.source], places[edge.target]))
