"""Comparison, matrix, timeline and coverage say what the API answers."""

from __future__ import annotations

import html
import re
from collections import Counter

import httpx2
import pytest

from graph_service.pages.comparison.seriation import ordered
from tests.pages.conftest import names, page, whole

_KEYS = {
    "agrees": "for",
    "disagrees": "against",
    "conditional, mixed or neutral": "mixed",
    "differs between positions": "several",
    "no position found": "none",
    "coded, but not comparable": "uncertain",
}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"issue": "id/issue/asylum"},
        {"all": "true"},
        {"since": "2024-01-01"},
        {"until": "2023-12-31", "source_kind": "id/source-kind/primary"},
    ],
)
def test_the_matrix_shows_the_cells_of_the_api(client: httpx2.Client, given: dict[str, str]) -> None:
    """Each with its sign, its kind of silence, and a way to the positions behind it."""
    cells = client.get("/api/matrix", params=given).json()["cells"]
    body = page(client, "/matrix", least="0", **given).partition("<tbody>")[2]
    assert Counter(re.findall(r'<td data-stance="(\w+)"', body)) == Counter(_KEYS[cell["status"]] for cell in cells)
    links = {
        (f"https://w3id.org/migration-policy/{actor}", f"https://w3id.org/migration-policy/{proposition}")
        for proposition, actor in re.findall(r"/timeline\?proposition=([^&]+)&[^\"]*?actor=([^\"&]+)", body)
    }
    assert links == {(cell["actor"], cell["proposition"]) for cell in cells if cell["positions"]}


@pytest.mark.parametrize("given", [{}, {"least": "5"}, {"actor_kind": "id/actor-kind/party"}])
def test_the_matrix_leaves_out_what_has_nothing_to_compare_and_says_so(
    client: httpx2.Client, given: dict[str, str]
) -> None:
    """Each row has two sides at least, or as many as are asked for; each column has one; no two heads are the same."""
    text = page(client, "/matrix", **given)
    head, body = (text.partition(f"<{part}>")[2].partition(f"</{part}>")[0] for part in ("thead", "tbody"))
    sides = [
        [
            bool(re.match(r'<td data-stance="(for|against|mixed|several)"', cell))
            for cell in re.findall("<td[^>]*>", row)
        ]
        for row in body.split("</tr>")[:-1]
    ]
    assert len(sides) > 10
    assert all(sum(row) >= int(given.get("least", "2")) for row in sides)
    assert all(any(column) for column in zip(*sides, strict=True))
    heads = re.findall(r"<a [^>]*>([^<]+)</a>", head)
    assert len(heads) == len(set(heads)) == len(sides[0])
    whole = page(client, "/matrix", **{**given, "least": "0"}).partition("<tbody>")[2]
    hidden = whole.count("<tr>") - len(sides)
    assert f"take a side ({hidden})" in text
    assert "fewer actors take a side" not in whole


def test_the_link_of_a_cell_shows_its_positions(client: httpx2.Client) -> None:
    """All of them, and no others."""
    cell = next(cell for cell in client.get("/api/matrix").json()["cells"] if cell["status"] == "disagrees")
    html = page(client, "/timeline", actor=cell["actor"], proposition=cell["proposition"], all="true")
    shown = set(re.findall(r"/page/position/([\w-]+)", html))
    assert {one.rpartition("/")[2] for one in cell["positions"]} <= shown
    assert html.count('class="position"') == len(shown)


@pytest.mark.parametrize("given", [{"actor": "id/actor/liga-sachsen"}, {"proposition": "id/proposition/avb"}])
def test_the_timeline_tells_each_document_once_and_of_each_position_all_cautions(
    client: httpx2.Client, given: dict[str, str]
) -> None:
    """In the order of the API: what is undated comes last."""
    positions = client.get("/api/timeline", params={**given, "all": "true", "lang": "en"}).json()["positions"]
    html = page(client, "/timeline", all="true", **given)
    assert re.findall(r'class="said">.*?/page/position/([\w-]+)', html) == [
        one["id"].rpartition("/")[2] for one in positions
    ]
    entries = re.findall(r'<section class="entry">.*?</section>', html, flags=re.DOTALL)
    assert len(entries) == len({one["document"]["id"] for one in positions}) > 4
    years = re.findall(r'<section id="year-(\w+)">', html)
    assert years == sorted(years)
    assert years[-1] == "undated"
    for one in positions:
        (entry,) = [entry for entry in entries if f"/page/position/{one['id'].rpartition('/')[2]}?" in entry]
        shared, *each = entry.split('<div class="position">')
        (own,) = [part for part in each if f"/page/position/{one['id'].rpartition('/')[2]}?" in part]
        assert f"/page/document/{one['document']['id'].rpartition('/')[2]}?" in shared
        assert all(names(shared + own, said, html) for said in (one["source_kind"], *one["cautions"]))
        for passage in one["passages"]:
            assert f"#passage-{passage['id'].rpartition('/')[2]}" in own
        # Whose position it is, or on what, is told where it differs.
        assert ("/page/actor/" in own) is ("actor" not in given)
        assert ("/page/proposition/" in own) is ("proposition" not in given)


