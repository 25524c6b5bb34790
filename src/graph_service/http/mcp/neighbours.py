"""The tool `near`: which actors are near one, by the network of actors, and the pairs of positions behind that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http.mcp.answers import Answer
from graph_service.http.mcp.evidence import evidence, grounds
from graph_service.http.mcp.inquiry import Arguments, Inquiry
from graph_service.http.web.parameters import Texts

NETWORK = "/api/networks/actors"
FEW = 8
# Without `other`: how many of the nearest come with reasons, and with how many each.
_WITH_REASONS = 3
_REASONS = 2
_ACTOR = Parameter(type=Type.IRI, of="mp:Actor", example="id/actor/spd")


async def near(inquiry: Inquiry, arguments: Texts) -> Answer:
    """The nearest actors with some reasons each; or all reasons of one pair.

    Raises:
        ParameterError: the data set knows no such actor.
    """
    named = [value for name in ("actor", "other") for value in arguments.get(name, [])]
    actors = await inquiry.settled("actor", _ACTOR, named)
    if len(set(actors)) < len(actors):
        raise ParameterError("An actor has no distance from itself.", hint="Name two actors.")
    limit = arguments.one("limit") or str(FEW)
    chosen = {name: values for name, values in arguments.items() if name not in ("actor", "other", "limit")}
    if len(actors) == 2:
        return await _pair(inquiry, actors[0], actors[1], {**chosen, "limit": [limit]})
    return await _neighbours(inquiry, actors[0], chosen, int(limit))


async def _neighbours(inquiry: Inquiry, actor: str, chosen: Arguments, limit: int) -> Answer:
    network = await inquiry.get(NETWORK, chosen)
    nodes = {node["id"]: node for node in network["nodes"]}
    found = [
        (edge["weight"], edge["target"] if edge["source"] == actor else edge["source"])
        for edge in network["edges"]
        if actor in (edge["source"], edge["target"])
    ]
    found.sort(key=lambda one: (-one[0], one[1]))
    rows = []
    for place, (weight, other) in enumerate(found[:limit]):
        row = {"actor": inquiry.short(other), "label": nodes[other]["label"], "weight": weight}
        if place < _WITH_REASONS:
            content = await _edge(inquiry, actor, other, {**chosen, "limit": [str(_REASONS)]})
            row["reasons"] = await _reasons(content, inquiry)
        rows.append(row)
    words, graph = inquiry.words, network["graph"]
    facts = {
        "actor": {"id": inquiry.short(actor), "label": (await inquiry.labels([actor])).text(actor, inquiry.language)},
        **{name: graph[name] for name in ("measure", "normalisation", "duplicates", "statements")},
        **{name: number for name, number in graph.items() if name.startswith("left_out_")},
    }
    caveats = [words["mcp.distance"] if rows else words["mcp.unconnected"], words["footer.caution"]]
    link = inquiry.permalink(NETWORK, chosen)
    return Answer(link, rows, "nearest", len(found), more=words["mcp.other"], caveats=caveats, facts=facts)


async def _pair(inquiry: Inquiry, actor: str, other: str, chosen: Arguments) -> Answer:
    content = await _edge(inquiry, actor, other, chosen)
    rows = await _reasons(content, inquiry)
    facts = {
        "actors": [{"id": inquiry.short(end["id"]), "label": end["label"]} for end in _ends(content)],
        "weight": content["weight"],
    }
    caveats = [inquiry.words["mcp.distance"], inquiry.words["footer.caution"]]
    link = inquiry.permalink(_path(inquiry, actor, other), chosen)
    is_cut, more = len(rows) == int(chosen["limit"][0]), inquiry.words["mcp.limit"]
    return Answer(link, rows, "reasons", is_cut=is_cut, more=more, caveats=caveats, facts=facts)


async def _edge(inquiry: Inquiry, actor: str, other: str, chosen: Arguments) -> Any:
    return await inquiry.get(_path(inquiry, actor, other), chosen)


def _path(inquiry: Inquiry, actor: str, other: str) -> str:
    """The path of an edge, whose first part has no slash."""
    folder = inquiry.edition.names.expand("id/actor/")
    first, second = (one.removeprefix(folder) for one in (actor, other))
    return f"{NETWORK}/edges/{first}/{second}"


def _ends(content: Mapping[str, Any]) -> tuple[Any, Any]:
    return content["source"], content["target"]


async def _reasons(content: Mapping[str, Any], inquiry: Inquiry) -> list[dict[str, Any]]:
    """The pairs of positions behind an edge, the weightiest first."""
    pairs = [(reason, [one for one in (reason["first"], reason["second"]) if one]) for reason in content["reasons"]]
    found = await evidence(inquiry, (one["id"] for _, pair in pairs for one in pair if one["id"]))
    return [
        {
            "proposition": {"id": inquiry.short(reason["shared"]["id"]), "label": reason["shared"]["label"]},
            "share": reason["share"],
            "positions": [
                {
                    "id": inquiry.short(one["id"]),
                    "actor": one["actor"]["label"],
                    "agreement": one["level"],
                    "from": one["from"],
                    "to": one["to"],
                    **grounds(one["id"], found, inquiry),
                    "quoted": {"dated": one["date_as_given"]},
                }
                for one in pair
            ],
        }
        for reason, pair in pairs
    ]
