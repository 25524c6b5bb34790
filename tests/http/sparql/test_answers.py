"""From store to wire: streaming, back-pressure, failures before and after the first byte, cache, single flight."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
import zstandard

from graph_service.errors import LimitExceeded, QueryError, QuerySyntaxError, QueryTimeout, StoreBusy, WorkerLost
from graph_service.http.protocol.cache import Cache, CachedAnswer, Recent, entity_tag, matches, volatile
from graph_service.http.protocol.limits import HTTPLimits
from graph_service.store import Query
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


def wait_for(condition: threading.Event | asyncio.Event, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition.is_set() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition.is_set()


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


def test_a_client_that_leaves_early_ends_its_query() -> None:
    store = ScriptedStore(lambda _: Pieces([b"x"] * 1000, pause=0.1))
    with running(make_app(store)) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(0.3)
            assert not store.answers[0].closed.is_set()
        assert wait_for(store.answers[0].closed)
        with server.client() as client:
            assert "graph_service_disconnects_total 1" in client.get("/metrics").text


def test_a_client_that_leaves_in_mid_stream_ends_its_query() -> None:
    store = ScriptedStore(lambda _: Pieces([b"x" * 65536] * 1000, pause=0.05))
    with running(make_app(store)) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n")
            connection.recv(1000)
        assert wait_for(store.answers[0].closed)


def test_a_client_that_leaves_while_the_store_is_busy() -> None:
    begun, cancelled = threading.Event(), threading.Event()

    class Slow(ScriptedStore):
        async def query(self, query: Query, *, client: str = "") -> Pieces:
            begun.set()
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                cancelled.set()
                raise
            raise AssertionError

    with running(make_app(Slow(lambda _: Pieces([])))) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n")
            assert wait_for(begun)
            time.sleep(0.2)
        assert wait_for(cancelled)


def test_head_of_a_large_answer_closes_it() -> None:
    store = ScriptedStore(lambda _: Pieces(LARGE))
    with running(make_app(store)) as server, server.client() as client:
        assert client.head("/sparql", params=QUERY).status_code == 200
        assert wait_until(store.answers[0].closed.is_set)
        assert store.answers[0].read < len(b"".join(LARGE))


def test_a_running_answer_may_end_when_the_service_stops() -> None:
    store = ScriptedStore(lambda _: Pieces([b"x" * 65536] * 20, pause=0.05))
    with ThreadPoolExecutor(1) as pool:
        with running(make_app(store)) as server:
            job = pool.submit(httpx2.get, f"{server.url}/sparql", params=QUERY, timeout=20)
            time.sleep(0.3)
            assert not store.closed
        assert len(job.result().content) == 20 * 65536
    assert store.closed


# Single flight


def test_identical_queries_run_once() -> None:
    store = ScriptedStore(lambda _: Pieces([b"once"], pause=1.5))
    with running(make_app(store)) as server, ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(httpx2.get, f"{server.url}/sparql", params=QUERY) for _ in range(8)]
        assert {job.result().content for job in jobs} == {b"once"}
    assert len(store.asked) == 1


def test_identical_queries_fail_once() -> None:
    store = ScriptedStore(lambda _: Pieces([QueryTimeout("late")], pause=1.5))
    with running(make_app(store)) as server, ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(httpx2.get, f"{server.url}/sparql", params=QUERY) for _ in range(8)]
        assert {job.result().status_code for job in jobs} == {504}
    assert len(store.asked) == 1


def test_who_waited_for_a_client_that_left_is_answered_all_the_same() -> None:
    store = ScriptedStore(lambda _: Pieces([b"answer"], pause=0.5))
    with running(make_app(store)) as server, ThreadPoolExecutor(1) as pool:
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(0.1)
            job = pool.submit(httpx2.get, f"{server.url}/sparql?query=ASK%7B%7D", headers={"accept-encoding": ""})
            time.sleep(0.1)
        assert job.result().content == b"answer"
    assert len(store.asked) == 2


def test_a_slow_reader_holds_nobody_up() -> None:
    store = ScriptedStore(lambda _: Pieces([b"x" * 65536] * 400))
    with (
        running(make_app(store)) as server,
        server.client() as client,
        socket.create_connection(("127.0.0.1", server.port)) as connection,
    ):
        connection.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.2)
        assert not store.answers[0].closed.is_set()
        answer = client.get("/sparql?query=ASK%7B%7D", headers={"accept": "*/*"})
        assert len(answer.content) == 400 * 65536


# The cache by itself


def entry(size: int) -> CachedAnswer:
    return CachedAnswer((), b"x" * size)


def test_the_cache_keeps_to_its_bytes() -> None:
    cache = Cache(capacity=10_000, largest=4000)
    for number in range(100):
        cache.put(str(number), entry(2000))
        assert cache.size <= 10_000
    assert len(cache) == 3
    assert cache.get("99") is not None
    assert cache.get("0") is None


def test_the_least_recently_used_leaves_first() -> None:
    cache = Cache(capacity=8000, largest=4000)
    for name in "abc":
        cache.put(name, entry(2000))
    assert cache.get("a") is not None
    cache.put("d", entry(2000))
    assert [cache.get(name) is not None for name in "abcd"] == [True, False, True, True]


def test_too_large_an_answer_is_not_kept() -> None:
    cache = Cache(capacity=10_000, largest=4000)
    cache.put("a", entry(4001))
    assert len(cache) == 0
    nothing = Cache(capacity=0, largest=4000)
    nothing.put("a", entry(1))
    assert len(nothing) == 0


def test_the_memory_of_requests_is_bounded() -> None:
    recent: Recent[int, int] = Recent(10)
    for number in range(1000):
        recent.put(number, number)
    assert recent.get(999) == 999
    assert recent.get(989) is None


def test_parts_of_a_tag_cannot_run_into_each_other() -> None:
    assert entity_tag("ab", "c") != entity_tag("a", "bc")
    assert entity_tag("a", "") != entity_tag("", "a")
    assert entity_tag("\ud800") != entity_tag("?")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ('"b",W/"a" ', True),
        ('"b"', False),
        ("a", False),
        ("", False),
        ("*", False),
    ],
)
def test_if_none_match(condition: str, expected: bool) -> None:
    assert matches(condition, '"a"') is expected


@pytest.mark.parametrize("call", ["now()", "RAND ( )", "N\\u004FW()"])
def test_volatile(call: str) -> None:
    assert volatile(f"SELECT ({call} AS ?t) {{}}")
    assert not volatile("SELECT * { ?nowhere ?brand ?uuids }")


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
