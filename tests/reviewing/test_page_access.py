"""The review page for whoever uses a keyboard, a screen reader or a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.chromium import Visitor
from tests.reviewing.coder import WIDE, opened
from tests.reviewing.processes import Reviewing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


PHONE = {"width": 390, "height": 844}


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
