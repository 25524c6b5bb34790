"""The page of a proposition answers first who is against or for it, since when, and where that stands."""

from __future__ import annotations

import re

import httpx2
import pytest

from graph_service.http import web
from graph_service.pages.shown import Show
from graph_service.rdf.namespaces import Names
from graph_service.views.labels import Labels
from tests.pages.conftest import page
from tests.pages.test_reading import articles

NAMES = Names("https://w3id.org/migration-policy/")


def rows(text: str) -> list[str]:
    """The rows of the first table: one of each side."""
    table = text.partition('<table class="stacked standing">')[2].partition("</table>")[0]
    return re.findall(r"<tr>.*?</tr>", table.partition("<tbody>")[2], flags=re.DOTALL)


def entries(row: str) -> dict[str, str]:
    """The lines of a row by the path of what they name first."""
    found = re.findall(r"<li>.*?</li>", row, flags=re.DOTALL)
    return {re.findall(r'href="/page/([^?"]+)', one)[0]: one for one in found}


def test_who_is_against_comes_first_with_day_and_passage(client: httpx2.Client) -> None:
    against, favour, uncertain = rows(page(client, "/page/proposition/avb"))
    assert list(entries(against)) == ["actor/afd"]
    # Its position of 2025 fits only in part and does not count.
    found = re.findall(r'"(/page/document/[^"#]+)#([^"]+)"', against)
    assert [address.partition("?")[0].rpartition("/")[2] for address, _ in found] == ["programme-afd-2021"]
    for address, passage in found:
        assert f'<section id="{passage}">' in client.get(address).text
    assert "actor/cdu-sn" in entries(uncertain)
    assert '<time datetime="2019-08" title="2019-08-01 – 2019-08-31">2019-08</time>' in uncertain
    # In the order of time; of two papers of one holder that say the same the earlier is named first.
    holders = list(entries(favour))
    assert holders[:2] == ["actor/linke", "actor/gruene"]
    assert len(holders) == len(set(holders)) > 10
    assert holders[-1] == "actor/liga-sachsen"
    assert web.words("en")["undated"] in entries(favour)["actor/liga-sachsen"]


def test_who_is_left_out_of_comparisons_stands_apart_with_its_stance(client: httpx2.Client) -> None:
    last = rows(page(client, "/page/proposition/avb"))[-1]
    assert web.words("en")["stance.uncertain"] in last
    assert 'data-stance="mixed"' in entries(last)["actor/cdu-sn"]


def test_what_a_proposition_covers_stands_under_it(client: httpx2.Client) -> None:
    head = page(client, "/page/proposition/deportation-numbers").partition("<table")[0]
    assert "Deportations should take place more often or extend to further groups." in head


def test_each_position_tells_fit_and_verification(client: httpx2.Client) -> None:
    path = "id/proposition/humanitarian-admission"
    text = page(client, "/page/proposition/humanitarian-admission")
    positions = client.get("/api/positions", params={"proposition": path, "lang": "en"}).json()["items"]
    assert {position["fit"]["label"] for position in positions} == {"full", "partial"}
    for position in positions:
        (article,) = [one for one in articles(text) if f'"/page/{position["id"].rpartition("/id/")[2]}?' in one]
        is_norm = position["fit"]["label"] == "full" and position["verification"]["label"] in ("verified", "corrected")
        for field in ("fit", "verification"):
            # What every entry would say, the page says once.
            said = f"{web.words('en')[f'position.{field}']} {position[field]['label']}"
            assert (said in article) is not is_norm
    assert web.words("en")["position.norm"] in text


@pytest.mark.parametrize(
    ("proposition", "roll_call", "signed"),
    [("right-to-stay", "bundestag-4876", True), ("humanitarian-admission", "bundestag-1725", False)],
)
def test_lines_of_groups_are_those_of_the_question(
    client: httpx2.Client, proposition: str, roll_call: str, *, signed: bool
) -> None:
    text = page(client, f"/page/proposition/{proposition}").partition('<h2 id="votes">')[2]
    section = next(one for one in text.split("<section>") if f"/page/roll-call/{roll_call}?" in one)
    asked = {"roll_call": f"id/roll-call/{roll_call}", "lang": "en", "format": "rows"}
    lines = client.get("/api/queries/group-lines", params=asked).json()["rows"]
    assert lines
    found = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', section, flags=re.DOTALL)
    for line in lines:
        cell = next(cell for group, cell in found if line["group"].rpartition("/id/")[2] in group)
        word = web.words("en")[f"vote.{'abstentions' if line['line'] == 'abstention' else line['line']}.line"]
        assert re.search(rf"{word} <small>{round(float(line['share']))} %", cell), (line, cell)
        # Where a vote concerns the proposition in part, no line tells how a group stands to it.
        assert ("data-stance" in cell) is signed


@pytest.mark.parametrize(
    ("since", "until", "whole"),
    [
        ("2019-06-28", "2019-06-28", "2019-06-28"),
        ("2020-02-01", "2020-02-29", "2020-02"),
        ("2020-02-01", "2020-02-28", ""),
        ("2020-01-01", "2020-12-31", "2020"),
        ("2020-01-01", "2021-12-31", ""),
        ("2020-01", "2020-02-01", ""),
        ("", "2020-02-01", ""),
    ],
)
def test_days_that_enclose_a_month_or_a_year_are_told_as_such(since: str, until: str, whole: str) -> None:
    assert Show(NAMES, Labels(NAMES), "en", "").period(since, until) == whole
