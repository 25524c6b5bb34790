"""Passages that differ from a quotation by a few misread letters, as scans and retyping leave them.

A passage that says something else may differ as little, so that the limits are narrow: one letter in sixteen, one in
five of a word, the same digits, and no second passage that is nearly as close.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from graph_service.reading.skeleton import Skeleton, Span

_SHARE, _MOST = 16, 32
_LONGEST = 4000
# A word has so many letters for each misread one.
_LETTERS_EACH = 5
# How many times as many errors a second passage must have.
_CLEARLY = 3
_WORD = re.compile(r"\w+")


def places(text: str, letters: Skeleton, quoted: str) -> list[tuple[Span, int]]:
    """The nearest passage and its errors; a second one if that is nearly as close; none if none is close enough.

    Args:
        text: normalised.
        letters: its skeleton.
        quoted: letters of the quotation.
    """
    most = min(_MOST, len(quoted) // _SHARE)
    if not most or len(quoted) > _LONGEST:
        return []
    best = _nearest(text, letters, quoted, 0, len(letters.text), most)
    if best is None or not _is_misreading(text, letters, best[0], quoted):
        return []
    (start, end), errors = best
    doubt = errors * _CLEARLY
    for begin, stop in ((0, start), (end, len(letters.text))):
        if other := _nearest(text, letters, quoted, begin, stop, doubt):
            return sorted([best, other])
    return [best]


def _nearest(text: str, letters: Skeleton, quoted: str, begin: int, stop: int, most: int) -> tuple[Span, int] | None:
    """The passage of whole words within a part of the text that has the fewest errors, at most so many."""
    if stop - begin < len(quoted) - most:
        return None
    cutoff = 100 * (1 - most / len(quoted)) - 1
    found = fuzz.partial_ratio_alignment(quoted, letters.text[begin:stop], score_cutoff=max(0, cutoff))
    if found is None:
        return None
    tried = [
        (Levenshtein.distance(quoted, letters.text[start:end], score_cutoff=most), start, end)
        for start in _around(begin + found.dest_start, most, begin, stop)
        if letters.begins_word(text, start)
        for end in _around(begin + found.dest_end, most, begin, stop)
        if start < end and letters.ends_word(text, end)
    ]
    errors, start, end = min(tried, default=(most + 1, 0, 0))
    return ((start, end), errors) if errors <= most else None


def _around(place: int, distance: int, begin: int, stop: int) -> Iterator[int]:
    return iter(range(max(begin, place - distance), min(stop, place + distance) + 1))


def _is_misreading(text: str, letters: Skeleton, span: Span, quoted: str) -> bool:
    passage = letters.text[slice(*span)]
    if [sign for sign in passage if sign.isdigit()] != [sign for sign in quoted if sign.isdigit()]:
        return False
    start, end = letters.range_of(span)
    words = {place: word.span() for word in _WORD.finditer(text, start, end) for place in range(*word.span())}
    changes = Counter(
        words.get(letters.places[min(span[0] + change.dest_pos, span[1] - 1)], (0, 0))
        for change in Levenshtein.editops(quoted, passage)
    )
    return all(count <= (last - first) // _LETTERS_EACH for (first, last), count in changes.items())
