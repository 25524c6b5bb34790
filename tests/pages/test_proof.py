"""How do we know? The page of a proof tells all that the proof holds, in words."""

from __future__ import annotations

import html
import re

import httpx2
import pytest

from graph_service.http import web
from graph_service.reasoning import vocabulary
from graph_service.reasoning.notation import owl2rl
from graph_service.snapshots.snapshot import Snapshot

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


def test_what_it_rests_on_comes_first_and_is_numbered_from_one(client: httpx2.Client) -> None:
    chain = {"s": "id/actor/awo-sachsen", "p": "mp:memberOf", "o": "id/actor/liga-sachsen", "lang": "en"}
    page = client.get("/explain", params=chain).text
    assert re.findall(r'id="step-(\w+)"', page) == ["1", "2", "3", "4", "A1", "A2"]
    told = re.sub(r"<[^>]+>", "", page)
    assert "Where “has relation” and then “is membership in” lead from one to another, “is member of” holds" in told
    assert re.search(r'<details class="axioms">', page)
    assert web.words("en")["proof.checked"] in page


def test_proofs_of_every_kind_are_told_in_words(client: httpx2.Client, shipped_snapshot: Snapshot) -> None:
    """One proof for each inferred property and class: no list and no node without a name is left over."""
    samples: dict[str, tuple[str, str, str]] = {}
    inferred = shipped_snapshot.manifest.names.inferred_graph
    for quad in shipped_snapshot.quads():
        if quad.graph == inferred:
            kind = quad.object if quad.predicate == vocabulary.TYPE else quad.predicate
            samples.setdefault(kind, (quad.subject, quad.predicate, quad.object))
    assert len(samples) > 50
    for number, asked in enumerate(samples.values()):
        language = web.LANGUAGES[number % 2]
        page = client.get("/explain", params={**dict(zip("spo", asked, strict=True)), "lang": language}).text
        told = html.unescape(re.sub(r"<[^>]+>", "", page.partition("<h1>")[2].partition('<p class="data">')[0]))
        assert web.words(language)["proof.checked"] in told
        assert not re.search(r"genid|unnamed|unbenannt|\{\w*\}|rdf:|owl:", told), told


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
