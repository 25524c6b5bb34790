"""What is looked for, word by word: how each may be spelled, and the queries for it from strict to lenient."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from math import log

import tantivy

from graph_service.views.searching.german_words import folded, spelled

MOST_WORDS = 12
# Longer ones are no words.
LONGEST_WORD = 80
# The analyzer of whole words, beside those of languages, and the field of short names, which are found whole.
WHOLE = "whole"
CODE = "code"
WORD = re.compile(r"[^\W_]+(?:(?:[*:_·]|/-?)(?:innen|in)\b|\((?:innen|in)\))?(?:[-'’][^\W_]+)*")
BOOST = {"label": 3.0, "text": 1.0, "context": 0.3}

# Of so many words one may be missing; it takes as many queries as there are words.
_FEW = 8
# For so many words that no text has others that are spelled alike are looked for, which takes a millisecond each.
_MOST_NEAR = 5
# Shorter beginnings are those of too many words; of a longer one so many words count.
_SHORTEST_BEGINNING = 4
_MOST_LONGER = 20
_BEGINNING = 0.3
# What is no word of the texts is meant as a beginning, more than as a form of a shorter word.
_UNFINISHED = 2.0
# What lacks none of them comes before what lacks one.
_NONE_MISSING = 3.0
# What has all words comes before what has some of them.
_ALL_WORDS = 10.0
# Another word for the same is worth less than the word itself.
_SYNONYM = 0.6
_DIGRAPH = re.compile(r"([aou])e")
# What questions begin with says nothing about what they ask for, and not every list of stop words has it.
_ASKING = frozenset("who what which where when how why wer wen was welche welcher wo wann wie".split())  # noqa: SIM905

Analyzers = Mapping[str, tantivy.TextAnalyzer]


@dataclass(frozen=True)
class IndexedWords:
    """What an index knows of words.

    Attributes:
        analyzers: by language, and `WHOLE`.
        whole: all whole words in their order.
        synonyms: words that stand for each other, by the parts that a language has of one of them.
    """

    analyzers: Analyzers
    whole: Sequence[str]
    synonyms: Mapping[tuple[str, ...], Sequence[str]] = field(default_factory=dict)

    def beginning_with(self, text: str) -> Sequence[str]:
        """The first whole words that begin like this."""
        start = bisect_left(self.whole, text)
        return list(takewhile(lambda one: one.startswith(text), self.whole[start : start + _MOST_LONGER]))


@dataclass(frozen=True)
class Words:
    """The words of a search.

    Attributes:
        words: with one form for all genders, in their order.
        indexed: the words of the index.
    """

    words: Sequence[str]
    indexed: IndexedWords

    @classmethod
    def of(cls, text: str, indexed: IndexedWords) -> Words:
        """The words of a text; those that say nothing in German or in English count only where no others are."""
        found = [word for word in WORD.findall(spelled(text)[: MOST_WORDS * LONGEST_WORD]) if len(word) <= LONGEST_WORD]
        telling = [word for word in found if not _says_nothing(word, indexed.analyzers)]
        return cls([folded(word) for word in telling or found][:MOST_WORDS], indexed)

    def parts(self, language: str) -> set[str]:
        """The parts of all words as the index of a language has them."""
        analyzer = self.indexed.analyzers[language]
        return {part for word in self.words for spelling in _spellings(word) for part in analyzer.analyze(spelling)}

    def beginnings(self) -> tuple[str, ...]:
        """How words begin that are found by their beginning, too."""
        return tuple(one for word in self.words for one in self._beginnings(word))

    def queries(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> Iterator[tantivy.Query]:
        """From strict to lenient: all words that occur anywhere, or all of these but one; any of them, those first.

        "Who opposes asylum counselling?": no text says "opposes", and that is not to hide the texts on counselling. In
        the place of such a word come those that differ from it in a letter or two.
        """
        terms = _Terms(schema, searcher)
        known: list[tantivy.Query] = []
        near: list[tantivy.Query] = []
        for word in self.words:
            query = self._exact(word, terms)
            if searcher.search(query, limit=1).hits:
                known.append(query)
            elif len(near) < _MOST_NEAR:
                near.append(self._near(word, terms))
        if known:
            choices = [tantivy.Query.boost_query(all_of(known), _NONE_MISSING)]
            if 2 < len(known) <= _FEW:
                choices += [all_of([one for one in known if one is not left_out]) for left_out in known]
            must, should = any_of(choices), [(tantivy.Occur.Should, query) for query in near]
            strict = tantivy.Query.boolean_query([(tantivy.Occur.Must, must), *should])
            yield strict
            if len(self.words) == 1:
                return
            known.append(tantivy.Query.boost_query(strict, _ALL_WORDS))
        yield any_of([*known, *near])

    def _exact(self, word: str, terms: _Terms) -> tantivy.Query:
        """One word in any field, all its parts in the same one; or a longer word that begins with it."""
        choices = [tantivy.Query.boost_query(terms.exactly(CODE, word.lower()), BOOST["label"])]
        synonyms = self._synonyms(word)
        for name, boost in BOOST.items():
            for spelling in _spellings(word):
                choices += self._inflected(spelling, name, boost, terms)
            for synonym in synonyms:
                choices += self._inflected(synonym, name, boost * _SYNONYM, terms)
            for text in self._beginnings(word):
                longer = self.indexed.beginning_with(text)
                weight = _BEGINNING if longer[:1] == [text] else _UNFINISHED
                rarities = {one: terms.rarity(f"{name}_{WHOLE}", one) for one in longer}
                for one, rarity in rarities.items():
                    # They are one word to whoever types it: a rare ending is worth no more than a common one.
                    query = terms.exactly(f"{name}_{WHOLE}", one)
                    choices.append(tantivy.Query.boost_query(query, boost * weight * min(rarities.values()) / rarity))
        return any_of(choices)

    def _inflected(self, word: str, name: str, boost: float, terms: _Terms) -> Iterator[tantivy.Query]:
        """A word in a field in each language, all its parts."""
        for language, analyzer in self.indexed.analyzers.items():
            if parts := analyzer.analyze(word):
                whole = all_of([terms.exactly(f"{name}_{language}", part) for part in parts])
                yield tantivy.Query.boost_query(whole, boost)

    def _synonyms(self, word: str) -> list[str]:
        every = {
            tuple(analyzer.analyze(one)) for analyzer in self.indexed.analyzers.values() for one in _spellings(word)
        }
        return sorted({synonym for parts in every for synonym in self.indexed.synonyms.get(parts, ())})

    def _near(self, word: str, terms: _Terms) -> tantivy.Query:
        """What differs from a word in a letter or two, in a name rather than in a text."""
        parts = [part for part in self.indexed.analyzers[WHOLE].analyze(word) if len(part) > 3]
        return any_of([one for name, boost in BOOST.items() for part in parts for one in terms.near(name, boost, part)])

    def _beginnings(self, word: str) -> list[str]:
        whole = self.indexed.analyzers[WHOLE]
        found = {part for spelling in _spellings(word) for part in whole.analyze(spelling)[-1:]}
        return sorted(part for part in found if len(part) >= _SHORTEST_BEGINNING)


@dataclass(frozen=True)
class _Terms:
    schema: tantivy.Schema
    searcher: tantivy.Searcher

    def exactly(self, field: str, text: str) -> tantivy.Query:
        return tantivy.Query.term_query(self.schema, field, text)

    def rarity(self, field: str, text: str) -> float:
        """The inverse document frequency of a word, as BM25 has it."""
        number = self.searcher.doc_freq(field, text)
        return log(1 + (self.searcher.num_docs - number + 0.5) / (number + 0.5))

    def near(self, name: str, boost: float, text: str) -> Iterator[tantivy.Query]:
        # Of a long word the ending may differ, too; what differs in one letter meets both.
        for distance in (1, 2) if len(text) > 7 else (1,):
            query = tantivy.Query.fuzzy_term_query(
                self.schema, f"{name}_{WHOLE}", text, distance, transposition_cost_one=True
            )
            yield tantivy.Query.boost_query(query, boost)


def all_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """What meets all of these."""
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """What meets any of these, the better the more."""
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _spellings(word: str) -> list[str]:
    """A word as it is, with hyphens left out, and each with umlauts instead of `ae`."""
    joined = (word, word.replace("-", ""))
    return list(dict.fromkeys((*joined, *(_DIGRAPH.sub(r"\1", one) for one in joined))))


def _says_nothing(word: str, analyzers: Analyzers) -> bool:
    """Whether it is a stop word of either language."""
    return word.lower() in _ASKING or not all(analyzer.analyze(word) for analyzer in analyzers.values())
