"""Sentences of a text, block by block: sentencex, with its known faults put right.

sentencex 1.0 ends a sentence after an ordinal number that is no date ("dem 1. | Tag", "Im 2. | Halbjahr").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sentencex import get_sentence_boundaries

from graph_service.reading.paper import Block, Sentence

DEFAULT_LANGUAGE = "de"
# What stands before an ordinal number in German: a determiner or a preposition that is joined with one.
_ORDINAL = re.compile(
    r"\b(?:de[rmns]|die|das|am|[ivz]m|zu[mr]|vom|beim|ab|bis|seit|jede[rmns]?|eine[rmns]?|ihre[rmns]?|seine[rmns]?"
    r"|diese[rmns]?|unsere[rmns]?|und|oder|sowie) \(?(?:\d{1,3}|[IVX]{1,5})\.$",
    re.IGNORECASE,
)
# One letter of a spaced abbreviation ("i. d. R."), or a word that always wants another behind it.
_OPEN = re.compile(r"(?:\b[a-z]|\b(?:bzw|Nr|Art|Abs|Ziff|Anm|Kap|Tab|Abb|vgl|sog|inkl|bspw|insb|gem|lit|zzgl))\.$")


def of_blocks(text: str, blocks: Iterable[Block], language: str = "") -> tuple[Sentence, ...]:
    """The sentences of each block; a sentence has no blanks at its ends."""
    found = []
    for index, block in enumerate(blocks):
        for start, end in _sentences(text[block.start : block.end], language or DEFAULT_LANGUAGE):
            found.append(Sentence(start=block.start + start, end=block.start + end, block=index))
    return tuple(found)


def _sentences(block: str, language: str) -> Iterator[tuple[int, int]]:
    # A line end within a block is a blank to the reader.
    line = re.sub(r"\s", " ", block)
    start = 0
    for boundary in get_sentence_boundaries(language, line):
        end = boundary["end_index"]
        sentence, rest = line[start:end].strip(), line[end:].lstrip()
        if rest and (not sentence or _goes_on(sentence, rest, language)):
            continue
        yield from _trimmed(line, start, end)
        start = end
    yield from _trimmed(line, start, len(line))


def _goes_on(sentence: str, rest: str, language: str) -> bool:
    if sentence[-1] == "." and rest[0].islower():
        return True
    return language.startswith("de") and bool(_ORDINAL.search(sentence) or _OPEN.search(sentence))


def _trimmed(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    sentence = line[start:end]
    if stripped := sentence.strip():
        begin = start + len(sentence) - len(sentence.lstrip())
        yield begin, begin + len(stripped)
