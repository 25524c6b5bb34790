"""How a program counts the positions of a source: in code points or UTF-16 units, a line end as one or as two.

REFI-QDA says “character” and leaves it open. QualCoder and MAXQDA count what stands in the file; ATLAS.ti writes CR LF
and counts one; programs made of JavaScript, Java or .NET may count UTF-16 units. Where the ways of counting differ for
a file, the names of its selections decide, since programs put the first words there; if they do not tell, the curator
is asked. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from graph_service.reading import passages

_SHORTEST_NAME = 4
BOM = "\ufeff"
Places = tuple[tuple[int, ...] | None, ...]


class Unit(StrEnum):
    """What a position counts."""

    CODE_POINTS = "code-points"
    UTF_16 = "utf-16"


@dataclass(frozen=True)
class Selection:
    """A range as a file states it, and the name that the file gives it."""

    start: int
    end: int
    name: str = ""


@dataclass(frozen=True)
class Counting:
    """One way of counting positions in a text.

    Attributes:
        text: what is counted, without byte order mark, with line ends as the program sees them.
        unit: of the positions.
        mark: characters that the program counts before the text: 1 for a byte order mark.
    """

    text: str
    unit: Unit
    mark: int = 0

    @cached_property
    def _units(self) -> bytes:
        return self.text.encode("utf-16-le", "surrogatepass")

    def cut(self, start: int, end: int) -> tuple[int, int] | None:
        """The range in code points of the text; None if it lies outside, is empty or splits a character."""
        start, end = max(start - self.mark, 0) if start >= 0 else start, end - self.mark
        if self.unit is Unit.CODE_POINTS:
            return (start, end) if 0 <= start < end <= len(self.text) else None
        if not 0 <= start < end <= len(self._units) // 2:
            return None
        try:
            before = len(self._units[: 2 * start].decode("utf-16-le"))
            return before, before + len(self._units[2 * start : 2 * end].decode("utf-16-le"))
        except UnicodeDecodeError:
            return None

    def words(self, selection: Selection) -> str:
        """What stands at a range that counts so; empty if there is none."""
        found = self.cut(selection.start, selection.end)
        return self.text[found[0] : found[1]] if found else ""

    def place(self, selection: Selection) -> tuple[int, ...] | None:
        """The range in the text with LF, by which ways of counting are compared."""
        found = self.cut(selection.start, selection.end)
        return found and tuple(end - self.text.count("\r\n", 0, end) for end in found)

    def is_named(self, selection: Selection) -> bool:
        """Whether the name of a selection is the beginning of its words."""
        name = _plain(selection.name.strip().removesuffix("...").removesuffix("…"))
        return len(name) >= _SHORTEST_NAME and _plain(self.words(selection)).startswith(name)


def ways(content: str) -> list[Counting]:
    """All ways of counting that differ for a text, the standard's first."""
    text = content.removeprefix(BOM)
    texts = dict.fromkeys([text, text.replace("\r\n", "\n")])
    marks = (0, 1) if content.startswith(BOM) else (0,)
    units = [Unit.CODE_POINTS, Unit.UTF_16] if max(content, default="") > "\uffff" else [Unit.CODE_POINTS]
    return [Counting(text, unit, mark) for mark in marks for text in texts for unit in units]


def decide(content: str, selections: Sequence[Selection], unit: Unit | None = None) -> Counting | None:
    """The way in which the selections of a source were counted; None if that cannot be told.

    Args:
        content: the source as it stands in the file, decoded.
        selections: all of the source.
        unit: of positions, where the curator knows it.
    """
    choices = ways(content)
    choices = [way for way in choices if way.unit is unit] or choices
    by_places: dict[Places, Counting] = {}
    for way in choices:
        by_places.setdefault(tuple(way.place(selection) for selection in selections), way)
    if len(by_places) == 1:
        return choices[0]
    scores = [sum(way.is_named(selection) for selection in selections) for way in by_places.values()]
    best = max(scores)
    return [*by_places.values()][scores.index(best)] if best and scores.count(best) == 1 else None


def _plain(text: str) -> str:
    return " ".join(passages.normalise(text).split())
