"""Propositions, issues, roll calls and lists: what pages show is what queries answer, and says no more."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import httpx2
import pytest

from graph_service.http import web
from graph_service.pages.stances.positions import STANCES
from tests.pages.conftest import names, page, whole

PROPOSITIONS = ("avb", "humanitarian-admission", "anti-discrimination-law")
# Of standards, formats and methods: the same in every language.
NAMES = {"SPARQL", "SHA", "DCAT", "AP", "VoID", "GET", "UTC", "json"}
LISTS = ("/actors", "/propositions", "/issues", "/documents", "/votes")
SINGLE = (
    "/page/proposition/avb",
    "/page/issue/asylum",
    "/page/roll-call/bundestag-5369",
    "/page/roll-call/bundestag-1261",
)


class Skeleton(HTMLParser):
    """Elements in their order without what hangs on the language; articles as texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)


def items(client: httpx2.Client, path: str, **given: Any) -> list[dict[str, Any]]:
    """All items of a list of the API."""
    answer = client.get(path, params={"limit": 1000, **given})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def articles(text: str) -> list[str]:
    return re.findall(r'<article class="position">.*?</article>', text, flags=re.DOTALL)


@pytest.mark.parametrize("name", PROPOSITIONS)
def test_each_position_on_a_proposition_stands_under_its_stance(client: httpx2.Client, name: str) -> None:
    text = page(client, f"/page/proposition/{name}")
    positions = items(client, "/api/positions", proposition=f"id/proposition/{name}", lang="en")
    assert positions
    for position in positions:
        stance = STANCES[str(position["agreement"])]
        section = re.search(rf'<section id="stance-{stance}">.*?</section>', text, flags=re.DOTALL)
        assert section, stance
        path = position["id"].rpartition("/id/")[2]
        (article,) = [one for one in articles(section[0]) if f'"/page/{path}?' in one]
        if position["date"]:
            assert position["date"] in article
        assert all(names(article, one, text) for one in (position["source_kind"], *position["caution"]))
        assert 'class="evidence" href="/explain?' in article


@pytest.mark.parametrize("name", PROPOSITIONS)
def test_silence_is_told_only_of_whom_was_searched(client: httpx2.Client, name: str) -> None:
    text = page(client, f"/page/proposition/{name}")
    matrix = client.get("/api/matrix", params={"proposition": f"id/proposition/{name}", "all": "true"}).json()
    silent = {cell["actor"] for cell in matrix["cells"] if cell["status"] == "no position found"}
    told = text.partition(f"<h2>{web.words('en')['proposition.silent']}</h2>")[2].partition("<h2>")[0]
    assert set(re.findall(r'<li><a href="/page/(actor/[^?"]+)', told)) == {iri.rpartition("/id/")[2] for iri in silent}


def test_votes_stand_with_what_a_yes_means(client: httpx2.Client) -> None:
    votes = items(client, "/api/votes", proposition="id/proposition/humanitarian-admission")
    text = page(client, "/page/proposition/humanitarian-admission")
    assert votes
    for vote in votes:
        assert f"/page/{vote['roll_call']['id'].rpartition('/id/')[2]}" in text
        if vote["group"]:
            assert f"/page/{vote['group']['id'].rpartition('/id/')[2]}" in text


@pytest.mark.parametrize(
    ("path", "kind"), [("/actors", "actor"), ("/propositions", "proposition"), ("/documents", "document")]
)
def test_lists_hold_all(client: httpx2.Client, path: str, kind: str) -> None:
    shown = set(re.findall(rf'href="/page/({kind}/[^?"]+)', whole(client, path)))
    assert {item["id"].rpartition("/id/")[2] for item in items(client, f"/api{path}")} <= shown


def test_filters_narrow_as_the_api_does(client: httpx2.Client) -> None:
    asked = {"kind": "id/actor-kind/welfare-association", "level": "id/level/land"}
    text = page(client, "/actors", **asked)
    rows = set(re.findall(r'<th scope="row"><a href="/page/(actor/[^?"]+)', text))
    assert rows == {item["id"].rpartition("/id/")[2] for item in items(client, "/api/actors", **asked)}
    assert 0 < len(rows) < 99
    assert 'value="id/level/land" selected' in text
    assert web.words("en")["list.none"] in page(client, "/actors", text="nobody is called so")
    assert client.get("/actors", params={"kind": "<"}).status_code == 422


def test_what_is_typed_is_escaped(client: httpx2.Client) -> None:
    for path in ("/actors", "/documents", "/propositions"):
        assert '"><script>' not in page(client, path, text='"><script>alert(1)</script>')


