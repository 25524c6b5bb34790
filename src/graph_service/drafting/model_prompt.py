"""What a language model is asked: instructions, the codes of the graph, and a piece of the paper as quoted material."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any

from graph_service.coding.codebook import Codebook
from graph_service.coding.codes import Code
from graph_service.reading.paper import Paper

COLUMNS = ("proposition", "agreement", "issue", "stance", "kind", "strength", "target_group")
SEVERAL = ("target_group",)
_LONGEST_PIECE = 6_000
_MOST_CODES = 150
_FILE = "positions.txt"
_EXAMPLE = re.compile(r'^\{"quotation": .*\}$', re.MULTILINE)
AGAIN = "That was not one JSON object of the form that was asked for. Answer again, with the JSON object alone."


@dataclass(frozen=True)
class Piece:
    """A part of a paper that is sent at once: whole blocks, or a part of one that is too long."""

    start: int
    end: int


def pieces(paper: Paper, longest: int = _LONGEST_PIECE) -> list[Piece]:
    """The paper in pieces of at most so many characters, divided between blocks where there are any."""
    found: list[Piece] = []
    for start, end in _spans(paper, longest):
        if found and end - found[-1].start <= longest:
            found[-1] = Piece(found[-1].start, end)
        else:
            found.append(Piece(start, end))
    return [piece for piece in found if paper.text[piece.start : piece.end].strip()]


def _spans(paper: Paper, longest: int) -> Iterator[tuple[int, int]]:
    blocks = [(block.start, block.end) for block in paper.blocks] or [(0, len(paper.text))]
    for start, end in blocks:
        at = start
        while end - at > longest:
            space = paper.text.rfind(" ", at + longest // 2, at + longest)
            middle = space + 1 if space > 0 else at + longest
            yield at, middle
            at = middle
        yield at, end


class Prompt:
    """The instructions with the codes of a graph.

    Attributes:
        examples: quotations of the examples, which must not come back.
    """

    def __init__(self, book: Codebook) -> None:
        self._book = book
        self._instructions = resources.files(__package__).joinpath("prompts", _FILE).read_text(encoding="utf-8")
        self.examples = tuple(json.loads(line)["quotation"] for line in _EXAMPLE.findall(self._instructions))

    @cached_property
    def sha256(self) -> str:
        """Digest of the instructions and of all codes that may be offered."""
        offered = [self._list(column, self._book.codes(column)) for column in COLUMNS]
        return hashlib.sha256("\n".join([self._instructions, *offered]).encode()).hexdigest()

    def messages(self, text: str) -> list[dict[str, str]]:
        """The messages about a piece of a paper. Its mark is the digest of the piece, which no author can foresee."""
        mark = hashlib.sha256(text.encode()).hexdigest()[:24]
        lists = "\n\n".join(self._list(column, self._offered(column, text)) for column in COLUMNS)
        question = f"{lists}\n\nThe piece, between the lines with {mark}:\n{mark}\n{text}\n{mark}"
        return [{"role": "system", "content": self._instructions}, {"role": "user", "content": question}]

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the answer."""
        text = {"type": "string"}
        fields: dict[str, Any] = {"quotation": text}
        for column in COLUMNS:
            names: dict[str, Any] = {"type": "string", "enum": ["", *(c.name for c in self._book.codes(column))]}
            names = text if len(names["enum"]) > _MOST_CODES else names
            fields[column] = {"type": "array", "items": names} if column in SEVERAL else names
        position = {"type": "object", "properties": fields, "required": [*fields], "additionalProperties": False}
        listed = {"type": "array", "items": position}
        return {
            "type": "object",
            "properties": {"positions": listed},
            "required": ["positions"],
            "additionalProperties": False,
        }

    def _offered(self, column: str, text: str) -> Iterable[Code]:
        """The codes of a column, those most like the piece where there are too many."""
        codes = self._book.codes(column)
        if len(codes) <= _MOST_CODES:
            return codes
        from rapidfuzz import fuzz, process

        best = process.extract(text, [c.label() for c in codes], scorer=fuzz.token_set_ratio, limit=_MOST_CODES)
        return [codes[index] for index in sorted(index for _, _, index in best)]

    def _list(self, column: str, codes: Iterable[Code]) -> str:
        lines = [f"- {code.name}: {code.label('de')} / {code.label('en')}" for code in codes]
        return "\n".join([f"Codes of {column}:", *lines])
