"""Briefs in print: two A4 pages at most, whatever they are on, without what is only for the screen."""

from __future__ import annotations

import pypdfium2
import pytest

from tests.browser.chromium import Visitor
from tests.browser.page_types import address

A4 = (596, 843)
# The issue above all others, the actor with most positions, those with the highest comparison, and a proposition.
LARGEST = [
    "/brief?issue=migration-policy",
    "/brief?actor=gruene",
    "/brief?actor=paritaet-sachsen",
    "/brief?actor=spd&actor=gruene&actor=fdp&actor=linke",
    "/brief?proposition=famreun-subsidiary",
]


@pytest.mark.parametrize("path", LARGEST)
def test_a_brief_prints_on_two_pages(plain: Visitor, path: str) -> None:
    for language in ("de", "en"):
        plain.visit(address(path, language))
        printed = pypdfium2.PdfDocument(plain.page.pdf(format="A4"))
        sizes = [tuple(round(side) for side in sheet.get_size()) for sheet in printed]
        assert sizes in ([A4], [A4, A4]), language
        text = "".join(sheet.get_textpage().get_text_bounded() for sheet in printed)
        # The last sentence with its address, and the frame of the site.
        shown = plain.page.locator(".brief .source").last.inner_text().rpartition("/")[2]
        assert shown in text.replace("\r\n", "").replace("\ufffe", "-"), language
        assert "DOCX" not in text


def test_a_brief_for_a_board_takes_two_clicks(visitor: Visitor) -> None:
    """From the start page: the menu, a name, the button; and a file that opens."""
    page = visitor.visit("/?lang=en")
    page.get_by_role("link", name="Brief", exact=True).first.click()
    page.get_by_label("Issue", exact=True).fill("family reunification")
    page.get_by_role("button", name="Show the brief").click()
    assert page.get_by_role("heading", level=1).inner_text() == "family reunification"
    with page.expect_download() as download:
        page.get_by_role("link", name="Word (DOCX)").click()
    assert download.value.suggested_filename == "brief-family-reunification.docx"
    assert visitor.complaints == []
