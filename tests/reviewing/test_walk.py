"""From a PDF to accepted positions, as a newcomer goes: read, draft, review, by the commands and by keyboard alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest

from graph_service.coding.paper_draft import Status
from graph_service.reading import passages
from graph_service.reading.shelf import Shelf
from graph_service.snapshots.snapshot import Snapshot
from tests.reviewing.papers import PAGES
from tests.reviewing.processes import reviewing
from tests.reviewing.test_page import WIDE, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAME = "musterhilfe"
WANTED = 12


def pdf(path: Path) -> None:
    """The pages of the small paper as a PDF."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    styles = getSampleStyleSheet()
    story = []
    for page in PAGES:
        for line in page:
            # The font of the PDF has no emoji.
            words = escape("".join(character for character in line if ord(character) < 0x2000))
            if words.startswith("# "):
                story.append(Paragraph(words[2:], styles["Heading1"]))
            else:
                story.append(Paragraph(words.replace("* ", "• ", 1), styles["Normal"]))
        story.append(PageBreak())
    SimpleDocTemplate(str(path), title="Teilhabe beginnt vor Ort").build(story)


@pytest.mark.slow
def test_a_pdf_of_two_pages_becomes_accepted_positions(
    browser: Browser, shipped_snapshot: Snapshot, tmp_path: Path
) -> None:
    """Every position that was drafted is decided, with the facts that an import needs."""
    shelf, snapshots = Shelf(tmp_path / "papers"), shipped_snapshot.path.parent
    pdf(tmp_path / f"{NAME}.pdf")
    program = [sys.executable, "-m", "graph_service", "paper"]
    papers = ["--papers", str(shelf.directory)]
    subprocess.run([*program, "read", str(tmp_path / f"{NAME}.pdf"), "--language", "de", *papers], check=True)
    subprocess.run([*program, "draft", NAME, *papers, "--snapshots", str(snapshots)], check=True)
    paper = shelf.read(NAME)
    with (
        reviewing(shelf, snapshots, paper) as review,
        browser.new_context(viewport=WIDE, locale="de", reduced_motion="reduce") as context,  # type: ignore[arg-type]
    ):
        coder = opened(context, review)
        coder.press("d", "Tab", "Tab")
        coder.type("2024-05-01")
        coder.press("Tab", "P", "Tab", "e", "Tab", "Tab")
        coder.choose("Paritätischer Sachsen")
        coder.press("Escape", "Escape", "Escape")
        drafted = len(review.draft().positions)
        assert drafted >= WANTED
        coder.press("u")
        for number in range(drafted):
            coder.page.wait_for_selector(".position-form[data-suggested=true]")
            coder.press("1", "s", "+", "e", "Tab", "Tab", "Tab", "Tab", "Tab")
            coder.type(f"So sagt es der Verein, mit eigenen Worten {number}.")
            coder.press("Control+Enter")
            coder.saved()
        assert coder.page.inner_text("#facts-lack") == ""
        assert coder.page.locator("#counts .lacks").inner_text() == f"{drafted} Angaben fehlen"
        draft = review.draft()
    assert draft.document["date"] == "2024-05-01"
    assert draft.document["actors"] == "paritaet-sachsen"
    for position in draft.positions:
        assert position.status is Status.ACCEPTED
        assert position.sha256 == passages.digest(paper.cut(position.ranges))
        for column in ("proposition", "agreement", "stance", "paraphrase_de"):
            assert position.code(column), (position.id, column)
