"""Graph Store Protocol, the reading half: our own cases, and the reading steps of the W3C's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF

from graph_service.http.sparql.description import DatasetFacts
from graph_service.rdf.formats import GRAPHS, Format
from graph_service.snapshots.snapshot import open_snapshot
from tests.http.processes import write_snapshot
from tests.http.servers import Running, running
from tests.http.small import make_app
from tests.snapshot_servers import Stores
from tests.w3c_suites import SUITES, suites

ONE = "http://example.org/one"
SUITE = SUITES / "sparql11" / "graph-store-protocol"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")


def triples(answer: httpx2.Response, offer: Format = GRAPHS[0]) -> set[str]:
    kind = ox.RdfFormat.from_media_type(offer.media_type)
    return {str(quad.triple) for quad in ox.parse(answer.content, format=kind)}


@pytest.mark.parametrize("offer", GRAPHS, ids=lambda f: f.name)
def test_a_named_graph_in_every_format(client: httpx2.Client, offer: Format) -> None:
    answer = client.get("/graphs", params={"graph": ONE}, headers={"accept": offer.media_type})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == offer.content_type
    assert len(triples(answer, offer)) == 2
    assert client.get("/graphs", params={"graph": ONE, "format": offer.name}).content == answer.content


def test_the_default_graph(client: httpx2.Client) -> None:
    assert len(triples(client.get("/graphs?default"))) == 4
    assert len(triples(client.get("/graphs?default=&inferred=false"))) == 3


def test_head(client: httpx2.Client) -> None:
    full, head = client.get("/graphs", params={"graph": ONE}), client.head("/graphs", params={"graph": ONE})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(full.content))
    assert client.head("/graphs?graph=http%3A%2F%2Fexample.org%2Fnowhere").status_code == 404


def test_validators(client: httpx2.Client) -> None:
    tag = client.get("/graphs", params={"graph": ONE}).headers["etag"]
    assert client.get("/graphs", params={"graph": ONE}, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ("graph=http%3A%2F%2Fexample.org%2Fnowhere", 404),
        ("graph=relative", 400),
        ("graph=", 400),
        (f"graph={quote(ONE)}&default", 400),
        (f"graph={quote(ONE)}&graph={quote(ONE)}", 400),
        ("default&default", 200),
        ("default&inferred=x", 400),
        ("default&format=csv", 406),
    ],
)
def test_refusals(client: httpx2.Client, parameters: str, status: int) -> None:
    assert client.get(f"/graphs?{parameters}").status_code == status


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_writing_is_not_offered(client: httpx2.Client, method: str) -> None:
    answer = client.request(method, "/graphs", params={"graph": ONE}, content="")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_options(client: httpx2.Client) -> None:
    assert client.options("/graphs").headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_graph_that_rdf_xml_cannot_hold_is_406(stores: Stores, tmp_path: Path) -> None:
    lines = [f'<http://e/p> <{prop}> "a" <http://e/{n}> .' for n, prop in enumerate(("http://e/p/1", "http://e/name"))]
    snapshot = open_snapshot(write_snapshot(tmp_path, lines))
    with running(make_app(stores.open(snapshot), dataset=DatasetFacts.of(snapshot.manifest))) as server:
        statuses = [
            httpx2.get(f"{server.url}/graphs", params={**graph, "format": "rdfxml"}).status_code
            for graph in ({"default": ""}, {"graph": "http://e/0"}, {"graph": "http://e/1"})
        ]
    assert statuses == [406, 406, 200]


# Each PUT or POST of the suite must be refused; each GET and HEAD meets a server that holds what they would have put.


def reading_steps() -> Iterator[Any]:
    if not SUITE.is_dir():
        return
    graph = rdflib.Graph().parse(SUITE / "manifest-indirect.ttl")
    for case in graph.subjects(RDF.type, MF.GraphStoreProtocolTest):
        action: Any = graph.value(case, MF.action)
        first: Any = graph.value(action, HT.requests)
        for number, request in enumerate(Collection(graph, first)):
            method, path = str(graph.value(request, HT.methodName)), str(graph.value(request, HT.absolutePath))
            if "$" in path:
                continue  # the graph's name would come from a POST, which is refused
            response: Any = graph.value(request, HT.resp)
            statuses = tuple(str(s).rpartition("#")[2] for s in graph.objects(response, MF.expectedStatus))
            yield pytest.param(method, path, number, statuses, id=f"{str(case).rpartition('#')[2]}-{number}-{method}")


@pytest.fixture(scope="module")
def person_server(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    names = ["http://www.example/gsp/person/1.ttl", "http://www.example/gsp/person/%31.ttl"]
    lines = [
        f"<http://x/{n}> <{RDF.type}> <http://xmlns.com/foaf/0.1/Person> <{name}> ." for n, name in enumerate(names)
    ]
    snapshot = open_snapshot(write_snapshot(tmp_path_factory.mktemp("persons"), lines))
    with running(make_app(stores.open(snapshot), dataset=DatasetFacts.of(snapshot.manifest))) as server:
        yield server


@pytest.mark.w3c("graph-store")
def test_the_suite_is_read_whole() -> None:
    assert len(list(reading_steps())) == suites()["graph-store"].cases


@pytest.mark.w3c("graph-store")
@pytest.mark.parametrize(("method", "path", "number", "statuses"), list(reading_steps()))
def test_w3c(person_server: Running, method: str, path: str, number: int, statuses: tuple[str, ...]) -> None:
    with person_server.client() as client:
        answer = client.request(method, path.replace("/gsp", "/graphs", 1), headers={"accept": "text/turtle"})
    if method not in ("GET", "HEAD"):
        assert answer.status_code == 405
    elif "NotFound" in statuses:
        assert answer.status_code == 404
    else:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
