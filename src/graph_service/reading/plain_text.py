"""Plain text: nothing of it is changed but line ends and Unicode form, so that ranges coded in it stay right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from graph_service.reading.content import Content
from graph_service.reading.list_markers import MARKER
from graph_service.reading.paper import Block, BlockKind, Page
from graph_service.reading.passages import source_text

NORMALISER = "graph-service-text 1"
_CHUNK = re.compile(r"[^\s](?:.|\n(?!\s*\n))*", re.ASCII)
# A text whose lines are not longer was broken into lines by its writer's program.
_LINE_WIDTH = 100
_HEADING_LENGTH = 120
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
    for chunk in _CHUNK.finditer(text):
        lines = [(line.start() + chunk.start(), line.group()) for line in re.finditer(r"[^\n]+", chunk.group())]
        wrapped = max(len(line) for _, line in lines) <= _LINE_WIDTH
        begun: list[tuple[int, int, bool]] = []  # start, end, whether it is an item
        for start, line in lines:
            marker = MARKER.match(line)
            if not marker and begun and wrapped:
                begun[-1] = (begun[-1][0], start + len(line), begun[-1][2])
            else:
                begun.append((start + (marker.end() if marker else 0), start + len(line), bool(marker)))
        for start, end, is_item in begun:
            yield from _block(text, start, end, is_item=is_item, alone=len(lines) == 1)


def _block(text: str, start: int, end: int, *, is_item: bool, alone: bool) -> Iterator[Block]:
    start += len(text[start:end]) - len(_AT_START.sub("", text[start:end]))
    words = _AT_END.sub("", text[start:end])
    if not words:
        return
    kind = BlockKind.LIST_ITEM if is_item else BlockKind.PARAGRAPH
    if not is_item and alone and len(words) <= _HEADING_LENGTH and words[-1] not in ".:;,!?…" and words[0].isalnum():
        kind = BlockKind.HEADING
    level = 0 if kind is BlockKind.PARAGRAPH else 1
    yield Block(kind=kind, start=start, end=start + len(words), level=level)
