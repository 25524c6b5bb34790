"""A paper that was read: its normalised text, and where its pages, blocks and sentences stand in it.

All places are half-open ranges of code points over `Paper.text` (`reading.passages`). The text is what a reader of the
file would read from top to bottom; what was taken out of it, such as page headers, is listed.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from graph_service.reading import passages


class Record(BaseModel):
    """What is kept on the shelf as JSON: never changed, and nothing in it that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list-item"
    FOOTNOTE = "footnote"
    TABLE_ROW = "table-row"


class Page(Record):
    """A page of the file, numbered from 1, and its range; files without pages have none."""

    number: int
    start: int
    end: int


class Block(Record):
    """A heading, paragraph, list item, footnote or row of a table.

    Attributes:
        level: of a heading or list item, from 1; 0 for other blocks.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0


class Sentence(Record):
    """A sentence, and the index of its block."""

    start: int
    end: int
    block: int


class Removed(Record):
    """Something that stands in the file and not in the text.

    Attributes:
        kind: such as `page-header`, `page-footer`, `page-number`, `line-end-hyphen`, `ligature`, `soft-hyphen`,
            `navigation`.
        text: what was taken out, shortened to 200 characters.
        page: where, 0 if there are no pages.
        count: how often.
    """

    kind: str
    text: str
    page: int = 0
    count: int = 1


class PaperFile(Record):
    """The file that was read: its name without directory, media type, size in bytes and SHA-256."""

    name: str
    media_type: str
    size: int
    sha256: str


class Paper(Record):
    """A paper.

    Attributes:
        name: short name of the document, as in the coding sheet: a to z, 0 to 9, hyphens.
        title: as the file has it, empty if it has none.
        language: such as `de`, empty if not known.
        text: normalised (NFC, LF).
        sha256: of the text's UTF-8.
        normaliser: name and version of what made the text, such as `graph-service-pdf 1`; the same file read by
            the same normaliser gives the same text.
        pages: in order; empty for files without pages.
        blocks: in order, not overlapping.
        sentences: in order, each within one block.
        removed: what is in the file and not in the text.
    """

    name: str
    file: PaperFile
    title: str = ""
    language: str = ""
    text: str
    sha256: str
    normaliser: str
    pages: tuple[Page, ...] = ()
    blocks: tuple[Block, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    removed: tuple[Removed, ...] = ()

    def page_of(self, place: int) -> int:
        """The number of the page on which a character stands, 0 if there are no pages."""
        before = bisect_right(self.pages, place, key=_start)
        return self.pages[before - 1].number if before else 0

    def heading_of(self, place: int) -> str:
        """The text of the last heading before or at a place, empty if there is none."""
        before = bisect_right(self._headings, place, key=_start)
        heading = self._headings[before - 1] if before else None
        return self.text[heading.start : heading.end].strip() if heading else ""

    def cut(self, ranges: passages.Ranges) -> str:
        """The passage at these ranges."""
        return passages.cut(self.text, ranges)

    @cached_property
    def _headings(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.kind is BlockKind.HEADING)


def _start(part: Page | Block) -> int:
    return part.start
