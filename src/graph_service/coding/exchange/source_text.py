"""A text as another program has it, and places in it as quotations of the normalised text."""

from __future__ import annotations

from graph_service.coding.exchange.anchoring import quoted
from graph_service.coding.exchange.code_units import Counting
from graph_service.coding.exchange.highlights import QuotedPlace
from graph_service.reading import passages


class SourceText:
    """A text whose positions count in a known way."""

    def __init__(self, way: Counting) -> None:
        self._way = way
        self._text = passages.normalise(way.text)
        self._plain = self._text == way.text

    def place(self, start: int, end: int) -> QuotedPlace | None:
        """The place of a range; None if the text has no such range."""
        found = self._way.cut(start, end)
        if not found or self._plain:
            return quoted(self._text, *found) if found else None
        before = passages.normalise(self._way.text[: found[0]])
        words = passages.normalise(self._way.text[slice(*found)])
        if self._text.startswith(before + words):
            return quoted(self._text, len(before), len(before) + len(words))
        return QuotedPlace(words)
