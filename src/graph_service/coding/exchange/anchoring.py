"""Finding the place of a highlight in the paper: by its position, checked by its words, else by its words alone.

A place is exact, found again, or refused; it is never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.coding.exchange.highlights import Highlight, QuotedPlace
from graph_service.reading import passages
from graph_service.reading.passages import Ranges
from graph_service.reading.quotations import Ambiguous, Found, Quotations

_SHOWN = 60
CONTEXT = 32


@dataclass(frozen=True)
class Anchor:
    """Where a highlight is in the paper, and whether its position was right as it was."""

    ranges: Ranges
    exact: bool


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
            NotAnchored: a part of it is not found, found more than once, or the parts overlap.
        """
        found = [self._place(place) for place in highlight.places]
        ranges = tuple(part for part, _ in found)
        if not ranges:
            raise NotAnchored("has no place")
        if any(start < end for (_, end), (start, _) in zip(sorted(ranges), sorted(ranges)[1:], strict=False)):
            raise NotAnchored("has parts that overlap")
        return Anchor(ranges, all(exact for _, exact in found))

    def _place(self, place: QuotedPlace) -> tuple[tuple[int, int], bool]:
        quotation = passages.normalise(place.quotation)
        prefix, suffix = passages.normalise(place.prefix), passages.normalise(place.suffix)
        if not quotation.strip():
            raise NotAnchored("has no quotation by which its place could be checked")
        if place.position is not None and self._stands(quotation, prefix, suffix, place.position):
            return (place.position, place.position + len(quotation)), True
        found = self._quotations.find(quotation, prefix=prefix, suffix=suffix, position=place.position)
        if isinstance(found, Found):
            return (found.start, found.end), False
        problem = "stands in the paper more than once" if isinstance(found, Ambiguous) else "is not in the paper"
        raise NotAnchored(f"“{shortened(quotation)}” {problem}")

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
