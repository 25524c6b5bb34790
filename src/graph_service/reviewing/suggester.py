"""Who suggests codes for a passage: what the page needs of it, and the names of the graph searched by likeness."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from graph_service.coding.codes import Code
from graph_service.coding.paper_draft import Suggestion
from graph_service.errors import GraphServiceError

# Of 100. Below it two sentences have little more in common than their grammar, and a name does not hold what was typed.
_LIKE, _WITHIN = 60, 75


class Suggester(Protocol):
    """Suggests codes for a text."""

    def suggestions(self, text: str, heading: str = "") -> Mapping[str, tuple[Suggestion, ...]]:
        """By column of the coding sheet, the best first."""

    def propositions(self, typed: str, limit: int = 10) -> Iterable[Suggestion]:
        """Propositions that somebody may mean who typed this, the best first."""


@dataclass(frozen=True)
class NoSuggester:
    """Suggests nothing: for a graph without coded passages."""

    def suggestions(self, text: str, heading: str = "") -> Mapping[str, tuple[Suggestion, ...]]:
        """Nothing."""
        return {}

    def propositions(self, typed: str, limit: int = 10) -> Iterable[Suggestion]:
        """Nothing."""
        return ()


class LearningSuggester:
    """A suggester that learns while the page is already there; whoever asks it waits until it has.

    Args:
        learn: makes the suggester.
        failed: is told why it could not be made; then nothing is suggested.
    """

    def __init__(self, learn: Callable[[], Suggester], failed: Callable[[GraphServiceError], None]) -> None:
        def made() -> Suggester:
            try:
                return learn()
            except GraphServiceError as error:
                failed(error)
                return NoSuggester()

        thread = ThreadPoolExecutor(1)
        self._made = thread.submit(made)
        thread.shutdown(wait=False)

    def suggestions(self, text: str, heading: str = "") -> Mapping[str, tuple[Suggestion, ...]]:
        """By column of the coding sheet, the best first."""
        return self._made.result().suggestions(text, heading)

    def propositions(self, typed: str, limit: int = 10) -> Iterable[Suggestion]:
        """Propositions that somebody may mean who typed this, the best first."""
        return self._made.result().propositions(typed, limit)


def similar(texts: Iterable[str], codes: Iterable[Code], limit: int) -> list[Suggestion]:
    """The codes whose names are most like one of these texts, the best first.

    Args:
        texts: such as the label of a new concept in both languages.
        codes: what is there already.
        limit: how many at most.
    """
    from rapidfuzz import fuzz, utils

    given = [utils.default_process(text) for text in texts if text.strip()]
    scores = (
        (max((fuzz.token_set_ratio(one, other) for one in given for other in _names(code)), default=0), code.name)
        for code in codes
    )
    best = sorted((score for score in scores if score[0] >= _LIKE), key=lambda found: (-found[0], found[1]))
    return [Suggestion(code=name, score=round(score / 100, 3)) for score, name in best[:limit]]


def searched(typed: str, codes: Iterable[Code], limit: int) -> list[Suggestion]:
    """The codes in whose names something like the typed words stands, the best first."""
    from rapidfuzz import fuzz, utils

    words = utils.default_process(typed).split()

    def score(name: str) -> float:
        return sum(fuzz.partial_ratio(word, name) for word in words) / len(words)

    scores = ((max(map(score, _names(code)), default=0), code.name) for code in codes if words)
    best = sorted((found for found in scores if found[0] >= _WITHIN), key=lambda found: (-found[0], found[1]))
    return [Suggestion(code=name, score=round(score / 100, 3)) for score, name in best[:limit]]


def _names(code: Code) -> Iterable[str]:
    from rapidfuzz import utils

    return (utils.default_process(name) for name in (*code.labels.values(), *code.further))
