"""The search index of a data set, made from what the store answers and kept in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from graph_service.errors import LimitExceeded
from graph_service.rdf.answers import Row
from graph_service.views.questions import Questions
from graph_service.views.searching.search import Excerpt, SearchHit, Text, TextIndex, read
from graph_service.views.searching.search_words import LONGEST_WORD, MOST_WORDS

# Texts that an index holds: about 10 s of work and 50 MB. The shipped graph has 4,000.
MOST_TEXTS = 50_000
# What stands around them, and names of concepts; of more, some things are found by their own texts only.
MOST_CONTEXTS, MOST_NAMES = 100_000, 10_000


class Index:
    """The index of the data set that the store has now; made when it is first asked for.

    Args:
        questions: asks the store.
        texts: the query file of the texts that are searched.
        contexts: that of what stands around them; empty for none.
        scanned: that of the names with a word, which is asked where there is no index; empty for none.
        most: texts that the index holds; 0 for no index.
    """

    def __init__(
        self,
        questions: Questions,
        texts: str = "texts",
        contexts: str = "contexts",
        scanned: str = "",
        most: int = MOST_TEXTS,
    ) -> None:
        self._questions = questions
        self._texts = texts
        self._contexts = contexts
        self._scanned = scanned
        self._most = most
        # None in the place of an index says that there are too many texts, which is not found out again.
        self._made: tuple[str, TextIndex | None] | None = None

    async def prepare(self) -> TextIndex | None:
        """The index, made now if there is none for this data set; None where there are more texts than it holds."""
        digest = self._questions.store.digest
        if self._made is None or self._made[0] != digest:
            self._made = digest, await self._filled()
        return self._made[1]

    async def _filled(self) -> TextIndex | None:
        texts = await self._rows(self._texts, self._most + 1) if self._most else []
        if len(texts) > self._most or not self._most:
            return None
        contexts = await self._rows(self._contexts, MOST_CONTEXTS) if self._contexts else []
        names = await self._rows("synonyms", MOST_NAMES)
        return TextIndex(read(texts), read(contexts, "context"), read(names, "label"))

    async def _rows(self, file: str, most: int) -> list[Row]:
        return await self._questions.rows(f"{self._questions.file(file).text}\nLIMIT {most}", "search")

    async def find(self, words: str, *, kind: str = "", language: str = "de", limit: int = 20) -> list[SearchHit]:
        """The best hits; a search is a few milliseconds, so it runs here.

        Raises:
            LimitExceeded: the data set has more texts than an index holds, and names are not searched without one.
        """
        index = await self.prepare()
        if index is None and self._scanned:
            return await self._scan(words, kind, language, limit)
        if index is None:
            hint = "Narrow the lists of /api by their filters instead."
            raise LimitExceeded(f"The data set has more than {self._most} texts, too many to search.", hint=hint)
        return index.find(words, kind=kind, language=language, limit=limit)

    async def _scan(self, words: str, kind: str, language: str, limit: int) -> list[SearchHit]:
        """Things with all words in one name, the shortest name first; nothing but upper and lower case is alike."""
        wanted = sorted({word.lower()[:LONGEST_WORD] for word in words.split()[:MOST_WORDS]}, key=len)
        if not wanted:
            return []
        file = self._questions.file(self._scanned)
        rows = await self._questions.rows(file.bind({"word": [wanted[-1]]}, self._questions.names), "search")
        found: dict[str, list[Text]] = {}
        for text in read(rows):
            if kind in ("", text.kind) and all(word in text.text.lower() for word in wanted):
                found.setdefault(text.item, []).append(text)
        best = {item: min(texts, key=partial(_rank, language)) for item, texts in found.items()}
        first = sorted(best, key=lambda item: (_rank(language, best[item]), item))[:limit]
        return [_scanned_hit(best[item], {text.kind for text in found[item]}, wanted) for item in first]


def _rank(language: str, text: Text) -> tuple[int, bool, str]:
    return len(text.text), text.language.partition("-")[0] != language, text.text


def _scanned_hit(text: Text, kinds: Iterable[str], wanted: Sequence[str]) -> SearchHit:
    lowered = text.text.lower()
    # Some capitals have a longer small letter; then places in the one are none in the other.
    places = sorted((lowered.index(word), lowered.index(word) + len(word)) for word in wanted)
    marks = tuple(places) if len(lowered) == len(text.text) else ()
    excerpt = Excerpt(text.text, text.language.partition("-")[0].lower(), text.field, marks)
    return SearchHit(text.item, tuple(sorted(kinds)), round(1 / (1 + len(text.text)), 3), (excerpt,))
