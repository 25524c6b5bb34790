"""The list of positions: what it counts and shows is what the API answers for the same filters."""

from __future__ import annotations

import html
import re

import httpx2
import pytest

from graph_service.pages.stances.position_list import FACETS
from tests.pages.conftest import page, whole

FILTERS: list[dict[str, str]] = [
    {},
    {"holder": "id/actor/spd"},
    {"holder_kind": "id/actor-kind/party", "issue": "id/issue/asylum", "agreement": "-1"},
    {"addressee": "id/actor/freistaat-sachsen", "source_kind": "id/source-kind/primary"},
    {"group": "id/target-group/refugees", "fit": "id/fit/full", "verification": "id/verification/verified"},
]


def offered(text: str, name: str) -> dict[str, int]:
    """The values of a facet and their counts."""
    [select] = re.findall(f'<select name="{name}">(.*?)</select>', text, re.DOTALL)
    found = re.findall(r'<option value="([^"]+)"[^>]*>.*?\(([0-9,]+)\)</option>', select)
    return {html.unescape(value): int(count.replace(",", "")) for value, count in found}


@pytest.mark.parametrize("asked", FILTERS, ids=str)
def test_counts_are_those_of_the_api(client: httpx2.Client, asked: dict[str, str]) -> None:
    text = page(client, "/positions", **asked)
    answered = client.get("/api/positions", params={**asked, "count": "true", "facets": [*FACETS]}).json()
    assert f"<h1>Positions ({answered['total']})</h1>" in text
    for name in FACETS:
        counted = {str(one["value"]).rpartition("/id/")[2]: one["count"] for one in answered["facets"][name]}
        assert {value.removeprefix("id/"): count for value, count in offered(text, name).items()} == counted, name


def test_the_list_is_that_of_the_api_and_comes_whole_as_a_file(client: httpx2.Client) -> None:
    asked = {"holder": "spd", "issue": "asylum"}
    text = whole(client, "/positions", **asked)
    shown = re.findall(r'<p class="said">.*?<a href="/page/(position/[^?"]+)', text)
    answered = client.get("/api/positions", params={**asked, "limit": "1000"}).json()["items"]
    assert sorted(shown) == sorted(one["id"].rpartition("/id/")[2] for one in answered)
    [address] = re.findall(r'<a href="([^"]+format=csv&[^"]*|[^"]+format=csv)"', html.unescape(text))[:1]
    assert client.get(address).text.count("position/") >= len(shown)


def test_days_narrow(client: httpx2.Client) -> None:
    text = whole(client, "/positions", holder="spd", since="2017-01-01", until="2021-12-31")
    shown = re.findall(r'<p class="said">.*?<a href="/page/position/([^?"]+)', text)
    assert shown
    assert all(re.match(r"spd-20(17|18|19|20|21)-", one) for one in shown)


def test_what_is_chosen_stays_chosen(client: httpx2.Client) -> None:
    text = page(client, "/positions", holder="spd", agreement="-1", since="2021-01-01")
    assert re.search(r'<option value="id/actor/spd" selected>', text)
    assert re.search(r'<option value="-1" selected>', text)
    assert 'name="since" value="2021-01-01"' in text


def test_an_actor_says_what_is_asked_of_it(client: httpx2.Client) -> None:
    """The Free State holds no position, and dozens are addressed to it."""
    text = page(client, "/page/actor/freistaat-sachsen")
    answered = client.get("/api/positions?addressee=id/actor/freistaat-sachsen&count=true&limit=1").json()
    assert f"Demands addressed to it ({answered['total']})" in text
    assert "/positions?addressee=id/actor/freistaat-sachsen" in html.unescape(text)
    assert "Demands addressed to it" not in page(client, "/page/actor/afd")


def test_menu_and_start_page_lead_to_positions_votes_and_timeline(client: httpx2.Client) -> None:
    start = html.unescape(page(client, "/"))
    for path in ("/positions", "/votes", "/timeline"):
        assert f'<a href="{path}?lang=en">' in start
        assert 'aria-current="page"' in page(client, path)
    assert '<dt><a href="/positions?lang=en">' in start
