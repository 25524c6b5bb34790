"""From a PDF to pages of positions, as a newcomer goes: by the commands and by keyboard alone."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest

from graph_service.coding.paper_draft import Status
from graph_service.reading import passages
from graph_service.reading.shelf import Shelf
from graph_service.snapshots.snapshot import Snapshot
from tests.http.processes import served
from tests.reviewing.coder import WIDE, Coder, opened
from tests.reviewing.papers import PAGES
from tests.reviewing.processes import reviewing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAME = "musterhilfe"
WANTED = 12
HOLDER = "Verein Musterhilfe"
# What is said in the words of a passage scores this much (`position_form.js`).
SURE = 0.3


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


def run(*arguments: str) -> str:
    """What a command of graph-service prints."""
    program = [sys.executable, "-m", "graph_service", *arguments]
    return subprocess.run(program, check=True, stdout=subprocess.PIPE, text=True).stdout


class Watch:
    """Tells how long each part of the walk takes the machine."""

    def __init__(self) -> None:
        self.last = time.perf_counter()

    def lap(self, what: str) -> None:
        now = time.perf_counter()
        print(f"{what}: {now - self.last:.1f} s")
        self.last = now


def write_facts(coder: Coder) -> None:
    """Date, kinds, and who speaks: an association that the graph does not know."""
    coder.press("d", "Tab", "Tab")
    coder.type("2024-05-01")
    coder.press("Tab", "P", "Tab", "e", "Tab", "Tab")
    coder.type(HOLDER)
    coder.page.wait_for_selector("[role=option].create")
    coder.press("ArrowUp", "Enter")
    coder.page.wait_for_selector("#creation :focus")
    coder.press("Tab")
    coder.type("Example Aid Association")
    coder.press("Tab")
    coder.choose("Migrantenorganisation")
    coder.press("Tab", "Tab", "Tab", "Enter")
    # The names of others are like it.
    coder.page.wait_for_selector("#creation .similar li")
    coder.page.locator("#creation .deeds button").first.press("Enter")
    coder.page.wait_for_selector("dialog#creation:not([open])", state="attached")
    coder.press("Escape", "Escape", "Escape")


def decide(coder: Coder, number: int) -> None:
    """Accept the selected position with what is suggested for it and a paraphrase in one language."""
    coder.page.wait_for_selector(".position-form[data-suggested=true]")
    coder.press("1", "s", "+", "e", "Tab", "Tab", "Tab", "Tab", "Tab")
    coder.type(said(number))
    coder.press("Control+Enter")
    coder.saved()


def said(number: int) -> str:
    return f"So sagt es der Verein, mit eigenen Worten {number}."


@pytest.mark.slow
def test_a_pdf_of_two_pages_becomes_pages_of_positions(
    browser: Browser, shipped_snapshot: Snapshot, tmp_path: Path
) -> None:
    """Every position that was drafted is decided, imported, built and shown; the actor is new. No Turtle is touched."""
    watch, shelf, snapshots = Watch(), Shelf(tmp_path / "papers"), shipped_snapshot.path.parent
    papers = ("--papers", str(shelf.directory))
    pdf(tmp_path / f"{NAME}.pdf")
    run("paper", "read", str(tmp_path / f"{NAME}.pdf"), *papers)
    watch.lap("read")
    run("paper", "draft", NAME, *papers, "--snapshots", str(snapshots))
    watch.lap("draft")
    paper = shelf.read(NAME)
    with (
        reviewing(shelf, snapshots, paper) as review,
        browser.new_context(viewport=WIDE, locale="de", reduced_motion="reduce") as context,  # type: ignore[arg-type]
    ):
        coder = opened(context, review)
        write_facts(coder)
        drafted = len(review.draft().positions)
        assert drafted >= WANTED
        coder.press("u")
        for number in range(drafted):
            decide(coder, number)
        assert coder.page.inner_text("#facts-lack") == ""
        assert coder.page.locator("#counts .lacks").inner_text() == f"{drafted} Angaben fehlen"
        draft = review.draft()
    watch.lap("review")
    # The file does not name its language; the draft found it.
    assert (draft.document["date"], draft.document["language"]) == ("2024-05-01", "de")
    for position in draft.positions:
        assert position.status is Status.ACCEPTED
        assert position.sha256 == passages.digest(paper.cut(position.ranges))
        for column in ("proposition", "agreement", "stance", "paraphrase_de"):
            assert position.code(column), (position.id, column)
        for column in ("target_group", "addressee", "instrument"):
            scores = {one.code: one.score for one in position.suggestions.get(column, ())}
            assert all(scores[code] >= SURE for code in position.codes.get(column, ())), (position.id, column)
    own = tmp_path / "own data"
    report = run("paper", "import", NAME, "--into", str(own), "--accept-new", *papers)
    assert f"{drafted} accepted, 0 rejected, 0 undecided" in report
    watch.lap("import")
    # The report names the command that builds what was just written.
    build = next(line for line in report.splitlines() if line.startswith("Next: graph-service build"))
    built = run(*shlex.split(build)[2:], "--snapshots", str(tmp_path / "snapshots"))
    watch.lap("build")
    with served(Path(built.strip())) as service, browser.new_context(locale="de") as context:
        page = context.new_page()
        for position in draft.positions:
            answer = page.goto(f"{service.url}page/position/{NAME}-coder-1-{position.id}")
            assert answer is not None
            assert answer.status == 200
            assert page.inner_text("h1") == position.code("paraphrase_de")
            assert page.locator("main").get_by_role("link", name=HOLDER).count()
    watch.lap("serve, and look at each position")
