"""A publisher's own graph with a base of its own, published by a real server as the shipped one is."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from tests.http.servers import Running
from tests.snapshot_servers import Stores

OWN_BASE = "https://data.example/"
OWN_ONTOLOGY = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix o: <https://data.example/ontology#> .
<https://data.example/ontology> a owl:Ontology ;
    owl:versionIRI <https://data.example/ontology/7> ; owl:versionInfo "7" .
o:Person a owl:Class ; rdfs:label "<b>Person</b>"@en ; skos:closeMatch schema:Person .
o:knows skos:closeMatch schema:knows .
o:homepage skos:closeMatch schema:url .
rdfs:label skos:closeMatch schema:name .
o:Child a owl:Class ; rdfs:subClassOf o:Person ; rdfs:label "Kind"@de , "child"@en .
"""
OWN_DATA = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix o: <https://data.example/ontology#> .
@prefix p: <https://data.example/person/> .
p:a a o:Child ; rdfs:label "<script>alert(1)</script>"@de , "\\"><img src=x onerror=alert(1)>"@en ;
    o:age "007"^^<http://www.w3.org/2001/XMLSchema#integer> ;
    o:knows p:b ; o:homepage <javascript:alert(1)> , <data:text/html,x> , <https://web.example/%22%3E> ;
    o:address [ rdfs:label "somewhere"@en ; o:lines ( "one" "two" ) ] .
p:b a o:Person ; rdfs:label "B" ; <https://data.example/ontology#1> "no name for XML" .
p:old rdfs:label "old" ; dcterms:isReplacedBy p:a .
p:selbst rdfs:label "self" ; dcterms:isReplacedBy p:selbst .
p:gone rdfs:label "gone" ; <http://www.w3.org/ns/prov#invalidatedAtTime> "2026-11-25T12:00:00Z" ;
    <http://www.w3.org/2004/02/skos/core#changeNote> "<b>It was wrong.</b>"@en , "Es war falsch."@de .
p:evil rdfs:label "evil" ; dcterms:isReplacedBy <javascript:alert(1)> .
p:file.ttl rdfs:label "ends like a format" .
<https://data.example/id/thing/x> rdfs:label "below id" .
<https://data.example/person/Jörg> rdfs:label "decoded"@de .
<https://data.example/person/J%C3%BCrgen> rdfs:label "encoded"@de .
"""


@pytest.fixture(scope="session")
def own_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """What another publisher with a base of its own publishes."""
    root = tmp_path_factory.mktemp("own")
    (root / "ontology.ttl").write_text(OWN_ONTOLOGY, encoding="utf-8")
    (root / "people.ttl").write_text(OWN_DATA, encoding="utf-8")
    # A statement of two graphs is one statement.
    (root / "again.ttl").write_text(OWN_DATA.partition("p:a a")[0] + "p:b a o:Person .", encoding="utf-8")
    settings = BuildSettings(
        ontology=(root / "ontology.ttl",),
        data=(root / "people.ttl", root / "again.ttl"),
        base=OWN_BASE,
        snapshots=root / "snapshots",
        validation=False,
    )
    return build(find_inputs(settings))


@pytest.fixture(scope="session")
def own_server(stores: Stores, own_snapshot: Snapshot) -> Iterator[Running]:
    with stores.served(own_snapshot) as running_server:
        yield running_server


@pytest.fixture
def own(own_server: Running) -> Iterator[httpx2.Client]:
    with own_server.client() as client:
        yield client
