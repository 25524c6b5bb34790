"""Another publisher's base, names outside of `id/`, and data that mean harm."""

from __future__ import annotations

import re

import httpx2
import pyoxigraph as ox
import pytest

from graph_service.errors import SettingsError
from graph_service.serving.route_settings import licence_of
from graph_service.settings import ServeSettings
from graph_service.snapshots.snapshot import Snapshot
from tests.http.linked_data.conftest import OWN_BASE
from tests.snapshot_servers import Stores


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/person/a", "/page/person/a"),
        ("/person/b.ttl", "/data/person/b.ttl"),
        ("/id/thing/x", "/page/thing/x"),
        ("/person/file.ttl", "/page/person/file.ttl"),
        ("/person/file.ttl.nt", "/data/person/file.ttl.nt"),
        ("/person/J%C3%B6rg", "/page/person/J%C3%B6rg"),
        ("/person/J%C3%BCrgen", "/page/person/J%C3%BCrgen"),
        ("/ontology", "/ontology.html"),
        ("/ontology/7", "/ontology.html"),
    ],
)
def test_names_below_the_base(own: httpx2.Client, path: str, target: str) -> None:
    answer = own.get(path, headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, target)
    assert own.get(target).status_code == 200


def test_replaced_resources_lead_on(own: httpx2.Client) -> None:
    answer = own.get("/person/old")
    assert (answer.status_code, answer.headers["location"]) == (301, "/person/a")
    assert own.get("/person/old.ttl").headers["location"] == "/person/a.ttl"
    assert own.get("/page/person/old").status_code == 200
    # Neither a circle nor an address that is none.
    assert own.get("/person/selbst").status_code == 303
    assert own.get("/person/evil").status_code == 303


def test_the_ontology_has_a_tree(own: httpx2.Client) -> None:
    page = own.get("/ontology.html?lang=en").text
    _, _, content = page.partition("<main")
    tree = content[content.index("<details>") : content.index("</details>")]
    # The child stands within the list of its parent.
    assert re.search(r'href="#Person".*<ul>\s*<li><a href="#Child".*</ul>\s*</li>', tree, re.DOTALL)


def test_what_was_withdrawn_says_so(own: httpx2.Client) -> None:
    assert own.get("/person/gone").status_code == 303
    page = own.get("/page/person/gone?lang=en")
    assert page.status_code == 200
    assert 'Withdrawn on <time datetime="2026-11-25">' in page.text
    assert "&lt;b&gt;It was wrong.&lt;/b&gt;" in page.text.partition("<table")[0]
    assert "Es war falsch." in own.get("/page/person/gone?lang=de").text.partition("<table")[0]
    assert "invalidatedAtTime" in own.get("/data/person/gone.ttl").text


def test_nodes_without_a_name_come_along(own: httpx2.Client) -> None:
    text = own.get("/data/person/a.nt").text
    assert '"somewhere"@en' in text
    assert '"one"' in text
    assert '"two"' in text
    node = re.search(rf"<{OWN_BASE}(\.well-known/genid/[^>]+)>", text)
    assert node is not None
    assert own.get(f"/{node[1]}").status_code == 303


def test_a_property_without_a_name_for_xml(own: httpx2.Client) -> None:
    assert own.get("/data/person/b.rdf").status_code == 406
    assert own.get("/data/person/b.jsonld").status_code == 200


def test_hostile_data_do_nothing(own: httpx2.Client) -> None:
    for path in ("/page/person/a", "/page/person/a?lang=en", "/ontology.html?lang=en"):
        answer = own.get(path)
        # Data for search engines is no script that a browser runs; the one of suggestions is ours.
        ours = r'<script (type="application/ld\+json"|src="/static/suggest.js" type="module")>[^<]*</script>'
        assert re.sub(ours, "", answer.text).count("<script") == 0
        assert "<img" not in answer.text
        assert "<b>" not in answer.text
        links = re.findall(r'(?:href|src)="([^"]*)"', answer.text)
        assert links
        assert all(link.startswith(("/", "#", "?", "https://", "http://")) for link in links)
        assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "&lt;script&gt;" in own.get("/page/person/a?lang=de").text
    for suffix in ("ttl", "rdf", "jsonld"):
        assert "sandbox" in own.get(f"/data/person/a.{suffix}").headers["content-security-policy"]


def test_header_fields_stay_one_line(own: httpx2.Client) -> None:
    for path in ("/person/%0d%0aset-cookie:x", "/page/%22%3E%0d%0a", "/data/a%0d%0ab.ttl"):
        answer = own.get(path)
        assert answer.status_code == 404
        assert "set-cookie" not in answer.headers


def test_below_a_root_path(stores: Stores, own_snapshot: Snapshot) -> None:
    with stores.served(own_snapshot, ServeSettings(root_path="/graph")) as server, server.client() as client:
        answer = client.get("/graph/person/a", headers={"accept": "text/html"})
        assert answer.headers["location"] == "/graph/page/person/a"
        page = client.get("/graph/page/person/a")
        assert page.status_code == 200
        assert 'href="/graph/person/b"' in page.text
        assert page.headers["content-location"].startswith("/graph/page/person/a")
        data = client.get("/graph/data/person/a.ttl")
        assert f"{server.url}/graph/page/person/a" in data.headers["link"]
        void = client.get("/graph/.well-known/void").text
        assert f"{server.url}/graph/dump/graph.nq" in void
        assert list(ox.parse(void, format=ox.RdfFormat.TURTLE))


def test_no_licence_is_claimed_that_the_publisher_does_not_give(
    stores: Stores, own_snapshot: Snapshot, own: httpx2.Client, client: httpx2.Client
) -> None:
    paths = ("/data/person/a.ttl", "/dump/graph.nq")
    shipped = "https://creativecommons.org/licenses/by/4.0/"
    given = "https://data.example/terms"
    with stores.served(own_snapshot, ServeSettings(licence=given)) as server, server.client() as licensed:
        for path in paths:
            answers = own.get(path), licensed.get(path)
            assert [answer.status_code for answer in answers] == [200, 200]
            assert 'rel="license"' not in answers[0].headers.get("link", "")
            assert f'<{given}>; rel="license"' in answers[1].headers["link"]
        for path in ("/.well-known/void", "/", "/page/person/a"):
            assert shipped.removeprefix("https:") not in own.get(path).text
            assert given in licensed.get(path).text
    assert f'<{shipped}>; rel="license"' in client.get("/dump/graph.nq").headers["link"]


def test_a_licence_that_is_no_iri_is_refused() -> None:
    with pytest.raises(SettingsError, match="no IRI"):
        licence_of(ServeSettings(licence="CC BY"), "https://data.example/")
