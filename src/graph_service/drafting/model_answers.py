"""Reading the answers of a language model: nothing of them is believed but places in the paper and codes of the graph.

No text of an answer reaches a draft. A quotation is looked for in the paper, and the paper's own words stand in for it;
a code must be one that the graph has. So whatever a paper tells a model to write, only positions can come of it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph_service.coding.codebook import Codebook
from graph_service.drafting.model_prompt import COLUMNS, SEVERAL, Piece
from graph_service.reading.passages import Ranges
from graph_service.reading.quotations import Ambiguous, Found, Quotations

MOST_POSITIONS = 100
_SHORTEST, _LONGEST = 12, 2_000
_MOST_VALUES = 10
_FENCE = re.compile(r"\A```[a-z]*[ \t]*\n(.*?)\n?```", re.DOTALL)
Codes = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class CodedPlace:
    """A place in the paper, and codes of the graph."""

    ranges: Ranges
    codes: Codes


def positions_of(answer: str) -> list[Any] | None:
    """The positions of an answer; None if it is not one JSON object with a list of them.

    A code fence around the object and text behind it are forgiven, nothing else is.
    """
    text = answer.strip()
    if fenced := _FENCE.match(text):
        text = fenced[1].strip()
    try:
        content, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    positions = content.get("positions") if isinstance(content, dict) else None
    return positions if isinstance(positions, list) else None


@dataclass
class AnswerReader:
    """Turns answers into coded places and counts what is dropped, by reason.

    Attributes:
        text: of the paper.
        book: the codes of the graph.
        examples: quotations of the prompt.
        dropped: positions and codes by reason.
    """

    text: str
    book: Codebook
    examples: Iterable[str] = ()
    dropped: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._quotations = Quotations(self.text)
        self._examples = {_letters(example) for example in self.examples}

    def coded_places(self, positions: list[Any], piece: Piece) -> Iterator[CodedPlace]:
        """The coded places among the positions of an answer about a piece."""
        self._drop("positions beyond the limit", len(positions) - MOST_POSITIONS)
        inside = Quotations(self.text[piece.start : piece.end])
        for position in positions[:MOST_POSITIONS]:
            if not isinstance(position, dict) or not isinstance(position.get("quotation"), str):
                self._drop("positions of another form")
                continue
            ranges = self._place(position["quotation"], piece, inside)
            codes = self._codes(position) if ranges else {}
            if codes:
                yield CodedPlace(ranges, codes)
            elif ranges:
                self._drop("positions without a code")

    def _place(self, quotation: str, piece: Piece, inside: Quotations) -> Ranges:
        """Where a quotation stands, first in what the model was shown, then in the whole paper; empty if nowhere."""
        letters = _letters(quotation)
        if not _SHORTEST <= len(letters) <= _LONGEST:
            self._drop("quotations too short or too long")
            return ()
        if any(letters in example or example in letters for example in self._examples):
            self._drop("repeated examples")
            return ()
        found = inside.find(quotation)
        if isinstance(found, Found) and not found.errors:
            return tuple((start + piece.start, end + piece.start) for start, end in found.ranges)
        if not isinstance(found, Ambiguous):
            found = self._quotations.find(quotation)
        if isinstance(found, Found):
            return found.ranges
        many = isinstance(found, Ambiguous)
        self._drop("quotations that stand there more than once" if many else "quotations that are not in the paper")
        return ()

    def _codes(self, position: Mapping[str, Any]) -> Codes:
        codes: Codes = {}
        for column in COLUMNS:
            stated = position.get(column)
            values = stated if isinstance(stated, list) else [stated]
            known = [value for value in map(self._known, [column] * _MOST_VALUES, values[:_MOST_VALUES]) if value]
            if column not in SEVERAL and len(known) > 1:
                self._drop("codes where one is allowed", len(known))
            elif known:
                codes[column] = tuple(dict.fromkeys(known))
        if "proposition" in codes:
            codes.pop("issue", None)
        else:
            codes.pop("agreement", None)
        return codes

    def _known(self, column: str, value: Any) -> str:
        """The short name if the graph has the code; models write numbers for agreements."""
        name = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(name, str):
            if value is not None:
                self._drop("unknown codes")
            return ""
        if name and self.book.code(column, name.strip()) is None:
            self._drop("unknown codes")
            return ""
        return name.strip()

    def _drop(self, reason: str, count: int = 1) -> None:
        if count > 0:
            self.dropped[reason] += count


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
