"""Which way up the text of a page stands: most of it may be turned, such as a wide table, and some, such as a stamp.

Angles of PDFium are clockwise.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

# Left, top, right and bottom edge in points, from the upper left corner of the page.
Box = tuple[float, float, float, float]
_SAMPLES = 500
_TOLERANCE = 3.0


def turn_of(textpage: Any) -> int:
    """By how much a page must be turned so that most of its text stands upright: 0, 90, 180 or 270 degrees."""
    count = pdfium.FPDFText_CountChars(textpage)
    angles: Counter[int] = Counter()
    for index in range(0, count, max(1, count // _SAMPLES)):
        if not pdfium.FPDFText_IsGenerated(textpage, index):
            angles[round(_degrees(textpage, index) / 90) * 90 % 360] += 1
    return -angles.most_common(1)[0][0] % 360 if angles else 0


def is_upright(textpage: Any, index: int, turn: int) -> bool:
    """Whether a character stands upright on a page that is turned so far."""
    angle = (_degrees(textpage, index) + turn) % 360
    return min(angle, 360 - angle) <= _TOLERANCE


def size(page: PdfPage, turn: int) -> tuple[float, float]:
    """Width and height of a page that is turned so far, in points."""
    left, bottom, right, top = page.get_bbox()
    return (top - bottom, right - left) if turn in (90, 270) else (right - left, top - bottom)


def placing(page: PdfPage, turn: int) -> Callable[[Any], Box]:
    """What gives the box of a rectangle of PDFium, which counts from the lower edge of a page that is not turned."""
    left, bottom, right, top = page.get_bbox()

    def upright(box: Any) -> Box:
        return box.left - left, top - box.top, box.right - left, top - box.bottom

    def turned(box: Any) -> Box:
        if turn == 90:
            return box.bottom - bottom, box.left - left, box.top - bottom, box.right - left
        if turn == 180:
            return right - box.right, box.bottom - bottom, right - box.left, box.top - bottom
        return top - box.top, right - box.right, top - box.bottom, right - box.left

    return turned if turn else upright


def _degrees(textpage: Any, index: int) -> float:
    return math.degrees(pdfium.FPDFText_GetCharAngle(textpage, index))
