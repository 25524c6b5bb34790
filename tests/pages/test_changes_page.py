"""What is new: one document added, one changed, one position withdrawn give these lines, on the page and in feeds."""

from __future__ import annotations

import gzip
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import httpx2
import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.settings import BASE, BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from tests.http.linked_data.test_tombstones import PREFIXES, actor, document, position, proposition, tombstone
from tests.http.processes import served

ATOM = "{http://www.w3.org/2005/Atom}"
HTML = {"accept": "text/html"}
STAYS = PREFIXES + "".join(map(actor, "abc")) + "".join(map(proposition, "xy"))
OTHER = "".join(document(one) for one in "ab") + position("a-1", "a", "x", 1)
BEFORE = STAYS + OTHER + position("b-1", "b", "x", -1) + position("b-2", "b", "y", 1)
# The paper of c with two positions came, that of a has another title, a position of b was withdrawn.
AFTER = (
    STAYS
    + OTHER.replace("Paper a", "Paper a, second printing")
    + position("b-1", "b", "x", -1)
    + tombstone("position/b-2")
    + document("c").replace("2020-05-01", "2024-03-01")
    + position("c-1", "c", "x", 1)
    + position("c-2", "c", "y", -1)
)
ADDED = "c: 2 positions added, from Paper c (2024-03-01)."
NEW = "1 document added: Paper c."
CHANGED = "1 document changed: Paper a, second printing (statements: 1 added, 1 removed)."
WITHDRAWN = "b: 1 position withdrawn, from Paper b (2020-05-01). Reason: The passage is a quotation."


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, Snapshot]:
    root = tmp_path_factory.mktemp("news")
    settings = BuildSettings(data=(root / "data.ttl",), snapshots=root / "snapshots", validation=False)
    made = []
    for text in (BEFORE, AFTER):
        Path(root / "data.ttl").write_text(text, encoding="utf-8")
        made.append(build(find_inputs(settings)))
    return made[0], made[1]


@pytest.fixture(scope="module")
def client(editions: tuple[Snapshot, Snapshot]) -> Iterator[httpx2.Client]:
    with served(editions[1].path, follow=True) as service, service.client() as client:
        yield client


def sentences(html: str) -> list[str]:
    """The sentences of a page or an entry, without what is folded below them."""
    plain = re.sub(r"<details>.*?</details>", "", html, flags=re.DOTALL)
    plain = re.sub(r"(<li>(?:(?!</?li>).)*)<ul>.*?</ul>", r"\1", plain, flags=re.DOTALL)
    texts = re.findall(r"<li>(.*?)</li>", plain.partition("<footer")[0], flags=re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", text)).split()) for text in texts]


def page(client: httpx2.Client, **params: str) -> httpx2.Response:
    answer = client.get("/changes", params={"lang": "en", **params}, headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer


def feed(client: httpx2.Client, **params: str) -> ElementTree.Element:
    answer = client.get("/changes.atom", params={"lang": "en", **params})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml"
    return ElementTree.fromstring(answer.content)


def told(root: ElementTree.Element) -> list[str]:
    contents = root.iterfind(f"{ATOM}entry/{ATOM}content")
    return [line for content in contents for line in sentences(content.text or "")]


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        ({}, {ADDED, NEW, CHANGED, WITHDRAWN}),
        ({"actor": "id/actor/c"}, {ADDED, NEW}),
        ({"actor": "id/actor/b"}, {WITHDRAWN}),
        ({"actor": "id/actor/a"}, {CHANGED}),
        ({"actor": "id/actor/c", "issue": "id/issue/asylum"}, {ADDED, NEW}),
        ({"issue": "id/issue/labour-migration"}, set()),
    ],
)
def test_page_and_feed_tell_the_same_lines(client: httpx2.Client, wanted: dict[str, str], lines: set[str]) -> None:
    shown = page(client, **wanted)
    assert sorted(sentences(shown.text.partition("<section")[1] + shown.text.partition("<section")[2])) == sorted(lines)
    root = feed(client, **wanted)
    assert sorted(told(root)) == sorted(lines)
    link = f'href="/changes.atom?{"&amp;".join([f"{name}={value}" for name, value in wanted.items()])}'
    assert shown.text.count(link) >= (2 if wanted else 1), "named by rel=alternate and by a link that readers see"


def test_feeds_are_valid_atom(client: httpx2.Client, editions: tuple[Snapshot, Snapshot]) -> None:
    everything, of_b, of_c = (feed(client, **given) for given in ({}, {"actor": "id/actor/b"}, {"actor": "id/actor/c"}))
    identifiers = [root.findtext(f"{ATOM}id") for root in (everything, of_b, of_c)]
    identifiers += [one.findtext(f"{ATOM}id") for root in (everything, of_b, of_c) for one in root.iter(f"{ATOM}entry")]
    assert len(identifiers) == len(set(identifiers)) == 3 + 2 + 1 + 1
    for node in (everything, of_b, of_c, *everything.iter(f"{ATOM}entry")):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)", node.findtext(f"{ATOM}updated") or "")
        assert node.findtext(f"{ATOM}title")
    assert (everything.findtext(f"{ATOM}title"), of_b.findtext(f"{ATOM}title")) == (
        "Migration Policy Graph",
        "Migration Policy Graph: b",
    )
    for content in of_b.iter(f"{ATOM}content"):
        assert content.get("type") == "html"
        links = re.findall(r'href="([^"]+)"', content.text or "")
        assert links
        assert all(link.startswith("http://127.0.0.1") for link in links), "readers of feeds have no base"
        assert all(
            client.get(link, headers={"accept": "*/*"}, follow_redirects=True).status_code == 200 for link in links
        )


