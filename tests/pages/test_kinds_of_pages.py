"""Documents, bodies, positions, relations, concepts: each has a page of its own that says what its data say."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx2
import pytest

from graph_service.http import web
from tests.pages.conftest import names, page
from tests.pages.test_reading import items


def local(iri: str) -> str:
    """The path of the page of a thing."""
    return f"/page/{iri.rpartition('/id/')[2]}"


def title(text: str) -> str:
    found = re.search("<title>(.*?)</title>", text)
    assert found
    return html.unescape(found[1])


def heading(text: str) -> str:
    (found,) = re.findall("<h1[^>]*>(.*?)</h1>", text)
    return html.unescape(found)


def anchor(iri: str) -> str:
    """What a passage is called within the page of its document."""
    return iri.rpartition("/id/")[2].replace("/", "-")


def facts(text: str) -> dict[str, str]:
    """What each name in the lists of facts stands for, as HTML."""
    found = re.findall("<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", text, flags=re.DOTALL)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def test_a_position_says_all_that_is_coded_of_it(client: httpx2.Client) -> None:
    words = web.words("en")
    for one in items(client, "/api/positions", lang="en")[::12]:
        text = page(client, local(one["id"]))
        assert heading(text) == one["text"]
        assert title(text).startswith(one["text"][:40])
        said = facts(text)
        linked = {
            "position.holder": one["holder"],
            "proposition.stance": [one["proposition"]] if one["proposition"] else [],
            "position.instrument": one["instrument"],
            "position.verb": [one["verb"]],
            "position.strength": [one["strength"]] if one["strength"] else [],
            "coverage.document": one["document"],
            "list.source_kind": [one["source_kind"]],
            "position.verified": [one["verification"]],
        }
        for name, things in linked.items():
            for thing in things:
                assert f'"{local(thing["id"])}?' in said[words[name]], (one["id"], name)
        for caution in one["caution"]:
            assert local(caution["id"]) in text
        for passage in one["passage"]:
            place = f"{local(one['document'][0]['id'])}?lang=en#{anchor(passage['id'])}"
            assert f'"{place}"' in said[words["position.passage"]]
        assert 'class="evidence" href="/explain?' in text


@pytest.mark.parametrize(("language", "tie"), [("de", "Mitglied von"), ("en", "member of")])
def test_a_relation_is_called_by_whom_it_ties(client: httpx2.Client, language: str, tie: str) -> None:
    relations = items(client, "/api/relations", kind="mp:Membership", lang=language)
    assert relations
    for one in relations[::5]:
        text = page(client, local(one["id"]), lang=language)
        (of,), (to,) = one["of"], one["to"]
        assert heading(text) == f"{of['label']} – {tie} – {to['label']}"
        assert title(text).startswith(of["label"][:30])
        words = web.words(language)
        said = facts(text)
        assert local(of["id"]) in said[words["relation.of"]]
        assert local(to["id"]) in said[words["relation.to"]]
        assert words["relation.evidence"] in text


def test_what_a_relation_says_is_proven(client: httpx2.Client) -> None:
    for one in items(client, "/api/relations", lang="en")[::8]:
        (proof,) = re.findall('class="evidence" href="([^"]*)"', page(client, local(one["id"])))
        assert client.get(html.unescape(proof)).status_code == 200, proof


def test_a_relation_and_a_position_are_called_the_same_everywhere(client: httpx2.Client) -> None:
    relation: dict[str, Any] = client.get(
        "/api/relations/paritaet-sachsen-migration-2019-representation-wos-beirat", params={"lang": "en"}
    ).json()
    proof = page(client, "/explain", s="id/actor/paritaet-sachsen", p="mp:sitsIn", o="id/actor/wos-beirat")
    called = heading(page(client, local(relation["id"])))
    assert called.count(" – ") == 2
    assert html.escape(called) in proof
    goal = "/position/paritaet-sachsen-migration-2019-goal-2"
    statements = page(client, f"/page{goal}", view="statements")
    assert heading(page(client, f"/page{goal}")) == heading(statements)


@pytest.mark.parametrize("name", ["paritaet-sachsen-migration-2019", "amn-sn", "programme-afd-2025"])
def test_a_document_holds_each_position_at_its_passages(client: httpx2.Client, name: str) -> None:
    text = page(client, f"/page/document/{name}")
    sections = dict(re.findall(r'<section id="([^"]+)">(.*?)</section>', text, flags=re.DOTALL))
    told = items(client, "/api/positions", document=f"id/document/{name}", lang="en")
    assert told
    for one in told:
        for passage in one["passage"]:
            assert f'"{local(one["id"])}?' in sections[anchor(passage["id"])]
            assert names(sections[anchor(passage["id"])], one["kind"][0], text)
    assert text.count('<article class="position">') == sum(len(one["passage"]) for one in told)
    tied = [one for one in items(client, "/api/relations", document=f"id/document/{name}") if one["passage"]]
    for one in tied:
        assert any(local(one["id"]) in sections[anchor(passage["id"])] for passage in one["passage"])


def test_passages_stand_in_the_order_of_the_text(client: httpx2.Client) -> None:
    text = page(client, "/page/document/paritaet-sachsen-migration-2019")
    shown = [one.removeprefix("passage-") for one in re.findall('<section id="([^"]+)">', text)]
    query = """PREFIX oa: <http://www.w3.org/ns/oa#>
        SELECT ?passage (MIN(?start) AS ?first) WHERE {
          ?passage oa:hasSource <https://w3id.org/migration-policy/id/document/paritaet-sachsen-migration-2019> ;
            oa:hasSelector/oa:start ?start
        } GROUP BY ?passage ORDER BY ?first ?passage"""
    rows = client.get("/sparql", params={"query": query}, headers={"accept": "text/csv"}).text.split()[1:]
    assert shown == [row.partition(",")[0].rpartition("/")[2] for row in rows]
    pages = [
        int(number)
        for number in re.findall(r"<(?:h3|span)[^>]*>[^<]*p\. (\d+)", page(client, "/page/document/programme-afd-2025"))
    ]
    assert len(pages) > 10
    assert pages == sorted(pages)


def test_a_document_says_how_far_it_was_read_and_what_to_be_careful_about(client: httpx2.Client) -> None:
    words = web.words("en")
    for one in items(client, "/api/documents", lang="en")[::6]:
        text = page(client, local(one["id"]))
        said = facts(text)
        assert local(one["source_kind"][0]["id"]) in said[words["list.source_kind"]]
        assert local(one["coverage"][0]["id"]) in said[words["document.coverage"]]
        assert (words["document.searched"] in text) == bool(one["looked_for"])
        assert (words["document.unsearched"] in text) != bool(one["looked_for"] or one["found_nothing_on"])
        assert (words["document.found_nothing_on.about"] in text) == bool(one["found_nothing_on"])
        before = text.partition('<dl class="imprint">')[0]
        for caution in one["caution"]:
            assert local(caution["id"]) in before
        for url in one["url"]:
            assert f'href="{url}"' in said[words["document.url"]]
        assert (words["document.reviewed"] in said) == bool(one["reviewed"])
        assert (words["document.adopted"] in said) == bool(one["adopted"])


def test_a_body_tells_who_has_a_place_in_it_and_who_hosts_it(client: httpx2.Client) -> None:
    words = web.words("en")
    for one in items(client, "/api/bodies", lang="en"):
        text = page(client, local(one["id"]))
        assert title(text).startswith(one["label"][:40])
        placed = text.partition(f"<h2>{words['body.placed']}</h2>")[2].partition("<h2>")[0]
        for who in one["has_place"]:
            assert local(who["id"]) in placed, (one["id"], who["id"])
        assert (words["body.nobody"] in placed) != bool(one["has_place"])
        for host in one["convened_by"]:
            assert local(host["id"]) in text
        assert local(one["id"]) not in re.sub('href="[^"]*explain[^"]*"', "", placed)
    assert page(client, "/page/actor/paritaet-sachsen-landesvorstand").count(
        "/page/document/paritaet-sachsen-migration"
    )


def test_a_concept_leads_to_the_lists_of_where_it_is_used(client: httpx2.Client) -> None:
    words = web.words("en")
    text = page(client, "/page/target-group/refugees")
    assert local("x/id/scheme/target-groups") in text
    assert local("x/id/target-group/asylum-seekers") in facts(text)[words["concept.narrower"]]
    uses = re.findall(r'<a href="([^"]+)" aria-label="[^"]+">([0-9]+)</a>', text)
    assert len(uses) > 1
    counted = {len(items(client, "/api/positions", group="id/target-group/refugees"))}
    for address, count in uses:
        listed = client.get(html.unescape(address)).text
        assert heading(listed) == f"{words['actor.positions']} ({count})"
        counted.discard(int(count))
    assert not counted


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("/page/level/land", "/actors?level="),
        ("/page/document-kind/position-paper", "/documents?kind="),
        ("/page/caution/third-party-copy", "/documents?caution="),
        ("/page/coverage/coded-places", "/documents?coverage="),
        ("/page/instrument/weltoffenes-sachsen", "/sparql?query="),
    ],
)
def test_what_a_list_holds_is_what_the_concept_counted(client: httpx2.Client, path: str, listed: str) -> None:
    uses = re.findall(r'<a href="([^"]+)" aria-label="[^"]+">([0-9]+)</a>', page(client, path))
    ((address, count),) = [use for use in uses if use[0].startswith(listed)]
    found = client.get(html.unescape(address))
    assert found.status_code == 200
    if not listed.startswith("/sparql"):
        assert heading(found.text).endswith(f" ({count})")


def test_positions_are_listed_a_few_at_a_time_and_none_is_left_out(client: httpx2.Client) -> None:
    words = web.words("en")
    asked: dict[str, str] = {"by": "mp:verification", "of": "id/verification/verified"}
    seen: list[str] = []
    while asked:
        text = page(client, "/positions", **asked)
        found = re.findall(r'<p class="said">.*?<a href="/page/(position/[^?"]+)', text)
        assert 0 < len(found) <= 30
        seen += found
        older = re.findall(f'<a rel="next" href="([^"]+)">{words["pages.after"]}</a>', text)
        asked = dict(httpx2.URL(html.unescape(older[0])).params) if older else {}
    every = items(client, "/api/positions", verification="id/verification/verified")
    assert sorted(seen) == sorted(one["id"].rpartition("/id/")[2] for one in every)


def test_a_scheme_holds_its_concepts(client: httpx2.Client) -> None:
    text = page(client, "/page/scheme/source-kinds")
    query = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?one WHERE { ?one skos:inScheme <https://w3id.org/migration-policy/id/scheme/source-kinds> }"""
    rows = client.get("/sparql", params={"query": query}, headers={"accept": "text/csv"}).text.split()[1:]
    assert rows
    for row in rows:
        assert local(row) in text
