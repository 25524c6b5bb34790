"""What stands in a file, in the order in which it is read, and how one text is made of it.

Blocks of paragraphs are divided by an empty line, items of a list and rows of a table by a line end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from graph_service.reading.paper import Block, BlockKind, Page, Removed
from graph_service.reading.passages import normalise

_CLOSE = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)
_SHOWN = 200


@dataclass(frozen=True)
class BlockText:
    """A block on its way into a text.

    Attributes:
        kind: what it is.
        text: without its sign or number.
        level: of a heading or list item, from 1.
        marker: sign or number in front of a list item or footnote; it stands in the text before the block.
        pages: for each page that the block has characters on, the offset of the first one and the page's number.
    """

    kind: BlockKind
    text: str
    level: int = 0
    marker: str = ""
    pages: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Content:
    """The text of a file with its structure; `language` and `title` are empty where the file names none."""

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = ()
    removed: tuple[Removed, ...] = ()
    title: str = ""
    language: str = ""


@dataclass
class Removals:
    """Collects what is taken out of a text."""

    _counts: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def add(self, kind: str, text: str, page: int = 0, count: int = 1) -> None:
        """Note that something was taken out."""
        key = kind, " ".join(text.split())[:_SHOWN], page
        self._counts[key] = self._counts.get(key, 0) + count

    def all(self) -> tuple[Removed, ...]:
        """What was taken out, page by page."""
        found = (Removed(kind=k, text=t, page=p, count=n) for (k, t, p), n in self._counts.items())
        return tuple(sorted(found, key=lambda removed: removed.page))


def compose(blocks: Iterable[BlockText], page_count: int = 0) -> tuple[str, tuple[Block, ...], tuple[Page, ...]]:
    """One text of these blocks, with the place of each block and page in it; empty blocks are left out."""
    parts: list[str] = []
    placed: list[Block] = []
    starts: list[tuple[int, int]] = []
    place = 0
    before: BlockKind | None = None
    for block in blocks:
        text = normalise(block.text)
        if not text.strip():
            continue
        separator = "" if before is None else "\n" if before is block.kind and before in _CLOSE else "\n\n"
        marker = normalise(f"{block.marker} " if block.marker else "")
        start = place + len(separator) + len(marker)
        parts += separator, marker, text
        placed.append(Block(kind=block.kind, start=start, end=start + len(text), level=block.level))
        for offset, page in block.pages:
            begin = start + len(normalise(block.text[:offset])) if offset else start - len(marker)
            starts.append((page, begin))
        place, before = start + len(text), block.kind
    return "".join(parts), tuple(placed), _pages(starts, page_count, place)


def _pages(starts: Sequence[tuple[int, int]], count: int, end: int) -> tuple[Page, ...]:
    """Pages one after another: each begins where the first characters of it, or of a later one, stand."""
    first = dict(sorted(starts, reverse=True))
    begins = [end] * (count + 1)
    for page in range(count, 0, -1):
        begins[page - 1] = min(first.get(page, end), begins[page])
    if count:
        begins[0] = 0
    return tuple(Page(number=n, start=begins[n - 1], end=begins[n]) for n in range(1, count + 1))
