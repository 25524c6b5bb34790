"""What the words of a passage say outright: names of what it is about, and cues for codes.

Names are found in any grammatical form and for all genders, by the stems of their words; a name within a longer one of
the same column does not count. Cues are patterns: `*` stands for any letters, `…` for any words in between.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import tantivy

from graph_service.drafting.corpus import Cue, Name
from graph_service.views.german_words import folded, spelled

STEMMERS = {"de": "german", "en": "english"}
# Letters that may stand for the ellipsis of a cue.
_WIDEST_GAP = 160
# Names of one word that are shorter stand for too much.
_SHORTEST = 2

Found = tuple[str, str]
"""Column and code."""


class Names:
    """Finds names in passages of one language."""

    def __init__(self, names: Iterable[Name], language: str) -> None:
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
        if language in STEMMERS:
            builder = builder.filter(tantivy.Filter.stemmer(STEMMERS[language]))
        self._analyser = builder.build()
        self._meant: defaultdict[tuple[str, ...], set[Found]] = defaultdict(set)
        for name in names:
            if name.language in (language, "") and len(name.text) >= _SHORTEST:
                self._meant[self._stems(name.text)].add((name.column, name.code))
        self._longest = max(map(len, self._meant), default=0)

    def found(self, text: str) -> set[Found]:
        """What is named in a text."""
        stems = self._stems(text)
        found: set[Found] = set()
        covered: defaultdict[str, set[int]] = defaultdict(set)
        for length in range(self._longest, 0, -1):
            for start in range(len(stems) - length + 1):
                for column, code in sorted(self._meant.get(stems[start : start + length], ())):
                    place = set(range(start, start + length))
                    if not place <= covered[column]:
                        found.add((column, code))
            # Names of one length stand side by side, so they cover only shorter ones.
            for start in range(len(stems) - length + 1):
                for column, _ in self._meant.get(stems[start : start + length], ()):
                    covered[column] |= set(range(start, start + length))
        return found

    def _stems(self, text: str) -> tuple[str, ...]:
        return tuple(self._analyser.analyze(folded(spelled(text))))


@dataclass(frozen=True)
class _Pattern:
    expression: re.Pattern[str]
    found: Found


class Cues:
    """Finds cues in passages of one language, and in the headings above them."""

    def __init__(self, cues: Iterable[Cue], language: str) -> None:
        self._of_passages: list[_Pattern] = []
        self._of_headings: list[_Pattern] = []
        for cue in cues:
            if cue.language == language:
                patterns = self._of_headings if cue.in_heading else self._of_passages
                patterns.append(_Pattern(_expression(cue.text), (cue.column, cue.code)))

    def found(self, text: str) -> dict[Found, int]:
        """How many cues of each code stand in a passage."""
        return _count(self._of_passages, text)

    def found_in_heading(self, heading: str) -> dict[Found, int]:
        """How many heading cues of each code stand in a heading."""
        return _count(self._of_headings, heading)


def _count(patterns: Sequence[_Pattern], text: str) -> dict[Found, int]:
    counts: defaultdict[Found, int] = defaultdict(int)
    for pattern in patterns:
        if pattern.expression.search(text):
            counts[pattern.found] += 1
    return dict(counts)


def _expression(cue: str) -> re.Pattern[str]:
    parts = [r"\s+".join(map(_word, part.split())) for part in cue.split("…")]
    return re.compile(rf"\b.{{0,{_WIDEST_GAP}}}?\b".join(parts), re.IGNORECASE | re.DOTALL)


def _word(word: str) -> str:
    return r"\b" + r"\w*".join(map(re.escape, word.split("*"))) + r"\b"
