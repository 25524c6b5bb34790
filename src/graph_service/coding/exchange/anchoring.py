"""Finding the place of a highlight in the paper: by its position, checked by its words, else by its words alone.

A place is exact, found again, or refused; it is never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from graph_service.coding.exchange.highlights import Highlight, QuotedPlace
from graph_service.reading import passages
from graph_service.reading.passages import Ranges
from graph_service.reading.quotations import Ambiguous, Found, Quotations

_SHOWN = 60
CONTEXT = 32


@dataclass(frozen=True)
class Anchor:
    """Where a highlight is in the paper.

    Attributes:
        ranges: of the paper's text.
        exact: whether its position was right as it was.
        errors: letters in which the paper differs from the quotation.
    """

    ranges: Ranges
    exact: bool
    errors: int = 0


class NotAnchored(ValueError):
    """A highlight has no place in the paper that is beyond doubt; the text says why."""


class Anchoring:
    """Finds places in one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._quotations = Quotations(text)

    def anchor(self, highlight: Highlight) -> Anchor:
        """The place of a highlight.

        Raises:
            NotAnchored: a part of it is not found, or at more than one place, or the parts overlap.
        """
        found = [self._place(place) for place in highlight.places]
        ranges = tuple(part for anchor in found for part in anchor.ranges)
        if not ranges:
            raise NotAnchored("has no place")
        if any(start < end for (_, end), (start, _) in pairwise(sorted(ranges))):
            raise NotAnchored("has parts that overlap")
        return Anchor(ranges, all(anchor.exact for anchor in found), sum(anchor.errors for anchor in found))

    def _place(self, place: QuotedPlace) -> Anchor:
        quotation = passages.normalise(place.quotation)
        prefix, suffix = passages.normalise(place.prefix), passages.normalise(place.suffix)
        if not quotation.strip():
            raise NotAnchored("has no quotation by which its place could be checked")
        if place.position is not None and self._stands(quotation, prefix, suffix, place.position):
            return Anchor(((place.position, place.position + len(quotation)),), exact=True)
        found = self._quotations.find(quotation, prefix=prefix, suffix=suffix, position=place.position)
        if isinstance(found, Found):
            return Anchor(found.ranges, exact=False, errors=found.errors)
        several = isinstance(found, Ambiguous) and len(found.places) > 1
        problem = "is too short to be looked for" if isinstance(found, Ambiguous) else "is not in the paper"
        raise NotAnchored(f"“{shortened(quotation)}” {'stands in the paper more than once' if several else problem}")

    def _stands(self, quotation: str, prefix: str, suffix: str, position: int) -> bool:
        before = position - len(prefix)
        whole = f"{prefix}{quotation}{suffix}"
        return before >= 0 and self._text.startswith(whole, before)


def quoted(text: str, start: int, end: int) -> QuotedPlace:
    """A place of a text with its words and its context."""
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return QuotedPlace(text[start:end], start, before, after)


def shortened(text: str, length: int = _SHOWN) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[:length]}…"
