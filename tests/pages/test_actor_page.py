"""The page of an actor: documents with and without positions, relations from either end, who is near and far."""

from __future__ import annotations

import re

import httpx2
import pytest

from graph_service.http import web
from tests.pages.conftest import page

WORDS = web.words("en")


def told(text: str, word: str) -> str:
    """The cell of a kind of relation; empty if there is none."""
    cell = re.search(rf'<th scope="row">{re.escape(WORDS[f"tie.{word}"])}</th><td>(.*?)</td>', text, flags=re.DOTALL)
    return cell[1] if cell else ""


def actors(cell: str) -> set[str]:
    """Whom the lines of a cell name first."""
    return {re.findall(r'href="/page/actor/([^?"]+)', line)[0] for line in cell.split("</li>") if "<li>" in line}


def test_places_in_bodies_are_told_apart(client: httpx2.Client) -> None:
    text = page(client, "/page/actor/paritaet-sachsen")
    answer = client.get(
        "/api/queries/bodies-of-an-actor",
        params={"actor": "id/actor/paritaet-sachsen", "lang": "en", "format": "rows"},
    )
    bodies: dict[str, set[str]] = {}
    for row in answer.json()["rows"]:
        bodies.setdefault(row["how"], set()).add(row["body"].rpartition("/")[2])
    assert actors(told(text, "participation.of")) == bodies["directly"]
    assert actors(told(text, "representation.of")) == bodies["as delegate"]
    assert actors(told(text, "through")) == bodies["through a part"] - bodies["directly"] == {"paritaet-gesamtverband"}
    assert "/explain?s=id/actor/paritaet-sachsen&amp;p=mp:hasPlaceIn&amp;o=" in told(text, "through")


def test_a_seat_in_anothers_name_is_told_from_all_three_ends(client: httpx2.Client) -> None:
    delegate = told(page(client, "/page/actor/paritaet-sachsen"), "representation.of")
    represented = told(page(client, "/page/actor/liga-sachsen"), "representation.on_behalf_of")
    body = told(page(client, "/page/actor/wos-beirat"), "representation.to")
    for cell, ends in (
        (delegate, ["wos-beirat", "liga-sachsen"]),
        (represented, ["wos-beirat", "paritaet-sachsen"]),
        (body, ["paritaet-sachsen", "liga-sachsen"]),
    ):
        assert re.findall(r'href="/page/actor/([^?"]+)', cell) == ends
        assert "/page/relation/paritaet-sachsen-migration-2019-representation-wos-beirat?" in cell
        assert '#passage-paritaet-sachsen-migration-2019-body-6"' in cell


@pytest.mark.parametrize(
    ("umbrella", "members"), [("liga-sachsen", 7), ("bagfw", 6), ("koav-2021", 3), ("paritaet-sachsen", 0)]
)
def test_members_stand_on_the_page_of_the_umbrella(client: httpx2.Client, umbrella: str, members: int) -> None:
    text = page(client, f"/page/actor/{umbrella}")
    listed = client.get("/api/relations", params={"kind": "mp:Membership", "to": f"id/actor/{umbrella}", "limit": 99})
    cell = told(text, "membership.to")
    relations = {item["id"].rpartition("/")[2] for item in listed.json()["items"]}
    assert set(re.findall(r'"/page/relation/([^?"]+)', cell)) == relations
    assert len(actors(cell)) == len(relations) == members
    # Der Paritätische Sachsen has parts, no coded members.
    # One note, also where the actor is a member of another.
    assert text.count(WORDS["actor.umbrella"]) == 1


def test_convening_a_body_is_no_part_of_it(client: httpx2.Client) -> None:
    host, body = (page(client, f"/page/actor/{name}") for name in ("sms", "verbaendegespraech-sms"))
    assert actors(told(host, "convenes")) == {"verbaendegespraech-sms"}
    assert actors(told(host, "parthood.to")) == {"sms-gleichstellung-integration"}
    assert actors(told(body, "convened_by")) == {"sms", "sms-gleichstellung-integration"}
    assert not told(body, "parthood.of")
    assert WORDS["actor.umbrella"] not in body


def test_relations_and_names_keep_their_days(client: httpx2.Client) -> None:
    successor = told(page(client, "/page/actor/saechsischer-auslaenderbeauftragter"), "succession.of")
    assert f'({WORDS["valid.since"]} <time datetime="2025-10-30">' in successor
    names = page(client, "/page/actor/sms").partition(WORDS["actor.names"])[2].partition("</p>")[0]
    days = [re.findall(r'datetime="(\d+)"', name) for name in names.split(";")]
    assert days == [["2019"], ["2019", "2024"], ["2024"]]
    assert names.count('lang="de"') == 3


def test_parties_and_their_groups_are_told_apart(client: httpx2.Client) -> None:
    assert actors(told(page(client, "/page/actor/spd"), "group")) == {"bundestag-spd"}
    assert actors(told(page(client, "/page/actor/bundestag-cdu-csu"), "group_of")) == {"cdu", "csu", "cducsu"}


def test_a_document_without_a_position_of_its_author_says_so(client: httpx2.Client) -> None:
    text = page(client, "/page/actor/amnesty")
    row = text.partition('href="/page/document/amn-sn?')[2].partition("</tr>")[0]
    assert WORDS["actor.not-said"] in row
    assert "coded places only" in row
    assert WORDS["actor.not-said"] not in page(client, "/page/actor/paritaet-sachsen")


@pytest.mark.parametrize("name", ["spd", "afd", "liga-sachsen"])
def test_near_and_far_are_those_of_the_question(client: httpx2.Client, name: str) -> None:
    text = page(client, f"/page/actor/{name}").partition('<h2 id="near">')[2].partition("<h2")[0]
    asked = {"actor": f"id/actor/{name}", "lang": "en", "format": "rows"}
    rows = client.get("/api/queries/who-agrees-with-whom", params=asked).json()["rows"]
    numbers = {row["other"].rpartition("/")[2]: (row["together"], row["apart"]) for row in rows}
    tables = {
        word: re.findall(
            r'<th scope="row"><a href="/page/actor/([^?"]+).*?<td>(\d+)</td><td>(\d+)</td><td>(\d+)</td>',
            text.partition(WORDS[f"actor.{word}"])[2].partition("</table>")[0],
            flags=re.DOTALL,
        )
        for word in ("near", "far")
    }
    assert tables["near"]
    for word, found in tables.items():
        for other, together, apart, shared in found:
            assert numbers[other] == (int(together), int(apart))
            assert int(shared) >= 3
            assert (int(together) > int(apart)) is (word == "near")
            assert f"/compare?actor=id/actor/{name}&amp;actor=id/actor/{other}&amp;" in text
    # By how much agreement outweighs disagreement among what both speak on, then by how much that is.
    for word, found in tables.items():
        sign = 1 if word == "near" else -1
        order = [(sign * (int(row[1]) - int(row[2])) / int(row[3]), int(row[3])) for row in found]
        assert order == sorted(order, reverse=True)


def test_nobody_is_near_whose_positions_are_shared_by_too_few(client: httpx2.Client) -> None:
    assert WORDS["actor.near.nobody"] in page(client, "/page/actor/bsw-sn")
