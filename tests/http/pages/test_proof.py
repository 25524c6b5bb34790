"""How do we know? The page of a proof tells all that the proof holds, in words."""

from __future__ import annotations

import html
import re

import httpx2
import pytest

from graph_service.http import web
from graph_service.reasoning.notation import owl2rl

ASKED = {"s": "id/actor/paritaet-sachsen", "p": "mp:holds", "o": "id/position/paritaet-sachsen-migration-2019-goal-1"}
SHA256 = "3a3e9ca2ba777509e3ab743b6af461b84a5e79a53aa48517a98aafee61bad607"


@pytest.mark.parametrize("language", web.LANGUAGES)
def test_a_proof_leads_to_passage_date_kind_of_source_and_line(client: httpx2.Client, language: str) -> None:
    page = client.get("/explain", params={**ASKED, "lang": language}).text
    words = web.words(language)
    assert words["proof.inferred"] in page
    assert words["rule.prp-inv2"] in page
    assert (
        f"/page/document/paritaet-sachsen-migration-2019?lang={language}#passage-paritaet-sachsen-migration-2019-goal-1"
        in page
    )
    assert '<time datetime="2019-06-28">' in page
    assert "/page/source-kind/primary" in page
    assert "/page/verification/verified" in page
    assert SHA256 in page
    assert re.search(r"data/documents/paritaet-sachsen-migration-2019\.ttl:\d+", page)
    # Each premise is a statement of the page.
    assert set(re.findall(r'href="#(step-\d+)"', page)) <= set(re.findall(r'id="(step-\d+)"', page))


def test_a_stated_one_needs_no_rule(client: httpx2.Client) -> None:
    stated = {"s": ASKED["o"], "p": "mp:heldBy", "o": ASKED["s"], "lang": "en"}
    page = client.get("/explain", params=stated).text
    assert web.words("en")["proof.stated"] in page
    assert web.words("en")["proof.followed"] not in page
    assert SHA256 in page


def test_what_does_not_follow_is_not_there(client: httpx2.Client) -> None:
    false = {"s": "id/actor/spd", "p": "mp:memberOf", "o": "id/actor/afd"}
    assert client.get("/explain", params=false).status_code == 404


def test_hostile_literals_are_escaped(own: httpx2.Client) -> None:
    value = '"<script>alert(1)</script>"@de'
    asked = {"s": "https://data.example/person/a", "p": "http://www.w3.org/2000/01/rdf-schema#label", "o": value}
    page = own.get("/explain", params=asked)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert html.escape("<script>alert(1)</script>") in page.text


@pytest.mark.parametrize("language", web.LANGUAGES)
def test_each_rule_that_concludes_anything_is_explained(language: str) -> None:
    words = web.words(language)
    assert {rule.name for rule in owl2rl() if rule.heads} - {key.removeprefix("rule.") for key in words} == set()
