"""Texts as vectors of their letter sequences, weighted by TF-IDF and of length 1.

Sequences of four to six letters within words, blanks around them included, leave German compounds and endings alike.
Written out, because scikit-learn takes a second of CPU to be loaded and knows nothing of a text's unknown sequences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import csr_matrix

SIZES = (4, 5, 6)
# Longer texts say no more about their code.
MOST_LETTERS = 2_000


class LetterVectors:
    """Makes vectors of texts.

    Args:
        texts: those that say how rare each sequence is, at least one.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        counted = [_counted(text) for text in texts]
        documents: Counter[str] = Counter(sequence for counts in counted for sequence in counts)
        self._numbers = {sequence: number for number, sequence in enumerate(documents)}
        self._rarity = np.log((1 + len(texts)) / (1 + np.fromiter(documents.values(), float, len(documents)))) + 1
        self._most_rare = float(np.log(1 + len(texts)) + 1)
        self.known = self._vectors(counted)

    def of(self, texts: Sequence[str]) -> csr_matrix:
        """A row for each text. Sequences that are in no known text count in its length, as the rarest."""
        return self._vectors([_counted(text) for text in texts])

    def _vectors(self, counted: Sequence[Counter[str]]) -> csr_matrix:
        numbers: list[int] = []
        weights: list[float] = []
        ends = [0]
        for counts in counted:
            known = [(self._numbers[one], count) for one, count in counts.items() if one in self._numbers]
            column = np.array([number for number, _ in known], dtype=np.int64)
            row = (1 + np.log([count for _, count in known])) * self._rarity[column]
            unknown = (len(counts) - len(known)) * self._most_rare**2
            numbers.extend(column)
            weights.extend(row / max(np.sqrt(row @ row + unknown), 1e-9))
            ends.append(len(numbers))
        shape = (len(counted), len(self._numbers))
        return csr_matrix((np.array(weights, dtype=np.float32), np.array(numbers, dtype=np.int32), ends), shape=shape)


def _counted(text: str) -> Counter[str]:
    return Counter(_sequences(text[:MOST_LETTERS].casefold()))


def _sequences(text: str) -> Iterator[str]:
    for word in text.split():
        padded = f" {word} "
        for size in SIZES:
            for start in range(max(1, len(padded) - size + 1)):
                yield padded[start : start + size]
            if len(padded) <= size:
                break
