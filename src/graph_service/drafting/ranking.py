"""Codes for a text, ranked by the coded texts that it resembles.

Texts are compared by their letter sequences (`letters`). Upon these similarities stand two linear models of one sum:
ridge regression in its dual form (C. Saunders, A. Gammerman, V. Vovk, Ridge Regression Learning Algorithm in Dual
Variables, ICML 1998), which weighs what tells codes apart, and the nearest centroid, which holds for codes with few
texts. So a score is a sum over coded texts, and those with the largest parts are what it rests on.
benchmarks/papers.md has the figures, docs/decisions.md why not otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

import numpy as np
from numpy.typing import NDArray

from graph_service.drafting.letter_vectors import LetterVectors

# Learning takes time with the third power of the number of texts: 0.5 s for so many.
MOST_TEXTS = 5_000
_RIDGE = 1.0
_BATCH = 500

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class _Weights:
    """What each coded text adds to the score of each code, as a matrix of texts and codes."""

    codes: tuple[str, ...]
    matrix: Matrix


class Ranking:
    """Ranks codes for texts.

    Args:
        texts: the coded texts, at least one.
        codes: for each of them its codes by column; see `chosen` for how many there should be.
        columns: what is ranked.
    """

    def __init__(self, texts: Sequence[str], codes: Sequence[Mapping[str, Sequence[str]]], columns: Sequence[str]):
        self._letters = LetterVectors(texts)
        known = self._letters.known
        likeness: Matrix = (known @ known.T).toarray()
        ridge = likeness + _RIDGE * np.eye(len(texts), dtype=np.float32)
        targets = {column: _targets(column, codes) for column in columns}
        solved = np.linalg.solve(ridge, np.hstack([matrix for _, matrix in targets.values()]))
        self._weights: dict[str, _Weights] = {}
        begin = 0
        for column, (names, matrix) in targets.items():
            dual = solved[:, begin : (begin := begin + len(names))]
            # The length of a centroid, from the likeness of its texts to each other.
            lengths = np.sqrt(np.maximum(np.einsum("ij,ij->j", matrix, likeness @ matrix), 1e-9))
            self._weights[column] = _Weights(names, dual + matrix / lengths)

    def likeness(self, texts: Sequence[str]) -> Iterator[Matrix]:
        """For each text its cosine similarity with each coded text."""
        for start in range(0, len(texts), _BATCH):
            vectors = self._letters.of(texts[start : start + _BATCH])
            yield from (vectors @ self._letters.known.T).toarray()

    def codes(self, column: str) -> tuple[str, ...]:
        """The codes of a column, in the order of their scores; none where nothing has such a code."""
        return self._weights[column].codes if column in self._weights else ()

    def scores(self, column: str, likeness: Matrix) -> Matrix:
        """The score of each code of a column: 0 for nothing in common, about 1 and more for much."""
        if column not in self._weights:
            return np.zeros(0, dtype=np.float32)
        scores: Matrix = likeness @ self._weights[column].matrix
        return scores

    def parts(self, column: str, code: str, likeness: Matrix) -> Matrix:
        """What each coded text adds to the score of a code; nothing if no text has it."""
        codes = self.codes(column)
        if code not in codes:
            return np.zeros_like(likeness)
        parts: Matrix = likeness * self._weights[column].matrix[:, codes.index(code)]
        return parts


def chosen(keys: Sequence[str]) -> list[int]:
    """Which texts are learnt from where there are too many: of each key as many as possible."""
    by_key: defaultdict[str, list[int]] = defaultdict(list)
    for number, key in enumerate(keys):
        by_key[key].append(number)
    rounds = chain.from_iterable(zip_longest(*by_key.values()))
    return sorted([number for number in rounds if number is not None][:MOST_TEXTS])


def _targets(column: str, codes: Sequence[Mapping[str, Sequence[str]]]) -> tuple[tuple[str, ...], Matrix]:
    """The codes of a column, and which text has which."""
    names = sorted({code for by_column in codes for code in by_column.get(column, ())})
    numbers = {name: number for number, name in enumerate(names)}
    matrix = np.zeros((len(codes), len(names)), dtype=np.float32)
    for row, by_column in enumerate(codes):
        matrix[row, [numbers[code] for code in by_column.get(column, ())]] = 1
    return tuple(names), matrix
