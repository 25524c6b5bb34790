"""`/api/search`: full text over the data set."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http.api.models import SearchResult
from graph_service.http.api.operations import Operation, add
from graph_service.http.api.writing import json_response, table_formats, table_response
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.web import addresses
from graph_service.http.web.call import Call
from graph_service.http.web.media import JSON
from graph_service.http.web.parameters import Texts
from graph_service.rdf.namespaces import Names
from graph_service.views.searching.search import SearchHit
from graph_service.views.tables import Table

KINDS = ("actors", "bodies", "documents", "instruments", "issues", "positions", "propositions", "relations", "votes")
MOST = 200
_KIND = {
    "kind": Parameter(type=Type.ENUM, values=KINDS, example="positions", title={"en": "Only these", "de": "Nur diese"})
}
_COLUMNS = ("id", "kind", "score", "label", "text")


def add_route(routes: APIRouter, *, of_model: bool) -> None:
    """Add the search; `of_model` says whether the data are in the shipped model, which has kinds of things."""

    async def search(call: Call, arguments: Texts) -> Response:
        limit = int(arguments.one("limit"))
        if not 1 <= limit <= MOST:
            raise ParameterError(f"limit={arguments.one('limit')[:20]} is not between 1 and {MOST}.")
        return await _answer(call, arguments.one("q"), arguments.one("kind") if of_model else "", limit)

    operation = Operation(
        path="/search",
        name="search",
        title={"en": "Search", "de": "Suche"},
        description={
            "en": f"Full text over names, titles, {'paraphrases, ' if of_model else ''}definitions and notes, best "
            "first. Inflected words, parts of compounds, beginnings, umlauts written as ae, and all gender forms are "
            "found.",
            "de": f"Volltext über Namen, Titel, {'Paraphrasen, ' if of_model else ''}Definitionen und Anmerkungen, das "
            "Beste zuerst. Gebeugte Wörter, Teile von Komposita, Wortanfänge, als ae geschriebene Umlaute und alle "
            "Genderformen werden gefunden.",
        },
        tag="search",
        formats=(JSON, *table_formats()),
        model=SearchResult,
        params={
            "q": Parameter(
                type=Type.STRING,
                required=True,
                example="Asylberatung" if of_model else "name",
                title={"en": "What is looked for", "de": "Was gesucht wird"},
            ),
            **(_KIND if of_model else {}),
            "limit": Parameter(
                type=Type.INTEGER,
                default="20",
                title={"en": f"How many, 1 to {MOST}", "de": f"Wie viele, 1 bis {MOST}"},
            ),
        },
    )
    add(routes, operation, search)


async def _answer(call: Call, words: str, kind: str, limit: int) -> Response:
    edition = call.edition
    hits = await edition.index.find(words, kind=kind, language=call.language, limit=limit)
    labels = await edition.questions.label([], call.client, also=[hit.item for hit in hits])
    found = [_hit_json(hit, labels.text(hit.item, call.language), call.names, call.root) for hit in hits]
    if call.format is not JSON:
        rows = [[hit["id"], hit["kind"], hit["score"], hit["label"], _first_text(hit)] for hit in found]
        return await table_response(Table(_COLUMNS, rows), call)
    return json_response({"dataset": edition.digest, "language": call.language, "hits": found}, call)


def _hit_json(hit: SearchHit, label: str, names: Names, root: str) -> dict[str, Any]:
    # A body is an actor too: the narrower list is told.
    kind = "bodies" if "bodies" in hit.kinds else hit.kinds[0]
    if kind in KINDS:
        address = f"/api/{kind}/{hit.item.rpartition('/')[2]}"
    else:
        address = addresses.document(names, hit.item, HTML)
    return {
        "id": hit.item,
        "label": label,
        "kind": kind,
        "score": hit.score,
        "href": f"{root}{address}",
        "excerpts": [
            {"field": e.field, "text": e.text, "language": e.language, "highlights": e.highlights} for e in hit.excerpts
        ],
    }


def _first_text(hit: dict[str, Any]) -> str | None:
    return hit["excerpts"][0]["text"] if hit["excerpts"] else None