def test_the_comparison_has_the_sections_of_the_api(client: httpx2.Client) -> None:
    """With every position that is compared, its document and the counts of each actor."""
    actors = ["id/actor/spd", "id/actor/cducsu", "id/actor/afd"]
    answered = client.get("/api/compare", params={"actor": actors, "lang": "en"}).json()
    html = page(client, "/compare", actor=actors)
    names = {
        "common": "common",
        "difference": "differences",
        "conditional": "conditional",
        "one-sided": "one_sided",
        "uncovered": "uncovered",
    }
    for outcome, name in names.items():
        number = int(re.findall(rf'<h2 id="{outcome}">.*?\((\d+)\)', html)[0])
        assert number == len(answered[name])
    # Where nobody is compared, signs tell what is coded and left out.
    cells = [cell for name in names.values() if name != "uncovered" for row in answered[name] for cell in row["cells"]]
    for position in [position for cell in cells for position in cell["positions"]]:
        iri = position["id"]["id"] if isinstance(position["id"], dict) else position["id"]
        assert iri.rpartition("/")[2] in html
    table = html.partition("<caption>")[2].partition("</table>")[0]
    counted = [sum(map(int, re.findall(r"<td[^>]*>(\d+)</td>", row))) for row in table.split("<tr>")[2:]]
    assert counted == [sum(len(answered[name]) for name in names.values())] * len(actors)


def test_fewer_than_two_actors_are_asked_for_more(client: httpx2.Client) -> None:
    """With a form in which one is chosen."""
    html = page(client, "/compare", actor="id/actor/spd")
    assert '<option value="id/actor/spd" selected>' in html
    assert "at least two" in html


def test_coverage_tells_the_documents_of_the_api(client: httpx2.Client) -> None:
    """One row each, a few on a page."""
    answered = client.get("/api/coverage").json()["documents"]
    assert page(client, "/coverage").count('<tr><th scope="row">') == 40
    assert whole(client, "/coverage").count('<tr><th scope="row">') == len(answered)
    assert page(client, "/coverage", page="99").count('<tr><th scope="row">') == (len(answered) - 1) % 40 + 1


@pytest.mark.parametrize("given", [{"actor": "id/actor/spd"}, {"issue": "id/issue/asylum", "since": "2021-01-01"}])
def test_the_pages_of_a_timeline_hold_all_positions(client: httpx2.Client, given: dict[str, str]) -> None:
    """In the order of the API; each year is named on every page and leads to where it begins."""
    answered = client.get("/api/timeline", params={**given, "all": "true"}).json()["positions"]
    text = whole(client, "/timeline", all="true", **given)
    shown = re.findall(r'<p class="said">.*?<a href="/page/position/([\w-]+)', text)
    assert shown == [one["id"].rpartition("/")[2] for one in answered]
    assert len(shown) > 50
    first = page(client, "/timeline", all="true", **given)
    contents = first.partition('<nav class="contents"')[2].partition("</nav>")[0]
    years = re.findall(r'href="([^"]*)#(year-\w+)"', contents)
    assert [name for _, name in years] == list(dict.fromkeys(re.findall(r'<section id="(year-\w+)"', text)))
    for address, name in years:
        assert f'id="{name}"' in (client.get(html.unescape(address)).text if address else first)


@pytest.mark.parametrize(
    ("path", "given"),
    [("/page/actor/spd", {}), ("/compare", {"actor": ["id/actor/spd", "id/actor/paritaet-sachsen"]})],
)
def test_kind_of_source_and_cautions_of_each_document_stand_once(
    client: httpx2.Client, path: str, given: dict[str, list[str]]
) -> None:
    """For every document that a position on the page is from; positions do not repeat them."""
    text = page(client, path, **given)
    cards = re.findall(r'<article class="position">.*?</article>', text, flags=re.DOTALL)
    documents = {name for card in cards for name in re.findall(r"/page/document/([^?\"]+)", card)}
    assert len(documents) > 2
    sources = text.partition('id="documents">')[2].partition("</table>" if not given else "</ul>")[0]
    entries = re.findall(r"<(?:tr|li)>(.*?)</(?:tr|li)>", sources, flags=re.DOTALL)
    for name in documents:
        (entry,) = [one for one in entries if f"/page/document/{name}?" in one]
        about = client.get(f"/api/documents/{name}", params={"lang": "en"}).json()
        assert all(names(entry, said, text) for said in (*about["source_kind"], *about["caution"]))


def test_seriation_puts_camps_together_and_silence_last() -> None:
    """Whatever order they come in."""
    camps = {"a": 1, "b": -1, "c": 1, "d": -1}
    numbers = {(actor, on): side * sign for actor, side in camps.items() for on, sign in (("x", 1), ("y", -1))}
    rows, columns = ordered({key: float(n) for key, n in numbers.items()}, ["0", "a", "b", "c", "d"], ["x", "y", "z"])
    assert {frozenset(rows[:2]), frozenset(rows[2:4])} == {frozenset("ac"), frozenset("bd")}
    assert (rows[-1], columns[-1]) == ("0", "z")
