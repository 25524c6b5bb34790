"""Sentences of a new edition that say otherwise what a passage of the old one said.

Two stretches resemble each other by the words they share; a word counts the more, the fewer sentences have it (inverse
document frequency), so that phrases which a paper repeats decide nothing. A counterpart must be the best in both
directions: another sentence of the old edition may have become it.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graph_service.coding.new_edition.edition_sentences import EditionSentences, Run, Sentences

_WORD = re.compile(r"\w+")
Words = Mapping[str, int]
# The weighed share of words that a passage and its counterpart have in common at least, and how far behind a second
# one must be.
_LEAST, _CLEARLY = 0.5, 0.15
# Sentences of a passage that are looked for together, and how many sentences with rare words of it are tried.
_LONGEST, _TRIED = 30, 20


@dataclass(frozen=True)
class Resembling:
    """Sentences that resemble a passage, and how much: 0 to 1."""

    run: Run
    similarity: float


class Rewording:
    """Looks for counterparts of passages that are not in the new edition as they were."""

    def __init__(self, editions: EditionSentences) -> None:
        self._editions = editions
        self._sides = {id(one): _Side.of(one) for one in (editions.old, editions.new)}
        keys = {*editions.old.keys, *editions.new.keys}
        having = Counter(word for key in keys for word in set(words_of(key)))
        self._weights = {word: math.log((1 + len(keys)) / number) for word, number in having.items()}

    def counterparts(self, run: Run) -> list[Resembling]:
        """One counterpart, several that are about as good, or none."""
        old, new = self._editions.old, self._editions.new
        if not 0 < run[1] - run[0] <= _LONGEST:
            return []
        found = self._resembling(old.text(run), run[1] - run[0], new, other=old, own=old.keys[run[0] : run[1]])
        if not found or found[0].similarity < _LEAST:
            return []
        best = found[0]
        if rivals := [one for one in found if _apart(one.run, best.run) and _close(one, best)]:
            return [best, *rivals]
        length, keys = best.run[1] - best.run[0], new.keys[best.run[0] : best.run[1]]
        back = self._resembling(new.text(best.run), length, old, other=new, own=keys, also=range(*run))
        nearer = [one for one in back if _apart(one.run, run) and one.similarity > best.similarity - _CLEARLY]
        if nearer and nearer[0].similarity > best.similarity:
            return []
        return [best, best] if nearer else [best]

    def similarity(self, one: str, other: str) -> float:
        """How much of the words of two texts is shared, each word by its weight."""
        return self._share(words_of(one), words_of(other))

    def resemble(self, one: str, other: str) -> bool:
        """Whether two texts share enough words for one to have become the other."""
        return self.similarity(one, other) >= _LEAST

    def _share(self, one: Words, other: Words) -> float:
        shared = sum(self._weight(word) * min(number, other.get(word, 0)) for word, number in one.items())
        total = sum(self._weight(word) * number for words in (one, other) for word, number in words.items())
        return 2 * shared / total if total else 0.0

    def _weight(self, word: str) -> float:
        return self._weights.get(word, 1.0)

    def _resembling(
        self, text: str, length: int, there: Sentences, other: Sentences, own: list[str], also: Iterable[int] = ()
    ) -> list[Resembling]:
        """Runs of sentences that resemble a text, the best first.

        Sentences that both editions have are left out, since they are their own counterparts, unless they are the
        text's own.
        """
        side, wanted = self._sides[id(there)], words_of(text)
        free = {n for n, key in enumerate(there.keys) if not other.has(key) or key in own} | set(also)
        near: defaultdict[int, float] = defaultdict(float)
        for word, number in wanted.items():
            for sentence in side.having.get(word, ()):
                near[sentence] += self._weight(word) * number
        centres = sorted((n for n in near if n in free), key=lambda n: (-near[n], n))[:_TRIED]
        runs = {run for centre in centres for run in _runs_around(centre, length, free)}
        found = (Resembling(run, self._share(wanted, side.words(run))) for run in runs)
        return sorted(found, key=lambda one: (-one.similarity, one.run[1] - one.run[0], one.run))


@dataclass(frozen=True)
class _Side:
    """The words of each sentence of an edition, and which sentences have a word."""

    sentences: list[Words]
    having: Mapping[str, list[int]]

    @classmethod
    def of(cls, sentences: Sentences) -> _Side:
        words = [words_of(key) for key in sentences.keys]
        having: defaultdict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(words):
            for word in one:
                having[word].append(number)
        return cls(words, having)

    def words(self, run: Run) -> Words:
        found: Counter[str] = Counter()
        for one in self.sentences[run[0] : run[1]]:
            found.update(one)
        return found


def words_of(text: str) -> Words:
    """How often a text has each word, whatever the case."""
    return Counter(_WORD.findall(text.casefold()))


def _runs_around(centre: int, length: int, free: set[int]) -> Iterator[Run]:
    """Runs with a sentence in them, one sentence shorter or longer than wanted at most."""
    for size in range(max(1, length - 1), length + 2):
        for first in range(centre - size + 1, centre + 1):
            if all(number in free for number in range(first, first + size)):
                yield first, first + size


def _apart(one: Run, other: Run) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]


def _close(one: Resembling, best: Resembling) -> bool:
    return one.similarity > best.similarity - _CLEARLY
