"""Bullets that a PDF draws instead of writing them, as browsers print them: small filled shapes in front of a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

from graph_service.reading.list_markers import BULLETS
from graph_service.reading.pdf_segments import Segment
from graph_service.reading.pdf_turning import placing

# Height and width of a bullet, and how far it stands before the words, in sizes of the type.
_SMALLEST, _LARGEST, _FARTHEST = 0.15, 0.65, 2.5
_DEPTH = 4
_MOST_SHAPES = 5000


def with_bullets(page: PdfPage, segments: Sequence[Segment], turn: int) -> list[Segment]:
    """The segments with one more for each drawn bullet, in front of the one that it belongs to.

    Args:
        page: where they stand.
        segments: in the order of the file.
        turn: by how many degrees the page is turned.
    """
    shapes = list(_shapes(page, turn))
    if not shapes:
        return list(segments)
    found: list[Segment] = []
    for segment in segments:
        bullet = next((shape for shape in shapes if _is_bullet(shape, segment, segments)), None)
        if bullet:
            shapes.remove(bullet)
            left, _, right, _ = bullet
            found.append(
                Segment(BULLETS[0], left, right, segment.top, segment.bottom, segment.size, segment.bold, lefts=[left])
            )
        found.append(segment)
    return found


def _shapes(page: PdfPage, turn: int) -> Iterator[tuple[float, float, float, float]]:
    """Boxes of small paths that are about as wide as high: left, top, right, bottom."""
    place = placing(page, turn)
    for count, shape in enumerate(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,), max_depth=_DEPTH)):
        if count == _MOST_SHAPES:
            return
        bounds = shape.get_bounds()
        left, top, right, bottom = place(pdfium.FS_RECTF(bounds[0], bounds[3], bounds[2], bounds[1]))
        width, height = right - left, bottom - top
        if 0 < width < 12 and 0 < height < 12 and 0.6 < width / height < 1.6:
            yield left, top, right, bottom


def _is_bullet(shape: tuple[float, float, float, float], segment: Segment, segments: Sequence[Segment]) -> bool:
    left, top, right, bottom = shape
    middle = (top + bottom) / 2
    if not segment.top < middle < segment.bottom or not 0 < segment.left - right < _FARTHEST * segment.size:
        return False
    if not _SMALLEST * segment.size <= right - left <= _LARGEST * segment.size:
        return False
    beside = (other for other in segments if other is not segment and other.top < middle < other.bottom)
    return not any(other.left < segment.left and other.right > left - _FARTHEST * segment.size for other in beside)
