"""The search index of a data set, made from what the store answers and kept in memory."""

from __future__ import annotations

from graph_service.errors import LimitExceeded
from graph_service.rdf.answers import Row
from graph_service.views.questions import Questions
from graph_service.views.search import SearchHit, TextIndex, read

# Texts that an index holds: about 10 s of work and 50 MB. The shipped graph has 4,000.
MOST_TEXTS = 50_000
# What stands around them, and names of concepts; of more, some things are found by their own texts only.
MOST_CONTEXTS, MOST_NAMES = 100_000, 10_000


class Index:
    """The index of the data set that the store has now; made when it is first asked for.

    Args:
        questions: asks the store.
        texts: the query file of the texts that are searched.
    """

    def __init__(self, questions: Questions, texts: str = "texts") -> None:
        self._questions = questions
        self._texts = texts
        # None in the place of an index says that there are too many texts, which is not found out again.
        self._made: tuple[str, TextIndex | None] | None = None

    async def prepare(self) -> TextIndex | None:
        """The index, made now if there is none for this data set; None where there are more texts than it holds."""
        digest = self._questions.store.digest
        if self._made is None or self._made[0] != digest:
            self._made = digest, await self._filled()
        return self._made[1]

    async def _filled(self) -> TextIndex | None:
        texts = await self._rows(self._texts, MOST_TEXTS + 1)
        if len(texts) > MOST_TEXTS:
            return None
        contexts = await self._rows("contexts", MOST_CONTEXTS)
        names = await self._rows("synonyms", MOST_NAMES)
        return TextIndex(read(texts), read(contexts, "context"), read(names, "label"))

    async def _rows(self, file: str, most: int) -> list[Row]:
        return await self._questions.rows(f"{self._questions.file(file).text}\nLIMIT {most}", "search")

    async def find(self, words: str, *, kind: str = "", language: str = "de", limit: int = 20) -> list[SearchHit]:
        """The best hits; a search is a few milliseconds, so it runs here.

        Raises:
            LimitExceeded: the data set has more texts than an index holds.
        """
        index = await self.prepare()
        if index is None:
            hint = "Narrow the lists of /api by their filters instead."
            raise LimitExceeded(f"The data set has more than {MOST_TEXTS} texts, too many to search.", hint=hint)
        return index.find(words, kind=kind, language=language, limit=limit)
