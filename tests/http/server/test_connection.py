"""Connections: what clients do to headers, bodies and time, over raw sockets."""

from __future__ import annotations

import socket
import time

import pytest

from graph_service.http.protocol.limits import HTTPLimits
from graph_service.rdf.formats import Form
from tests.http.processes import wait_until
from tests.http.servers import Running, running
from tests.http.small import make_app
from tests.http.stores import Pieces, ScriptedStore

ASK = "GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"
POST = "POST /sparql HTTP/1.1\r\nHost: x\r\n"
BEGUN = POST + "Content-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nASK"


# Seconds that a busy machine may take for what takes half a second.
PATIENCE = 60


def ended_while_sending(server: Running, first: bytes, drip: bytes) -> bool:
    """Whether the server ends a connection on which a byte comes every tenth of a second, 100 of them at most."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        connection.sendall(first)
        connection.settimeout(0.1)
        for _ in range(100):
            try:
                if not connection.recv(4096):
                    return True
            except TimeoutError:
                connection.send(drip)
            except ConnectionError:
                return True
    return False


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("no host", "GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        ("two hosts", ASK + "Host: y\r\nConnection: close\r\n\r\n", 400),
        ("host with markup", "GET /sparql HTTP/1.1\r\nHost: a\"><script>\r\nConnection: close\r\n\r\n", 400),
        ("host with path", "GET /sparql HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n", 400),
        ("length and chunks", POST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("two lengths", POST + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        ("negative length", POST + "Content-Length: -1\r\n\r\n", 400),
        ("space before colon", ASK + "Accept : text/csv\r\n\r\n", 400),
        ("folded field", ASK + "Accept: text/csv,\r\n application/json\r\nConnection: close\r\n\r\n", 400),
        ("null in a field", ASK + "X: a\0b\r\n\r\n", 400),
        ("binary rubbish", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        ("no such version", "GET / HTTP/9.9\r\n\r\n", 400),
        ("connect", "CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400),
        ("absolute form", "GET http://e/sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200),
        ("unknown method", "BREW /sparql HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("trace", "TRACE /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
        ("old version", "GET /sparql?query=ASK%7B%7D HTTP/1.0\r\n\r\n", 200),
        ("upgrade", ASK + "Connection: upgrade, close\r\nUpgrade: websocket\r\n\r\n", 200),
    ],
)  # fmt: skip
def test_header_tricks(server: Running, name: str, head: str, expected: int) -> None:
    answer = server.raw(head.encode("latin-1"))
    assert status(answer) == expected, (name, answer)


def test_too_many_fields(server: Running) -> None:
    fields = "".join(f"X-{n}: y\r\n" for n in range(150))
    assert status(server.raw(f"{ASK}{fields}\r\n".encode())) == 431


def test_one_endless_field(server: Running) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(ASK.encode() + b"X: ")
        try:
            for _ in range(2000):
                connection.sendall(b"y" * 4096)
        except OSError:
            pass
        else:
            pytest.fail("8 MB of one field were taken")


def test_a_line_break_cannot_be_smuggled_out(server: Running) -> None:
    answer = server.raw((ASK + "X-Request-ID: abcdefgh%0d%0aX-Evil: 1\r\nConnection: close\r\n\r\n").encode())
    assert b"\r\nx-evil" not in answer.lower()


@pytest.mark.parametrize(
    ("offered", "taken"), [("abc-DEF_0123.4", True), ("short", False), ("x" * 65, False), ("a b c d e f", False)]
)
def test_request_ids(server: Running, offered: str, taken: bool) -> None:
    answer = server.raw(f"{ASK}X-Request-ID: {offered}\r\nConnection: close\r\n\r\n".encode()).decode()
    found = next(line for line in answer.split("\r\n") if line.startswith("x-request-id:"))
    assert (found == f"x-request-id: {offered}") is taken


def test_pipelined_requests_are_answered_in_order(server: Running) -> None:
    first = ASK + "X-Request-ID: request-one\r\n\r\n"
    second = ASK + "X-Request-ID: request-two\r\nConnection: close\r\n\r\n"
    answer = server.raw((first + second).encode())
    assert answer.index(b"request-one") < answer.index(b"request-two")
    assert answer.count(b"HTTP/1.1 200 OK") == 2


# Slow clients


@pytest.mark.parametrize("drip", [b"", b"G", b"GET /sparql HTTP/1.1\r\nHo", b"\r\n"])
def test_a_head_that_never_ends(quick_limits: HTTPLimits, drip: bytes) -> None:
    """Also one that sends a byte now and then: the clock runs from the first, and no byte sets it back."""
    store = ScriptedStore(lambda _: Pieces([b"{}"]))
    with running(make_app(store), quick_limits) as server:
        assert ended_while_sending(server, drip, drip if drip == b"\r\n" else drip[:1])


def test_a_body_that_never_comes(quick_limits: HTTPLimits) -> None:
    store = ScriptedStore(lambda _: Pieces([b"{}"]))
    with running(make_app(store, limits=quick_limits), quick_limits) as server:
        assert status(server.raw(BEGUN.encode(), wait=PATIENCE)) == 408
        assert not store.asked


def test_a_body_that_breaks_off(server: Running) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(BEGUN.encode())
    assert status(server.raw((ASK + "Connection: close\r\n\r\n").encode())) == 200


def test_an_idle_connection_is_closed(quick_limits: HTTPLimits) -> None:
    store = ScriptedStore(lambda _: Pieces([b"{}"]))
    with running(make_app(store), quick_limits) as server:
        started = time.monotonic()
        assert status(server.raw((ASK + "\r\n").encode(), wait=PATIENCE)) == 200
        assert time.monotonic() - started > quick_limits.idle_seconds / 2, "not at once"


def test_a_body_nobody_reads_cannot_hold_the_connection(quick_limits: HTTPLimits) -> None:
    store = ScriptedStore(lambda _: Pieces([b"{}"]))
    with running(make_app(store), quick_limits) as server:
        assert ended_while_sending(server, (ASK + "Content-Length: 1000\r\n\r\n").encode(), b"x")


def test_a_client_that_does_not_read_is_cut_off(quick_limits: HTTPLimits) -> None:
    """And costs no more memory than the buffers in between: the answer waits with it."""
    store = ScriptedStore(lambda _: Pieces(b"x" * 65536 for _ in range(3000)))
    with running(make_app(store, limits=quick_limits), quick_limits) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
            connection.sendall((ASK + "\r\n").encode())
            assert wait_until(lambda: store.answers and store.answers[0].closed.is_set())
        assert store.answers[0].read < 20 * 1024 * 1024
    assert store.asked[0].form is Form.ASK
