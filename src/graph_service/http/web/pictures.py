"""Pictures as PNG: an SVG that this service wrote becomes pixels.

resvg draws, a library in Rust; the font comes from a package, so the same SVG gives the same bytes on every machine.
The font has Latin, Greek and Cyrillic letters, arrows and simple shapes; other characters become boxes. A dark variant
(`prefers-color-scheme`) is not for PNG: resvg passes over `@media`.
"""

from __future__ import annotations

import re
from typing import NoReturn
from xml.parsers import expat

import fontpkg_source_sans_3 as font
import resvg_py

_FONT_FILE = str(font.ROOT / "files" / "SourceSans3[wght].ttf")

WIDEST = 4096
LARGEST = 2_000_000
MOST_PIXELS = 24_000_000
_VIEW_BOX = re.compile(r"\s*-?[\d.]+[\s,]+-?[\d.]+[\s,]+(?P<width>\d+\.?\d*)[\s,]+(?P<height>\d+\.?\d*)\s*")
# One of these elements can name a file or an address, which resvg would open.
_REFERRING = frozenset({"image", "feImage"})


def png(svg: str, width: int) -> bytes:
    """The picture as PNG, `width` pixels wide and as high as its `viewBox` wants.

    Args:
        svg: a document with a `viewBox`; `sans-serif` and `Source Sans 3` are the same font, in all weights.
        width: pixels, at most `WIDEST`.

    Raises:
        ValueError: it is no SVG, has no `viewBox`, is larger than the limits above, has a document type, or refers to
            something outside of itself.
    """
    if not 1 <= width <= WIDEST:
        raise ValueError(f"a picture is 1 to {WIDEST} pixels wide, not {width}")
    if len(svg) > LARGEST:
        raise ValueError(f"an SVG has at most {LARGEST:,} characters, not {len(svg):,}")
    view_width, view_height = _size_of(svg)
    if width * width * view_height / view_width > MOST_PIXELS:
        raise ValueError(f"at {width} pixels of width this picture has more than {MOST_PIXELS:,}; ask for fewer")
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        width=width,
        skip_system_fonts=True,
        font_files=[_FONT_FILE],
        font_family=font.FAMILY,
        sans_serif_family=font.FAMILY,
    )


def _size_of(svg: str) -> tuple[float, float]:
    """Width and height of the `viewBox` (SVG 2, section 8.6), once nothing in the document refers elsewhere."""
    parser = expat.ParserCreate()
    view_boxes: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] in _REFERRING:
            raise ValueError(f"<{name}> may refer to a file; a picture has all it needs in itself")
        if not view_boxes:
            view_boxes.append(attributes.get("viewBox", ""))

    def document_type(*_: object) -> NoReturn:
        raise ValueError("a picture has no document type, which could bring entities")

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = document_type
    try:
        parser.Parse(svg.encode(), True)
    except expat.ExpatError as error:
        raise ValueError(f"this is no SVG: {error}") from None
    numbers = _VIEW_BOX.fullmatch(view_boxes[0])
    if numbers is None or not (float(numbers["width"]) and float(numbers["height"])):
        raise ValueError(f"a picture has a viewBox of four numbers and some area, not {view_boxes[0][:40]!r}")
    return float(numbers["width"]), float(numbers["height"])
