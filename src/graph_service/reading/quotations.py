"""Quotations found again in a text, however they were set: at their place, or not at all.

The letters and digits are looked for (`reading.skeleton`); if they are not there, the words around the quotation show
what stands between them now, and at last a passage with few misread letters is looked for (`reading.misreadings`).
What stands before and behind decides between several places. Nothing is guessed: a short quotation, or several places
that nothing tells apart, are given back as `Ambiguous`. Selectors: W3C Web Annotation Data Model, 4.2.4
(`oa:TextQuoteSelector`); how errors are limited: after Hypothesis, and stricter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from graph_service.reading import misreadings
from graph_service.reading.passages import Ranges, normalise
from graph_service.reading.quotation_edges import with_punctuation
from graph_service.reading.skeleton import Span, skeleton

# Letters that a quotation must have to be found without what stands around it.
SHORT = 12
MOST_PLACES = 10
# Letters of prefix and suffix that are compared; so many of each must be there to show where a changed quotation stood.
_CONTEXT, _FIRM = 32, 12
# Letters that may be left out where a quotation has an ellipsis.
_MOST_LEFT_OUT = 2000
_MOST_OCCURRENCES = 1000
_ELLIPSIS = re.compile(r"\s*[\[(]?(?:…|\.{3,}|\. \. \.)[\])]?\s*")


@dataclass(frozen=True)
class Found:
    """The place of a quotation, in several ranges if words between them are left out; `errors` counts changed letters.

    With errors the passage is another wording at the same place: compare before you take it over.
    """

    ranges: Ranges
    errors: int = 0


@dataclass(frozen=True)
class Ambiguous:
    """Places of which nothing says that one is meant, in the order of the text, at most `MOST_PLACES`."""

    places: tuple[Ranges, ...]


@dataclass(frozen=True)
class Missing:
    """The quotation does not stand in the text, or nothing in it can be looked for."""


Answer = Found | Ambiguous | Missing


@dataclass(frozen=True)
class _Context:
    before: str
    behind: str

    def near(self) -> _Context:
        """The nearest letters of it, for a text that differs."""
        return _Context(self.before[-_FIRM:], self.behind[:_FIRM])

    def agrees(self, text: str, place: Span) -> bool:
        """Whether all of it, and not nothing, stands around a place."""
        start, end = place
        return (
            bool(self.before or self.behind)
            and text.endswith(self.before, 0, start)
            and text.startswith(self.behind, end)
        )


class Quotations:
    """A normalised text in which quotations are looked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._skeleton = skeleton(text)

    def find(self, quotation: str, *, prefix: str = "", suffix: str = "", position: int | None = None) -> Answer:
        """The place of a quotation.

        Args:
            quotation: in any Unicode form, broken into lines, hyphenated, with other dashes or quotation marks.
            prefix: what stood before it; the nearest 32 letters count.
            suffix: what stood behind it.
            position: where it stood in an earlier text. It decides only between places that agree with all of prefix
                and suffix, since any edit before it moves it.

        Returns:
            `Found` with ranges over the text; they begin and end at letters, or at the quotation's own punctuation.
        """
        quoted = skeleton(normalise(quotation)).text
        context = _Context(skeleton(normalise(prefix)).text[-_CONTEXT:], skeleton(normalise(suffix)).text[:_CONTEXT])
        if not quoted:
            return Missing()
        if places := list(self._occurrences(quoted)):
            return self._decide(places, quotation, context, position)
        return (
            self._with_ellipsis(quotation)
            or self._between(quoted, quotation, context)
            or self._misread(quoted, quotation, context)
            or Missing()
        )

    def _occurrences(self, quoted: str) -> Iterator[Span]:
        start = self._skeleton.text.find(quoted)
        count = 0
        while start >= 0 and count < _MOST_OCCURRENCES:
            span = start, start + len(quoted)
            if self._skeleton.has_edges(span):
                count += 1
                yield span
            start = self._skeleton.text.find(quoted, start + 1)

    def _decide(self, places: Sequence[Span], quotation: str, context: _Context, position: int | None) -> Answer:
        if len(places) == 1 and self._is_enough(places[0]):
            return Found((self._range(places[0], quotation),))
        best = [place for place in places if context.agrees(self._skeleton.text, place)]
        if len(best) > 1 and position is not None:
            best = [place for place in best if self._range(place, quotation)[0] == position]
        if len(best) == 1:
            return Found((self._range(best[0], quotation),))
        return Ambiguous(tuple((self._range(place, quotation),) for place in places[:MOST_PLACES]))

    def _is_enough(self, place: Span) -> bool:
        """Whether letters that stand in one place only need no words around them."""
        length = place[1] - place[0]
        return length >= SHORT and (length >= 2 * SHORT or self._skeleton.is_whole(self._text, place))

    def _with_ellipsis(self, quotation: str) -> Found | None:
        """A quotation that leaves words out: its parts, each in one place, one after another."""
        parts = [part for part in _ELLIPSIS.split(quotation) if part]
        if len(parts) < 2:
            return None
        ranges: list[tuple[int, int]] = []
        end: int | None = None
        for part in parts:
            quoted = skeleton(normalise(part)).text
            places = list(self._occurrences(quoted)) if len(quoted) >= SHORT else []
            if len(places) != 1 or (end is not None and not 0 <= places[0][0] - end <= _MOST_LEFT_OUT):
                return None
            end = places[0][1]
            ranges.append(self._range(places[0], part))
        return Found(tuple(ranges))

    def _between(self, quoted: str, quotation: str, context: _Context) -> Found | None:
        """What stands now between the words before and behind, if half of its letters are those of the quotation."""
        if min(len(context.before), len(context.behind), len(quoted)) < _FIRM:
            return None
        before, behind = list(self._occurrences(context.before)), list(self._occurrences(context.behind))
        if len(before) != 1 or len(behind) != 1:
            return None
        span = before[0][1], behind[0][0]
        if not 0 < span[1] - span[0] <= 2 * len(quoted):
            return None
        most = max(len(quoted), span[1] - span[0]) // 2
        errors = Levenshtein.distance(quoted, self._skeleton.text[slice(*span)], score_cutoff=most)
        return Found((self._range(span, quotation),), errors) if errors <= most else None

    def _misread(self, quoted: str, quotation: str, context: _Context) -> Found | Ambiguous | None:
        places = misreadings.places(self._text, self._skeleton, quoted)
        if context.before or context.behind:
            near = context.near()
            places = [(span, errors) for span, errors in places if near.agrees(self._skeleton.text, span)]
        if len(places) > 1:
            return Ambiguous(tuple((self._range(span, quotation),) for span, _ in places))
        return Found((self._range(places[0][0], quotation),), places[0][1]) if places else None

    def _range(self, span: Span, quotation: str) -> tuple[int, int]:
        return with_punctuation(self._text, self._skeleton.range_of(span), quotation)
