"""Full-text search in German and English that handles umlauts, inflection, compounds and gendered spellings.

Both languages have a field of their own, with stemmer and, for German, a splitter of compounds. Its dictionary comes
from the texts: the words that are no compound of others. `Sprecher*innen`, `Sprecher:innen`, `SprecherInnen` and
`Sprecherinnen` are read as `Sprecher`. Beside them stands a field of whole words, for beginnings and misspellings. An
index lives in memory and is made anew for another data set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import tantivy

from graph_service.views.german_words import constituents, folded, spelled, with_joined
from graph_service.views.search_words import BOOST, CODE, WHOLE, WORD, IndexedWords, Words, all_of

LANGUAGES = ("de", "en")
_HEAP = 50_000_000
# Fewer hits for all words, and things with some of them follow.
_ENOUGH = 3


class Text(NamedTuple):
    """One text of a thing.

    `kind` is the list the thing stands in, `field` is `label`, `text` or `code`, `language` may be empty.
    """

    item: str
    kind: str
    field: str
    text: str
    language: str


class Excerpt(NamedTuple):
    """A text in which words were found, and where: half-open ranges in code points."""

    text: str
    language: str
    field: str
    highlights: tuple[tuple[int, int], ...]


class SearchHit(NamedTuple):
    """A thing that was found."""

    item: str
    kinds: tuple[str, ...]
    score: float
    excerpts: tuple[Excerpt, ...]


@dataclass
class _Document:
    kinds: set[str] = field(default_factory=set)
    texts: set[tuple[str, str, str]] = field(default_factory=set)


class TextIndex:
    """A searchable set of texts.

    Args:
        texts: all of them, in any order.
    """

    def __init__(self, texts: Iterable[Text]) -> None:
        self._documents: dict[str, _Document] = {}
        for text in texts:
            document = self._documents.setdefault(text.item, _Document())
            document.kinds.add(text.kind)
            document.texts.add((text.field, text.language.partition("-")[0].lower(), spelled(text.text)))
        self._folded = {text: folded(with_joined(text)) for *_, text in self._all()}
        german = (self._folded[text] for _, language, text in self._all() if language != "en")
        self._analyzers = {
            "de": _analyzer("German", constituents(german)),
            "en": _analyzer("English", ()),
            WHOLE: _simple().build(),
        }
        whole = {word for text in self._folded.values() for word in self._analyzers[WHOLE].analyze(text)}
        self._words = IndexedWords(self._analyzers, sorted(whole))
        self._index = self._filled()
        self._searcher = self._index.searcher()
        self._folded.clear()

    def find(
        self, words: str, *, kind: str = "", language: str = "de", limit: int = 20, offset: int = 0
    ) -> list[SearchHit]:
        """The things that fit best: all words that occur anywhere; where few have these, some of them after those.

        Args:
            words: what is looked for; at most `search_words.MOST_WORDS` words count.
            kind: only things of this list.
            language: of the excerpts, where a text is there in both.
            limit: how many hits.
            offset: after how many.
        """
        wanted = Words.of(words, self._words)
        chosen: tantivy.Query | None = None
        for query in wanted.queries(self._schema, self._searcher) if wanted.words else ():
            chosen = query
            if kind:
                chosen = all_of([query, tantivy.Query.term_query(self._schema, "kind", kind)])
            if len(self._searcher.search(chosen, limit=_ENOUGH).hits) == _ENOUGH:
                break
        if chosen is None:
            return []
        found = self._searcher.search(chosen, limit=limit, offset=offset).hits
        return [self._hit(address, score, wanted, language) for score, address in found]

    def _all(self) -> Iterator[tuple[str, str, str]]:
        return (text for document in self._documents.values() for text in document.texts)

    def _filled(self) -> tantivy.Index:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("item", stored=True, tokenizer_name="raw")
        builder.add_text_field("kind", stored=False, tokenizer_name="raw")
        builder.add_text_field(CODE, stored=False, tokenizer_name="raw")
        for language in self._analyzers:
            for name in BOOST:
                builder.add_text_field(f"{name}_{language}", stored=False, tokenizer_name=language)
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        for language, analyzer in self._analyzers.items():
            index.register_tokenizer(language, analyzer)
        writer = index.writer(heap_size=_HEAP, num_threads=1)
        for item, document in sorted(self._documents.items()):
            made = tantivy.Document()
            made.add_text("item", item)
            for kind in sorted(document.kinds):
                made.add_text("kind", kind)
            for name, language, text in sorted(document.texts):
                if name == CODE:
                    made.add_text(CODE, text.lower())
                    continue
                for one in (WHOLE, *([language] if language in LANGUAGES else LANGUAGES)):
                    made.add_text(f"{name}_{one}", self._folded[text])
            writer.add_document(made)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return index

    def _hit(self, address: tantivy.DocAddress, score: float, words: Words, language: str) -> SearchHit:
        item = str(self._searcher.doc(address)["item"][0])
        document = self._documents[item]
        excerpts: list[Excerpt] = []
        for name, spoken, text in sorted(document.texts, key=lambda text: (text[0], text[1] != language, text)):
            whole = name == CODE and text.lower() in (word.lower() for word in words.words)
            marked = ((0, len(text)),) if whole else tuple(self._marks(text, spoken, words)) if name != CODE else ()
            if marked and not any(e.field == name and e.language == language for e in excerpts):
                excerpts.append(Excerpt(text, spoken, name, marked))
        return SearchHit(item, tuple(sorted(document.kinds)), round(score, 3), tuple(excerpts))

    def _marks(self, text: str, language: str, words: Words) -> Iterator[tuple[int, int]]:
        """Where a word of the text shares a part with one of the wanted words, or begins like it."""
        language = language if language in LANGUAGES else "de"
        wanted, beginnings = words.parts(language), words.beginnings()
        for match in WORD.finditer(text):
            word = with_joined(folded(match[0]))
            whole = self._analyzers[WHOLE].analyze(word)
            if not wanted.isdisjoint(self._analyzers[language].analyze(word)) or any(
                one.startswith(beginnings) for one in whole
            ):
                yield match.span()


def _simple() -> tantivy.TextAnalyzerBuilder:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(100))
    return builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())


def _analyzer(stemmer: str, dictionary: Sequence[str]) -> tantivy.TextAnalyzer:
    builder = _simple().filter(tantivy.Filter.stopword(stemmer.lower()))
    if dictionary:
        builder = builder.filter(tantivy.Filter.split_compound(list(dictionary)))
    return builder.filter(tantivy.Filter.stemmer(stemmer)).build()


def read(rows: Iterable[Mapping[str, Mapping[str, str]]]) -> Iterator[Text]:
    """The texts in the rows of the query file `texts`, bindings of SPARQL 1.1 Query Results JSON."""
    for row in rows:
        text = row["text"]
        yield Text(
            row["item"]["value"], row["kind"]["value"], row["field"]["value"], text["value"], text.get("xml:lang", "")
        )
