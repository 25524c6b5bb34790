"""The review page in a browser, used as a coder uses it: by keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graph_service.coding.paper_draft import Status
from graph_service.reading import passages
from tests.reviewing.coder import Coder, opened
from tests.reviewing.papers import place
from tests.reviewing.processes import Reviewing

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

# Sentences that the small draft has not proposed, in the order of the text, with what is typed to find a proposition.
CODED = (
    ("Die Ausbildungsduldung muss großzügig erteilt werden.", "ausbildungsdul", "training-toleration"),
    ("Geflüchtete sollen ab dem ersten Tag arbeiten dürfen.", "früh arbeiten", "work-access"),
    ("Ausländische Abschlüsse müssen schneller anerkannt werden.", "abschlüsse", "recognition"),
    ("Die Kommunen brauchen verlässliches Geld vom Bund.", "kommunen", "municipal-finance"),
    ("Bezahlkarten lehnen wir ab.", "bezahlkarte", "benefits-by-card"),
    ("Vereine von Zugewanderten sollen dauerhaft gefördert werden.", "selbstorganisationen", "migrant-organisations"),
    ("Wer hier lebt, soll auf kommunaler Ebene wählen dürfen.", "kommunal wahl", "local-voting"),
)


# A selection as a mouse makes it.
SELECT = """() => {
const text = document.getElementById("text");
const find = (words) => {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at >= 0) return [walker.currentNode, at];
  }
};
const [from, start] = find("Platz im"), [to, end] = find("Sprachmittlung");
getSelection().setBaseAndExtent(from, start, to, end + 14);
text.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
}"""


@pytest.mark.slow
def test_two_pages_are_coded_by_keyboard_over_a_reload_and_a_crash(context: BrowserContext, mortal: Reviewing) -> None:
    """Seven new positions and three proposed ones; the page is loaded again and the server killed on the way."""
    coder = opened(context, mortal)
    coder.press("d")
    coder.page.wait_for_selector("#facts[open] :focus")
    coder.type("Teilhabe beginnt vor Ort")
    coder.press("Escape")
    for number, (words, typed, _) in enumerate(CODED):
        if number == 2:
            coder.page.reload()
            coder.ready()
        if number == 4:
            mortal.kill()
        coder.code(words, typed)
        if number == 4:
            coder.page.wait_for_selector("#state[data-state=offline]")
            assert coder.position(words) is None
            mortal.start()
        coder.saved()
    for proposed in ("p1", "p2", "p3"):
        # What was accepted last has led to the first that is open.
        coder.page.wait_for_selector(f"#head-{proposed}[aria-expanded=true]")
        coder.page.wait_for_selector(".position-form[data-suggested=true]")
        coder.press("1", "+", "s", "a", "u")
    coder.saved()
    positions = mortal.draft().positions
    assert [one.status for one in positions] == [Status.ACCEPTED] * 10
    for words, _, proposition in CODED:
        position = coder.position(words)
        assert position is not None
        assert (position.code("proposition"), position.code("agreement"), position.code("stance")) == (
            proposition,
            "1",
            "demands",
        )
        assert position.code("paraphrase_de") == "Eigene Worte dafür."
        assert position.sha256 == passages.digest(words)
    assert mortal.draft().document["title"] == "Teilhabe beginnt vor Ort"
    assert coder.page.inner_text("#counts").split("\n")[0] == "10 angenommen"


def test_words_are_marked_by_keys_behind_an_emoji(coder: Coder) -> None:
    coder.go_to("🌍 Zugewanderte brauchen")
    coder.press("Shift+ArrowLeft", "Alt+Shift+ArrowRight", "Alt+Shift+ArrowRight")
    assert coder.page.inner_text("#marked .what") == "5 Wörter markiert"
    coder.press("m")
    coder.saved()
    position = coder.position("brauchen früh einen Platz im")
    assert position is not None
    assert position.sha256 == passages.digest("brauchen früh einen Platz im")


def test_text_is_marked_by_mouse(coder: Coder) -> None:
    """From the middle of one piece to that of another, over the number of a passage."""
    page = coder.page
    page.evaluate(SELECT)
    page.click("#marked button:first-of-type")
    coder.saved()
    assert coder.position("Platz im Sprachkurs. Das Land soll die Sprachmittlung") is not None


def test_a_passage_gets_another_place_and_a_second_range(coder: Coder) -> None:
    page = coder.page
    page.click("#head-p1")
    coder.press("Escape")
    coder.go_to("Bezahlkarten")
    coder.press("Shift+ArrowDown", "g")
    coder.saved()
    coder.go_to("Wir lehnen")
    coder.press("Shift+ArrowDown", "h")
    coder.saved()
    paper = coder.review.paper
    position = coder.review.draft().position("p1")
    assert position is not None
    assert position.ranges == (
        place(paper, "Wir lehnen Arbeitsverbote ab."),
        place(paper, "Bezahlkarten lehnen wir ab."),
    )
    assert position.sha256 == passages.digest("Wir lehnen Arbeitsverbote ab.\nBezahlkarten lehnen wir ab.")
    page.click(".quote button >> nth=0")
    coder.saved()
    moved = coder.review.draft().position("p1")
    assert moved is not None
    assert moved.ranges == (place(paper, "Bezahlkarten lehnen wir ab."),)


def test_a_rejection_has_a_reason(coder: Coder) -> None:
    coder.page.click("#head-p2")
    coder.press("x")
    coder.type("Steht nur im Zitat.")
    coder.press("Enter")
    coder.saved()
    position = coder.review.draft().position("p2")
    assert position is not None
    assert (position.status, position.reason) == (Status.REJECTED, "Steht nur im Zitat.")
    assert coder.page.inner_text("#counts").split("\n")[2] == "1 abgelehnt"


def test_suggestions_are_where_the_coder_looks(coder: Coder) -> None:
    """In their card, one below the other, and nothing lies over them: a click reaches each."""
    page = coder.page
    page.click("#head-p1")
    page.wait_for_selector(".position-form[data-suggested=true]")
    card = page.locator(".suggesting").bounding_box()
    buttons = page.locator(".suggestion").all()
    assert card is not None
    assert buttons
    for button in buttons:
        box = button.bounding_box()
        assert box is not None
        assert card["y"] < box["y"] < box["y"] + box["height"] <= card["y"] + card["height"] + 1
        button.click(trial=True)
    buttons[0].click()
    coder.saved()
    position = coder.review.draft().position("p1")
    assert position is not None
    assert position.code("proposition")


def test_something_new_is_made_after_the_similar_ones(coder: Coder) -> None:
    page = coder.page
    coder.page.click("#head-p2")
    coder.press("e")
    coder.type("Asylsuchende sollen eine unabhängige Asylverfahrensberatung bekommen")
    page.wait_for_selector("[role=option].create")
    coder.press("ArrowUp", "Enter")
    page.wait_for_selector("dialog#creation[open]")
    page.click("#creation .deeds button")
    page.wait_for_selector("#creation .error")
    assert page.inner_text("#creation .error") == "Es fehlen: These, englisch; Thema"
    coder.type("Asylum seekers should have independent advice")
    coder.press("Tab")
    coder.choose("Asylverfahrensberatung")
    page.click("#creation .deeds button")
    page.wait_for_selector("#creation .similar li")
    assert "behördenunabhängiger" in page.inner_text("#creation .similar")
    assert "propositions" not in coder.review.draft().tables
    page.click("#creation .deeds button")
    page.wait_for_selector("dialog#creation:not([open])", state="attached")
    coder.saved()
    (row,) = coder.review.draft().tables["propositions"]
    position = coder.review.draft().position("p2")
    assert position is not None
    assert position.code("proposition") == row["id"]
    coder.press("Escape", "Control+z", "Control+z")
    coder.saved()
    assert coder.review.draft().tables["propositions"] == ()


def test_overlaps_are_visible(coder: Coder) -> None:
    """Of two passages over the same words each has its line, and a further click selects the inner one."""
    piece = coder.page.locator("[data-keys='p2 p3']")
    classes = piece.get_attribute("class") or ""
    assert "lane-0-proposed" in classes
    assert "lane-1-proposed" in classes
    piece.click()
    coder.page.wait_for_selector("#head-p2[aria-expanded=true]")
    piece.click()
    coder.page.wait_for_selector("#head-p3[aria-expanded=true]")


def test_a_filter_shows_what_is_open(coder: Coder) -> None:
    page = coder.page
    page.click("#head-p1")
    coder.press("a")
    page.select_option("#filter", "proposed")
    page.click("#head-p2")
    assert page.locator(".card:visible").count() == 2
    page.select_option("#filter", "rejected")
    assert page.locator("#no-cards").is_visible()


def test_single_keys_can_be_switched_off(coder: Coder) -> None:
    page = coder.page
    page.click("#head-p1")
    coder.press("?")
    page.uncheck("#single")
    coder.press("Escape", "a", "Control+Enter")
    coder.saved()
    positions = coder.review.draft().positions
    assert [one.status for one in positions] == [Status.ACCEPTED, Status.PROPOSED, Status.PROPOSED]
    assert positions[0].revision == 2
