"""Plain text: nothing of it is changed but line ends and Unicode form, so that ranges coded in it stay right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from graph_service.reading.file_content import Content
from graph_service.reading.list_markers import MARKER, number_of
from graph_service.reading.paper import Block, BlockKind, Page
from graph_service.reading.passages import source_text

NORMALISER = "graph-service-text 1"
# Lines that no empty line and no end of a page divides.
_CHUNK = re.compile(r"[^\s](?:[^\n\f]|\n(?!\s*\n|\s*\f))*")
_LINE = re.compile(r"[^\n]+")
# A text whose lines are not longer was broken into lines by its writer's program.
_LINE_WIDTH = 100
_HEADING_LENGTH = 120
_ENDS = ".:;!?…"
# Blanks, and signs of bold type that were left when a text was made of Markdown.
_AT_START, _AT_END = re.compile(r"\A(?:\s|\*\*|__)+"), re.compile(r"(?:\s|\*\*|__)+\Z")


def read(path: Path) -> Content:
    """The content of a text file; a form feed begins a page.

    Raises:
        SourceError: it is not UTF-8, or cannot be read.
    """
    text = source_text(path)
    return Content(text, tuple(_blocks(text)), tuple(_pages(text)))


def _pages(text: str) -> Iterator[Page]:
    if "\f" not in text:
        return
    start = 0
    for number, page in enumerate(text.rstrip("\f").split("\f"), 1):
        end = start + len(page) + 1
        yield Page(number=number, start=start, end=min(end, len(text)))
        start = end


def _blocks(text: str) -> Iterator[Block]:
    chunks = [[(line.start(), line.group()) for line in _LINE.finditer(text, *c.span())] for c in _CHUNK.finditer(text)]
    for number, lines in enumerate(chunks):
        start, line = lines[0]
        before = chunks[number - 1][-1][1] if number else ""
        following = chunks[number + 1][0][1] if number + 1 < len(chunks) else ""
        if len(lines) == 1 and _is_heading(line, before, following):
            found = [(BlockKind.HEADING, start, start + len(line))]
        else:
            found = list(_paragraphs(lines))
        for kind, begin, end in found:
            yield from _block(text, kind, begin, end)


def _is_heading(line: str, before: str, following: str) -> bool:
    """Whether a line between empty ones is a heading: short, without an end, and no item of a list."""
    words = _AT_END.sub("", line)
    if len(words) > _HEADING_LENGTH or not words or words[-1] in f"{_ENDS},":
        return False
    if not MARKER.match(line):
        return words.lstrip("*_")[:1].isalnum()
    # "2. Demands" above a paragraph or a list of its own, and not between the items 1 and 3.
    number = _number(line)
    return bool(number and following) and number - 1 != (_number(before) or -1) and _number(following) != number + 1


def _number(line: str) -> int:
    marker = MARKER.match(line)
    return number_of(marker.group(1)) if marker else 0


def _paragraphs(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[BlockKind, int, int]]:
    """Paragraphs and items among lines that no empty one divides."""
    is_broken = max(len(line) for _, line in lines) <= _LINE_WIDTH
    # Text out of a PDF has longer lines, most of which end in the middle of a sentence.
    is_torn = sum(line.rstrip()[-1:] not in _ENDS for _, line in lines) > len(lines) / 2
    begun: tuple[BlockKind, int, int] | None = None
    ended = False
    for start, line in lines:
        goes_on = is_broken or (is_torn and not ended)
        ended = line.rstrip()[-1:] in _ENDS
        marker = MARKER.match(line)
        end = start + len(line)
        if begun and goes_on and not marker:
            begun = *begun[:2], end
            continue
        if begun:
            yield begun
        begun = (BlockKind.LIST_ITEM, start + marker.end(), end) if marker else (BlockKind.PARAGRAPH, start, end)
    if begun:
        yield begun


def _block(text: str, kind: BlockKind, start: int, end: int) -> Iterator[Block]:
    """A block without blanks and signs of type at its edges; none if there is nothing else."""
    start += len(text[start:end]) - len(_AT_START.sub("", text[start:end]))
    words = _AT_END.sub("", text[start:end])
    if words:
        level = 0 if kind is BlockKind.PARAGRAPH else 1
        yield Block(kind=kind, start=start, end=start + len(words), level=level)
