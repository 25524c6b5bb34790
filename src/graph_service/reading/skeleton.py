"""The letters and digits of a text, and where each stands: what stays the same however a text is set.

Unicode forms (NFKC), capitals, blanks, hyphens, quotation marks, dashes and dots make no difference.
"""

from __future__ import annotations

import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache

# From one letter of a skeleton to another, half-open.
Span = tuple[int, int]


@dataclass(frozen=True)
class Skeleton:
    """Letters and digits, small, and for each the place in the text of the character that it comes from."""

    text: str
    places: array[int]

    def range_of(self, span: Span) -> tuple[int, int]:
        """The range of the text from the first letter of a span to its last one."""
        return self.places[span[0]], self.places[span[1] - 1] + 1

    def has_edges(self, span: Span) -> bool:
        """Whether a span begins and ends between characters, and not within one that stands for several letters."""
        start, end = span
        begins = not start or self.places[start - 1] != self.places[start]
        return begins and (end == len(self.places) or self.places[end - 1] != self.places[end])

    def is_whole(self, text: str, span: Span) -> bool:
        """Whether a span consists of whole words."""
        return self.begins_word(text, span[0]) and self.ends_word(text, span[1])

    def begins_word(self, text: str, start: int) -> bool:
        """Whether a word begins with this letter."""
        if start >= len(self.places):
            return False
        place = self.places[start]
        return not place or not text[place - 1].isalnum()

    def ends_word(self, text: str, end: int) -> bool:
        """Whether a word ends before this letter."""
        place = self.places[end - 1] + 1 if end else 0
        return place >= len(text) or not text[place].isalnum()


def skeleton(text: str) -> Skeleton:
    """The skeleton of a text in Unicode form NFC."""
    signs: list[str] = []
    places = array("l")
    for place, sign in enumerate(text):
        if letters := _letters(sign):
            signs.append(letters)
            places.extend([place] * len(letters))
    return Skeleton("".join(signs), places)


@lru_cache(maxsize=4096)
def _letters(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", sign).casefold())
    return "".join(letter for letter in plain if letter.isalnum())
