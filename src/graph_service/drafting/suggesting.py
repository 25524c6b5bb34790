"""Suggests codes for a passage: the one way in for drafting, the review page and evaluation.

What is learnt from coded texts (`ranking`) and what the words say outright (`wording`) add up to one score a code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph_service.coding.paper_draft import CODES, Resemblance, Suggestion
from graph_service.drafting.corpus import CodedText, Corpus
from graph_service.drafting.ranking import MOST_LETTERS, Matrix, Ranking, chosen
from graph_service.drafting.wording import Cues, Names
from graph_service.errors import SettingsError

# Most coded collections do not code the role of a statement in its text, so cues alone speak for it.
_LEARNT = ("proposition", "agreement", "stance", "target_group", "addressee", "instrument")
_MOST = {"proposition": 10}
_MOST_OF_OTHERS = 5
_MOST_RESEMBLANCES = 2
_RESEMBLANCE_LETTERS = 200
# Below it, a passage and a code have next to nothing in common.
_LEAST = 0.05
# What a name in the passage, a cue in it, and a cue in the heading above it add.
_NAME, _CUE, _HEADING_CUE = 0.3, 0.3, 0.2

Suggestions = dict[str, tuple[Suggestion, ...]]


@dataclass(frozen=True)
class Passage:
    """Words that may be a position, and those above them: heading and sentence that leads to a list."""

    text: str
    heading: str = ""
    lead: str = ""


@dataclass(frozen=True)
class Reading:
    """What was made of a passage.

    Attributes:
        suggestions: by column, the best first.
        relevance: score of the best proposition: how much the passage is about what was coded before.
        has_cue: whether its words, its heading or its lead say that a stance is taken.
    """

    suggestions: Suggestions
    relevance: float
    has_cue: bool


class Suggester:
    """Suggests codes for passages in one language.

    Args:
        corpus: what is learnt from.
        language: of the passages, such as `de`.

    Raises:
        SettingsError: there are no cues for this language, or no coded text in it.
    """

    def __init__(self, corpus: Corpus, language: str) -> None:
        if language not in corpus.languages():
            known = ", ".join(corpus.languages()) or "none"
            hint = f"There are cues for: {known}. Add some for {language!r} as mp:cue (ontology/vocabularies/cues.ttl)."
            raise SettingsError(f"No cues are known for papers in the language {language!r}.", hint=hint)
        texts = [text for text in corpus.texts if text.language == language and text.codes]
        if not texts:
            hint = "Build a graph with propositions in this language."
            raise SettingsError(f"Nothing in the graph is worded in the language {language!r}.", hint=hint)
        kept = chosen([" ".join(text.codes.get("proposition", ())) for text in texts])
        self._texts: Sequence[CodedText] = [texts[number] for number in kept]
        self._ranking = Ranking([text.text for text in self._texts], [text.codes for text in self._texts], _LEARNT)
        self._names = Names(corpus.names, language)
        self._cues = Cues(corpus.cues, language)
        self.left_out = len(texts) - len(kept)

    def suggestions(self, text: str, heading: str = "") -> Suggestions:
        """Codes that a passage may have, by column of the coding sheet, the best first; about 10 ms."""
        return next(self.read([Passage(text, heading)])).suggestions

    def propositions(self, typed: str, limit: int = 10) -> list[Suggestion]:
        """Propositions that somebody may mean who types this, the best first."""
        return self._learnt("proposition", next(self._ranking.likeness([typed])), {}, limit)

    def read(self, passages: Sequence[Passage]) -> Iterator[Reading]:
        """What is to be made of each passage."""
        likenesses = self._ranking.likeness([passage.text for passage in passages])
        for passage, likeness in zip(passages, likenesses, strict=True):
            yield self._reading(passage, likeness)

    def _reading(self, passage: Passage, likeness: Matrix) -> Reading:
        text = passage.text[:MOST_LETTERS]
        in_text = self._cues.found(text)
        above = self._cues.found_in_heading(passage.heading), self._cues.found(passage.lead)
        said: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for column, code in self._names.found(text):
            said[column][code] = _NAME
        for found, worth in ((in_text, _CUE), *((found, _HEADING_CUE) for found in above)):
            for column, code in found:
                said[column][code] = said[column].get(code, 0) + worth
        suggestions: Suggestions = {}
        for column in CODES:
            most = _MOST.get(column, _MOST_OF_OTHERS)
            if best := self._learnt(column, likeness, said.get(column, {}), most):
                suggestions[column] = tuple(best)
        first = next(iter(suggestions.get("proposition", ())), None)
        has_cue = any(column == "stance" for column, _ in in_text) or any(above)
        return Reading(suggestions, first.score if first else 0.0, has_cue)

    def _learnt(self, column: str, likeness: Matrix, said: Mapping[str, float], most: int) -> list[Suggestion]:
        scores = dict(said)
        numbers: dict[str, int] = {}
        if column in self._ranking.weights:
            codes = self._ranking.weights[column].codes
            learnt = self._ranking.scores(column, likeness)
            # With those that are said outright the best ones of all are among these.
            for number in np.argsort(-learnt, kind="stable")[: most + len(said)]:
                numbers[codes[number]] = int(number)
                scores[codes[number]] = scores.get(codes[number], 0.0) + float(learnt[number]) / 2
            for number, code in enumerate(codes):
                if code in said and code not in numbers:
                    scores[code] += float(learnt[number]) / 2
        best = sorted(((min(1.0, score), code) for code, score in scores.items()), key=lambda one: (-one[0], one[1]))
        return [
            Suggestion(code=code, score=round(score, 3), resembles=self._resembles(column, numbers.get(code), likeness))
            for score, code in best[:most]
            if score >= _LEAST
        ]

    def _resembles(self, column: str, number: int | None, likeness: Matrix) -> tuple[Resemblance, ...]:
        """The coded passages that a suggested proposition rests on most."""
        if column != "proposition" or number is None:
            return ()
        parts = self._ranking.parts(column, number, likeness)
        found: dict[str, Resemblance] = {}
        for place in np.argsort(-parts, kind="stable")[: 3 * _MOST_RESEMBLANCES]:
            text = self._texts[place]
            if parts[place] > 0 and text.position and text.position not in found:
                found[text.position] = Resemblance(
                    position=text.position,
                    document=text.document,
                    text=text.text[:_RESEMBLANCE_LETTERS],
                    score=round(min(1.0, float(likeness[place])), 3),
                )
        return tuple(found.values())[:_MOST_RESEMBLANCES]


def language_of(text: str, corpus: Corpus) -> str:
    """The language that most words of a text are known from, empty if few are known from any."""
    words = _words([text[:100_000]])
    known = {tag: _words(one.text for one in corpus.texts if one.language == tag) for tag in corpus.languages()}
    shares = {tag: len(words & found) / max(1, len(words)) for tag, found in known.items()}
    best = max(shares, key=lambda tag: shares[tag], default="")
    return best if best and shares[best] >= 0.15 else ""


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in text.casefold().split())
