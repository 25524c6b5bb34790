"""How often the right proposition is among the first suggestions, for documents that nothing was learnt from."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph_service.drafting.corpus import CodedText
from graph_service.drafting.ranking import Ranking

AT = (1, 5, 10)
_FOLDS = 10
_COLUMN = "proposition"


@dataclass(frozen=True)
class Hits:
    """Share of passages with a right proposition among the first 1, 5 and 10.

    Attributes:
        passages, documents, propositions: how many there are.
        suggested: by what drafting suggests.
        most_frequent: by naming what occurs most often.
        milliseconds: of CPU for a passage, without learning.
        learning: seconds of CPU for learning, on average.
    """

    passages: int
    documents: int
    propositions: int
    suggested: tuple[float, ...]
    most_frequent: tuple[float, ...]
    milliseconds: float
    learning: float


def fold_of(document: str, folds: int = _FOLDS) -> int:
    """The fold of a document, by its name alone, so that it is the same in any collection."""
    return int(hashlib.sha256(document.encode()).hexdigest(), 16) // 2 % folds


def measure(texts: Sequence[CodedText], asked: Sequence[CodedText]) -> Hits:
    """Suggest propositions for passages, fold by fold.

    Args:
        texts: what is learnt from; texts of the documents of a fold are left out, those without a document never.
        asked: passages with a proposition.
    """
    suggested, frequent = [], []
    learning = passing = 0.0
    for fold in range(_FOLDS):
        test = [text for text in asked if fold_of(text.document) == fold]
        train = [text for text in texts if not text.document or fold_of(text.document) != fold]
        if not test or not train:
            continue
        counts = Counter(code for text in train if text.document for code in text.codes.get(_COLUMN, ()))
        usual = [code for code, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
        begin = time.process_time()
        ranking = Ranking([text.text for text in train], [text.codes for text in train], (_COLUMN,))
        learnt = time.process_time()
        codes = ranking.codes(_COLUMN)
        for text, likeness in zip(test, ranking.likeness([text.text for text in test]), strict=True):
            best = np.argsort(-ranking.scores(_COLUMN, likeness), kind="stable")[: max(AT)]
            suggested.append(_hit(text, [codes[number] for number in best]))
            frequent.append(_hit(text, usual))
        learning, passing = learning + learnt - begin, passing + time.process_time() - learnt
    return Hits(
        len(suggested),
        len({text.document for text in asked}),
        len({code for text in asked for code in text.codes[_COLUMN]}),
        _shares(suggested),
        _shares(frequent),
        1000 * passing / max(1, len(suggested)),
        learning / _FOLDS,
    )


def _hit(text: CodedText, best: Sequence[str]) -> list[bool]:
    return [not set(text.codes[_COLUMN]).isdisjoint(best[:most]) for most in AT]


def _shares(hits: Sequence[Sequence[bool]]) -> tuple[float, ...]:
    return tuple(float(share) for share in np.mean(hits, axis=0)) if hits else (0.0,) * len(AT)
