"""Runs of characters on a page of a PDF, with their place, size and weight, as PDFium finds them.

A segment ends where PDFium starts a line, and at a wide gap, which may divide columns. Places are points from the left
and the upper edge of the page as it is shown.
"""

from __future__ import annotations

import ctypes
import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

from graph_service.reading.list_markers import BULLETS
from graph_service.reading.pdf_turning import Box, is_upright, placing, turn_of
from graph_service.reading.pdf_turning import size as size_of

LINE_END_HYPHEN = "-"
# PDFium's sign for a hyphen at the end of a line, by character and in the text of a page.
_HYPHENS = (0x02, 0xFFFE)
_LINE_ENDS = (0x0A, 0x0D)
_UNREADABLE = (0x00, 0xFFFD)
# Bullets of the fonts Symbol and Wingdings, which have no code of their own.
_PRIVATE = range(0xE000, 0xF900)
_GAP = 1.8
_SMALL = 0.85
# Names of bold fonts, of Computer Modern, too. PDFium's weight rests on the width of stems, which typewriter fonts
# have wide as well, so that it counts only where a font has no name.
_BOLD_NAME = re.compile(r"bold|black|heavy|demi|semibd|(?:cm|sf|ec|lm)[a-z]*bx", re.IGNORECASE)
_BOLD_WEIGHT = 700


@dataclass
class Segment:
    """A run of characters.

    Attributes:
        text: its characters.
        left, right, top, bottom: of its box, in points; `top` is smaller than `bottom`.
        size: of its type, in points: that of most characters.
        bold: whether its type is bold.
        lefts: the left edge of each character.
        raised: ranges of smaller characters above the line, such as marks of footnotes.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    lefts: list[float] = field(default_factory=list)
    raised: list[tuple[int, int]] = field(default_factory=list)

    @property
    def height(self) -> float:
        """Of the box."""
        return self.bottom - self.top


@dataclass
class PageText:
    """What stands on a page.

    Attributes:
        number: of the page.
        width, height: in points, as the page is turned.
        segments: in the order of the file.
        turn: by how many degrees the page is turned so that its text stands upright.
        turned: text that stands in another way, such as a stamp across the page.
        unreadable: how many characters stand for no letter.
    """

    number: int
    width: float
    height: float
    segments: list[Segment]
    turn: int = 0
    turned: str = ""
    unreadable: int = 0

    @property
    def characters(self) -> int:
        """How many characters can be read."""
        return sum(len(segment.text) for segment in self.segments)


def of_page(page: PdfPage, number: int) -> PageText:
    """The segments of a page."""
    textpage = page.get_textpage()
    try:
        turn = turn_of(textpage)
        reader = _Reader(textpage, placing(page, turn), turn)
        segments = list(reader.segments())
    finally:
        textpage.close()
    return PageText(number, *size_of(page, turn), segments, turn, "".join(reader.turned).strip(), reader.unreadable)


class _Reader:
    def __init__(self, textpage: object, place: Callable[[pdfium.FS_RECTF], Box], turn: int) -> None:
        self._textpage = textpage
        self._place = place
        self._turn = turn
        self.turned: list[str] = []
        self.unreadable = 0

    def segments(self) -> Iterator[Segment]:
        segment: Segment | None = None
        types: list[tuple[float, float]] = []
        last = 0
        for sign, box, size, index in self._characters():
            left, top, right, bottom = box
            if segment and not sign.isspace() and _ends(segment, box):
                yield self._finished(segment, types, last)
                segment = None
            if segment is None:
                if sign.isspace():
                    continue
                segment, types = Segment("", left, right, top, bottom, size, self._is_bold(index)), []
            segment.text += sign
            last = index if not sign.isspace() else last
            segment.lefts.append(left)
            types.append((size, bottom))
            if not sign.isspace():
                segment.right = max(segment.right, right)
                if size >= segment.size:
                    segment.size, segment.top, segment.bottom = size, top, bottom
        if segment:
            yield self._finished(segment, types, last)

    def _finished(self, segment: Segment, types: list[tuple[float, float]], last: int) -> Segment:
        segment.text = segment.text.rstrip()
        sizes = Counter(size for sign, (size, _) in zip(segment.text, types, strict=False) if not sign.isspace())
        segment.size = max(sizes, key=lambda size: (sizes[size], size))
        segment.bold = segment.bold and self._is_bold(last)
        above = [
            not sign.isspace() and size < _SMALL * segment.size and bottom < segment.bottom - 0.1 * segment.size
            for sign, (size, bottom) in zip(segment.text, types, strict=False)
        ]
        for is_raised, group in itertools.groupby(range(len(above)), above.__getitem__):
            places = list(group)
            if is_raised:
                segment.raised.append((places[0], places[-1] + 1))
        return segment

    def _characters(self) -> Iterator[tuple[str, Box, float, int]]:
        """Each character with its box and size in points, a blank where a line ends."""
        textpage, rectangle = self._textpage, pdfium.FS_RECTF()
        code_of, box_of, size_of = (
            pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetFontSize,
        )  # fmt: skip
        reference = ctypes.byref(rectangle)
        high, before, size = 0, 0.0, 0.0
        for index in range(pdfium.FPDFText_CountChars(textpage)):
            code = code_of(textpage, index)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
            if code in _UNREADABLE:
                self.unreadable += 1
                continue
            if code not in _LINE_ENDS and not is_upright(textpage, index, self._turn):
                self.turned.append(chr(code))
                continue
            box_of(textpage, index, reference)
            box = self._place(rectangle)
            if (nominal := size_of(textpage, index)) != before:
                before, size = nominal, round(nominal * self._scale(index), 1)
            yield _sign(code), box, size, index

    def _scale(self, index: int) -> float:
        """How much the text matrix enlarges a character."""
        matrix = pdfium.FS_MATRIX()
        found = pdfium.FPDFText_GetMatrix(self._textpage, index, ctypes.byref(matrix))
        return math.hypot(matrix.c, matrix.d) or 1.0 if found else 1.0

    def _is_bold(self, index: int) -> bool:
        name = ctypes.create_string_buffer(128)
        pdfium.FPDFText_GetFontInfo(self._textpage, index, name, 128, None)
        if name.value:
            return bool(_BOLD_NAME.search(name.value.decode(errors="replace")))
        return bool(pdfium.FPDFText_GetFontWeight(self._textpage, index) >= _BOLD_WEIGHT)


def _sign(code: int) -> str:
    if code in _HYPHENS:
        return LINE_END_HYPHEN
    if code in _LINE_ENDS:
        return " "
    return BULLETS[0] if code in _PRIVATE else chr(code)


def _ends(segment: Segment, box: Box) -> bool:
    """Whether a character begins another segment: below or above, to the left, or behind a gap."""
    left, top, _, bottom = box
    overlap = min(segment.bottom, bottom) - max(segment.top, top)
    if overlap < 0.5 * min(segment.height, bottom - top):
        return True
    return left < segment.right - segment.size or left > segment.right + _GAP * segment.size
