"""The network for readers: what the API answers, drawn the same each time, each edge with its reasons."""

from __future__ import annotations

import html
import io
import re
import xml.etree.ElementTree as ET
from itertools import combinations
from typing import Any

import httpx2
import pytest
from PIL import Image

from graph_service.http import web
from tests.pages.conftest import page, whole

_BASE = "https://w3id.org/migration-policy/"


def _lines(text: str) -> set[tuple[str, str]]:
    drawn = text.partition('class="ties"')[2].partition('class="node"')[0]
    return {(a, b) for a, b in re.findall(r'<a href="/network/edge[^"]*&amp;a=([^"&]+)&amp;b=([^"&]+)"', drawn)}


def _nodes(text: str) -> set[str]:
    return set(re.findall(r'<a href="/network\?[^"]*&amp;ego=([^"&]+)" tabindex="-1"><g class="node"', text))


@pytest.mark.parametrize(
    "given", [{}, {"measure": "conflict"}, {"issue": "id/issue/asylum", "minimum": "2"}, {"normalisation": "average"}]
)
def test_the_picture_has_the_edges_of_the_api(client: httpx2.Client, given: dict[str, str]) -> None:
    """And its nodes, and the table says their weights."""
    answered = client.get("/api/networks/actors", params=given).json()
    text = page(client, "/network", **given)
    assert {(_BASE + a, _BASE + b) for a, b in _lines(text)} == {(e["source"], e["target"]) for e in answered["edges"]}
    assert _nodes(text) == {node["id"].removeprefix(_BASE) for node in answered["nodes"]}
    heaviest = max(abs(edge["weight"]) for edge in answered["edges"])
    assert f"<td>{heaviest:.3g}</td>" in text


@pytest.mark.parametrize("language", web.LANGUAGES)
def test_communities_are_those_of_the_api_and_say_what_is_so(client: httpx2.Client, language: str) -> None:
    """Each node has the number of its community; what members share is counted in the statements."""
    text = client.get("/network", params={"lang": language}).text
    asked = {"figures": "community", "lang": language}
    nodes = client.get("/api/networks/actors", params=asked).json()["nodes"]
    drawn = re.findall(r'<g class="node"[^>]*><title>([^<]*)</title>.*?(?:class="no"[^>]*>(\d+)<|</g>)', text)
    shown = {html.unescape(title): number for title, number in drawn}
    assert len(shown) == len(nodes)
    for node in nodes:
        (number,) = {
            n for title, n in shown.items() if title == node["label"] or title.startswith(f"{node['label']} (")
        }
        assert number == str(node["community"] + 1)
    told = text.partition('class="communities"')[2].partition("</section>")[0]
    assert told.count("<li>") == len({node["community"] for node in nodes})
    query = client.get("/api/networks/actors?format=sparql").text
    rows = client.get("/sparql", params={"query": query, "format": "json"}).json()["results"]["bindings"]
    for place, group in enumerate(told.split("<li>")[1:]):
        members = {node["id"] for node in nodes if node["community"] == place}
        inside, size, outside, others = re.findall(r"<br>\D*(\d+)\D+(\d+)\D+(\d+)\D+(\d+)", group)[0]
        (concept,) = re.findall(r'<br>[^<]*<a href="/page/([^?"]+)', group)
        stand = {
            row["actor"]["value"]
            for row in rows
            if row["concept"]["value"] == f"{_BASE}id/{concept}"
            and float(row["level"]["value"]) == _level(group, language)
        }
        assert (int(size), int(others)) == (len(members), len(nodes) - len(members))
        assert (int(inside), int(outside)) == (len(stand & members), len(stand - members))


def _level(group: str, language: str) -> float:
    words = web.words(language)
    against = words["community.shares.against"].partition("{size}")[2].partition(",")[0]
    return -1.0 if against in group else 1.0


def test_around_one_actor_all_edges_touch_its_neighbours(client: httpx2.Client) -> None:
    """One step away, then two."""
    near, far = (_lines(page(client, "/network", ego="id/actor/spd", depth=depth, minimum="4")) for depth in "12")
    neighbours = {end for edge in near if "id/actor/spd" in edge for end in edge}
    assert near
    assert all(set(edge) <= neighbours for edge in near)
    assert near < far


