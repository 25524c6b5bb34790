"""`/api/search`: one index a data set, made from what the store answers and kept in memory."""

from __future__ import annotations

import asyncio
from typing import Any

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http.operations.media import JSON
from graph_service.http.operations.operation import Call, DeferredAnswer, Operation, RenderedAnswer
from graph_service.http.operations.questions import Questions
from graph_service.http.operations.writing import table_formats, written
from graph_service.views import tables
from graph_service.views.search import SearchHit, TextIndex, read
from graph_service.views.tables import Table

KINDS = ("actors", "bodies", "documents", "issues", "positions", "propositions", "relations", "votes")
MOST = 200
_COLUMNS = ("id", "kind", "score", "label", "text")


class Index:
    """The index of the data set that the store has now; made when it is first asked for."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions
        self._text = questions.file("texts").text
        self._lock = asyncio.Lock()
        self._made: tuple[str, TextIndex] | None = None

    async def prepare(self) -> TextIndex:
        """The index, made in a thread if there is none for this data set."""
        async with self._lock:
            digest = self._questions.store.digest
            if self._made is None or self._made[0] != digest:
                rows = await self._questions.rows(self._text, "search")
                self._made = digest, await asyncio.to_thread(lambda: TextIndex(read(rows)))
            return self._made[1]

    async def find(self, words: str, *, kind: str = "", language: str = "de", limit: int = 20) -> list[SearchHit]:
        """The best hits; a search is a millisecond, so it runs here."""
        return (await self.prepare()).find(words, kind=kind, language=language, limit=limit)


def operation(questions: Questions, index: Index) -> Operation:
    """The search."""

    def answer(call: Call) -> DeferredAnswer:
        limit = int(call.one("limit"))
        if not 1 <= limit <= MOST:
            raise ParameterError(f"limit={call.one('limit')[:20]} is not between 1 and {MOST}.")
        return DeferredAnswer(lambda: _found(call, limit, questions, index))

    return Operation(
        path="/api/search",
        name="search",
        title={"en": "Search", "de": "Suche"},
        description={
            "en": "Full text over names, titles, paraphrases, definitions and notes, best first. Inflected words, "
            "parts of compounds, umlauts written as ae, and all gender forms are found.",
            "de": "Volltext über Namen, Titel, Paraphrasen, Definitionen und Anmerkungen, das Beste zuerst. "
            "Gebeugte Wörter, Teile von Komposita, als ae geschriebene Umlaute und alle Genderformen werden gefunden.",
        },
        tag="search",
        formats=(JSON, *table_formats()),
        answer=answer,
        params={
            "q": Parameter(
                type=Type.STRING,
                required=True,
                example="Asylberatung",
                title={"en": "What is looked for", "de": "Was gesucht wird"},
            ),
            "kind": Parameter(
                type=Type.ENUM, values=KINDS, example="positions", title={"en": "Only these", "de": "Nur diese"}
            ),
            "limit": Parameter(
                type=Type.INTEGER,
                default="20",
                title={"en": f"How many, 1 to {MOST}", "de": f"Wie viele, 1 bis {MOST}"},
            ),
        },
        schemas={JSON.media_type: _SCHEMA},
    )


async def _found(call: Call, limit: int, questions: Questions, index: Index) -> RenderedAnswer:
    hits = await index.find(call.one("q"), kind=call.one("kind"), language=call.language, limit=limit)
    labels = await questions.label([], call.request.client, also=[hit.item for hit in hits])
    root = call.request.scope.get("root_path", "")
    told = [_told(hit, labels.text(hit.item, call.language), root) for hit in hits]
    if call.format is not JSON:
        rows = [[hit["id"], hit["kind"], hit["score"], hit["label"], _first_text(hit)] for hit in told]
        return await written(Table(_COLUMNS, rows), call, questions.store.digest)
    return RenderedAnswer(tables.to_json({"dataset": questions.store.digest, "language": call.language, "hits": told}))


def _told(hit: SearchHit, label: str, root: str) -> dict[str, Any]:
    # A body is an actor too: the narrower list is told.
    kind = "bodies" if "bodies" in hit.kinds else hit.kinds[0]
    slug = hit.item.rpartition("/")[2]
    return {
        "id": hit.item,
        "label": label,
        "kind": kind,
        "score": hit.score,
        "href": f"{root}/api/{kind}/{slug}",
        "excerpts": [
            {"field": e.field, "text": e.text, "language": e.language, "highlights": e.highlights} for e in hit.excerpts
        ],
    }


def _first_text(hit: dict[str, Any]) -> str | None:
    return hit["excerpts"][0]["text"] if hit["excerpts"] else None


_EXCERPT = {
    "type": "object",
    "required": ["field", "text", "language", "highlights"],
    "properties": {
        "field": {"type": "string"},
        "text": {"type": "string"},
        "language": {"type": "string"},
        "highlights": {
            "type": "array",
            "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
        },
    },
}
_SCHEMA = {
    "type": "object",
    "required": ["dataset", "language", "hits"],
    "properties": {
        "hits": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "label", "kind", "score", "href", "excerpts"],
                "properties": {"excerpts": {"type": "array", "items": _EXCERPT}},
            },
        },
    },
}
