"""Every format that `/sparql` answers in, compressed and not, and the validators of answers."""

from __future__ import annotations

import csv
import gzip
import io

import httpx2
import pyoxigraph as ox
import pytest
import zstandard

from graph_service.http.protocol.limits import HTTPLimits
from graph_service.rdf.formats import BOOLEANS, GRAPHS, RESULTS, Format
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
