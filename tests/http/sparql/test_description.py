"""The service description: the W3C's three cases (RDF, endpoint triple, conforming to the schema), and what it says."""

from __future__ import annotations

import httpx2
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import RDF, XSD

from graph_service.http.sparql.description import DatasetFacts
from graph_service.rdf.formats import GRAPHS, Format
from tests.http.servers import Running, running
from tests.http.small import DATASET, make_app
from tests.http.stores import Pieces, ScriptedStore

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
ENT = rdflib.Namespace("http://www.w3.org/ns/entailment/")

# Domain and range as the vocabulary declares them (SPARQL 1.1 Service Description, section 3.4).
SCHEMA = {
    SD.endpoint: (SD.Service, None),
    SD.supportedLanguage: (SD.Service, None),
    SD.resultFormat: (SD.Service, None),
    SD.defaultEntailmentRegime: (SD.Service, None),
    SD.defaultSupportedEntailmentProfile: (SD.Service, None),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.Dataset, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
    SD.entailmentRegime: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
    VOID.triples: (SD.Graph, None),
}


def described(client: httpx2.Client, path: str = "/sparql") -> rdflib.Graph:
    answer = client.get(path, headers={"accept": "text/turtle"})
    assert answer.status_code == 200
    return rdflib.Graph().parse(data=answer.text, format="turtle")


@pytest.mark.parametrize("offer", GRAPHS, ids=lambda f: f.name)
@pytest.mark.parametrize("path", ["/sparql", "/graphs"])
def test_returns_rdf(client: httpx2.Client, offer: Format, path: str) -> None:
    answer = client.get(path, headers={"accept": offer.media_type})
    assert answer.headers["content-type"] == offer.content_type
    triples = list(ox.parse(answer.content, format=ox.RdfFormat.from_media_type(offer.media_type)))
    assert len(triples) == len(described(client))


def test_has_endpoint_triple(client: httpx2.Client, server: Running) -> None:
    assert list(described(client).objects(None, SD.endpoint)) == [rdflib.URIRef(f"{server.url}/sparql")]


def test_conforms_to_schema(client: httpx2.Client) -> None:
    graph = described(client)
    for subject, predicate, value in graph:
        if predicate == RDF.type:
            continue
        domain, range_ = SCHEMA[rdflib.URIRef(str(predicate))]
        assert (subject, RDF.type, domain) in graph, predicate
        assert range_ is None or (value, RDF.type, range_) in graph, predicate
    service = graph.value(None, RDF.type, SD.Service)
    assert set(graph.objects(service, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert len(list(graph.objects(service, SD.resultFormat))) == 8


def test_counts_and_regimes(client: httpx2.Client) -> None:
    graph = described(client)
    (default,) = graph.objects(None, SD.defaultGraph)
    assert graph.value(default, VOID.triples) == rdflib.Literal("4", datatype=XSD.integer)
    assert set(graph.objects(None, SD.defaultEntailmentRegime)) == {ENT["OWL-RDF-Based"]}
    assert set(graph.objects(None, SD.entailmentRegime)) == {ENT.Simple}
    counts = {}
    for named in graph.subjects(RDF.type, SD.NamedGraph):
        inner = graph.value(named, SD.graph)
        assert inner is not None
        counts[str(graph.value(named, SD.name))] = int(str(graph.value(inner, VOID.triples)))
    assert counts == dict(DATASET.graphs)


def test_without_a_reasoner_nothing_is_entailed() -> None:
    dataset = DatasetFacts("0" * 64, (), 0, reasoned=False)
    with running(make_app(ScriptedStore(lambda _: Pieces([])), dataset=dataset)) as server, server.client() as client:
        assert set(described(client).objects(None, SD.defaultEntailmentRegime)) == {ENT.Simple}


def test_validator(client: httpx2.Client) -> None:
    first = client.get("/sparql")
    assert first.headers["vary"] == "Accept"
    again = client.get("/sparql", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/sparql", headers={"accept": "application/ld+json"})
    assert other.headers["etag"] != first.headers["etag"]


def test_head_and_406(client: httpx2.Client) -> None:
    head = client.head("/sparql")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 100
    refused = client.get("/sparql", headers={"accept": "text/html"})
    assert refused.status_code == 406


def test_format_parameter(client: httpx2.Client) -> None:
    assert client.get("/sparql?format=nt").headers["content-type"] == "application/n-triples"
