"""Colours and a logo of a publisher: readable on every ground, and nothing that runs or loads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph_service.errors import SettingsError
from graph_service.http.web import looks

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.mark.parametrize("accent", ["#7a1f4b", "#0b3d6e", "#005f3c", "#000000"])
def test_a_dark_accent_is_made_readable(accent: str) -> None:
    content, type_ = looks.files(accent, "", None)[looks.SHEET]
    found = re.findall(r"light-dark\((#\w+), (#\w+)\)", content.decode())
    assert (type_, len(found), {one for one, _ in found}) == ("text/css", 2, {accent})
    for light, dark in found:
        assert min(looks.contrast(light, "#ffffff"), looks.contrast(light, "#f5f7f9")) >= 4.5
        assert min(looks.contrast(dark, "#14171b"), looks.contrast(dark, "#1d2126")) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert round(looks.contrast("#ffffff", "#000"), 2) == 21
    assert round(looks.contrast("#767676", "#fff"), 2) == 4.54


@pytest.mark.parametrize(
    ("accent", "dark", "error"),
    [
        ("#ffcc00", "", "contrast of 1.4 : 1 with the light ground #f5f7f9. Take a darker one"),
        ("#0b3d6e", "#0b3d6e", "with the dark ground #1d2126. Take a lighter one"),
        ("red", "", "'red' is no colour. Write it so: #0b3d6e"),
        ("", "#ffffff", "accent_dark has no accent"),
    ],
)
def test_a_colour_that_cannot_be_read_is_refused(accent: str, dark: str, error: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(error)):
        looks.files(accent, dark, None)


@pytest.mark.parametrize(
    "content",
    [
        SVG.format("<script>alert(1)</script>"),
        SVG.format('<a href="javascript:x()"/>'),
        SVG.format('<image href="https://else.example/x.png"/>'),
        SVG.format('<path onload="x()"/>'),
        SVG.format('<path style="fill: url(https://else.example/x)"/>'),
        SVG.format("<style>@import 'x.css';</style>"),
        SVG.format("<style>a { fill: u\\72l(https://else.example/x) }</style>"),
        SVG.format("<style>a<g/>@import 'x.css';</style>"),
        SVG.format('<a><set attributeName="href" to="javascript:x()"/></a>'),
        SVG.format('<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>'),
        '<?xml-stylesheet href="https://else.example/x.css"?>' + SVG.format(""),
        '<!DOCTYPE svg [<!ENTITY x "y">]>' + SVG.format("&x;"),
        "<svg/>",
        "GIF89a",
        SVG.format(" " * looks.MOST_BYTES),
    ],
)
def test_a_logo_that_runs_or_loads_something_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "logo").write_text(content)
    with pytest.raises(SettingsError, match="logo"):
        looks.read_logo(tmp_path / "logo")


def test_logos_are_told_by_their_content(tmp_path: Path) -> None:
    path = tmp_path / "logo"
    path.write_text("<!-- ours -->" + SVG.format('<!-- too --><g fill="url(#a)"/>'))
    assert looks.read_logo(path)[1:] == (".svg", "image/svg+xml")
    path.write_bytes(PNG)
    assert looks.files("", "", path) == {"publisher-logo.png": (PNG, "image/png")}
