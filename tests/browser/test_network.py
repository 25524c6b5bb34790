"""The network, used as people use it: narrowed, and asked for the reasons of an edge by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import product

import pytest

from graph_service.http import web
from tests.browser.chromium import Visitor

PATH = "/network?issue=id/issue/asylum&lang=en"
# Where on the screen a part of one of the widest lines lies.
SPOT = """([rank, part]) => { const drawing = document.getElementById("drawing"), cy = drawing.network;
drawing.scrollIntoView();
const edge = cy.edges().sort((one, other) => other.data("width") - one.data("width"))[rank];
const [a, b] = [edge.source().renderedPosition(), edge.target().renderedPosition()];
const frame = cy.container().getBoundingClientRect();
return { x: frame.x + a.x + (b.x - a.x) * part, y: frame.y + a.y + (b.y - a.y) * part }; }"""


@pytest.fixture
def network(visitor: Visitor) -> Iterator[Visitor]:
    """A tab whose browser has nothing to say at the end, and asked nobody else."""
    if "cytoscape.js" not in web.vendored():
        pytest.skip("the script of the network is absent: make setup fetches it")
    yield visitor
    assert not visitor.complaints
    assert not visitor.strangers


def test_an_edge_explains_itself_to_mouse_and_keyboard(network: Visitor) -> None:
    """The panel says what the page of the edge says."""
    from playwright.sync_api import TimeoutError as NotYet

    page = network.visit(PATH)
    page.wait_for_selector("#drawing[data-ready]")
    # Where a label or a node lies over the line, or nothing is painted yet, the next place is tried.
    for rank, part in product(range(5), (0.5, 0.4, 0.6, 0.3, 0.7)):
        spot = page.evaluate(SPOT, [rank, part])
        page.mouse.click(spot["x"], spot["y"])
        with suppress(NotYet):
            page.wait_for_selector("#panel table", timeout=1500)
            break
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


def test_a_filter_narrows_drawing_and_table(network: Visitor) -> None:
    """By the form, on the server."""
    page = network.visit(PATH)
    page.wait_for_selector("#drawing[data-ready]")
    count = "document.getElementById('drawing').network.nodes().length"
    before = page.evaluate(count)
    page.select_option("[name=actor_kind]", "id/actor-kind/party")
    page.click("form.filters button")
    page.wait_for_selector("#drawing[data-ready]")
    assert 0 < page.evaluate(count) < before
