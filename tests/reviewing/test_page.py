"""The page in a browser, used as a coder uses it: by keyboard alone, over reloads and crashes, in two windows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from graph_service.coding.paper_draft import DraftPosition, Status
from graph_service.reading import passages
from tests.browser.chromium import Visitor
from tests.reviewing.papers import place
from tests.reviewing.processes import Reviewing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

WIDE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
SAVED = "[data-state=saved]"
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


class Coder:
    """Somebody at the page who has no mouse."""

    def __init__(self, page: Page, review: Reviewing) -> None:
        self.page = page
        self.review = review

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def ready(self) -> None:
        self.page.wait_for_selector("body[data-ready]")

    def saved(self) -> None:
        self.page.wait_for_selector(f"#state{SAVED}")

    def go_to(self, words: str) -> None:
        """Put the cursor onto the sentence that begins with these words."""
        self.press("Escape", "t", "Home")
        for _ in range(60):
            if self.page.inner_text("#spoken").startswith(words[:30]):
                return
            self.press("ArrowDown")
        raise AssertionError(words)

    def choose(self, typed: str) -> None:
        """Take the first that is found in the field with the focus."""
        self.type(typed)
        self.page.wait_for_selector("input:focus[aria-activedescendant]")
        self.press("Enter")

    def code(self, words: str, typed: str) -> None:
        """A position at a sentence: its proposition, agreement, verb and paraphrase."""
        self.go_to(words)
        self.press("Enter")
        self.choose(typed)
        self.press("Tab", *("st" if self.language == "de" else "a"))
        self.press("Tab", "f" if self.language == "de" else "d", "Tab", "Tab", "Tab")
        self.type("Eigene Worte dafür.")
        self.press("Control+Enter")

    @property
    def language(self) -> str:
        return str(self.page.get_attribute("html", "lang"))

    def position(self, words: str) -> DraftPosition | None:
        """The position on disk at these words."""
        ranges = (place(self.review.paper, words),)
        return next((one for one in self.review.draft().positions if one.ranges == ranges), None)


def opened(context: BrowserContext, review: Reviewing) -> Coder:
    page = context.new_page()
    page.goto(review.address)
    coder = Coder(page, review)
    coder.ready()
    return coder


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport=WIDE, locale="de", reduced_motion="reduce") as context:  # type: ignore[arg-type]
        yield context


@pytest.fixture
def coder(context: BrowserContext, review: Reviewing) -> Iterator[Coder]:
    """A coder whose browser has nothing to complain of at the end."""
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda message: complaints.append(message.text))
    yield opened(context, review)
    # The browser notes each request that has no success; conflicts and what is incomplete are part of the work.
    expected = ("409 (Conflict)", "422 (Unprocessable", "net::ERR_FAILED")
    assert not [complaint for complaint in complaints if not any(words in complaint for words in expected)]


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


def test_undo_and_redo_reach_over_a_reload(coder: Coder) -> None:
    page = coder.page
    coder.go_to("Bezahlkarten")
    coder.press("Enter")
    coder.choose("bezahlkarte")
    coder.press("Escape", "-")
    coder.saved()
    page.reload()
    coder.ready()
    words = "Bezahlkarten lehnen wir ab."
    coder.press("Control+z", "Control+z")
    coder.saved()
    position = coder.position(words)
    assert position is not None
    assert not position.codes
    coder.press("Control+z")
    coder.saved()
    assert coder.position(words) is None
    coder.press("Control+y", "Control+y", "Control+Shift+Z")
    coder.saved()
    position = coder.position(words)
    assert position is not None
    assert (position.code("proposition"), position.code("agreement")) == ("benefits-by-card", "-1")


def test_a_change_that_was_not_sent_outlives_a_reload(context: BrowserContext, coder: Coder) -> None:
    """No request for a change gets through until the page was loaded again."""
    page = coder.page
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#head-p1")
    page.route("**/positions/**", lambda route: route.abort())
    coder.press("+")
    page.wait_for_selector("#state[data-state=offline]")
    assert "Nicht gespeichert: 1" in page.inner_text("#state")
    assert coder.review.draft().positions[0].revision == 1
    page.unroute("**/positions/**")
    page.reload()
    coder.ready()
    coder.saved()
    assert coder.review.draft().positions[0].code("agreement") == "1"
    coder.press("Control+z")
    coder.saved()
    assert not coder.review.draft().positions[0].codes


def test_a_new_token_is_asked_for_and_nothing_is_lost(context: BrowserContext, mortal: Reviewing) -> None:
    coder = opened(context, mortal)
    coder.page.click("#head-p1")
    kept = mortal.shelf.path(mortal.paper.name, ".coder-1.review")
    mortal.kill()
    kept.write_text(json.dumps({**json.loads(kept.read_text()), "token": "another"}))
    mortal.start()
    coder.press("+")
    coder.page.wait_for_selector("#state[data-state=locked]")
    opened(context, mortal).page.close()
    coder.saved()
    assert mortal.draft().positions[0].code("agreement") == "1"


def test_typing_is_one_step_back(coder: Coder) -> None:
    coder.page.click("#head-p1")
    coder.page.get_by_label("Paraphrase, deutsch").fill("")
    coder.page.get_by_label("Paraphrase, deutsch").press_sequentially("Das Land bezahlt.")
    coder.press("Escape")
    coder.saved()
    coder.press("Control+z")
    coder.saved()
    position = coder.review.draft().position("p1")
    assert position is not None
    assert not position.codes


def test_two_windows_are_told_of_each_other(context: BrowserContext, coder: Coder) -> None:
    """The later change is shown beside the earlier one; keeping it leaves the other's fields as they are."""
    other = opened(context, coder.review)
    for window in (coder, other):
        window.page.click("#head-p1")
    other.page.evaluate("Object.defineProperty(document, 'visibilityState', { value: 'hidden' })")
    coder.page.get_by_label("Verb", exact=True).select_option("supports")
    coder.page.get_by_label("Rolle im Text").select_option("goal")
    coder.saved()
    other.page.get_by_label("Verb", exact=True).select_option("opposes")
    other.page.wait_for_selector("dialog#conflict[open]")
    told = other.page.inner_text("dialog#conflict")
    assert "Verb" in told
    assert "Rolle im Text" in told
    other.page.click("#conflict .deeds button:first-child")
    other.saved()
    position = coder.review.draft().position("p1")
    assert position is not None
    assert (position.code("stance"), position.code("kind")) == ("opposes", "goal")
    coder.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    coder.page.wait_for_function(
        "() => [...document.querySelectorAll('.card.open select')].some(s => s.value === 'opposes')"
    )


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


