"""The SPARQL endpoint: every way in, every format out, every refusal."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import httpx2
import pyoxigraph as ox
import pytest
import zstandard

from graph_service.http.protocol.limits import HTTPLimits
from graph_service.rdf.formats import BOOLEANS, GRAPHS, RESULTS, Format
from graph_service.settings import ServeSettings
from graph_service.store import Query
from tests.http.servers import Running, running
from tests.http.small import make_app
from tests.http.stores import Pieces, ScriptedStore

SELECT = "SELECT DISTINCT ?s ?o WHERE { ?s <http://example.org/knows> ?o } ORDER BY ?s"
ASK = "ASK { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
DESCRIBE = "DESCRIBE <http://example.org/a>"
ROWS = " ".join(f'"row number {n}"' for n in range(500))
BIG = f"SELECT ?x WHERE {{ VALUES ?x {{ {ROWS} }} }}"


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


# Formats


@pytest.mark.parametrize("offer", RESULTS, ids=lambda f: f.name)
@pytest.mark.parametrize("way", ["accept", "format"])
def test_every_result_format(client: httpx2.Client, offer: Format, way: str) -> None:
    if way == "accept":
        answer = get(client, SELECT, accept=offer.media_type)
    else:
        answer = client.get("/sparql", params={"query": SELECT, "format": offer.name}, headers={"accept": "text/html"})
    assert answer.headers["content-type"] == offer.content_type
    if offer.name == "csv":
        assert len(list(csv.reader(io.StringIO(answer.text)))) == 3
    if offer.name in ("json", "xml", "tsv"):
        kind = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML, "tsv": ox.QueryResultsFormat.TSV}
        results = ox.parse_query_results(answer.content, format=kind[offer.name])
        assert isinstance(results, ox.QuerySolutions)
        assert len(list(results)) == 2


@pytest.mark.parametrize("offer", BOOLEANS, ids=lambda f: f.name)
def test_every_boolean_format(client: httpx2.Client, offer: Format) -> None:
    answer = get(client, ASK, accept=offer.media_type)
    assert answer.headers["content-type"] == offer.content_type
    assert b"true" in answer.content


@pytest.mark.parametrize("offer", GRAPHS, ids=lambda f: f.name)
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE])
def test_every_graph_format(client: httpx2.Client, offer: Format, query: str) -> None:
    answer = get(client, query, accept=offer.media_type)
    assert answer.headers["content-type"] == offer.content_type
    kind = ox.RdfFormat.from_media_type(offer.media_type)
    assert list(ox.parse(answer.content, format=kind))


def test_format_beats_accept(client: httpx2.Client) -> None:
    answer = client.get("/sparql", params={"query": SELECT, "format": "csv"}, headers={"accept": "text/turtle"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "accept", "offered"),
    [(SELECT, "image/png", RESULTS), (ASK, "text/csv", BOOLEANS), (CONSTRUCT, "text/csv", GRAPHS)],
)
def test_406_lists_what_is_offered(client: httpx2.Client, query: str, accept: str, offered: tuple[Format, ...]) -> None:
    answer = get(client, query, accept=accept)
    assert answer.status_code == 406
    assert answer.json()["offered"] == [f.media_type for f in offered]


def test_vary_and_caching(client: httpx2.Client) -> None:
    answer = get(client, SELECT)
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    assert answer.headers["cache-control"] == "public, no-cache"


# Codings


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_large_answers_are_coded(server: Running, coding: str) -> None:
    with server.client() as client:
        plain = get(client, BIG, accept_encoding="identity")
        with client.stream("GET", "/sparql", params={"query": BIG}, headers={"accept-encoding": coding}) as coded:
            raw = b"".join(coded.iter_raw())
    assert coded.headers["content-encoding"] == coding
    assert coded.headers["content-length"] == str(len(raw))
    body = gzip.decompress(raw) if coding == "gzip" else zstandard.ZstdDecompressor().decompressobj().decompress(raw)
    assert body == plain.content
    assert len(raw) < len(body) / 5


def test_small_answers_are_not(client: httpx2.Client) -> None:
    assert "content-encoding" not in get(client, ASK, accept_encoding="gzip").headers


def test_no_coding_at_all_is_406(client: httpx2.Client) -> None:
    assert get(client, ASK, accept_encoding="identity;q=0, br").status_code == 406


# Validators


def test_304_before_the_query_runs() -> None:
    store = ScriptedStore(lambda _: Pieces([b"{}"]))
    with running(make_app(store, limits=HTTPLimits(cache_bytes=0))) as server, server.client() as client:
        tag = get(client, SELECT).headers["etag"]
        assert len(store.asked) == 1
        for condition in (tag, f"W/{tag}", f'"other", {tag}'):
            answer = get(client, SELECT, if_none_match=condition)
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["etag"] == tag
            assert answer.headers["vary"] == "Accept, Accept-Encoding"
        assert len(store.asked) == 1
        assert get(client, SELECT, if_none_match="*").status_code == 304
        assert get(client, SELECT, if_none_match='"other"').status_code == 200


def test_the_tag_tells_apart_what_differs(client: httpx2.Client) -> None:
    answers = [
        get(client, SELECT),
        get(client, SELECT + " "),
        get(client, SELECT, accept="text/csv"),
        get(client, SELECT, accept_encoding="gzip"),
        get(client, SELECT, accept_encoding="zstd"),
        client.get("/sparql", params={"query": SELECT, "inferred": "false"}),
        client.get("/sparql", params={"query": SELECT, "default-graph-uri": "http://example.org/one"}),
        client.get("/sparql", params={"query": SELECT, "named-graph-uri": "http://example.org/one"}),
    ]
    tags = [answer.headers["etag"] for answer in answers]
    assert len(set(tags)) == len(tags)
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)
    assert get(client, SELECT).headers["etag"] == tags[0]


def test_a_post_has_no_tag_and_no_304(client: httpx2.Client) -> None:
    tag = get(client, SELECT).headers["etag"]
    answer = client.post("/sparql", data={"query": SELECT}, headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert "etag" not in answer.headers


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "now ()"])
def test_clock_and_chance_are_never_kept(client: httpx2.Client, function: str) -> None:
    answer = get(client, f"SELECT ({function} AS ?x) {{}}")
    assert answer.status_code == 200
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert get(client, f"SELECT ({function} AS ?x) {{}}").content != answer.content or "now" in function.lower()


# Refusals


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
