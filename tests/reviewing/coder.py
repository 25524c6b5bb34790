"""Somebody who codes at the review page in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph_service.coding.paper_draft import DraftPosition
from tests.reviewing.papers import place
from tests.reviewing.processes import Reviewing

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page


WIDE = {"width": 1280, "height": 860}
SAVED = "[data-state=saved]"


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
