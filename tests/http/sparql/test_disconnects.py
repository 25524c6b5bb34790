"""Clients that leave, read slowly or ask the same at once, and a service that stops while it answers."""

from __future__ import annotations

import asyncio
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from graph_service.errors import QueryTimeout
from graph_service.store import Query
from tests.http.processes import wait_until
from tests.http.servers import Running, running
from tests.http.small import make_app
from tests.http.stores import Pieces, ScriptedStore

QUERY = {"query": "SELECT * { ?s ?p ?o }"}
ASK = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n"
PIECE = b"x" * 65536


def never() -> bool:
    return False


def requests(server: Running) -> int:
    """How many requests are being answered."""
    return len(server.server.server_state.tasks)


def test_a_client_that_leaves_early_ends_its_query() -> None:
    store = ScriptedStore(lambda _: Pieces([b"x"], gate=never))
    with running(make_app(store)) as server, server.client() as client:
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            connection.sendall(ASK)
            assert wait_until(lambda: store.answers)
            assert not store.answers[0].closed.is_set()
        assert wait_until(store.answers[0].closed.is_set)
        assert wait_until(lambda: "graph_service_disconnects_total 1" in client.get("/metrics").text)


def test_a_client_that_leaves_in_mid_stream_ends_its_query() -> None:
    store = ScriptedStore(lambda _: Pieces([PIECE] * 100, gate=never, free=99))
    with running(make_app(store)) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            connection.sendall(ASK)
            assert connection.recv(1000)
            assert not store.answers[0].closed.is_set()
        assert wait_until(store.answers[0].closed.is_set)


def test_a_client_that_leaves_while_the_store_is_busy() -> None:
    begun, cancelled = threading.Event(), threading.Event()

    class Slow(ScriptedStore):
        async def query(self, query: Query, *, client: str = "") -> Pieces:
            begun.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.set()
                raise
            raise AssertionError

    with running(make_app(Slow(lambda _: Pieces([])))) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            connection.sendall(ASK)
            assert wait_until(begun.is_set)
        assert wait_until(cancelled.is_set)


def test_a_running_answer_may_end_when_the_service_stops() -> None:
    stopping = threading.Event()
    store = ScriptedStore(lambda _: Pieces([PIECE] * 20, gate=stopping.is_set, free=1))
    with ThreadPoolExecutor(1) as pool:
        with running(make_app(store)) as server:
            job = pool.submit(httpx2.get, f"{server.url}/sparql", params=QUERY, timeout=60)
            assert wait_until(lambda: store.answers and store.answers[0].read)
            server.server.should_exit = True
            assert wait_until(lambda: not _accepts(server.port)), "the service takes no more connections"
            assert not store.closed
            stopping.set()
        assert len(job.result().content) == 20 * len(PIECE)
    assert store.closed


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("outcome", [b"once", QueryTimeout("late")], ids=["answered", "failed"])
def test_identical_queries_run_once(outcome: bytes | Exception) -> None:
    all_here = threading.Event()
    store = ScriptedStore(lambda _: Pieces([outcome], gate=all_here.is_set))
    with running(make_app(store)) as server, ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(httpx2.get, f"{server.url}/sparql", params=QUERY, timeout=60) for _ in range(8)]
        assert wait_until(lambda: requests(server) == 8)
        all_here.set()
        answers = [job.result() for job in jobs]
    failed = isinstance(outcome, Exception)
    assert {answer.status_code for answer in answers} == {504 if failed else 200}
    assert failed or {answer.content for answer in answers} == {b"once"}
    assert len(store.asked) == 1


def test_who_waited_for_a_client_that_left_is_answered_all_the_same() -> None:
    left = threading.Event()
    store = ScriptedStore(lambda _: Pieces([b"answer"], gate=left.is_set))
    with running(make_app(store)) as server, ThreadPoolExecutor(1) as pool:
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            connection.sendall(ASK)
            assert wait_until(lambda: store.answers)
            fields = {"accept-encoding": ""}
            job = pool.submit(httpx2.get, f"{server.url}/sparql?query=ASK%7B%7D", headers=fields, timeout=60)
            assert wait_until(lambda: requests(server) == 2)
        assert wait_until(store.answers[0].closed.is_set)
        left.set()
        assert job.result().content == b"answer"
    assert len(store.asked) == 2


def test_a_slow_reader_holds_nobody_up() -> None:
    store = ScriptedStore(lambda _: Pieces([PIECE] * 400))
    with (
        running(make_app(store)) as server,
        server.client() as client,
        socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection,
    ):
        connection.sendall(ASK)
        assert wait_until(lambda: store.answers and store.answers[0].read)
        assert not store.answers[0].closed.is_set()
        answer = client.get("/sparql?query=ASK%7B%7D", headers={"accept": "*/*"})
        assert len(answer.content) == 400 * len(PIECE)
