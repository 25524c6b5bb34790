"""The review page over reloads, in two windows and without its server: nothing is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.reviewing.coder import Coder, opened
from tests.reviewing.processes import Reviewing

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


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
