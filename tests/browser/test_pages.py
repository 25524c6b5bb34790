"""Every type of page in a browser: accessible in light and dark, silent, alone, narrow, printable, without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graph_service.pages.subjects.kinds import TELLERS
from tests.browser.chromium import PHONE, WIDE, Visitor
from tests.browser.page_types import LANGUAGES, PAGE_TYPES, PROBLEMS, address

if TYPE_CHECKING:
    from playwright.sync_api import Page

EACH = pytest.mark.parametrize("path", list(PAGE_TYPES.values()), ids=list(PAGE_TYPES))
SIGHT = ("color-contrast", "link-in-text-block")
INK = "getComputedStyle(document.body).color"


@pytest.mark.slow
@EACH
@pytest.mark.parametrize("language", LANGUAGES)
def test_page(visitor: Visitor, axe: str, path: str, language: str) -> None:
    look_at(visitor, axe, visitor.visit(address(path, language)), language)
    assert not visitor.complaints


@pytest.mark.parametrize(("path", "status"), list(PROBLEMS.values()), ids=list(PROBLEMS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_problem(visitor: Visitor, axe: str, path: str, status: int, language: str) -> None:
    look_at(visitor, axe, visitor.visit(address(path, language), status), language)
    # The browser reports that it was no success, and nothing else.
    assert all(str(status) in complaint for complaint in visitor.complaints)


def look_at(visitor: Visitor, axe: str, page: Page, language: str) -> None:
    """Whether it is in its language, accessible in light and dark, narrow, and loads nothing from elsewhere."""
    assert page.get_attribute("html", "lang") == language
    assert not visitor.axe(axe)
    page.emulate_media(color_scheme="dark")
    assert not visitor.axe(axe, *SIGHT)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert visitor.width_beyond() <= 0, visitor.too_wide()
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    assert not visitor.strangers


@EACH
def test_print(visitor: Visitor, path: str) -> None:
    """Paper is white whatever the screen is, and nothing on it can be pressed."""
    page = visitor.visit(address(path, "de"))
    ink = page.evaluate(INK)
    page.emulate_media(media="print", color_scheme="dark")
    try:
        assert page.evaluate(INK) == ink
        assert page.is_visible("main h1")
        assert not page.locator("nav:visible, form:visible, button:visible").count()
        # The browser may have had it from its cache: the policy must be the page's own then, too.
        assert not visitor.complaints
    finally:
        page.emulate_media(media="screen", color_scheme="light")


@EACH
def test_without_scripts(visitor: Visitor, plain: Visitor, path: str) -> None:
    """A script may put something better in place of a form; what a page tells does not depend on it."""
    told, rich = plain.visit(address(path, "en")), visitor.visit(address(path, "en"))
    assert told.inner_text("h1") == rich.inner_text("h1")
    if not rich.locator("script[src]").count():
        assert told.inner_text("main").split() == rich.inner_text("main").split()
    lines = set(told.inner_text("main").splitlines())
    for part in rich.locator("main table tr, main article").all_inner_texts():
        assert set(part.splitlines()) <= lines


def test_no_type_is_forgotten(visitor: Visitor) -> None:
    """Whatever a page of its own is made for has its line in the list, and so has each place of the menus."""
    assert {teller.__name__ for teller in TELLERS.values()} <= set(PAGE_TYPES)
    page = visitor.visit("/?lang=de")
    places = page.eval_on_selector_all(
        "header a, footer a", "links => links.filter(link => link.host === location.host).map(link => link.pathname)"
    )
    for_machines = {"/.well-known/void", "/dump"}
    assert set(places) - for_machines <= set(PAGE_TYPES)
