"""From store to wire: streaming, coding, failures before and after the first byte."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import httpx2
import pytest
import zstandard

from graph_service.errors import LimitExceeded, QueryError, QuerySyntaxError, QueryTimeout, StoreBusy, WorkerLost
from graph_service.http.protocol.limits import HTTPLimits
from tests.http.processes import wait_until
from tests.http.servers import running
from tests.http.small import make_app
from tests.http.stores import Pieces, ScriptedStore

QUERY = {"query": "SELECT * { ?s ?p ?o }"}
LARGE = [b"x" * 65536] * 8


def decoded(raw: bytes, coding: str) -> bytes:
    if coding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(raw)
    return gzip.decompress(raw) if coding == "gzip" else raw


def test_a_large_answer_is_streamed_and_whole() -> None:
    store = ScriptedStore(lambda _: Pieces(LARGE))
    with running(make_app(store)) as server, server.client() as client:
        answer = client.get("/sparql", params=QUERY)
        assert answer.content == b"".join(LARGE)
        assert answer.headers["transfer-encoding"] == "chunked"
        assert "content-length" not in answer.headers
        again = client.get("/sparql", params=QUERY)
        assert again.content == answer.content
        assert again.headers["content-length"] == str(len(again.content))
        assert again.headers["etag"] == answer.headers["etag"]
    assert len(store.asked) == 1
    assert store.answers[0].closed.is_set()


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_large_answer_is_coded_as_it_streams(coding: str) -> None:
    store = ScriptedStore(lambda _: Pieces(LARGE))
    with running(make_app(store)) as server, server.client() as client:
        for _ in range(2):
            with client.stream("GET", "/sparql", params=QUERY, headers={"accept-encoding": coding}) as answer:
                raw = b"".join(answer.iter_raw())
            assert answer.headers["content-encoding"] == coding
            assert decoded(raw, coding) == b"".join(LARGE)


def test_what_a_worker_has_coded_is_sent_as_it_is() -> None:
    """And says so, however small it has become."""
    text = b"x" * 300_000

    def script(_: object) -> Pieces:
        pieces = Pieces([gzip.compress(text)])
        pieces.coding = "gzip"
        return pieces

    store = ScriptedStore(script)
    with running(make_app(store)) as server, server.client() as client:
        for _ in range(2):
            answer = client.get("/sparql", params=QUERY, headers={"accept-encoding": "gzip"})
            assert answer.headers["content-encoding"] == "gzip"
            assert int(answer.headers["content-length"]) < 1400
            assert answer.content == text
    assert [query.coding for query in store.asked] == ["gzip"]


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (QuerySyntaxError("no"), 400, "query-syntax"),
        (QueryTimeout("late"), 504, "query-timeout"),
        (LimitExceeded("much"), 422, "limit-exceeded"),
        (StoreBusy("full"), 503, "busy"),
        (WorkerLost("gone"), 503, "worker-lost"),
        (RuntimeError("/secret/path"), 500, "internal"),
    ],
)
@pytest.mark.parametrize("after", [[], [b'{"head": {}', b","]], ids=["at once", "within the head"])
def test_a_failure_before_the_first_byte_has_its_status(
    error: Exception, status: int, name: str, after: list[bytes]
) -> None:
    store = ScriptedStore(lambda _: Pieces([*after, error]))
    with running(make_app(store)) as server, server.client() as client:
        answer = client.get("/sparql", params=QUERY)
        assert answer.status_code == status
        assert answer.json()["type"].endswith(f"/problem/{name}")
        assert "secret" not in answer.text
        assert (answer.headers.get("retry-after") == "2") is isinstance(error, StoreBusy)
        assert answer.headers["cache-control"] == "no-store"
        client.get("/sparql", params=QUERY)
    assert len(store.asked) == 2, "an error must not be cached"


@pytest.mark.parametrize("error", [QueryTimeout("late"), WorkerLost("gone"), RuntimeError("bug")])
@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
def test_a_failure_in_mid_stream_breaks_the_connection(error: Exception, coding: str) -> None:
    store = ScriptedStore(lambda _: Pieces([*LARGE, error]))
    with running(make_app(store)) as server, server.client() as client:
        with client.stream("GET", "/sparql", params=QUERY, headers={"accept-encoding": coding}) as answer:
            assert answer.status_code == 200
            with pytest.raises(httpx2.RemoteProtocolError):
                list(answer.iter_raw())
        assert len(store.asked) == 1
        assert store.answers[0].closed.is_set()
        # What was cut off is not kept either.
        with pytest.raises(httpx2.RemoteProtocolError):
            client.get("/sparql", params=QUERY, headers={"accept-encoding": coding})


def test_head_of_a_large_answer_closes_it() -> None:
    store = ScriptedStore(lambda _: Pieces(LARGE))
    with running(make_app(store)) as server, server.client() as client:
        assert client.head("/sparql", params=QUERY).status_code == 200
        assert wait_until(store.answers[0].closed.is_set)
        assert store.answers[0].read < len(b"".join(LARGE))


def test_only_complete_answers_are_kept() -> None:
    scripts: Iterator[Pieces] = iter([Pieces([*LARGE, WorkerLost("gone")]), Pieces(LARGE)])
    store = ScriptedStore(lambda _: next(scripts))
    with running(make_app(store, limits=HTTPLimits())) as server, server.client() as client:
        with pytest.raises(httpx2.RemoteProtocolError):
            client.get("/sparql", params=QUERY)
        assert client.get("/sparql", params=QUERY).content == b"".join(LARGE)


def test_problems_are_valid_json_whatever_they_say() -> None:
    error = QueryError('a "quote", a <tag> & a line\nbreak, \ud800 and ' + "long " * 1000)
    store = ScriptedStore(lambda _: Pieces([error]))
    with running(make_app(store)) as server, server.client() as client:
        answer = client.get("/sparql", params=QUERY)
    told = json.loads(answer.content)
    assert told["status"] == 500
    assert "<" not in answer.text