def test_years_are_a_window_of_the_api(client: httpx2.Client) -> None:
    """Chosen in a field without scripts, and kept in links to data and to reasons."""
    text = page(client, "/network", year="2021", span="2")
    days = {"since": "2021-01-01", "until": "2022-12-31"}
    edges = client.get("/api/networks/actors", params=days).json()["edges"]
    assert {(_BASE + a, _BASE + b) for a, b in _lines(text)} == {(e["source"], e["target"]) for e in edges}
    assert '<option value="2021" selected>2021 – 2022</option>' in text
    links = re.findall(r'href="(/api/networks/actors\?[^"]+)"', text)
    assert links
    assert all("since=2021-01-01&amp;until=2022-12-31" in link for link in links)
    narrowed = page(client, "/network", year="2021", span="4", until="2022-12-31")
    assert _lines(narrowed) == _lines(text)
    assert client.get("/network", params={"year": "123456"}).status_code == 422


@pytest.mark.parametrize("given", [{}, {"measure": "subtract", "issue": "id/issue/asylum", "year": "2021"}])
def test_the_picture_as_a_file(client: httpx2.Client, given: dict[str, Any]) -> None:
    """The same nodes and lines in a document that needs nothing else; PNG of twice as many dots."""
    text = page(client, "/network", **given)
    answer = client.get("/network/picture.svg", params={**given, "lang": "en"})
    assert answer.headers["content-type"] == "image/svg+xml"
    root = ET.fromstring(answer.content)
    svg = "{http://www.w3.org/2000/svg}"
    assert len(list(root.iter(f"{svg}line"))) == len(_lines(text))
    assert len([one for one in root.iter(f"{svg}g") if one.get("class") == "node"]) == len(_nodes(text))
    assert not list(root.iter(f"{svg}a"))
    image = Image.open(io.BytesIO(client.get("/network/picture.png", params=given).content))
    assert image.width == 2 * int(root.get("width", "0"))
    assert len(image.convert("L").getcolors(256) or ()) > 20  # something is drawn
    assert client.get("/network/picture.png", params={"minimum": "100000"}).status_code == 404


@pytest.mark.parametrize("language", web.LANGUAGES)
def test_no_two_names_overlap_in_the_default_picture(client: httpx2.Client, language: str) -> None:
    """By the widths of the widest font; hardly a name is missing, and the picture uses its frame."""
    root = ET.fromstring(client.get("/network/picture.svg", params={"lang": language}).content)
    (names,) = [one for one in root.iter() if one.get("class") == "names"]
    nodes = [one.get("transform", "") for one in root.iter() if one.get("class") == "node"]
    boxes = [_box(one) for one in names]
    assert not [(a, b) for a, b in combinations(boxes, 2) if a.overlaps(b)]
    assert len(boxes) >= 0.9 * len(nodes)
    width, height = 1120, 668
    middles = [tuple(map(float, re.findall(r"[\d.]+", one))) for one in nodes]
    for axis, size in enumerate((width, height)):
        spots = [middle[axis] for middle in middles]
        assert max(spots) - min(spots) > 0.8 * size
        # No half of the picture holds more than two thirds of the nodes.
        assert sum(spot < size / 2 for spot in spots) in range(len(nodes) // 3, 2 * len(nodes) // 3 + 1)


def _box(text: ET.Element) -> Any:
    from graph_service.views.charts.marks import Words

    anchor: Any = text.get("text-anchor", "start")
    x, y = (float(text.get(name, "")) for name in "xy")
    return Words(x, y, text.text or "", size=11, anchor=anchor).box


def test_the_reasons_are_those_of_the_api(client: httpx2.Client) -> None:
    """As many, with the same weight; of no node there are none."""
    answered = client.get("/api/networks/actors/edges/spd/gruene", params={"limit": "200"}).json()
    text = whole(client, "/network/edge", a="id/actor/spd", b="id/actor/gruene")
    assert text.count('<td data-head="Share">') == len(answered["reasons"])
    # One heading for each proposition, on each of the pages that it stands on.
    headings = re.findall(r'scope="rowgroup"><a href="/page/proposition/([^"?]+)', text)
    assert set(headings) == {reason["shared"]["id"].rpartition("/")[2] for reason in answered["reasons"]}
    assert len(headings) < len(answered["reasons"]) / 2
    assert f"Weight {answered['weight']:.3g}; pairs of positions counted: {len(answered['reasons'])}." in text
    for reason in answered["reasons"]:
        assert f"/page/position/{reason['first']['id'].rpartition('/')[2]}" in text
    assert client.get("/network/edge", params={"a": "spd", "b": "saechsischer-landtag"}).status_code == 404
