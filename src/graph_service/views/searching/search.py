"""Full-text search in German and English that handles umlauts, inflection, compounds and gendered spellings.

Both languages have a field of their own, with stemmer and, for German, a splitter of compounds. Its dictionary comes
from the texts: the words that are no compound of others. `Sprecher*innen`, `Sprecher:innen`, `SprecherInnen` and
`Sprecherinnen` are read as `Sprecher`. Beside them stands a field of whole words, for beginnings and misspellings. An
index lives in memory and is made anew for another data set. Hidden labels (`skos:hiddenLabel`) and what stands around a
thing, such as its author, are searched as well, and never shown as an excerpt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import tantivy

from graph_service.views.searching.german_words import constituents, folded, spelled, with_forms
from graph_service.views.searching.search_synonyms import synonyms
from graph_service.views.searching.search_words import BOOST, CODE, WHOLE, WORD, IndexedWords, Words, all_of

LANGUAGES = ("de", "en")
_HEAP = 50_000_000
# Fewer hits for all words, and things with some of them follow.
_ENOUGH = 3
# Whoever types a few words looks for what a debate is about or who leads it, rather than for one passage of hundreds.
_WEIGHTS = {"propositions": 2.0, "issues": 2.0, "actors": 2.0, "bodies": 1.5, "instruments": 1.5, "votes": 0.7}
# So many of the best are weighed.
_WEIGHED = 60
# Words of texts that are kept taken apart, of 500 bytes each.
_KNOWN_WORDS = 20_000
# The fields of an index that the fields of texts go into.
_FIELDS = {"label": "label", "hidden": "label", "text": "text", "context": "context"}
_SHOWN = (CODE, "label", "text")


class Text(NamedTuple):
    """One text of a thing.

    `kind` is the list the thing stands in, `field` is `label`, `hidden`, `text`, `context` or `code`, `language` may be
    empty.
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
        contexts: what stands around the things of these texts, such as the name of an author.
        names: of concepts; those of one concept that are single words stand for each other.
    """

    def __init__(self, texts: Iterable[Text], contexts: Iterable[Text] = (), names: Iterable[Text] = ()) -> None:
        self._documents: dict[str, _Document] = {}
        for text in texts:
            document = self._documents.setdefault(text.item, _Document())
            document.kinds.add(text.kind)
            document.texts.add(_entry(text))
        for text in contexts:
            if text.item in self._documents:
                self._documents[text.item].texts.add(_entry(text))
        self._folded = {text: folded(with_forms(text)) for *_, text in self._all()}
        german = (self._folded[text] for _, language, text in self._all() if language != "en")
        self._analyzers = {
            "de": _analyzer("German", constituents(german)),
            "en": _analyzer("English", ()),
            WHOLE: _simple().build(),
        }
        whole = {word for text in self._folded.values() for word in self._analyzers[WHOLE].analyze(text)}
        labels = ((name.item, name.text, name.language) for name in names)
        self._words = IndexedWords(self._analyzers, sorted(whole), synonyms(labels, self._analyzers))
        self._index = self._filled()
        self._searcher = self._index.searcher()
        self._folded.clear()
        # The same few thousand words make up all excerpts, and to take one apart costs 20 µs.
        self._known = lru_cache(_KNOWN_WORDS)(self._analyzed)

    def find(self, words: str, *, kind: str = "", language: str = "de", limit: int = 20) -> list[SearchHit]:
        """The things that fit best: all words that occur anywhere; where few have these, some of them after those.

        Args:
            words: what is looked for; at most `search_words.MOST_WORDS` words count.
            kind: only things of this list.
            language: of the excerpts, where a text is there in both.
            limit: how many hits.
        """
        wanted = Words.of(words, self._words)
        found: list[tuple[float, str]] = []
        complete: set[str] | None = None
        for query in wanted.queries(self._schema, self._searcher) if wanted.words else ():
            if kind:
                query = all_of([query, tantivy.Query.term_query(self._schema, "kind", kind)])
            found = self._found(query, max(limit, _WEIGHED))
            if complete is None:
                complete = {item for _, item in found}
            if len(found) >= _ENOUGH:
                break
        # What has only some of the words is no better for being of a certain kind.
        weighed = [(-score * (self._weight(item) if item in (complete or ()) else 1), item) for score, item in found]
        return [self._hit(item, -score, wanted, language) for score, item in sorted(weighed)[:limit]]

    def _found(self, query: tantivy.Query, limit: int) -> list[tuple[float, str]]:
        hits = self._searcher.search(query, limit=limit).hits
        return [(score, str(self._searcher.doc(address)["item"][0])) for score, address in hits]

    def _weight(self, item: str) -> float:
        return max(_WEIGHTS.get(kind, 1.0) for kind in self._documents[item].kinds)

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
            indexed = tantivy.Document()
            indexed.add_text("item", item)
            for kind in sorted(document.kinds):
                indexed.add_text("kind", kind)
            for name, language, text in sorted(document.texts):
                if name == CODE:
                    indexed.add_text(CODE, text.lower())
                    continue
                for one in (WHOLE, *([language] if language in LANGUAGES else LANGUAGES)):
                    indexed.add_text(f"{_FIELDS[name]}_{one}", self._folded[text])
            writer.add_document(indexed)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return index

    def _hit(self, item: str, score: float, words: Words, language: str) -> SearchHit:
        document = self._documents[item]
        excerpts: list[Excerpt] = []
        shown = [text for text in document.texts if text[0] in _SHOWN]
        for name, spoken, text in sorted(shown, key=lambda text: (text[0], text[1] != language, text)):
            if any(e.field == name and e.language == language for e in excerpts):
                continue
            whole = name == CODE and text.lower() in (word.lower() for word in words.words)
            marked = ((0, len(text)),) if whole else tuple(self._marks(text, spoken, words)) if name != CODE else ()
            if marked:
                excerpts.append(Excerpt(text, spoken, name, marked))
        return SearchHit(item, tuple(sorted(document.kinds)), round(score, 3), tuple(excerpts))

    def _marks(self, text: str, language: str, words: Words) -> Iterator[tuple[int, int]]:
        """Where a word of the text shares a part with one of the wanted words, or begins like it."""
        language = language if language in LANGUAGES else "de"
        wanted, beginnings = words.parts(language), words.beginnings()
        for match in WORD.finditer(text):
            parts, whole = self._known(language, match[0])
            if not wanted.isdisjoint(parts) or any(one.startswith(beginnings) for one in whole):
                yield match.span()

    def _analyzed(self, language: str, word: str) -> tuple[list[str], list[str]]:
        """A word of a text as the fields of a language and of whole words have it."""
        word = with_forms(folded(word))
        return self._analyzers[language].analyze(word), self._analyzers[WHOLE].analyze(word)


def _simple() -> tantivy.TextAnalyzerBuilder:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(100))
    return builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())


def _analyzer(stemmer: str, dictionary: Sequence[str]) -> tantivy.TextAnalyzer:
    builder = _simple().filter(tantivy.Filter.stopword(stemmer.lower()))
    if dictionary:
        builder = builder.filter(tantivy.Filter.split_compound(list(dictionary)))
    return builder.filter(tantivy.Filter.stemmer(stemmer)).build()


def read(rows: Iterable[Mapping[str, Mapping[str, str]]], role: str = "") -> Iterator[Text]:
    """The texts in the rows of a query file, bindings of SPARQL 1.1 Query Results JSON.

    Args:
        rows: with the columns `item`, `text`, and, in the query file `texts`, `kind` and `field`.
        role: what the texts are where there is no such column.
    """
    for row in rows:
        text = row["text"]
        kind, of = (row[name]["value"] if name in row else "" for name in ("kind", "field"))
        yield Text(row["item"]["value"], kind, of or role, text["value"], text.get("xml:lang", ""))


def _entry(text: Text) -> tuple[str, str, str]:
    return text.field, text.language.partition("-")[0].lower(), spelled(text.text)
