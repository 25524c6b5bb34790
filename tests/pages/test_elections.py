"""How the position of a party changed since 2013 is one click from its page, and each sign leads to its passage."""

from __future__ import annotations

import re

import httpx2
import pytest

from graph_service.http import web
from graph_service.pages.stances.positions import STANCES
from graph_service.pages.stances.standings import SIGNS

BASE = "https://w3id.org/migration-policy/"
LEGISLATURES = ["Bundestag 2013 - 2017", "Bundestag 2017 - 2021", "Bundestag 2021 - 2025", "Bundestag 2025 - 2029"]
# Of a cell: sign, stance, address.
Cells = list[list[tuple[str, str, str]]]


def table(html: str) -> tuple[list[str], dict[str, Cells]]:
    """The legislatures, and the rows by the path of what they are about."""
    head, _, body = html.partition('<table class="stacked elections">')[2].partition("</table>")[0].partition("<tbody>")
    rows = {}
    for row in body.split("</tr>")[:-1]:
        (path,) = re.findall(r'<th scope="row"><a href="/page/([^?"]+)', row)
        rows[path] = [
            [
                (sign, stance, address)
                for stance, address, sign in re.findall(r'data-stance="(\w+)" href="([^"]+)">([^<]+)<', cell)
            ]
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)
        ]
    return re.findall(r'<th scope="col">([^<]+)</th>', head)[1:], rows


def told(client: httpx2.Client, actor: str, proposition: str) -> Cells:
    """What the question answers, as cells."""
    asked = {"actor": f"id/actor/{actor}", "proposition": f"id/proposition/{proposition}", "format": "rows"}
    rows = client.get("/api/queries/positions-between-elections", params=asked).json()["rows"]
    cells: Cells = [[] for _ in LEGISLATURES]
    for row in rows:
        stance = STANCES[str(row["agreement"])] if row["position"] else "none"
        sign = f"({SIGNS[stance]})" if row["outcome"] == "not compared" else SIGNS[stance]
        cells[LEGISLATURES.index(row["legislature"])].append((sign, stance, ""))
    return cells


@pytest.mark.parametrize("language", web.LANGUAGES)
def test_the_page_of_the_spd_shows_family_reunification_since_2013(client: httpx2.Client, language: str) -> None:
    html = client.get("/page/actor/spd", params={"lang": language}).text
    assert f'href="#elections">{web.words(language)["elections.title"]}</a>' in html
    legislatures, rows = table(html)
    assert legislatures == LEGISLATURES
    found = rows["proposition/famreun-subsidiary"]
    assert [[sign for sign, *_ in cell] for cell in found] == [["(+)"], ["+"], ["+"], ["+"]]
    for cell in found:
        for _, _, address in cell:
            page, _, anchor = address.partition("#")
            assert re.match(r"/page/document/programme-spd-20\d\d\?", page)
            assert f'id="{anchor}"' in client.get(page).text
    (to,) = re.findall(r'href="(/page/proposition/famreun-subsidiary[^"]*#elections)"', html)
    page, _, anchor = to.partition("#")
    assert f'id="{anchor}"' in client.get(page).text


@pytest.mark.parametrize("actor", ["spd", "gruene", "afd"])
def test_the_table_of_an_actor_is_the_answer_to_the_question(client: httpx2.Client, actor: str) -> None:
    legislatures, rows = table(client.get(f"/page/actor/{actor}", params={"lang": "en"}).text)
    assert len(rows) > 20
    for path, cells in rows.items():
        wanted = told(client, actor, path.partition("/")[2])[-len(legislatures) :]
        plain = [[(sign, stance, "") for sign, stance, _ in cell] for cell in cells]
        assert [sorted(cell) for cell in plain] == [sorted(cell) for cell in wanted], path


def test_the_table_of_a_proposition_has_the_same_cells(client: httpx2.Client) -> None:
    _, of_proposition = table(client.get("/page/proposition/safe-countries", params={"lang": "en"}).text)
    assert {"actor/cducsu", "actor/gruene", "actor/afd"} <= of_proposition.keys()
    for actor in ("gruene", "cducsu"):
        _, of_actor = table(client.get(f"/page/actor/{actor}", params={"lang": "en"}).text)
        assert of_actor["proposition/safe-countries"] == of_proposition[f"actor/{actor}"]


def test_whose_texts_are_not_for_a_legislature_has_no_table(client: httpx2.Client) -> None:
    assert '<table class="stacked elections">' not in client.get("/page/actor/liga-sachsen", params={"lang": "en"}).text
