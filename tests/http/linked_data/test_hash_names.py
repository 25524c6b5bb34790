"""Names with a fragment, names with a query, and names that are only used: each answers, and no link is dead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import httpx2
import pyoxigraph as ox
import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.catalogue.queries import Catalogue
from graph_service.catalogue.query_files import QueryFiles
from graph_service.serving.static_site.exporting import export_site
from graph_service.serving.static_site.target import SiteTarget
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from tests.http.linked_data.hash_names import HASH_BASE, HASH_DATA, NAMES
from tests.snapshot_servers import QUERIES, Stores


def _built(root: Path, data: str) -> Snapshot:
    (root / "ontology.ttl").write_text("", encoding="utf-8")
    (root / "leute.ttl").write_text(data, encoding="utf-8")
    settings = BuildSettings(
        ontology=(root / "ontology.ttl",),
        data=(root / "leute.ttl",),
        base=HASH_BASE,
        snapshots=root / "snapshots",
        validation=False,
    )
    return build(find_inputs(settings))


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return _built(tmp_path_factory.mktemp("hash"), HASH_DATA)


@pytest.fixture(scope="module")
def people(stores: Stores, snapshot: Snapshot) -> Iterator[httpx2.Client]:
    with stores.served(snapshot) as server, server.client() as client:
        yield client


def followed(client: httpx2.Client, path: str, accept: str) -> httpx2.Response:
    """What a client gets that follows redirects; it keeps the fragment to itself."""
    answer = client.get(path.partition("#")[0], headers={"accept": accept})
    assert answer.status_code == 303, path
    answer = client.get(answer.headers["location"], headers={"accept": accept})
    assert answer.status_code == 200, path
    return answer


@pytest.mark.parametrize(("name", "says"), NAMES.items())
def test_every_name_answers(people: httpx2.Client, name: str, says: str) -> None:
    """With a page that has a section for the fragment, and with data that describe it."""
    page = followed(people, f"/{name}", "text/html").text
    assert says in page
    fragment = name.partition("#")[2]
    assert not fragment or f'<h2 id="{fragment}">' in page
    data = followed(people, f"/{name}", "text/turtle").text
    assert f'"{says}"' in data if says else True


def test_a_document_describes_all_its_fragments_and_no_others(people: httpx2.Client) -> None:
    quads = list(ox.parse(followed(people, "/leute", "application/n-triples").content, format=ox.RdfFormat.N_TRIPLES))
    subjects = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    own = {one for one in subjects if ".well-known" not in one}
    named = {f"{HASH_BASE}{name}" for name, says in NAMES.items() if name.startswith("leute") and says}
    # Of what it points to, the data say the names.
    assert own >= named - {f"{HASH_BASE}leute2#x"}
    knows = {
        q.subject.value for q in quads if q.predicate.value.endswith("knows") and isinstance(q.subject, ox.NamedNode)
    }
    assert knows == {f"{HASH_BASE}leute#anna", f"{HASH_BASE}leute#bert"}
    assert '"a place without a name"' in {str(quad.object) for quad in quads}
    page = people.get("/page/leute?lang=en").text
    assert 'id="x"' not in page
    assert "a place without a name" in page
    assert people.get("/leute.ttl").headers["location"] == "/data/leute.ttl"
    assert people.get("/leute4").status_code == people.get("/page/leute4").status_code == 404


def test_what_is_only_used_says_where(people: httpx2.Client) -> None:
    page = people.get("/page/zahl?lang=en").text
    used = page.partition("<h2>Where it is used</h2>")[2]
    assert ">Anna</a>" in used
    assert "· 1" in re.sub(r"<[^>]+>", "", used)


def test_no_link_is_dead(people: httpx2.Client) -> None:
    """From the document on, over all pages and data that it leads to, with their fragments."""
    waiting, seen = ["/page/leute?lang=en"], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = people.get(address)
        if answer.status_code in (301, 303):
            waiting.append(answer.headers["location"])
            continue
        assert answer.status_code == 200, address
        if not answer.headers["content-type"].startswith("text/html") or not address.startswith("/page"):
            continue
        for link in re.findall(r'<a\b[^>]* href="([^"]+)"', answer.text):
            target = urlsplit(urljoin(f"http://here.example{address}", unescape(link)))
            if target.netloc != "here.example":
                continue
            place = f"{target.path}?{target.query}" if target.query else target.path
            if target.path == address.partition("?")[0] and target.fragment:
                assert f'id="{target.fragment}"' in answer.text, link
            if not target.path.startswith(("/explain", "/dump", "/corrections")):
                waiting.append(place)
    reached = {unquote(one) for one in seen}
    assert any("leute#anna" in one for one in reached)
    assert len(seen) > 40


def test_many_fragments_come_in_pages(stores: Stores, tmp_path: Path) -> None:
    """None is left out; the data have all at once."""
    lines = "".join(f'<{HASH_BASE}wort#w{n:03}> <http://xmlns.com/foaf/0.1/name> "w{n:03}" .\n' for n in range(70))
    with stores.served(_built(tmp_path, lines)) as server, server.client() as client:
        seen, address = [], "/page/wort?lang=en"
        while address:
            page = client.get(address).text
            found = re.findall(r'<h2 id="(w\d+)"', page)
            assert len(found) <= 30
            seen += found
            further = re.findall(r'<a rel="next" href="([^"]+)"', page)
            address = unescape(further[0]) if further else ""
        assert seen == [f"w{n:03}" for n in range(70)]
        assert client.get("/data/wort.nt").text.count("foaf/0.1/name") == 70


def test_the_site_of_files_has_them(snapshot: Snapshot, tmp_path: Path) -> None:
    """A page and data of each document with fragments, and of what is only used; no link leads nowhere."""
    site = tmp_path / "site"
    export_site(snapshot, Catalogue(QueryFiles((QUERIES,))), SiteTarget(site, "https://host.example/"))
    for name, says in NAMES.items():
        if "?" in name:
            continue
        stem, _, fragment = name.partition("#")
        page = (site / "page" / f"{stem}.en.html").read_text(encoding="utf-8")
        assert says in page
        assert not fragment or f'id="{fragment}"' in page
        assert (site / "data" / f"{stem}.ttl").is_file()
    for file in site.rglob("*.html"):
        for link in re.findall(r'<a\b[^>]* href="([^"]+)"', file.read_text(encoding="utf-8")):
            target = urlsplit(unescape(link))
            if not target.scheme and target.path:
                # The page for names without a file stands at any address, so its links begin at the root.
                start = site if target.path.startswith("/") else file.parent
                assert (start / unquote(target.path).lstrip("/")).resolve().exists(), (file.name, link)
