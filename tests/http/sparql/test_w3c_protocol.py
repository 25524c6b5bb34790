"""The W3C's own cases of SPARQL 1.1 Protocol, run from their manifest against a real server.

Updates are refused here by design: cases that expect one to succeed expect 403 of us instead, and nothing after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF

from graph_service.http.sparql.description import DatasetFacts
from graph_service.rdf.formats import GRAPHS, RESULTS
from graph_service.snapshots.snapshot import open_snapshot
from tests.http.processes import write_snapshot
from tests.http.servers import Running, running
from tests.http.small import make_app
from tests.snapshot_servers import Stores
from tests.w3c_suites import SUITES, suites

pytestmark = pytest.mark.w3c("protocol")

SUITE = SUITES / "sparql11" / "protocol"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
DATA = "http://kasei.us/2009/09/sparql/data/"


@dataclass(frozen=True)
class Exchange:
    method: str
    path: str
    fields: tuple[tuple[str, str], ...]
    body: bytes | None
    statuses: tuple[str, ...]
    boolean: bool | None
    format: str


def cases() -> Iterator[Any]:
    if not SUITE.is_dir():
        return
    graph = rdflib.Graph().parse(SUITE / "manifest.ttl")
    for case in graph.subjects(RDF.type, MF.ProtocolTest):
        name = str(case).rpartition("#")[2]
        action: Any = graph.value(case, MF.action)
        first: Any = graph.value(action, HT.requests)
        requests = Collection(graph, first)
        yield pytest.param(name, [read(graph, request) for request in requests], id=name)


def read(graph: rdflib.Graph, node: Any) -> Exchange:
    headers = graph.value(node, HT.headers)
    body = graph.value(node, HT.body)
    response = graph.value(node, HT.resp)
    fields: Any = Collection(graph, headers) if headers is not None else []
    boolean = graph.value(response, MF.expectedBoolean)
    return Exchange(
        method=str(graph.value(node, HT.methodName)),
        path=str(graph.value(node, HT.absolutePath)),
        fields=tuple((str(graph.value(f, HT.fieldName)), str(graph.value(f, HT.fieldValue))) for f in fields),
        body=encoded(graph, body) if body is not None else None,
        statuses=tuple(str(status)[-3] for status in graph.objects(response, MF.expectedStatus)),
        boolean=None if boolean is None else bool(boolean.toPython()),
        format=str(graph.value(response, MF.expectedFormat) or ""),
    )


def encoded(graph: rdflib.Graph, body: Any) -> bytes:
    return str(graph.value(body, CNT.chars)).encode(str(graph.value(body, CNT.characterEncoding)))


@pytest.fixture(scope="module")
def endpoint(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    lines = [
        f"{quad.triple} <{DATA}data{number}.rdf> ."
        for number in (1, 2, 3)
        for quad in ox.parse(path=SUITE / f"data{number}.nt")
    ]
    snapshot = open_snapshot(write_snapshot(tmp_path_factory.mktemp("protocol"), lines))
    with running(make_app(stores.open(snapshot), dataset=DatasetFacts.of(snapshot.manifest))) as service:
        yield service


@pytest.mark.parametrize(("name", "exchanges"), list(cases()))
def test_case(name: str, exchanges: list[Exchange], endpoint: Running) -> None:
    with endpoint.client() as client:
        for exchange in exchanges:
            response = client.request(
                exchange.method,
                exchange.path.replace("/sparql/", "/sparql", 1),
                content=exchange.body,
                headers=dict(exchange.fields),
            )
            if name.startswith("update_"):
                assert response.status_code == 403, response.text
                return
            assert str(response.status_code)[0] in exchange.statuses, response.text
            check(exchange, response)


def check(exchange: Exchange, response: httpx2.Response) -> None:
    media_type = response.headers["content-type"].partition(";")[0]
    if exchange.boolean is not None:
        assert response.json()["boolean"] is exchange.boolean
    if exchange.format == "boolean":
        assert media_type in {f.media_type for f in RESULTS[:2]}
    elif exchange.format == "tabular":
        assert media_type in {f.media_type for f in RESULTS}
    elif exchange.format == "RDF":
        assert media_type in {f.media_type for f in GRAPHS}
    else:
        assert media_type == "application/problem+json"


def test_the_suite_is_read_whole() -> None:
    assert len(list(cases())) == suites()["protocol"].cases
