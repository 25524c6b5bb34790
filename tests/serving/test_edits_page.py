"""`/changes?by=edit` over data without the shipped ontology: the edits as they were made, nothing before the first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import httpx2
import pytest

from tests.editing.small import FIRST, tag, written
from tests.serving.edited import FILE, Edited, edited_with

HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edited]:
    with edited_with(tmp_path_factory.mktemp("edited")) as service:
        yield service


def page(client: httpx2.Client, **given: str) -> str:
    answer = client.get("/changes", params={"lang": "en", **given}, headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


def entries(html: str) -> list[str]:
    """The text of each edit on the page."""
    found = re.findall(r"<li>\s*(<p id=\"edit-.*?)</li>", html, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", text)).split()) for text in found]


def test_the_page_of_edits(edited: Edited) -> None:
    client = edited.client
    assert "by=edit&" not in page(client), "nobody has edited anything"
    assert entries(page(client, by="edit")) == []
    assert client.get("/api/edits").json()["edits"] == []
    new, reason = written(":a a :Part ; :size 5 ."), 'Seite 4 <b>falsch</b> "gelesen"'
    put = client.put(FILE, params={"reason": reason}, headers={"if-match": tag(written(FIRST))}, content=new).json()
    undone = client.post(f"/edit/undo/{put['edit']}", params={"reason": "Doch richtig"}).json()
    made = client.put("/edit/file/b.ttl", params={"reason": "Neu"}, headers={"if-none-match": "*"}, content=new)
    gone = client.delete("/edit/file/b.ttl", params={"reason": "Weg"}, headers={"if-match": made.headers["etag"]})
    ids = [gone.json()["edit"], made.json()["edit"], undone["edit"], put["edit"]]
    assert "/changes?by=edit&" in page(client), "there is something to show now"
    html = page(client, by="edit")
    shown = dict(zip(re.findall(r'<p id="edit-([^"]+)"', html), entries(html), strict=True))
    assert list(shown) == ids, "the latest first, within a second as well"
    told = [re.sub(r"^\d\d:\d\d UTC · ", "", shown[one]) for one in ids]
    assert told[:2] == ["editor-1: Weg Changed: b.ttl (removed)", "editor-1: Neu Changed: b.ttl (new)"]
    assert told[2].startswith("editor-1: Doch richtig Changed: documents/a.ttl · Takes back: Edit of documents/a.ttl")
    assert told[3].startswith(f"editor-1: {reason} Changed: documents/a.ttl · Taken back by: Edit of documents/a.ttl")
    (days,) = re.findall(r"<h2>(.*?)</h2>", html.partition("<footer")[0])[:1]
    assert f"{put['edit'][:4]}-{put['edit'][4:6]}-{put['edit'][6:8]}" in days
    listed = {one["id"] for one in client.get("/api/edits").json()["edits"]}
    assert {put["iri"], undone["iri"]} <= listed
    only = page(client, by="edit", file="b.ttl")
    assert re.findall(r'<p id="edit-([^"]+)"', only) == ids[:2]
    assert entries(page(client, by="edit", file="c.ttl")) == []


def test_links_lead_somewhere(edited: Edited) -> None:
    """To the record of each edit, to the graph of each file that is still there, and to the list as a table."""
    html = page(edited.client, by="edit").partition("<footer")[0].partition("<h1")[2]
    hrefs = {unescape(one) for one in re.findall(r'href="(/[^"]+)"', html)}
    for start in ("/page/edit/", "/graph", "/api/edits?format=xlsx", "/api/edits?certificate=true"):
        assert any(one.startswith(start) for one in hrefs), (start, hrefs)
    for href in hrefs:
        answer = edited.client.get(href, headers={"accept": "text/html,*/*;q=0.1"}, follow_redirects=True)
        assert answer.status_code == 200, href