def look(page: Page, axe: str, states: dict[str, Any]) -> None:
    visitor = Visitor(page, "")
    for name, action in states.items():
        action()
        found = visitor.axe(axe)
        assert not found, (name, found)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, review: Reviewing, axe: str, language: str, scheme: Any) -> None:
    with browser.new_context(
        viewport=WIDE,  # type: ignore[arg-type]
        locale=language,
        color_scheme=scheme,
        reduced_motion="reduce",
    ) as context:
        coder = opened(context, review)
        page = coder.page
        assert page.get_attribute("html", "lang") == language
        coder.page.click("#head-p1")
        coder.press("1", "+", "s", "a")
        page.wait_for_selector(".card[data-status=accepted]")
        coder.saved()
        page.click("#head-p2")
        coder.press("x")
        coder.type("Zitat")
        coder.press("Enter")
        coder.saved()

        def mark() -> None:
            coder.press("Escape", "t", "Home", "ArrowDown", "Shift+ArrowDown")

        def search() -> None:
            coder.press("e")
            coder.type("beratung")
            page.wait_for_selector("input:focus[aria-activedescendant]")

        def facts() -> None:
            coder.press("Escape", "Escape", "d")

        look(
            page,
            axe,
            {
                "start": lambda: None,
                "marked": mark,
                "list": search,
                "facts": facts,
                "keys": lambda: coder.press("Escape", "?"),
            },
        )


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_phone_has_no_sideways_scrolling(browser: Browser, review: Reviewing, axe: str, language: str) -> None:
    with browser.new_context(viewport=PHONE, locale=language, reduced_motion="reduce") as context:  # type: ignore[arg-type]
        coder = opened(context, review)
        visitor = Visitor(coder.page, review.root)
        for pane in ("text", "draft"):
            coder.page.click(f"[data-show={pane}]")
            assert visitor.width_beyond() <= 0, visitor.too_wide()
            assert not visitor.axe(axe)
        coder.page.evaluate("document.getElementById('facts').open = true")
        assert visitor.width_beyond() <= 0, visitor.too_wide()
