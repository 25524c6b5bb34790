"""What search engines read in the head of a page: JSON-LD that says what the data say, and cannot do anything."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx2
import pyoxigraph as ox
import pytest

from graph_service.rdf.namespaces import PREFIXES, RDF, RDFS
from graph_service.settings import ServeSettings
from graph_service.snapshots.snapshot import Snapshot
from tests.http.linked_data.conftest import OWN_BASE
from tests.snapshot_servers import Stores

SCHEMA = "https://schema.org/"
CLOSE = (ox.NamedNode(f"{RDFS}seeAlso"), ox.NamedNode(f"{PREFIXES['skos']}closeMatch"))
TYPE = ox.NamedNode(f"{RDF}type")
BLOCK = re.compile(r'<script type="application/ld\+json">([^<]*)</script>')
TYPES = {
    "/page/actor/paritaet-sachsen": "Organization",
    "/page/proposition/humanitarian-admission": "Claim",
    "/page/position/spd-2025-track-switch": "Statement",
    "/page/document/paritaet-sachsen-migration-2019": "DigitalDocument",
    "/page/issue/asylum": "DefinedTerm",
}


def told(page: str) -> dict[str, Any]:
    """The data in the head of a page; empty if there are none."""
    found = BLOCK.findall(page.partition("</head>")[0])
    assert page.count('<script type="application/ld+json"') == len(found) <= 1
    return dict(json.loads(found[0])) if found else {}


def triples(node: dict[str, Any]) -> set[ox.Triple]:
    """What it says. The context of schema.org is not fetched: all terms here are in its vocabulary."""
    assert node["@context"] == SCHEMA
    quads = ox.parse(json.dumps({**node, "@context": {"@vocab": SCHEMA}}), format=ox.RdfFormat.JSON_LD)
    return {quad.triple for quad in quads}


@pytest.fixture(scope="module")
def closeness(shipped_snapshot: Snapshot) -> dict[str, str]:
    """Terms of schema.org by the term that the ontology calls close."""
    lines = (shipped_snapshot.path / "quads.nq").read_bytes()
    quads = [quad for quad in ox.parse(lines, format=ox.RdfFormat.N_QUADS) if quad.predicate in CLOSE]
    return {q.subject.value: q.object.value for q in quads if q.object.value.startswith(SCHEMA)}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", TYPES)
def test_pages_say_what_the_data_say(
    client: httpx2.Client, closeness: dict[str, str], path: str, language: str
) -> None:
    page = client.get(path, params={"lang": language}).text
    node = told(page)
    assert node["@type"] == TYPES[path]
    said = triples(node)
    thing = ox.NamedNode(node["@id"])
    data = client.get(f"{path.replace('/page/', '/data/')}.nt").text
    meant: set[tuple[str, str]] = set()
    for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES):
        if quad.subject != thing:
            continue
        if quad.predicate == TYPE and quad.object.value in closeness:
            meant.add((TYPE.value, closeness[quad.object.value]))
        name = closeness.get(quad.predicate.value, quad.predicate.value)
        if name.startswith(SCHEMA) and getattr(quad.object, "language", None) in (None, language):
            meant.add((name, quad.object.value))
    assert {(t.predicate.value, getattr(t.object, "value", "")) for t in said if t.subject == thing} == meant
    assert len(meant) > 3
    # Beside that there are names only, which the page shows, too, or a list that it leads to.
    others = {triple for triple in said if triple.subject != thing}
    assert {triple.predicate.value for triple in others} <= {f"{SCHEMA}name"}
    iris = {term.value for triple in said for term in triple if isinstance(term, ox.NamedNode)}
    assert all(re.match(r"https?://[^/]+/", iri) for iri in iris)
    text = node.get("name") or node["text"]
    assert text in re.sub(r"\s+", " ", page.partition("</head>")[2])


def test_what_has_no_type_there_says_nothing(client: httpx2.Client) -> None:
    for path in ("/page/relation/membership-awo-bagfw", "/page/roll-call/bundestag-5369", "/actors", "/imprint"):
        assert told(client.get(path, params={"lang": "de"}).text) == {}


def test_the_start_page_describes_the_data_set(client: httpx2.Client) -> None:
    node = told(client.get("/?lang=en").text)
    digest = client.get("/health").json()["digest"]
    assert node["@type"] == "Dataset"
    assert node["includedInDataCatalog"]["@type"] == "DataCatalog"
    assert node["version"] == digest
    assert node["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "publisher" not in node
    download = client.get(node["distribution"]["contentUrl"])
    assert download.headers["x-dataset-digest"] == node["distribution"]["sha256"] == digest
    catalogue = client.get("/catalogue?format=turtle").text
    assert node["@id"].removeprefix("https://w3id.org/migration-policy/") in catalogue
    triples(node)


def test_licence_and_publisher_are_said_only_where_they_are_set(
    own: httpx2.Client, own_snapshot: Snapshot, stores: Stores
) -> None:
    assert not {"license", "publisher"} & set(told(own.get("/").text))
    settings = ServeSettings(licence="https://data.example/terms", publisher="</script>&", root_path="/graph")
    with stores.served(own_snapshot, settings) as server, server.client() as client:
        node = told(client.get("/graph/").text)
    assert (node["license"], node["publisher"]) == ("https://data.example/terms", {"name": "</script>&"})
    assert node["distribution"]["contentUrl"] == f"{server.url}/graph/dump/graph.nq"


def test_hostile_labels_stay_texts(own: httpx2.Client) -> None:
    page = own.get("/page/person/a?lang=de")
    node = told(page.text)
    assert node["@id"] == f"{OWN_BASE}person/a"
    assert node["@type"] == "Person"
    assert node["name"] == "<script>alert(1)</script>"
    assert node["url"] == {"@id": "https://web.example/%22%3E"}, "what is no link on the page is none here"
    assert node["knows"] == {"@id": f"{OWN_BASE}person/b", "name": "B"}
    block = BLOCK.findall(page.text)[0]
    assert not set("<>&'") & set(block)
    english = told(own.get("/page/person/a?lang=en").text)
    assert english["name"] == '"><img src=x onerror=alert(1)>'
    # Who has no label in the language of the page is called by another one, and it says so.
    assert told(own.get("/page/person/b?lang=en").text)["name"] == "B"
