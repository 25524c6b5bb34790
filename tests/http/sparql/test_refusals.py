"""What `/sparql` refuses, with the status that says why."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import httpx2
import pytest

from graph_service.settings import ServeSettings
from tests.http.servers import Running, running
from tests.http.small import make_app
from tests.http.stores import Pieces, ScriptedStore

SELECT = "SELECT DISTINCT ?s ?o WHERE { ?s <http://example.org/knows> ?o } ORDER BY ?s"
ASK = "ASK { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
DESCRIBE = "DESCRIBE <http://example.org/a>"


def get(client: httpx2.Client, query: str, **fields: str) -> httpx2.Response:
    return client.get("/sparql", params={"query": query}, headers={k.replace("_", "-"): v for k, v in fields.items()})


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_405_names_what_is_allowed(client: httpx2.Client, method: str) -> None:
    answer = client.request(method, "/sparql", params={"query": ASK})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"


@pytest.mark.parametrize(
    ("content_type", "extra"),
    [
        ("text/plain", {}),
        ("", {}),
        ("multipart/form-data; boundary=x", {}),
        ("application/sparql-query; charset=iso-8859-1", {}),
        ("application/x-www-form-urlencoded; charset=utf-16", {}),
        ("application/sparql-query", {"content-encoding": "gzip"}),
    ],
)
def test_415(client: httpx2.Client, content_type: str, extra: dict[str, str]) -> None:
    fields = {**extra, **({"content-type": content_type} if content_type else {})}
    answer = client.post("/sparql", content=ASK, headers=fields)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "parameters",
    [
        [("query", ASK), ("query", ASK)],
        [("query", "SELECT nonsense")],
        [("query", "")],
        [("query", ASK), ("inferred", "perhaps")],
        [("query", ASK), ("default-graph-uri", "no iri")],
        [("query", ASK), ("named-graph-uri", "relative")],
        [("x", "1")] * 1001,
    ],
)
def test_400(client: httpx2.Client, parameters: list[tuple[str, str]]) -> None:
    assert client.get("/sparql?" + urlencode(parameters)).status_code == 400


def test_400_has_line_and_column(client: httpx2.Client) -> None:
    answer = get(client, "SELECT * WHERE {")
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["type"].endswith("/problem/query-syntax")
    assert (told["status"], told["line"], told["column"]) == (400, 1, 17)
    assert told["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_syntax_error_shows_its_line_and_declares_a_known_prefix(client: httpx2.Client, method: str) -> None:
    def told(query: str) -> dict[str, object]:
        found: dict[str, object] = client.request(
            method,
            "/sparql",
            **{"params" if method == "GET" else "data": {"query": query}},  # type: ignore[arg-type]
        ).json()
        return found

    ungrouped = told("SELECT ?a\r\n  ?p (COUNT(?b) AS ?n)\r\n{ ?a ?p ?b } GROUP BY ?a")
    assert (ungrouped["line"], ungrouped["column"]) == (2, 3)
    assert ungrouped["line_text"] == "  ?p (COUNT(?b) AS ?n)"
    assert str(ungrouped["detail"]).startswith("?p is selected")
    # Twice, since what was met once is remembered.
    for _ in range(2):
        known = told("SELECT * { ?x skos:prefLabel ?l }")
        assert known["declaration"] == "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
        assert known["hint"] == f"Declare it in front of the query: {known['declaration']}"
    assert "declaration" not in told("SELECT * { ?x nobodys:name ?l }")
    assert len(str(told(f"SELECT * {{ ?x nobodys:{'n' * 900} ?l }}")["line_text"])) == 200


@pytest.mark.parametrize("raw", ["query=%FF", "query=ASK%20%7B%7D&x=%ff", "query=\xff"])
def test_what_is_not_utf8_is_400(server: Running, raw: str) -> None:
    answer = server.raw(f"GET /sparql?{raw} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode("latin-1"))
    assert answer.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_updates_are_refused(client: httpx2.Client, method: str) -> None:
    update = "CLEAR ALL"
    answers = [
        client.get("/sparql", params={"update": update}),
        client.post("/sparql", data={"update": update}),
        client.post("/sparql", content=update, headers={"content-type": "application/sparql-update"}),
        client.post("/sparql", params={"update": update}, data={"query": ASK}),
        client.request(method, "/sparql", **({"params" if method == "GET" else "data": {"query": update}})),  # type: ignore[arg-type]
    ]
    assert {answer.status_code for answer in answers} == {403}


@pytest.mark.parametrize(
    ("update", "status", "column"),
    [
        ("INSERT DATA { <urn:a> <urn:b> 1 }", 403, None),
        ("PREFIX a: <http://a/>\nDELETE WHERE { ?s a:b ?o } ; DROP ALL", 403, None),
        ("INSERT DATA { <urn:a> a:b 1 } ; PREFIX c: <urn:c> CLEAR ALL", 403, None),
        ("LOAD <http://127.0.0.1:9/>", 403, None),
        ("INSERT DATA { <urn:a> <urn:b> }", 400, 31),
        ("INSERT DATA {", 400, None),
        ("INSERT DATA { ?s <urn:b> 1 }", 400, None),
        ("PREFIX a: <http://a/> DELETE WHERE { ?s a:b }", 400, 45),
        ("DELETE NOTHING", 400, 8),
        ("ASK {}", 400, None),
        ("hello", 400, 1),
        ("DELETE WHERE " + "{" * 2000, 400, None),
    ],
)
def test_an_update_is_refused_and_no_sparql_is_400(
    client: httpx2.Client, update: str, status: int, column: int | None
) -> None:
    as_update = {"content-type": "application/sparql-update"}
    for answer in (
        client.post("/sparql", content=update, headers=as_update),
        client.post("/sparql", data={"update": update}),
    ):
        assert answer.status_code == status, answer.text
        if column:
            assert answer.json()["column"] == column
    assert client.get("/health").status_code == 200


@pytest.mark.parametrize(
    "text", ["SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", "LOAD <http://example.org/>"]
)
def test_what_would_leave_the_house_is_refused(client: httpx2.Client, text: str) -> None:
    answer = get(client, text)
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/problem/query-refused")


def test_413_for_a_long_body() -> None:
    settings = ServeSettings(query_kb=1)
    store = ScriptedStore(lambda _: Pieces([b"{}"]))
    with running(make_app(store, settings=settings)) as server, server.client() as client:
        long = f"ASK {{ # {'x' * 2000}\n}}"
        direct = {"content-type": "application/sparql-query"}
        answers = [
            client.post("/sparql", content=long, headers=direct),
            client.post("/sparql", content=iter([long.encode()]), headers=direct),
            client.post("/sparql", data={"query": long}),
            client.get("/sparql", params={"query": long}),
        ]
        assert [a.status_code for a in answers] == [413] * 4
        assert answers[0].json()["limit"] == 1024
        assert client.post("/sparql", data={"query": ASK}).status_code == 200
        assert not [query for query in store.asked if "xxx" in query.text]


def test_414_for_a_long_url(server: Running) -> None:
    target = f"/sparql?query={quote(ASK)}&x={'x' * 70_000}"
    answer = server.raw(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 414 ")
    assert b"POST" in answer


def test_names_come_back_escaped(client: httpx2.Client) -> None:
    answer = client.get("/sparql", params={"query": "<script>alert(1)</script>"})
    assert answer.status_code == 400
    assert b"<script>" not in answer.content
    assert json.loads(answer.content)
    page = client.get("/sparql", params={"query": "<script>alert(1)</script>"}, headers={"accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert b"<script>" not in page.content


def test_413_for_what_is_long_beside_the_query(client: httpx2.Client) -> None:
    form = client.post("/sparql", data={"query": "ASK {}", "default-graph-uri": "http://example.org/" + "x" * 70_000})
    certificate = client.post("/sparql", data={"query": "ASK {} # " + "x" * 70_000, "certificate": ""})
    assert [answer.status_code for answer in (form, certificate)] == [413, 413]
    assert client.post("/sparql", data={"query": "ASK {} # " + "x" * 70_000}).headers["cache-control"] == "no-store"
