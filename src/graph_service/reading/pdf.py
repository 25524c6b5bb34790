"""PDF: the text as it is read, column after column, without what belongs to the page and not to the paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from graph_service.errors import Location, SourceError
from graph_service.reading import (
    line_ends,
    pdf_blocks,
    pdf_bullets,
    pdf_footnotes,
    pdf_lines,
    pdf_margins,
    pdf_segments,
)
from graph_service.reading.file_content import BlockText, Content, Removals, compose
from graph_service.reading.paper import BlockKind
from graph_service.reading.pdf_lines import Line
from graph_service.reading.pdf_segments import PageText

NORMALISER = "graph-service-pdf 1"
MAX_PAGES = 2000
# A page with fewer characters and a picture is a scan; with more unreadable ones than this part, it is no text.
_FEW, _UNREADABLE = 16, 0.2
# A page is a picture if pictures cover so much of it.
_COVERED = 0.3
_NO_TITLE = re.compile(
    r"microsoft word|untitled|unbenannt|\.(?:docx?|pdf|odt|indd)\b|^\W*(?:anonymous\W*)?$", re.IGNORECASE
)

ReadScan = Callable[[pypdfium2.PdfPage, int], PageText]


def read(path: Path, read_scan: ReadScan | None = None) -> Content:
    """The content of a PDF.

    Args:
        path: of the file.
        read_scan: makes text of a page that is a picture, maybe none; without it such pages are refused.

    Raises:
        SourceError: it is encrypted, broken, has too many pages, or pages without text.
    """
    document = _open(path)
    try:
        return _content(path, document, read_scan)
    finally:
        document.close()


def _open(path: Path) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            hint = "Save it without a password, or ask its publisher for an open file."
            raise SourceError("is encrypted with a password.", where=Location(path), hint=hint) from None
        raise SourceError("is a broken PDF.", where=Location(path), hint="Get the file again.") from None
    if len(document) > MAX_PAGES:
        message = f"has {len(document)} pages; at most {MAX_PAGES} are read."
        document.close()
        raise SourceError(message, where=Location(path), hint="Divide it.")
    return document


def _content(path: Path, document: pypdfium2.PdfDocument, read_scan: ReadScan | None) -> Content:
    removals = Removals()
    pages, scans = [], []
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
        except pypdfium2.PdfiumError:
            message = f"page {number} is broken."
            raise SourceError(message, where=Location(path), hint="Get the file again.") from None
        read = pdf_segments.of_page(page, number)
        read.segments = pdf_bullets.with_bullets(page, read.segments, read.turn)
        if _is_scan(page, read):
            scans.append(number)
            read = read_scan(page, number) if read_scan else read
            if not read.characters:
                removals.add("picture-page", "", number)
        elif read.unreadable:
            removals.add("unreadable-character", "", number, read.unreadable)
        if read.turned:
            removals.add("turned-text", read.turned, number)
        pages.append(read)
        page.close()
    if scans and read_scan is None:
        raise _no_text(path, scans, len(pages))
    if not any(page.segments for page in pages):
        raise SourceError("has no text.", where=Location(path))
    text, blocks, placed = compose(_blocks(pages, removals), len(pages))
    title = document.get_metadata_dict().get("Title", "")
    title = "" if _NO_TITLE.search(title) else title.strip()
    return Content(text, blocks, placed, removals.all(), title)


def skip(page: pypdfium2.PdfPage, number: int) -> PageText:
    """No text of a page that is a picture, for `read`."""
    width, height = page.get_size()
    return PageText(number, width, height, [])


def _is_scan(page: pypdfium2.PdfPage, text: PageText) -> bool:
    """Whether a page shows text as a picture, or in characters that nobody can read."""
    if text.unreadable > _UNREADABLE * (text.characters + text.unreadable):
        return True
    if text.characters >= _FEW:
        return False
    boxes = (picture.get_bounds() for picture in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,)))
    covered = sum((right - left) * (top - bottom) for left, bottom, right, top in boxes)
    return bool(covered > _COVERED * text.width * text.height)


def _no_text(path: Path, scans: Sequence[int], count: int) -> SourceError:
    which = "all pages" if len(scans) == count else f"page{'s' if len(scans) > 1 else ''} {_spans(scans)}"
    hint = "Read them with --ocr (needs Debian's tesseract-ocr), or leave them out with --skip-pictures."
    return SourceError(f"is a scan without text on {which} of {count}.", where=Location(path), hint=hint)


def _spans(numbers: Sequence[int]) -> str:
    """Numbers in order, in short: `2-5, 9`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in spans)


def _blocks(pages: Sequence[PageText], removals: Removals) -> list[BlockText]:
    kept = pdf_margins.remove(pages, removals)
    lines = [pdf_lines.of_page(page, segments) for page, segments in zip(pages, kept, strict=True)]
    body = _body_size(line for on_page in lines for line in on_page)
    divided = [pdf_footnotes.divide(on_page, body) for on_page in lines]
    marks = frozenset(pdf_footnotes.mark_of(note[0]) for _, notes in divided for note in notes)
    text_lines = [line for on_page, _ in divided for line in on_page]
    pdf_footnotes.without_marks(text_lines, marks, removals)
    pdf_lines.widen_edges(text_lines)
    blocks = pdf_blocks.of_groups(pdf_blocks.group(text_lines), body, removals)
    for _, notes in divided:
        for note in notes:
            blocks = _with_note(blocks, note, removals)
    return blocks


def _with_note(blocks: list[BlockText], note: list[Line], removals: Removals) -> list[BlockText]:
    """The blocks with a footnote behind the last one that ends on its page, so that it counts to this page."""
    page = note[0].page
    whole = line_ends.words([line.text for line in note])
    text, _ = pdf_blocks.text_of(note, whole, removals)
    mark = pdf_footnotes.mark_of(note[0])
    words = text[len(mark) :].lstrip(".) ")
    block = BlockText(BlockKind.FOOTNOTE, words, marker=mark, pages=((0, page),))
    place = next((i for i, b in enumerate(blocks) if b.pages and b.pages[-1][1] > page), len(blocks))
    return [*blocks[:place], block, *blocks[place:]]


def _body_size(lines: Iterable[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size)) if sizes else 0.0
