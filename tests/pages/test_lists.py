"""Lists of documents and actors: narrowed by forms that keep what was chosen, what has no positions folded."""

from __future__ import annotations

import html
import re

import httpx2
import pytest

from graph_service.http import web
from tests.pages.conftest import page, whole
from tests.pages.test_reading import items

WORDS = web.words("en")


def _documents(text: str) -> set[str]:
    return set(re.findall(r'<th scope="row"><a href="/page/document/([^?"]+)', text))


def _names(found: list[dict[str, str]]) -> set[str]:
    return {one["id"].rpartition("/")[2] for one in found}


def test_documents_by_author_and_days_are_those_of_the_api(client: httpx2.Client) -> None:
    by = items(client, "/api/documents", author="id/actor/spd")
    assert _documents(whole(client, "/documents", author="spd")) == _names(by)
    text = whole(client, "/documents", author="spd", since="2021-01-01", until="2021-12-31")
    assert _documents(text) == {
        name for one, name in ((one, one["id"].rpartition("/")[2]) for one in by)
        if one["latest"] and one["latest"] >= "2021-01-01" and one["date"] <= "2021-12-31"
    }  # fmt: skip
    assert 0 < len(_documents(text)) < len(by)
    assert '<option value="id/actor/spd" selected>' in text
    assert 'name="since" value="2021-01-01"' in text


def test_documents_on_an_issue_have_positions_on_it_or_below(client: httpx2.Client) -> None:
    positions = items(client, "/api/positions", issue="id/issue/asylum")
    assert _documents(whole(client, "/documents", issue="asylum")) == {
        one["id"].rpartition("/")[2] for position in positions for one in position["document"]
    }


@pytest.mark.parametrize("asked", [{"author": "nobody-at-all"}, {"issue": "nonsense"}, {"since": "yesterday"}])
def test_a_value_that_nothing_has_is_an_error(client: httpx2.Client, asked: dict[str, str]) -> None:
    assert client.get("/documents", params=asked).status_code == 422


def test_actors_without_positions_stand_folded(client: httpx2.Client) -> None:
    shown, _, folded = page(client, "/actors").partition("<details><summary>")[0::1]
    holders = {one["holder"][0]["id"].rpartition("/")[2] for one in items(client, "/api/positions")}
    for text, is_holder in ((shown, True), (folded, False)):
        names = re.findall(r'<th scope="row"><a href="/page/actor/([^?"]+)', text)
        assert names
        assert all((name in holders) is is_holder for name in names)
    # Whoever looks for one of them finds it open.
    assert "<details open><summary>" in page(client, "/actors", text="Amnesty")


def test_an_actor_without_positions_leads_to_whom_it_is_tied_to(client: httpx2.Client) -> None:
    """The positions of the CDU are those of the CDU/CSU, whose they stay."""
    text = html.unescape(page(client, "/compare", actor=["cdu", "spd"]))
    assert "/compare?actor=id/actor/cducsu&actor=id/actor/spd" in text
    assert WORDS["actor.speakers.not"].format(actor="CDU") in text
    assert WORDS["actor.speakers"] in page(client, "/page/actor/cdu")
    assert WORDS["actor.speakers"] not in page(client, "/compare", actor=["cducsu", "spd"])


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/compare", {"actor": "id/actor/cdu"}),
        ("/timeline", {"actor": "id/actor/cdu"}),
        ("/matrix", {"actor_kind": "id/actor-kind/parliamentary-group"}),
        ("/documents", {"author": "id/actor/cdu"}),
        ("/actors", {"kind": "id/actor-kind/parliamentary-group"}),
        ("/propositions", {"issue": "id/issue/migration-policy"}),
        ("/positions", {"holder": "id/actor/cdu"}),
    ],
)
def test_a_field_keeps_a_choice_that_finds_nothing(client: httpx2.Client, path: str, asked: dict[str, str]) -> None:
    """By its short name as well."""
    for value in asked.values():
        for written in (value, value.rpartition("/")[2]):
            text = page(client, path, **dict.fromkeys(asked, written))
            assert re.search(f'<option value="{value}" selected>', text), written
