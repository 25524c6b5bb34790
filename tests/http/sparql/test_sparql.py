"""The SPARQL endpoint: every way in, and the data set that a request names."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode
from xml.etree import ElementTree

import httpx2
import pytest

from graph_service.rdf.formats import RESULTS
from graph_service.store import Query
from tests.http.servers import running
from tests.http.small import make_app
from tests.http.stores import Pieces, ScriptedStore

SELECT = "SELECT DISTINCT ?s ?o WHERE { ?s <http://example.org/knows> ?o } ORDER BY ?s"
ASK = "ASK { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
DESCRIBE = "DESCRIBE <http://example.org/a>"


def get(client: httpx2.Client, query: str, **fields: str) -> httpx2.Response:
    return client.get("/sparql", params={"query": query}, headers={k.replace("_", "-"): v for k, v in fields.items()})


# Ways in


def test_get_form_and_direct_post_answer_alike(client: httpx2.Client) -> None:
    direct = {"content-type": "application/sparql-query; charset=UTF-8"}
    ways: list[Callable[[str], httpx2.Response]] = [
        lambda text: get(client, text),
        lambda text: client.post("/sparql", data={"query": text}),
        lambda text: client.post("/sparql", content=text.encode(), headers=direct),
    ]
    # The second as a file is sent that an editor saved with a byte order mark.
    answers = [way(text) for text in (SELECT, f"\ufeff{SELECT}") for way in ways]
    assert [a.status_code for a in answers] == [200] * 6
    assert len({a.content for a in answers}) == 1
    assert len(answers[0].json()["results"]["bindings"]) == 2


def test_head_has_the_fields_of_get_and_no_body(client: httpx2.Client) -> None:
    full, head = get(client, SELECT), client.head("/sparql", params={"query": SELECT})
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(full.content))
    assert head.headers["etag"] == full.headers["etag"]


def test_every_answer_names_its_data_set(client: httpx2.Client) -> None:
    digest = client.get("/health").json()["digest"]
    answer = get(client, SELECT)
    again = client.get("/sparql", params={"query": SELECT}, headers={"if-none-match": answer.headers["etag"]})
    posted = client.post("/sparql", data={"query": SELECT})
    assert (answer.status_code, again.status_code, posted.status_code) == (200, 304, 200)
    assert {one.headers["x-dataset-digest"] for one in (answer, again, posted)} == {digest}


def test_options_names_methods(client: httpx2.Client) -> None:
    answer = client.options("/sparql")
    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert "application/sparql-query" in answer.headers["accept-post"]


@pytest.mark.parametrize("path", ["/sparql", "/graphs", "/health"])
def test_preflight(client: httpx2.Client, path: str) -> None:
    asked = {"origin": "https://example.net", "access-control-request-method": "POST"}
    answer = client.options(path, headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]


def test_any_origin_reads(client: httpx2.Client) -> None:
    answer = get(client, ASK, origin="https://example.net")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "ETag" in answer.headers["access-control-expose-headers"]


# Data sets


def test_protocol_graphs_replace_those_of_the_query(client: httpx2.Client) -> None:
    text = "ASK FROM <http://example.org/two> { <http://example.org/b> ?p ?o }"
    assert get(client, text).json()["boolean"] is True
    parameters = {"query": text, "default-graph-uri": "http://example.org/one"}
    assert client.get("/sparql", params=parameters).json()["boolean"] is False


def test_several_graphs_are_merged(client: httpx2.Client) -> None:
    graphs = [("default-graph-uri", f"http://example.org/{name}") for name in ("one", "two")]
    answer = client.get("/sparql", params=[("query", SELECT), *graphs]).json()
    assert len(answer["results"]["bindings"]) == 2


def test_a_graph_that_is_not_there_is_empty(client: httpx2.Client) -> None:
    parameters = {"query": ASK, "default-graph-uri": "http://example.org/nowhere"}
    assert client.get("/sparql", params=parameters).json()["boolean"] is False


def test_named_graphs_alone_leave_the_default_graph_empty(client: httpx2.Client) -> None:
    parameters = {"query": ASK, "named-graph-uri": "http://example.org/one"}
    assert client.get("/sparql", params=parameters).json()["boolean"] is False
    parameters["query"] = "ASK { GRAPH ?g { ?s ?p ?o } }"
    assert client.get("/sparql", params=parameters).json()["boolean"] is True


@pytest.mark.parametrize(("inferred", "expected"), [("true", True), ("false", False), ("1", True), ("0", False)])
def test_inferred(client: httpx2.Client, inferred: str, expected: bool) -> None:
    parameters = {"query": "ASK { ?s <http://example.org/reaches> ?o }", "inferred": inferred}
    assert client.get("/sparql", params=parameters).json()["boolean"] is expected


def test_a_form_takes_parameters_from_url_and_body(client: httpx2.Client) -> None:
    answer = client.post(
        "/sparql?" + urlencode({"default-graph-uri": "http://example.org/nowhere"}), data={"query": ASK}
    )
    assert answer.json()["boolean"] is False


def test_a_query_in_url_and_body_is_ambiguous(client: httpx2.Client) -> None:
    fields = {"content-type": "application/sparql-query"}
    assert client.post("/sparql", params={"query": ASK}, content=ASK, headers=fields).status_code == 400


def test_the_store_is_asked_exactly_what_was_sent() -> None:
    store = ScriptedStore(lambda _: Pieces([b"x"]))
    with running(make_app(store)) as server, server.client() as client:
        graphs = [
            ("default-graph-uri", "http://a/"),
            ("default-graph-uri", "http://b/"),
            ("named-graph-uri", "http://c/"),
        ]
        client.get("/sparql", params=[("query", SELECT), ("inferred", "false"), ("format", "tsv"), *graphs])
    expected = Query(SELECT, store.asked[0].form, RESULTS[3], False, ("http://a/", "http://b/"), ("http://c/",))
    assert store.asked == [expected]


@pytest.mark.parametrize(
    ("graph", "reason"),
    [
        ('<http://e/a> <https://data.example/p/1> "a"', "https://data.example/p/1"),
        ('<http://e/a> <http://e/p> "a\\u000Bb"', "U+000B"),
        ('<http://e/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> "a"', "rdf-syntax-ns#li"),
    ],
)
def test_what_rdf_xml_cannot_hold_is_406(client: httpx2.Client, graph: str, reason: str) -> None:
    query = f"CONSTRUCT {{ ?s ?p ?o . {graph} }} WHERE {{ ?s ?p ?o }}"
    answer = client.get("/sparql", params={"query": query}, headers={"accept": "application/rdf+xml"})
    assert answer.status_code == 406
    assert answer.json()["type"].endswith("/problem/not-writable")
    assert reason in answer.json()["detail"]
    assert client.get("/sparql", params={"query": query, "format": "turtle"}).status_code == 200


def test_a_table_in_xml_is_well_formed_whatever_the_query_makes(client: httpx2.Client) -> None:
    query = r'SELECT ?x { VALUES ?x { "a\u000Bb\u0000\uFFFE" "c\rd" } }'
    answer = client.get("/sparql", params={"query": query}, headers={"accept": "application/sparql-results+xml"})
    found = ElementTree.fromstring(answer.content).iter("{http://www.w3.org/2005/sparql-results#}literal")
    assert [literal.text for literal in found] == ["a\ufffdb\ufffd\ufffd", "c\rd"]
    whole = client.get("/sparql", params={"query": query, "format": "json"}).json()
    assert [row["x"]["value"] for row in whole["results"]["bindings"]] == ["a\x0bb\0\ufffe", "c\rd"]
