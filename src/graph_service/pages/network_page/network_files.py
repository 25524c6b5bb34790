"""The picture of a network as a file: SVG, or PNG of twice as many dots."""

from __future__ import annotations

from fastapi import APIRouter

from graph_service.http import web
from graph_service.http.protocol.problems import RequestError
from graph_service.http.web.pictures import png
from graph_service.pages.choices import choices_of
from graph_service.pages.network_page.network import PICTURE_PARAMS, communities_told, drawing_of
from graph_service.pages.network_page.network_data import FoundNetwork, found_network
from graph_service.pages.network_page.network_drawing import WIDTH
from graph_service.pages.page_routes import add_file
from graph_service.pages.visit import Visit

PATH = "/network/picture"


def add_network_files(routes: APIRouter) -> None:
    """Add both."""
    add_file(routes, f"{PATH}.svg", "image/svg+xml", _svg, PICTURE_PARAMS)
    add_file(routes, f"{PATH}.png", "image/png", _png, PICTURE_PARAMS)


async def _svg(visit: Visit) -> bytes:
    return (await _document(visit)).encode()


async def _png(visit: Visit) -> bytes:
    return png(await _document(visit), 2 * WIDTH)


async def _document(visit: Visit) -> str:
    choices, found = await choices_of(visit), await found_network(visit)
    await visit.label([*found.nodes, *found.concepts])
    drawing = drawing_of(visit, found, choices)
    words = web.words(visit.language)
    if drawing is None:
        raise RequestError(404, words["network.narrow"] if found.nodes else words["filter.nothing"])
    source = words["chart.source"].format(site=words["title"], digest=visit.edition.digest[:12])
    return drawing.document(_title(visit, found), visit.language, _notes(visit, found), source)


def _title(visit: Visit, found: FoundNetwork) -> str:
    """What the picture shows: the measure, and the filters that are set."""
    words, asked = web.words(visit.language), found.asked
    things = [visit.show.names.expand(one) for name in ("ego", "issue", "actor_kind") for one in asked.get(name, ())]
    days = " – ".join((asked.one("since"), asked.one("until"))) if asked.one("since") or asked.one("until") else ""
    names = [visit.show.iri(iri).text for iri in things]
    measure = words[f"choice.{asked.one('measure')}"]
    return " · ".join(one for one in (words["nav.network"], measure, *names, days) if one)


def _notes(visit: Visit, found: FoundNetwork) -> list[tuple[int, str]]:
    words = web.words(visit.language)
    notes = []
    for group in communities_told(visit, found):
        size, shared = len(group["members"]), group["shared"]
        notes.append((group["number"], words["community.name"].format(names=group["names"], size=size)))
        if shared:
            told = words[f"community.shares.{group['stance']}"].format(
                inside=shared.inside, size=size, outside=shared.outside, others=group["others"]
            )
            notes.append((0, f"{told} {group['concept'].text}"))
    return notes
