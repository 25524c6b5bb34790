"""Blocks of an HTML tree: what a browser begins on a new line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import defs

from graph_service.reading.characters import clean
from graph_service.reading.file_content import BlockText, Removals
from graph_service.reading.list_markers import MARKER
from graph_service.reading.paper import BlockKind

_BREAKING = defs.block_tags | {"html", "body", "main", "search", "summary", "details", "dialog", "hgroup", "caption"}
_SILENT = defs.head_tags | {"head", "template", "svg", "math", "iframe", "object", "audio", "video", "canvas", "img"}
_SILENT |= {"button", "input", "select", "textarea", "datalist", "noscript"}
_HEADING = re.compile(r"h([1-6])")
_NOTES = re.compile(r"\b(?:foot|end)notes?\b|\bfussnoten?\b", re.IGNORECASE)
# A footnote's mark, or the sign that leads back to it.
_MARK = re.compile(r"[\[(]?(?:\d{1,3}|\*{1,3}|[a-z]|[↩↑^]\ufe0e?)[\])]?")
# What shows that a row only lays out the page.
_OF_LAYOUT = ("p", "ul", "ol", "table", "h1", "h2", "h3")


@dataclass(frozen=True)
class PlacedBlock:
    """A block and the element that it stands in."""

    block: BlockText
    element: Any


def blocks_of(root: Any, removals: Removals) -> list[PlacedBlock]:
    """The blocks of a tree, in its order; hidden elements have none."""
    return list(_Walk(removals).walk(root))


class _Walk:
    def __init__(self, removals: Removals) -> None:
        self._removals = removals
        self._inline: list[str] = []

    def walk(self, element: Any) -> Iterator[PlacedBlock]:
        """The blocks within a breaking element; what stands before and behind its children is one each."""
        if element.tag == "tr":
            yield from self._row(element)
            return
        self._add(element.text)
        for child in element:
            if not isinstance(child.tag, str) or _is_hidden(child):
                pass
            elif child.tag in _BREAKING or (child.tag == "br" and self._ends_in_break()):
                yield from self._flush(element)
                yield from self.walk(child)
            elif _breaks_within(child):
                yield from self.walk(child)
            else:
                self._add(self._words(child))
            self._add(child.tail)
        yield from self._flush(element)

    def _row(self, row: Any) -> Iterator[PlacedBlock]:
        cells = [clean(self._words(cell), self._removals) for cell in row if cell.tag in ("td", "th")]
        if len(cells) == 1 or next(row.iter(*_OF_LAYOUT), None) is not None:
            # A table that only lays out the page.
            for cell in row:
                if isinstance(cell.tag, str):
                    yield from self.walk(cell)
        elif any(cells):
            yield PlacedBlock(BlockText(BlockKind.TABLE_ROW, "\t".join(cells)), row)

    def _words(self, element: Any) -> str:
        """The text of an inline element."""
        if element.tag == "br":
            return "\n"
        if element.tag == "wbr":
            return ""
        if self._is_mark(element):
            self._removals.add("footnote-mark", "".join(element.itertext()))
            return ""
        parts = [element.text or ""]
        for child in element:
            if isinstance(child.tag, str) and not _is_hidden(child):
                parts.append(self._words(child))
            parts.append(child.tail or "")
        return "".join(parts)

    def _is_mark(self, element: Any) -> bool:
        """Whether an element is the mark of a footnote: a short link within the page, raised or not."""
        text = "".join(element.itertext()).strip()
        link = element if element.tag == "a" else next(element.iter("a"), None) if element.tag == "sup" else None
        return link is not None and (link.get("href") or "").startswith("#") and bool(_MARK.fullmatch(text))

    def _add(self, text: str | None) -> None:
        if text:
            self._inline.append(text)

    def _ends_in_break(self) -> bool:
        return "".join(self._inline).rstrip(" \t\r").endswith("\n")

    def _flush(self, element: Any) -> Iterator[PlacedBlock]:
        text = clean("".join(self._inline), self._removals)
        self._inline.clear()
        if text:
            yield PlacedBlock(_block(element, text), element)


def _block(element: Any, text: str) -> BlockText:
    line = [element, *element.iterancestors()]
    if heading := _HEADING.fullmatch(element.tag):
        return BlockText(BlockKind.HEADING, text, int(heading.group(1)))
    if any(_NOTES.search(f"{each.get('class', '')} {each.get('id', '')} {each.get('role', '')}") for each in line):
        return BlockText(BlockKind.FOOTNOTE, text, marker=_number(element) if element.tag == "li" else "")
    item = next((each for each in line if each.tag == "li"), None)
    if item is not None:
        level = sum(each.tag in ("ul", "ol") for each in line)
        is_first = item.tag == element.tag or not "".join(_before(element, item)).strip()
        own = MARKER.match(text)
        if own and is_first:
            return BlockText(BlockKind.LIST_ITEM, text[own.end() :], level, own.group(1))
        return BlockText(BlockKind.LIST_ITEM, text, level, _number(item) if is_first else "")
    return BlockText(BlockKind.PARAGRAPH, text)


def _before(element: Any, item: Any) -> Iterator[str]:
    for each in item.iter():
        if each is element:
            return
        if isinstance(each.tag, str):
            yield each.text or ""


def _number(item: Any) -> str:
    """The number or sign that a browser shows before an item."""
    above = item.getparent()
    if above is None or above.tag != "ol":
        return "•"
    start = above.get("start") or ""
    number = (int(start) if start.isdecimal() else 1) - 1
    for each in above.iterchildren("li"):
        value = each.get("value") or ""
        number = int(value) if value.isdecimal() else number + 1
        if each is item:
            break
    return f"{number}."


def _is_hidden(element: Any) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return (
        element.tag in _SILENT
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or "display:none" in style
        or "visibility:hidden" in style
    )


def _breaks_within(element: Any) -> bool:
    """Whether an inline element, such as a link, holds breaking ones."""
    return any(child.tag in _BREAKING for child in element.iter() if child is not element)
