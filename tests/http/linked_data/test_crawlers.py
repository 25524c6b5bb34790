"""What programs read first: `/llms.txt` and `robots.txt`."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx2
import pytest

from graph_service.http import web
from graph_service.snapshots.snapshot import Snapshot

FINITE = (
    "/", "/llms.txt", "/catalog.json", "/openapi.json", "/docs", "/dump", "/dump/graph.nq", "/catalogue", "/sparql",
    "/api/actors", "/api/actors/spd", "/api/positions/x", "/page/actor/spd", "/page/actor/spd?lang=en",
    "/data/actor/spd.ttl", "/page?iri=urn:x", "/graphs?graph=https://x.example/", "/sitemap.xml?part=2",
)  # fmt: skip
ENDLESS = (
    "/sparql?query=ASK%20{}", "/api/actors?limit=7", "/api/queries/actors-by-kind?lang=en&inferred=false",
    "/compare?actor=spd", "/search?q=a&lang=en&page=3", "/explain?s=a&p=b&o=c", "/actors?page=2", "/edition/0123abcd/",
    "/edition/0123abcd/page/actor/spd?lang=en", "/network?since=2020-01-01",
)  # fmt: skip


def may_read(rules: str, path: str) -> bool:
    """Whether a crawler may read a path (RFC 9309, section 2.2.2: the longest match counts, a tie allows)."""
    found = [(0, True)]
    for kind, pattern in re.findall(r"^(Allow|Disallow):[ ]*(\S+)", rules, flags=re.MULTILINE):
        expression = re.escape(pattern).replace(r"\*", ".*")
        expression = f"{expression[:-2]}$" if expression.endswith(r"\$") else expression
        if re.match(expression, path):
            found.append((len(pattern), kind == "Allow"))
    return max(found)[1]


def test_crawlers_may_read_what_is_finite_and_nothing_else(client: httpx2.Client) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert {path: may_read(answer.text, path) for path in FINITE} == dict.fromkeys(FINITE, True)
    assert {path: may_read(answer.text, path) for path in ENDLESS} == dict.fromkeys(ENDLESS, False)


def test_every_place_of_the_sitemap_may_be_read(client: httpx2.Client) -> None:
    rules = client.get("/robots.txt").text
    places = re.findall(r"<loc>([^<]*)</loc>", client.get("/sitemap.xml").text)
    assert len(places) > 1000
    for place in places:
        assert may_read(rules, place.removeprefix(str(client.base_url).rstrip("/"))), place


@pytest.mark.parametrize("spoken", web.LANGUAGES)
def test_llms_txt_has_the_form_and_every_link_answers(
    client: httpx2.Client, shipped_snapshot: Snapshot, spoken: str
) -> None:
    answer = client.get("/llms.txt", params={"lang": spoken} if spoken != "en" else None)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-language"] == spoken
    assert client.get("/llms.txt", headers={"accept-language": "de"}).headers["content-language"] == "en"
    title, _, summary, _, *rest = answer.text.splitlines()
    words = web.words(spoken)
    assert title == f"# {words['title']}"
    assert summary == f"> {words['start.about']}"
    notes = "\n".join(rest).partition("\n## ")[0]
    assert shipped_snapshot.digest in notes
    assert f"{shipped_snapshot.manifest.triples} " in notes
    assert f"<{shipped_snapshot.manifest.inferred_graph}>".strip("<>") in notes
    assert words["llms.silence"] in notes
    for line in rest:
        assert re.fullmatch(r"|## .+|- [^\[].+|- \[[^]]+\]\([^)]+\): \S.+", line), line
    links = re.findall(r"^- \[[^]]+\]\(([^)]+)\)", answer.text, flags=re.MULTILINE)
    queries = {urlsplit(link).path for link in links if "/api/queries/" in link}
    assert queries == {f"/api/queries/{one['name']}" for one in client.get("/api/queries").json()["queries"]}
    for link in links if spoken == "en" else ():
        assert client.get(link).status_code == 200, link


def test_llms_txt_of_another_publisher_is_of_their_data(own: httpx2.Client) -> None:
    text = own.get("/llms.txt").text
    assert "https://data.example/graph/inferred" in text
    assert "creativecommons" not in text, "no licence is known"
