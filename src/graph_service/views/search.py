"""Full text in German and English: umlauts, inflection, compounds and gender signs do not keep a word from being found.

Both languages have a field of their own, with stemmer and, for German, a splitter of compounds. Its dictionary comes
from the texts: the words that are no compound of others. `Sprecher*innen`, `Sprecher:innen`, `SprecherInnen` and
`Sprecherinnen` are read as `Sprecher`. An index lives in memory and is made anew for another data set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import tantivy

from graph_service.views.german_words import constituents, folded

LANGUAGES = ("de", "en")
MOST_WORDS = 20
# Of so many words one may be missing; it takes as many queries as there are words.
_FEW = 8
# Longer ones are no words.
LONGEST_WORD = 80

_WORD = re.compile(r"[^\W_]+(?:(?:[*:_·]|/-?)(?:innen|in)\b|\((?:innen|in)\))?(?:[-'’][^\W_]+)*")
_DIGRAPH = re.compile(r"([aou])e")
_BOOST = {"label": 3.0, "text": 1.0}
# What questions begin with says nothing about what they ask for.
_ASKING = {
    "who",
    "what",
    "which",
    "where",
    "when",
    "how",
    "why",
    "wer",
    "wen",
    "was",
    "welche",
    "welcher",
    "wo",
    "wann",
    "wie",
}
_HEAP = 50_000_000


class Text(NamedTuple):
    """One text of a thing.

    `kinds` are the lists the thing stands in, `field` is `label` or `text`, `language` may be empty.
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
            document.texts.add((text.field, text.language.partition("-")[0].lower(), text.text))
        german = (text for _, language, text in self._all() if language != "en")
        self._analyzers = {"de": _analyzer("German", constituents(german)), "en": _analyzer("English", ())}
        self._index = self._filled()
        self._searcher = self._index.searcher()

    def find(
        self, words: str, *, kind: str = "", language: str = "de", limit: int = 20, offset: int = 0
    ) -> list[SearchHit]:
        """The things that fit best: all words, else some of them, else words that differ in a letter or two.

        Args:
            words: what is looked for; at most `MOST_WORDS` words count.
            kind: only things of this list.
            language: of the excerpts, where a text is there in both.
            limit: how many hits.
            offset: after how many.
        """
        found_words = _WORD.findall(words[: MOST_WORDS * LONGEST_WORD])
        found_words = [word for word in found_words if word.lower() not in _ASKING] or found_words
        wanted = [folded(word) for word in found_words if len(word) <= LONGEST_WORD][:MOST_WORDS]
        for query in self._queries(wanted):
            if kind:
                occurs = tantivy.Occur.Must
                query = tantivy.Query.boolean_query([(occurs, query), (occurs, self._term("kind", kind))])
            found = self._searcher.search(query, limit=limit, offset=offset)
            if found.hits:
                return [self._hit(address, score, wanted, language) for score, address in found.hits]
        return []

    def _all(self) -> Iterator[tuple[str, str, str]]:
        return (text for document in self._documents.values() for text in document.texts)

    def _filled(self) -> tantivy.Index:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("item", stored=True, tokenizer_name="raw")
        builder.add_text_field("kind", stored=False, tokenizer_name="raw")
        for language in LANGUAGES:
            for name in _BOOST:
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
                for one in [language] if language in LANGUAGES else LANGUAGES:
                    made.add_text(f"{name}_{one}", folded(text))
            writer.add_document(made)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return index

    def _queries(self, words: Sequence[str]) -> Iterator[tantivy.Query]:
        """From strict to lenient: all words, all that occur anywhere, all of these but one, any, similar ones."""
        exact = [query for query in map(self._word, words) if query is not None]
        if not exact:
            return
        yield tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in exact])
        # "Who opposes asylum counselling?": no text says "opposes", and that is not to hide the texts on counselling.
        known = [query for query in exact if self._searcher.search(query, limit=1).hits]
        yield tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in known])
        if 2 < len(known) <= _FEW:
            yield _all_but_one(known)
        yield tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in known])
        near = [query for query in (self._word(word, fuzzy=True) for word in words) if query is not None]
        yield tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in near])

    def _word(self, word: str, *, fuzzy: bool = False) -> tantivy.Query | None:
        """One word in any field: all its parts in the same one."""
        choices: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for language, analyzer in self._analyzers.items():
            for spelling in dict.fromkeys((word, _DIGRAPH.sub(r"\1", word))):
                for name, boost in _BOOST.items():
                    terms = [self._term(f"{name}_{language}", part, fuzzy=fuzzy) for part in analyzer.analyze(spelling)]
                    if terms:
                        whole = tantivy.Query.boolean_query([(tantivy.Occur.Must, term) for term in terms])
                        choices.append((tantivy.Occur.Should, tantivy.Query.boost_query(whole, boost)))
        return tantivy.Query.boolean_query(choices) if choices else None

    def _term(self, name: str, text: str, *, fuzzy: bool = False) -> tantivy.Query:
        if fuzzy and len(text) > 3:
            # Of a long word the stem may differ, too.
            distance = 2 if len(text) > 7 else 1
            return tantivy.Query.fuzzy_term_query(self._schema, name, text, distance, transposition_cost_one=True)
        return tantivy.Query.term_query(self._schema, name, text)

    def _hit(self, address: tantivy.DocAddress, score: float, words: Sequence[str], language: str) -> SearchHit:
        item = str(self._searcher.doc(address)["item"][0])
        document = self._documents[item]
        excerpts: list[Excerpt] = []
        for name, spoken, text in sorted(document.texts, key=lambda text: (text[0], text[1] != language, text)):
            marked = tuple(self._marks(text, spoken, words))
            if marked and not any(e.field == name and e.language == language for e in excerpts):
                excerpts.append(Excerpt(text, spoken, name, marked))
        return SearchHit(item, tuple(sorted(document.kinds)), round(score, 3), tuple(excerpts))

    def _marks(self, text: str, language: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where a word of the text shares a part with one of the wanted words."""
        analyzer = self._analyzers.get(language, self._analyzers["de"])
        spellings = (spelling for word in words for spelling in (word, _DIGRAPH.sub(r"\1", word)))
        wanted = {part for spelling in spellings for part in analyzer.analyze(spelling)}
        for match in _WORD.finditer(text):
            if not wanted.isdisjoint(analyzer.analyze(folded(match[0]))):
                yield match.span()


def _all_but_one(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """What meets all of these, whichever one is left out."""
    choices = []
    for left_out in queries:
        kept = [(tantivy.Occur.Must, query) for query in queries if query is not left_out]
        choices.append((tantivy.Occur.Should, tantivy.Query.boolean_query(kept)))
    return tantivy.Query.boolean_query(choices)


def _analyzer(stemmer: str, dictionary: Sequence[str]) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.remove_long(100)).filter(tantivy.Filter.lowercase())
    builder = builder.filter(tantivy.Filter.stopword(stemmer.lower())).filter(tantivy.Filter.ascii_fold())
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
