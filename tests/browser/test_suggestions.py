"""Suggestions while somebody types into a search field."""

from __future__ import annotations

from tests.browser.chromium import Visitor


def test_a_name_is_suggested_and_leads_to_its_page(visitor: Visitor, axe: str) -> None:
    page = visitor.visit("/?lang=en")
    field = page.locator("header input[name=q]")
    field.press_sequentially("diak")
    options = page.locator("header [role=option]")
    options.first.wait_for()
    assert any("Diakonie" in text for text in options.all_text_contents())
    assert not visitor.axe(axe)
    field.press("ArrowDown")
    assert options.first.get_attribute("aria-selected") == "true"
    field.press("Enter")
    page.wait_for_url("**/page/actor/diakonie*")
    assert page.get_attribute("html", "lang") == "en"
    assert not visitor.complaints


def test_the_words_themselves_are_searched_where_nothing_is_chosen(visitor: Visitor) -> None:
    page = visitor.visit("/?lang=de")
    field = page.locator("header input[name=q]")
    field.press_sequentially("diak")
    page.locator("header [role=option]").first.wait_for()
    field.press("Escape")
    assert page.locator("header [role=listbox]").is_hidden()
    field.press("Enter")
    page.wait_for_url("**/search?*q=diak*")
