"""The matrix of the shipped data is whole at a glance: on a screen of 1280 by 800, and on paper."""

from __future__ import annotations

import re

import pytest

from tests.browser.chromium import WIDE, Visitor
from tests.browser.page_types import LANGUAGES

_PARTS = """() => { const matrix = document.getElementById("matrix"), table = matrix.querySelector("table");
const { top, bottom, left, right } = table.getBoundingClientRect();
const beyond = [matrix.scrollWidth - matrix.clientWidth, matrix.scrollHeight - matrix.clientHeight];
const cut = [...table.querySelectorAll("th a")].filter(link => link.scrollWidth > link.clientWidth + 1
  && getComputedStyle(link).overflow !== "visible").length;
return { inside: top >= -1 && left >= 0 && bottom <= innerHeight + 1 && right <= innerWidth, beyond, cut }; }"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_whole_on_a_screen_and_on_two_sheets(visitor: Visitor, language: str) -> None:
    """Nothing scrolls, no name is cut by its cell; the sheets are A4 across."""
    page = visitor.page
    page.set_viewport_size({"width": 1280, "height": 800})
    try:
        visitor.visit(f"/matrix?lang={language}#matrix")
        assert page.evaluate(_PARTS) == {"inside": True, "beyond": [0, 0], "cut": 0}
        paper = page.pdf(prefer_css_page_size=True, print_background=True)
    finally:
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    sheets = re.findall(rb"/MediaBox\s*\[([\d. ]+)\]", paper)
    sizes = [tuple(round(float(one) * 25.4 / 72) for one in sheet.split()[2:]) for sheet in sheets]
    assert sizes in ([(297, 210)], [(297, 210)] * 2)
    assert len(paper) < 1_000_000  # gradients made it 110 MB
