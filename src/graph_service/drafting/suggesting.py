"""Suggests codes for a passage: the one way in for drafting, the review page and evaluation.

What is learnt from coded texts (`ranking`) and what the words say outright (`wording`) add up to one score a code.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph_service.coding.paper_draft import CODES, Resemblance, Suggestion
from graph_service.drafting.corpus import CodedText, Corpus
from graph_service.drafting.letter_vectors import MOST_LETTERS
from graph_service.drafting.passage_words import Cues, Names
from graph_service.drafting.ranking import Matrix, Ranking, chosen
from graph_service.errors import SettingsError

# Most coded collections do not code the role of a statement in its text or how binding it is: cues alone speak for it.
_COLUMNS = ("proposition", "agreement", "stance", "target_group", "addressee", "instrument")
_MOST, _MOST_PROPOSITIONS = 5, 10
_MOST_RESEMBLANCES, _LOOKED_THROUGH = 2, 8
_RESEMBLANCE_LETTERS = 200
# Below it, a passage and a code have next to nothing in common.
_LEAST = 0.05
# What the score that is learnt counts, and what is added by a name in the passage, a cue in it, and a cue above it.
_LEARNT, _NAME, _CUE, _CUE_ABOVE = 0.5, 0.3, 0.3, 0.2

Suggestions = dict[str, tuple[Suggestion, ...]]


@dataclass(frozen=True)
class Passage:
    """Words that may be a position, and those above them: heading and sentence that leads to a list."""

    text: str
    heading: str = ""
    lead: str = ""


@dataclass(frozen=True)
class Glance:
    """What a look at a passage says, before codes are suggested for it.

    Attributes:
        nearest: short name of the proposition that it comes nearest to.
        score: of this proposition.
        closeness: mean cosine similarity with all coded texts.
        has_cue: whether its words, its heading or its lead say that a stance is taken.
    """

    nearest: str
    score: float
    closeness: float
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
        self._ranking = Ranking([text.text for text in self._texts], [text.codes for text in self._texts], _COLUMNS)
        self._names = Names(corpus.names, language)
        self._cues = Cues(corpus.cues, language)
        self.language = language
        self.left_out = len(texts) - len(kept)

    def suggestions(self, text: str, heading: str = "") -> Suggestions:
        """Codes that a passage may have, by column of the coding sheet, the best first."""
        return next(self.suggest([Passage(text, heading)]))

    def propositions(self, typed: str, limit: int = 10) -> list[Suggestion]:
        """Propositions that somebody may mean who types this, the best first."""
        return self._best("proposition", next(self._ranking.likeness([typed])), {}, limit)

    def glance(self, passages: Sequence[Passage]) -> Iterator[Glance]:
        """A look at each passage."""
        likenesses = self._ranking.likeness([passage.text for passage in passages])
        codes = self._ranking.codes("proposition")
        for passage, likeness in zip(passages, likenesses, strict=True):
            scores = self._ranking.scores("proposition", likeness)
            best = int(np.argmax(scores))
            has_cue = self._cues.take_a_stance(passage.text[:MOST_LETTERS], passage.heading, passage.lead)
            yield Glance(codes[best], float(scores[best]) * _LEARNT, float(likeness.mean()), has_cue)

    def suggest(self, passages: Sequence[Passage]) -> Iterator[Suggestions]:
        """Codes for each passage, as of `suggestions`."""
        likenesses = self._ranking.likeness([passage.text for passage in passages])
        for passage, likeness in zip(passages, likenesses, strict=True):
            outright = self._outright(passage)
            found = {column: self._best(column, likeness, outright.get(column, {}), _most(column)) for column in CODES}
            yield {column: tuple(best) for column, best in found.items() if best}

    def _outright(self, passage: Passage) -> Mapping[str, Mapping[str, float]]:
        """What the words of a passage say outright: what that adds to the score of a code, by column."""
        text = passage.text[:MOST_LETTERS]
        outright: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        for found, worth in (
            (self._names.found(text), _NAME),
            (self._cues.found(text), _CUE),
            (self._cues.found_in_heading(passage.heading), _CUE_ABOVE),
            (self._cues.found(passage.lead), _CUE_ABOVE),
        ):
            for column, code in found:
                outright[column][code] += worth
        return outright

    def _best(self, column: str, likeness: Matrix, outright: Mapping[str, float], most: int) -> list[Suggestion]:
        codes = self._ranking.codes(column)
        learnt = self._ranking.scores(column, likeness) * _LEARNT
        scores = {code: float(score) for code, score in zip(codes, learnt, strict=True) if score >= _LEAST}
        for code, worth in outright.items():
            scores[code] = scores.get(code, 0.0) + worth
        best = heapq.nsmallest(most, scores.items(), key=lambda one: (-one[1], one[0]))
        return [
            Suggestion(code=code, score=round(min(1.0, score), 3), resembles=self._resembles(column, code, likeness))
            for code, score in best
        ]

    def _resembles(self, column: str, code: str, likeness: Matrix) -> tuple[Resemblance, ...]:
        """The coded passages that a suggested proposition rests on most."""
        if column != "proposition":
            return ()
        parts = self._ranking.parts(column, code, likeness)
        best = np.argpartition(-parts, min(_LOOKED_THROUGH, len(parts) - 1))[:_LOOKED_THROUGH]
        found: dict[str, Resemblance] = {}
        for place in sorted(best, key=lambda place: (-parts[place], place)):
            text = self._texts[place]
            if parts[place] > 0 and text.position and text.position not in found:
                found[text.position] = Resemblance(
                    position=text.position,
                    document=text.document,
                    text=text.text[:_RESEMBLANCE_LETTERS],
                    score=round(min(1.0, float(likeness[place])), 3),
                )
        return tuple(found.values())[:_MOST_RESEMBLANCES]


def _most(column: str) -> int:
    return _MOST_PROPOSITIONS if column == "proposition" else _MOST


def language_of(text: str, corpus: Corpus) -> str:
    """The language that most words of a text are known from, empty if few are known from any."""
    words = _words([text[:100_000]])
    known = {tag: _words(one.text for one in corpus.texts if one.language == tag) for tag in corpus.languages()}
    shares = {tag: len(words & found) / max(1, len(words)) for tag, found in known.items()}
    best = max(shares, key=lambda tag: shares[tag], default="")
    return best if best and shares[best] >= 0.15 else ""


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in text.casefold().split())
