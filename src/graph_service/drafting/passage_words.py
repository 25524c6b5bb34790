"""What the words of a passage say outright: names of what it is about, and cues for codes.

Names are found in any grammatical form and for all genders, by the stems of their words; a name within a longer one of
the same column does not count. Cues are patterns: `*` stands for any letters, `…` for any words in between.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import tantivy

from graph_service.drafting.corpus import Cue, Name
from graph_service.views.searching.german_words import folded, spelled

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


class Cues:
    """Finds cues in passages of one language, and in the headings above them."""

    def __init__(self, cues: Iterable[Cue], language: str) -> None:
        passages: defaultdict[Found, list[str]] = defaultdict(list)
        headings: defaultdict[Found, list[str]] = defaultdict(list)
        for cue in cues:
            if cue.language == language:
                places = headings if cue.in_heading else passages
                places[cue.column, cue.code].append(_expression(cue.text))
        self._patterns = _compiled(passages)
        self._heading_patterns = _compiled(headings)

    def found(self, text: str) -> set[Found]:
        """The codes that have a cue in a passage."""
        return {found for found, pattern in self._patterns.items() if pattern.search(text)}

    def found_in_heading(self, heading: str) -> set[Found]:
        """The codes that have a heading cue in a heading."""
        return {found for found, pattern in self._heading_patterns.items() if pattern.search(heading)}

    def take_a_stance(self, text: str, heading: str, lead: str) -> bool:
        """Whether a passage, its heading or the sentence that leads to its list says that a stance is taken."""
        stances = [pattern for (column, _), pattern in self._patterns.items() if column == "stance"]
        has_cue = any(pattern.search(words) for words in (text, lead) if words for pattern in stances)
        return has_cue or bool(heading and self.found_in_heading(heading))


def _compiled(cues: Mapping[Found, Sequence[str]]) -> dict[Found, re.Pattern[str]]:
    return {found: re.compile("|".join(own), re.IGNORECASE | re.DOTALL) for found, own in cues.items()}


def _expression(cue: str) -> str:
    parts = [r"\s+".join(map(_word, part.split())) for part in cue.split("…")]
    return rf"\b.{{0,{_WIDEST_GAP}}}?\b".join(parts)


def _word(word: str) -> str:
    return r"\b" + r"\w*".join(map(re.escape, word.split("*"))) + r"\b"
