"""The network, used as people use it: narrowed, moved through the years, and asked for the reasons of an edge."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.chromium import Visitor

PATH = "/network?issue=id/issue/asylum&lang=en"
READY = "html[data-ready]"
# Names as the browser lays them out: pairs that overlap by more than the edge of a letter.
OVERLAPS = """() => { const names = [...document.querySelectorAll(".names text")];
const boxes = names.map(one => one.getBoundingClientRect());
return boxes.flatMap((a, n) => boxes.slice(n + 1).filter(b => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
  && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3)).length; }"""


@pytest.fixture
def network(visitor: Visitor) -> Iterator[Visitor]:
    """A tab whose browser has nothing to say at the end, and asked nobody else."""
    yield visitor
    assert not visitor.complaints
    assert not visitor.strangers


def test_an_edge_explains_itself_to_mouse_and_keyboard(network: Visitor) -> None:
    """The panel says what the page of the edge says."""
    page = network.visit(PATH)
    page.wait_for_selector(READY)
    page.locator(".ties a").last.dispatch_event("click", {"bubbles": True, "cancelable": True})
    page.wait_for_selector("#panel table")
    assert "pairs of positions" in page.inner_text("#panel")
    link = page.locator("a.why").first
    names = link.get_attribute("aria-label") or ""
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "name => document.querySelector('#panel h2')?.textContent === name", arg=names[len("Reasons: ") :]
    )
    assert page.evaluate("document.activeElement.id") == "panel"
    assert page.url == network.root + PATH


def test_no_names_overlap_and_a_node_lights_up_its_neighbours(network: Visitor) -> None:
    """In the browser's own font; neighbours are those of the table."""
    page = network.visit("/network?lang=en")
    page.wait_for_selector(READY)
    assert page.evaluate(OVERLAPS) == 0
    assert page.locator(".names text").count() > 40
    page.locator(".node", has_text="SPD (").first.hover()
    lit, every = page.locator(".ties line.lit").count(), page.locator(".ties line").count()
    assert 0 < lit < every
    assert page.locator(".node.lit").count() == lit + 1


def test_years_move_by_keyboard(network: Visitor) -> None:
    """The slider stands for the field that a form without scripts has; picture, table and address follow."""
    page = network.visit("/network?lang=en")
    page.wait_for_selector(READY)
    before = page.inner_text("#found [role=status]")
    slider = page.locator("input[type=range]")
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_function("before => document.querySelector('#found [role=status]').innerText !== before", arg=before)
    assert slider.get_attribute("aria-valuetext") == page.inner_text("form output")
    assert "year=" in page.url
    found = page.inner_text("#found [role=status]")
    assert page.reload()
    assert page.inner_text("#found [role=status]") == found


def test_a_filter_narrows_picture_and_table(network: Visitor) -> None:
    """By the form, on the server."""
    page = network.visit(PATH)
    before = page.locator(".node").count()
    page.select_option("[name=actor_kind]", "id/actor-kind/party")
    page.click("#asked > button")
    page.wait_for_url("**actor_kind=id**")
    assert 0 < page.locator(".node").count() < before
