"""The network for readers: what the API answers, drawn the same each time, each edge with its reasons."""

from __future__ import annotations

import re

import httpx2
import pytest

from graph_service.networks import Edge
from graph_service.networks.layout import places
from tests.http.pages.conftest import page, whole

_BASE = "https://w3id.org/migration-policy/"


def _lines(html: str) -> set[tuple[str, str]]:
    return set(re.findall(r'<line[^>]*data-a="([^"]+)" data-b="([^"]+)"', html))


@pytest.mark.parametrize(
    "given", [{}, {"measure": "conflict"}, {"issue": "id/issue/asylum", "minimum": "2"}, {"normalisation": "average"}]
)
def test_the_drawing_has_the_edges_of_the_api(client: httpx2.Client, given: dict[str, str]) -> None:
    """And its nodes, and the table says their weights."""
    answered = client.get("/api/networks/actors", params=given).json()
    html = page(client, "/network", **given)
    assert {(_BASE + a, _BASE + b) for a, b in _lines(html)} == {(e["source"], e["target"]) for e in answered["edges"]}
    assert set(re.findall(r'<g [^>]*data-id="([^"]+)"', html)) == {
        node["id"].removeprefix(_BASE) for node in answered["nodes"]
    }
    heaviest = max(abs(edge["weight"]) for edge in answered["edges"])
    assert f"<td>{heaviest:.3g}</td>" in html


def test_around_one_actor_all_edges_touch_its_neighbours(client: httpx2.Client) -> None:
    """One step away, then two."""
    near, far = (_lines(page(client, "/network", ego="id/actor/spd", depth=depth, minimum="4")) for depth in "12")
    neighbours = {end for edge in near if "id/actor/spd" in edge for end in edge}
    assert near
    assert all(set(edge) <= neighbours for edge in near)
    assert near < far


def test_the_reasons_are_those_of_the_api(client: httpx2.Client) -> None:
    """As many, with the same weight; of no node there are none."""
    answered = client.get("/api/networks/actors/edges/spd/gruene", params={"limit": "200"}).json()
    html = whole(client, "/network/edge", a="id/actor/spd", b="id/actor/gruene")
    assert html.count('<tr><th scope="row">') == len(answered["reasons"])
    assert f"Weight {answered['weight']:.3g}, pairs of positions: {len(answered['reasons'])}." in html
    for reason in answered["reasons"]:
        assert f"/page/position/{reason['first']['id'].rpartition('/')[2]}" in html
    assert client.get("/network/edge", params={"a": "spd", "b": "saechsischer-landtag"}).status_code == 404


def test_the_same_network_always_looks_the_same() -> None:
    """Whatever order its nodes and edges come in; components keep apart, and no two nodes share a place."""
    edges = [Edge("a", "b", 2.0), Edge("a", "c", 1.0), Edge("b", "c", 1.0), Edge("d", "e", 1.0), Edge("a", "f", -1.0)]
    first = places(list("abcdefg"), edges)
    assert first == places(list("gfedcba"), edges[::-1])
    assert len(set(first.values())) == 7
    assert all(x >= 0 and y >= 0 for x, y in first.values())
    assert places([], []) == {}
