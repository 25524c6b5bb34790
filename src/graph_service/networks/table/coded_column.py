"""A column of words as numbers: one code per row and a sorted table of the words that occur."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.object_]
Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class CodedColumn:
    """A column of strings in four bytes a row.

    Attributes:
        codes: `int32`, shape (rows,); places in `words`.
        words: `object` (str), shape (words,); sorted by code point and without repetition, so codes sort as words do.
    """

    codes: NDArray[np.int32]
    words: Words

    @classmethod
    def of(cls, values: Iterable[str]) -> CodedColumn:
        """The column of these values, which may be any iterable of strings."""
        places: dict[str, int] = {}
        seen = np.fromiter((places.setdefault(value, len(places)) for value in values), np.int32)
        ordered = sorted(places)
        ranks = np.empty(len(places), np.int32)
        ranks[np.fromiter((places[word] for word in ordered), np.int64, len(ordered))] = np.arange(len(ordered))
        return cls(ranks[seen], words(ordered))

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> str:
        return str(self.words[self.codes[row]])

    def take(self, rows: NDArray[Any]) -> CodedColumn:
        """The column of these rows (places or mask); the table of words stays whole."""
        return CodedColumn(self.codes[rows], self.words)

    def without_unused_words(self) -> CodedColumn:
        """The same column with a table of the words that occur in it, and no others."""
        used, codes = np.unique(self.codes, return_inverse=True)
        return CodedColumn(codes.astype(np.int32), self.words[used])

    def is_in(self, values: Collection[str]) -> Mask:
        """Which rows hold one of these values; shape (rows,)."""
        return np.isin(self.codes, [code for value in values if (code := self.code(value)) >= 0])

    def code(self, word: str) -> int:
        """The code of a word, −1 if it does not occur in the table."""
        place = int(np.searchsorted(self.words, word)) if len(self.words) else 0
        return place if place < len(self.words) and self.words[place] == word else -1


def words(values: Iterable[str]) -> Words:
    """An array of strings that numpy keeps as they are."""
    listed = list(values)
    array = np.empty(len(listed), object)
    array[:] = listed
    return array
