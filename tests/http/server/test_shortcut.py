"""The shortcut to the cache answers exactly what the long way does, and takes only what it understands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from unittest import mock

import pytest

from graph_service.http.protocol.answers import Answers, CachedRoute
from graph_service.http.protocol.cache import Cache, CachedAnswer
from graph_service.http.protocol.metrics import Metrics
from graph_service.http.server.logs import AccessLog
from graph_service.http.server.shortcut import Shortcut
from tests.http.servers import Running, running
from tests.http.small import make_app
from tests.http.stores import Pieces, ScriptedStore

ASK = "GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
def taken() -> Iterator[list[bool]]:
    """Whether the shortcut took each request that it was asked about."""
    asked: list[bool] = []
    original = Shortcut.answer

    def answer(self: Shortcut, *arguments: object) -> bytes | None:
        found = original(self, *arguments)  # type: ignore[arg-type]
        asked.append(found is not None)
        return found

    with mock.patch.object(Shortcut, "answer", answer):
        yield asked


@pytest.fixture
def cached() -> Iterator[Running]:
    with running(make_app(ScriptedStore(lambda _: Pieces([b"answer" * 500])))) as server:
        yield server


def parts(answer: bytes) -> tuple[str, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines)
    return first, {name: value for name, value in fields.items() if name not in ("date", "x-request-id")}, body


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
def test_both_ways_answer_alike(cached: Running, taken: list[bool], coding: str) -> None:
    request = f"{ASK}Accept-Encoding: {coding}\r\nConnection: close\r\n\r\n".encode()
    answers = [parts(cached.raw(request)) for _ in range(3)]
    assert taken == [False, True, True]
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize(
    "field",
    ["If-None-Match: *", "Range: bytes=0-1", "Expect: 100-continue", "X-Unknown: 1", "Accept: text/csv", "Host: y"],
)
def test_the_unusual_takes_the_long_way(cached: Running, taken: list[bool], field: str) -> None:
    plain = f"{ASK}Connection: close\r\n\r\n".encode()
    cached.raw(plain)
    cached.raw(f"{ASK}{field}\r\nConnection: close\r\n\r\n".encode())
    assert taken == [False, False]
    cached.raw(plain)
    assert taken[-1]


@pytest.mark.parametrize(
    "first", ["HEAD /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n", "GET /sparql?query=ASK%7B%7D HTTP/1.0\r\n"]
)
def test_other_methods_and_versions_take_the_long_way(cached: Running, taken: list[bool], first: str) -> None:
    for _ in range(2):
        cached.raw(f"{first}Connection: close\r\n\r\n".encode())
    assert not any(taken)


def test_connections_are_kept_and_pipelines_keep_their_order(cached: Running, taken: list[bool]) -> None:
    cached.raw(f"{ASK}Connection: close\r\n\r\n".encode())
    ids = [f"request-{number:04}" for number in range(20)]
    other = "GET /sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D HTTP/1.1\r\nHost: x\r\n"
    heads = [f"{other if n % 3 == 1 else ASK}X-Request-ID: {name}\r\n" for n, name in enumerate(ids)]
    answer = cached.raw(("\r\n".join(heads) + "Connection: close\r\n\r\n").encode()).decode()
    positions = [answer.index(name) for name in ids]
    assert positions == sorted(positions)
    assert answer.count("HTTP/1.1 200 OK") == 20
    assert any(taken)


def test_a_bad_host_is_refused_all_the_same(cached: Running) -> None:
    cached.raw(f"{ASK}Connection: close\r\n\r\n".encode())
    answer = cached.raw(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_it_is_counted_and_logged(taken: list[bool]) -> None:
    written: list[str] = []
    app = make_app(ScriptedStore(lambda _: Pieces([b"answer"])), access_log=AccessLog(written.append))
    with running(app) as server, server.client() as client:
        for _ in range(3):
            assert client.get("/sparql?query=ASK%7B%7D").status_code == 200
        text = client.get("/metrics").text
    assert taken.count(True) == 2
    assert 'graph_service_requests_total{route="/sparql",method="GET",status="200"} 3' in text
    assert "graph_service_cache_hits_total 2" in text
    lines = [json.loads(line) for line in "".join(written).splitlines()]
    assert [(line["route"], line["status"], line["bytes"]) for line in lines[:3]] == [("/sparql", 200, 6)] * 3


def test_logging_queries_takes_the_long_way(taken: list[bool]) -> None:
    app = make_app(ScriptedStore(lambda _: Pieces([b"x"])), access_log=AccessLog(lambda _: None, queries=True))
    with running(app) as server, server.client() as client:
        for _ in range(2):
            client.get("/sparql?query=ASK%7B%7D")
    assert not taken


def test_what_depends_on_more_than_the_data_set_is_asked_each_time() -> None:
    """`/changes` and `/editions` are cached as long as no edition comes or goes; `/sparql` in a browser is a page."""
    answers = Answers(ScriptedStore(lambda _: Pieces([])), Cache(1 << 20, 1 << 20), Metrics())
    answers.cache.put("tag", CachedAnswer((), b"page"))
    holds = [True]
    for url, asked in ((b"/changes", lambda: holds[0]), (b"/sparql", None)):
        route = CachedRoute(answers.store.digest, "tag", (), url.decode(), asked)
        answers.routes.put((url, b"text/html", b"", b"", b"x"), route)
    shortcut = Shortcut(lambda: answers, Metrics())
    fields = [(b"host", b"x"), (b"accept", b"text/html")]

    def taken() -> list[bool]:
        return [shortcut.answer(url, fields, "") is not None for url in (b"/changes", b"/sparql")]

    assert taken() == [True, True]
    holds[0] = False
    assert taken() == [False, True]
