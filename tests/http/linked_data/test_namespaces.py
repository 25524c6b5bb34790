"""More than one namespace, and what is described without lying in any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import httpx2
import pyoxigraph as ox
import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.errors import SettingsError
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from tests.snapshot_servers import Stores

OLD = "http://old.example/people/"
VOCABULARY = "https://words.example/v#"
DATA = f"""
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix v: <{VOCABULARY}> .
<https://data.example/person/a> rdfs:label "A" ; v:knows <{OLD}1> , <{OLD}J%C3%B6rg> .
<{OLD}1> rdfs:label "one"@en ; v:knows <https://data.example/person/a> , <urn:x:1> .
<{OLD}J%C3%B6rg> rdfs:label "J" .
<{OLD}J%C3%B6rg?x=1> rdfs:label "two" .
v:knows rdfs:label "knows"@en .
<urn:x:1> rdfs:label "<b>urn</b>" .
<https://other.example/x> rdfs:label "foreign" .
<https://data.example/me#i> rdfs:label "I" .
<javascript:alert(1)> rdfs:label "evil" .
"""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    root = tmp_path_factory.mktemp("spaces")
    (root / "data.ttl").write_text(DATA, encoding="utf-8")
    settings = BuildSettings(
        ontology=(root / "data.ttl",),
        data=(root / "data.ttl",),
        base="https://data.example/",
        namespace=(OLD, VOCABULARY),
        snapshots=root / "snapshots",
        validation=False,
        reasoner="none",
    )
    return build(find_inputs(settings))


@pytest.fixture(scope="module")
def client(stores: Stores, snapshot: Snapshot) -> Iterator[httpx2.Client]:
    with stores.served(snapshot) as server, server.client() as client:
        yield client


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/ns/old.example/people/1", "/page/ns/old.example/people/1"),
        ("/ns/old.example/people/1.ttl", "/data/ns/old.example/people/1.ttl"),
        ("/ns/old.example/people/J%C3%B6rg", "/page/ns/old.example/people/J%C3%B6rg"),
        ("/person/a", "/page/person/a"),
    ],
)
def test_names_of_each_namespace_resolve(client: httpx2.Client, path: str, target: str) -> None:
    answer = client.get(path, headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, target)
    assert client.get(target).status_code == 200


def test_links_stay_on_the_service(client: httpx2.Client) -> None:
    page = client.get("/page/person/a?lang=en").text
    assert 'href="/page/ns/old.example/people/1?lang=en"' in page
    assert 'href="/page?iri=https://words.example/v%23knows&amp;lang=en"' in page
    back = client.get("/page/ns/old.example/people/1").text
    assert 'href="/person/a"' in back


@pytest.mark.parametrize(
    "iri",
    [f"{VOCABULARY}knows", "urn:x:1", "https://other.example/x", "https://data.example/me#i", f"{OLD}J%C3%B6rg?x=1"],
)
def test_every_described_iri_has_a_page_and_data(client: httpx2.Client, iri: str) -> None:
    page = client.get("/page", params={"iri": iri, "lang": "en"})
    assert page.status_code == 200
    assert "<b>" not in page.text
    assert f'<{iri}>; rel="describes"' in page.headers["link"]
    data = client.get("/data", params={"iri": iri, "format": "ntriples"})
    assert {quad.subject.value for quad in ox.parse(data.content, format=ox.RdfFormat.N_TRIPLES)} == {iri}
    place = re.findall(r'<([^>]+)>; rel="alternate"; type="text/turtle"', page.headers["link"])
    assert client.get(place[0]).status_code == 200


def test_what_is_not_described_is_not_found(client: httpx2.Client) -> None:
    for path in ("/page?iri=urn:x:2", "/page?iri=%3E%22", "/data?iri=https://old.example/people/1", "/ns/x/1"):
        assert client.get(path).status_code == 404, path
    assert client.get("/page").status_code == 422


def test_a_hostile_name_is_a_text(client: httpx2.Client) -> None:
    page = client.get("/page", params={"iri": "javascript:alert(1)"})
    assert page.status_code == 200
    assert 'href="javascript' not in page.text


def test_the_sitemap_leads_to_all(client: httpx2.Client, snapshot: Snapshot) -> None:
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    places = [element.text or "" for element in tree.iter() if (element.text or "").startswith("http")]
    assert len(places) == len({quad.subject for quad in snapshot.quads()})
    for place in places:
        assert client.get(place).status_code == 200, place


def test_void_names_each_namespace(client: httpx2.Client) -> None:
    quads = list(ox.parse(client.get("/.well-known/void").content, format=ox.RdfFormat.TURTLE))
    spaces = {getattr(quad.object, "value", "") for quad in quads if quad.predicate.value.endswith("uriSpace")}
    assert spaces == {"https://data.example/", OLD, VOCABULARY}


@pytest.mark.parametrize("wrong", [("ftp://x.example/",), ("https://x.example",), (OLD, OLD.replace("http", "https"))])
def test_a_namespace_that_cannot_be_published(wrong: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError):
        find_inputs(BuildSettings(namespace=wrong))


def test_namespaces_change_the_name_of_the_snapshot_and_not_the_digest(snapshot: Snapshot) -> None:
    assert snapshot.manifest.namespaces == (OLD, VOCABULARY)
    plain = BuildSettings()
    more = BuildSettings(namespace=(OLD,))
    assert find_inputs(plain).fingerprint != find_inputs(more).fingerprint
