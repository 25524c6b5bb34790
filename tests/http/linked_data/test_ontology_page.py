"""The page of the ontology: hierarchy, alignments, how the data use each term, and what changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import httpx2
import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from tests.snapshot_servers import Stores

TERMS = "https://data.example/ontology#"
ONTOLOGY = f"""
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix o: <{TERMS}> .
<https://data.example/ontology> a owl:Ontology ; owl:versionInfo "0.10.0" ; skos:changeNote
    [ owl:versionInfo "0.9.0" ; rdf:value "Begonnen."@de , "Begun."@en ] ,
    [ owl:versionInfo "0.10.0" ; rdf:value "Kinder kamen dazu."@de , "Children were added."@en ] .
o:Person a owl:Class ; rdfs:label "Person"@de , "person"@en ; owl:equivalentClass foaf:Person ;
    skos:relatedMatch <urn:people> ; skos:changeNote "Now <i>living</i> people only."@en .
o:Child a owl:Class ; rdfs:subClassOf o:Person , foaf:Agent , [ a owl:Restriction ; owl:onProperty o:knows ;
    owl:allValuesFrom o:Person ] ; rdfs:label "Kind"@de , "child"@en .
o:knows a owl:ObjectProperty ; rdfs:label "kennt"@de , "knows"@en ; skos:closeMatch foaf:knows .
o:unused a owl:ObjectProperty ; rdfs:label "ungenutzt"@de , "unused"@en .
"""
DATA = f"""
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix o: <{TERMS}> .
<https://data.example/a> a o:Child ; rdfs:label "Anna" ; o:knows <https://data.example/b> .
<https://data.example/b> a o:Person ; rdfs:label "Bela" ; o:knows <https://data.example/a> , [ a o:Person ] .
"""


@pytest.fixture(scope="module")
def own(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    root = tmp_path_factory.mktemp("terms")
    (root / "ontology.ttl").write_text(ONTOLOGY, encoding="utf-8")
    (root / "data.ttl").write_text(DATA, encoding="utf-8")
    settings = BuildSettings(
        ontology=(root / "ontology.ttl",),
        data=(root / "data.ttl",),
        base="https://data.example/",
        snapshots=root / "snapshots",
        validation=False,
    )
    with stores.served(build(find_inputs(settings))) as server, server.client() as client:
        yield client


def section(page: str, name: str) -> str:
    """The text of a part of the page, without tags."""
    found = re.search(rf'<section id="{name}">(.*?)</section>', page, re.DOTALL)
    assert found is not None, name
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_terms_say_what_they_are_like_elsewhere(own: httpx2.Client) -> None:
    page = own.get("/ontology.html?lang=en").text
    assert "In other vocabularies: same as foaf:Person ; related to urn:people" in section(page, "Person")
    assert "Broader: person In other vocabularies: narrower than foaf:Agent In the graph" in section(page, "Child")
    assert "close to foaf:knows" in section(page, "knows")
    assert 'href="http://xmlns.com/foaf/0.1/knows"' in page
    assert 'href="urn:' not in page
    assert "ähnlich wie foaf:knows" in section(own.get("/ontology.html?lang=de").text, "knows")


def test_terms_say_how_the_data_use_them(own: httpx2.Client) -> None:
    page = own.get("/ontology.html?lang=en").text
    # A child is a person, and one person has no name; that one is counted and not shown.
    assert "In the graph: 3 , for example Bela" in section(page, "Person")
    assert "In the graph: 1 , for example Anna" in section(page, "Child")
    assert "In the graph: 3 , for example Bela" in section(page, "knows")
    assert "In the graph" not in section(page, "unused")
    assert "Im Graphen: 1 , zum Beispiel Anna" in section(own.get("/ontology.html?lang=de").text, "Child")


def test_changes_stand_under_their_versions_the_newest_first(own: httpx2.Client) -> None:
    page = own.get("/ontology.html?lang=en").text
    assert section(page, "change-log") == ("Changes Version 0.10.0 Children were added. Version 0.9.0 Begun.")
    assert "Kinder kamen dazu." in section(own.get("/ontology.html?lang=de").text, "change-log")
    assert "Changes: Now &lt;i&gt;living&lt;/i&gt; people only." in section(page, "Person")


def test_every_count_is_what_its_query_answers(
    client: httpx2.Client, stores: Stores, shipped_snapshot: Snapshot
) -> None:
    page = client.get("/ontology.html?lang=en").text
    counted = re.findall(r'In the graph: <a href="([^"]+)">(\d+)</a>, for example <a href="([^"]+)"', page)
    assert len(counted) > 100
    for address, count, example in counted:
        query = httpx2.URL(unescape(address)).params["query"].removesuffix(" LIMIT 100")
        counting = re.sub(r"SELECT .*? WHERE", "SELECT (COUNT(*) AS ?n) WHERE", query)
        assert f'"value":"{count}"' in stores.embedded(shipped_snapshot).query(counting).decode(), query
        assert client.get(example).status_code == 200


def test_the_shipped_ontology_tells_alignments_and_what_came_with_its_version(client: httpx2.Client) -> None:
    page = client.get("/ontology.html?lang=de").text
    assert "spezieller als Organisation (ORG)" in section(page, "Organisation")
    version = re.search(r'<a href="#change-log">Fassung ([^<]+)</a>', page)
    assert version is not None
    assert section(page, "change-log").startswith(f"Änderungen Fassung {version[1]} ")
