"""The search index of a data set, made from what the store answers and kept in memory."""

from __future__ import annotations

import asyncio

from graph_service.views.questions import Questions
from graph_service.views.search import SearchHit, TextIndex, read


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
                self._made = digest, TextIndex(read(rows))
            return self._made[1]

    async def find(self, words: str, *, kind: str = "", language: str = "de", limit: int = 20) -> list[SearchHit]:
        """The best hits; a search is a millisecond, so it runs here."""
        return (await self.prepare()).find(words, kind=kind, language=language, limit=limit)
