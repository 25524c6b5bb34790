"""SVG to PNG: the pixels are those of the picture, the same on every machine, and nothing outside is read."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from graph_service.http.web.pictures import MOST_PIXELS, WIDEST, png

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">{}</svg>'


def _image(svg: str, width: int = 400) -> Image.Image:
    return Image.open(BytesIO(png(svg, width))).convert("RGBA")


def test_shapes_are_where_the_svg_says() -> None:
    image = _image(_SVG.format('<rect width="20" height="20" fill="#0b57a4"/>'))
    assert image.size == (400, 200)
    assert image.getpixel((100, 100)) == (0x0B, 0x57, 0xA4, 255)
    assert image.getpixel((300, 100)) == (0, 0, 0, 0)


@pytest.mark.parametrize("family", ["sans-serif", "Source Sans 3", "no such font, sans-serif"])
def test_the_font_does_not_depend_on_the_machine(family: str) -> None:
    words = f'<text x="1" y="15" font-size="12" font-family="{family}">Größe ř</text>'
    assert png(_SVG.format(words), 400) == png(_SVG.format(words.replace(f' font-family="{family}"', "")), 400)
    left, top, right, bottom = _image(_SVG.format(words)).getbbox() or (0, 0, 0, 0)
    assert right - left > 300
    assert bottom - top > 80


def test_bold_letters_are_bold() -> None:
    def ink(weight: int) -> int:
        drawn = _image(_SVG.format(f'<text y="15" font-size="12" font-weight="{weight}">mmm</text>'))
        return sum(drawn.getchannel("A").tobytes())

    assert ink(700) > 1.2 * ink(400)


def test_the_dark_variant_is_for_screens() -> None:
    style = "<style>rect { fill: #fff } @media (prefers-color-scheme: dark) { rect { fill: #000 } }</style>"
    assert _image(_SVG.format(f'{style}<rect width="40" height="20"/>')).getpixel((9, 9)) == (255, 255, 255, 255)


@pytest.mark.parametrize(
    ("svg", "width", "said"),
    [
        (_SVG.format('<image href="{file}" width="40" height="20"/>'), 400, "refer to a file"),
        (_SVG.format('<s:image xmlns:s="http://www.w3.org/2000/svg" href="{file}"/>'), 400, "refer to a file"),
        (_SVG.format('<filter><feImage href="{file}"/></filter>'), 400, "refer to a file"),
        ('<!DOCTYPE svg [<!ENTITY e SYSTEM "{file}">]>' + _SVG.format("<text>&e;</text>"), 400, "document type"),
        ("<svg", 400, "no SVG"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', 400, "viewBox"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 9"/>', 400, "viewBox"),
        (_SVG.format(""), 0, "pixels wide"),
        (_SVG.format(""), WIDEST + 1, "pixels wide"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1000000"/>', 400, f"{MOST_PIXELS:,}"),
        (_SVG.format(" " * 2_000_000), 400, "characters"),
    ],
)
def test_what_is_refused(svg: str, width: int, said: str, tmp_path: Path) -> None:
    Image.new("RGB", (40, 20), "red").save(tmp_path / "red.png")
    with pytest.raises(ValueError, match=said):
        png(svg.replace("{file}", str(tmp_path / "red.png")), width)