@pytest.mark.parametrize("path", [*LISTS, *SINGLE])
def test_both_languages_have_the_same_parts(client: httpx2.Client, path: str) -> None:
    german, english = (Skeleton(client.get(path, params={"lang": language}).text) for language in web.LANGUAGES)
    assert sorted(german.elements) == sorted(english.elements)
    headings = [tag for tag in english.elements if re.fullmatch("h[1-6]", tag)]
    assert headings.count("h1") == 1
    assert all(later <= chr(ord(earlier) + 1) for earlier, later in pairwise(h[1] for h in headings))


def test_words_are_the_same_in_both_languages_and_templates_have_none() -> None:
    german, english = (web.words(language) for language in web.LANGUAGES)
    assert list(german) == list(english) == sorted(german)
    templates = web.STATIC.parent / "templates"
    for template in templates.glob("*.html"):
        bare = re.sub(
            r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<code>.*?</code>|<[^>]*>|[a-z]+=\"[^\"]*\"",
            " ",
            template.read_text(),
            flags=re.DOTALL,
        )
        words = set(re.findall(r"[^\W\d_]{2,}", bare)) - NAMES
        assert not words, (template.name, words)


def _is_followed(one: dict[str, Any], positions: list[dict[str, Any]]) -> bool:
    """Whether another position on the same proposition is surely later."""
    same = (other for other in positions if one["proposition"] and other["proposition"] == one["proposition"])
    return any((other["date"] or "") > (one["latest"] or "9999") for other in same)


@pytest.mark.parametrize("path", [*LISTS, *SINGLE, "/", "/questions", "/compare", "/matrix", "/network", "/docs",
                                  "/ontology.html", "/page/coder/coder-1"])  # fmt: skip
def test_propositions_are_called_thesen_in_german(client: httpx2.Client, path: str) -> None:
    """In text and in what is read out or shown on hovering; names of fields (`proposition`) are code."""
    text = page(client, path, lang="de")
    bare = re.sub(r"<(script|style|code|pre).*?</\1>", " ", text, flags=re.DOTALL)
    shown = re.sub(r"<[^>]*>", " ", bare) + " ".join(re.findall(r'(?:title|alt|aria-label|content)="([^"]*)"', bare))
    assert not re.findall(r".{0,40}(?<!mp:)\bProposition(?:en)?\b.{0,20}", shown)


@pytest.mark.parametrize("name", ["paritaet-sachsen", "spd"])
def test_an_actor_is_told_with_its_documents_and_what_silence_means(client: httpx2.Client, name: str) -> None:
    text = page(client, f"/page/actor/{name}", lang="en")
    positions = items(client, "/api/positions", holder=f"id/actor/{name}", lang="en")
    latest = [one for one in positions if not _is_followed(one, positions)]
    own, _, addressed = text.partition('<h2 id="addressed">')
    assert len(articles(own)) == len(latest)
    assert bool(articles(addressed)) == bool(items(client, "/api/positions", addressee=f"id/actor/{name}"))
    earlier = web.words("en")["actor.earlier"].format(shown=len(latest), number=len(positions))
    assert (earlier in text) == (len(latest) < len(positions))
    documents = {document["id"].rpartition("/")[2] for position in positions for document in position["document"]}
    before = text.partition('<article class="position">')[0]
    for document in documents:
        assert f"/page/document/{document}" in before
    assert web.words("en")["actor.coverage"] in text
    is_member = client.get(f"/api/actors/{name}").json()["member_of"] != []
    assert (web.words("en")["actor.umbrella"] in text) is is_member


def test_lists_begin_with_the_newest_and_end_with_the_whole(client: httpx2.Client) -> None:
    years = re.findall(r'<th scope="row"><a href="/page/document/.*?<time datetime="(\d{4})', page(client, "/coverage"))
    assert len(years) > 30
    assert years == sorted(years, reverse=True)
    heads = re.findall(r'<tr><th scope="row">(.*?)</th><td>', page(client, "/page/roll-call/bundestag-5369", lang="en"))
    assert "overall" in heads[-1].lower()


def test_pages_offer_and_count_nothing_that_is_not_there(client: httpx2.Client) -> None:
    """No brief on who says nothing, no zero positions left out, no hint said twice."""
    assert "/brief?actor" in page(client, "/page/actor/spd")
    assert "/brief?actor" not in page(client, "/page/actor/freistaat-sachsen")
    assert 'class="left-out"' not in page(client, "/timeline")
    absent = client.get("/page/actor/nobody", headers={"Accept": "text/html"}).text
    assert absent.count("/sitemap.xml") == 1