def test_language_and_negotiation(client: httpx2.Client) -> None:
    german = client.get("/changes", headers={**HTML, "accept-language": "de"})
    assert "2 Positionen hinzugefügt, aus" in german.text
    assert "Grund: " in german.text
    assert german.headers["content-language"] == "de"
    for path in ("/changes", "/changes.atom", "/editions"):
        answer = client.get(path, headers={"accept-language": "en"})
        assert answer.headers["content-language"] == "en"
        assert {"Accept", "Accept-Language"} <= set(answer.headers["vary"].split(", "))
        again = client.get(path, headers={"accept-language": "en", "if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
    assert client.get("/changes", params={"actor": "id/actor/nobody-at-all"}).status_code == 422
    assert client.get("/changes.atom", params={"actor": "id/actor/nobody-at-all"}).status_code == 422


def test_days_come_from_the_data(client: httpx2.Client, editions: tuple[Snapshot, Snapshot]) -> None:
    for path in ("/changes?by=day&lang=en", f"/edition/{editions[1].digest}/changes?lang=en"):
        sections = client.get(path, headers=HTML).text.split("<section")[1:]
        told = {day: sentences(one) for one in sections for day in re.findall(r'<h2><time datetime="([^"]+)"', one)}
        assert list(told) == sorted(told, reverse=True)
        # The ontology has terms that were withdrawn on other days.
        assert {day: told.get(day) for day in ("2026-11-25", "2024-03-01", "2020-05-01")} == {
            "2026-11-25": ["1 entry withdrawn: id/position/b-2. Reason: The passage is a quotation."],
            "2024-03-01": ["c: 2 positions in Paper c."],
            "2020-05-01": ["a: 1 position in Paper a, second printing.", "b: 1 position in Paper b."],
        }
    of_b = page(client, by="day", actor="id/actor/b").text
    assert sentences(of_b.partition("<section")[2]) == ["b: 1 position in Paper b."]


def test_things_lead_to_where_they_are(client: httpx2.Client) -> None:
    assert BASE
    for link in set(re.findall(r"<section.*", page(client).text, flags=re.DOTALL)[0].split('href="')[1:]):
        address = unescape(link.partition('"')[0])
        if address.startswith("/") and "static" not in address:
            assert client.get(address, headers={"accept": "*/*"}, follow_redirects=True).status_code == 200, address


def test_actors_and_issues_lead_to_their_news(client: httpx2.Client) -> None:
    for kind, name in (("actor", "id/actor/c"), ("issue", "id/issue/asylum")):
        shown = client.get(f"/page/{name.removeprefix('id/')}?lang=en", headers=HTML).text
        assert f'href="/changes?{kind}={name}&amp;lang=en"' in shown
        head = shown.partition("</head>")[0]
        assert re.search(rf'<link rel="alternate" type="application/atom\+xml"[^>]*/changes\.atom\?{kind}={name}', head)


def test_editions_are_told_with_size_difference_citation_and_files(
    client: httpx2.Client, editions: tuple[Snapshot, Snapshot]
) -> None:
    answer = client.get("/editions", params={"lang": "en"}, headers=HTML)
    new, old = answer.text.split('<section class="edition">')[1:]
    for one, snapshot, positions in ((new, editions[1], 4), (old, editions[0], 3)):
        assert f"<code>{snapshot.digest}</code>" in one
        assert f"{snapshot.manifest.triples:,} statements" in one
        assert f"positions: {positions}" in one
        assert f'/edition/{snapshot.digest}/" rel="nofollow">Browse this edition' in one
        assert "@misc{" in one
        assert "/dump/graph.nq" in one
    plain = re.sub(r"<[^>]+>", " ", new)
    assert re.search(r"positions: 2 added, 1 withdrawn", plain)
    assert re.search(r"documents: 1 added, 1 changed", plain)
    assert f"/edition/{editions[0].digest[:12]}/delta/{editions[1].digest[:12]}" in new
    assert "No edition before this one is kept" in old


def test_dumps_can_be_loaded_as_the_page_says(client: httpx2.Client, tmp_path: Path) -> None:
    sent = client.get("/dump", headers=HTML)
    assert (sent.status_code, sent.headers["location"]) == (303, "/dumps")
    assert client.get("/dump").headers["content-type"] == "application/json", "programs get the list"
    shown = client.get("/dumps", params={"lang": "en"}, headers=HTML).text
    files = {dump["name"]: dump["sha256"] for dump in client.get("/dump").json()["dumps"]}
    assert dict(re.findall(r'href="/dump/([^"]+)">.*?<code>([0-9a-f]{64})</code>', shown)) == files
    commands = [unescape(one).split("\n") for one in re.findall(r'<pre class="command">(.*?)</pre>', shown, re.DOTALL)]
    assert len(commands) == 3
    for fetch, unpack, *load in commands:
        name = unpack.removeprefix("gunzip ")
        address = fetch.removeprefix("curl -O ")
        (tmp_path / name.removesuffix(".gz")).write_bytes(gzip.decompress(client.get(address).content))
        command = shlex.split(load[-1])
        command[0] = {"python3": sys.executable}.get(command[0], str(Path(sys.executable).with_name(command[0])))
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
