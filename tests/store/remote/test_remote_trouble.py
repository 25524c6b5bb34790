"""Remote stores in trouble: one that drips, one that is busy, one that asks who we are."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from graph_service.errors import EndpointError, QueryError, QueryRefused, QueryTimeout
from graph_service.rdf.formats import DIGEST, RESULTS, Form
from graph_service.store import Query
from graph_service.store.remote.endpoint import Address
from graph_service.store.remote.graph_writer import Reader
from graph_service.store.remote.store import RemoteStore
from graph_service.workers.limits import Limits

QUERY = Query("SELECT ?s { ?s ?p ?o }", Form.SELECT, RESULTS[0])
ANSWER = b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri", "value": "urn:a"}}]}}'


class Visitor(BaseHTTPRequestHandler):
    """One connection to the endpoint."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append(self.headers.get("authorization", ""))
        self.server.respond(self, len(self.server.asked))

    def answer(self, status: int, body: bytes = b"", **fields: str) -> None:
        """A whole answer."""
        self.send_response(status)
        for name, value in {"content-type": RESULTS[0].media_type, "content-length": str(len(body)), **fields}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    asked: list[str]
    respond: Callable[[Visitor, int], None]


@dataclass
class Endpoint:
    """An endpoint that does as a test says; what each request said of who asks."""

    url: str
    asked: list[str] = field(default_factory=list)

    def address(self, who: str = "") -> Address:
        return Address.parse(self.url.replace("//", f"//{who}@") if who else self.url)

    def ask(self, limits: Limits, who: str = "") -> list[bytes]:
        """The answers to the query, asked twice over one connection; an error becomes its name."""

        async def run() -> list[bytes]:
            store = RemoteStore(self.address(who), limits)
            found = []
            try:
                for _ in range(2):
                    try:
                        found.append(b"".join([piece async for piece in await store.query(QUERY)]))
                    except QueryError as error:
                        found.append(type(error).__name__.encode())
            finally:
                await store.close()
            return found

        return asyncio.run(run())


@contextmanager
def endpoint(respond: Callable[[Visitor, int], None]) -> Iterator[Endpoint]:
    """Serve one; `respond` is told how many have asked."""
    server = _Server(("127.0.0.1", 0), Visitor)
    server.asked, server.respond = [], respond
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Endpoint(f"http://127.0.0.1:{server.server_port}/sparql", server.asked)
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


def subjects(answer: bytes) -> list[str]:
    return [row["s"]["value"] for row in json.loads(answer)["results"]["bindings"]]


def test_a_time_limit_holds_while_bytes_drip() -> None:
    ended: list[int] = []

    def drip(visitor: Visitor, number: int) -> None:
        if number > 1:
            return visitor.answer(200, ANSWER)
        visitor.send_response(200)
        visitor.send_header("content-type", RESULTS[0].media_type)
        visitor.send_header("connection", "close")
        visitor.end_headers()
        # Each wait is short; only the whole is not.
        for _ in range(200):
            try:
                visitor.wfile.write(b" ")
                visitor.wfile.flush()
            except OSError:
                return None
            time.sleep(0.05)
        ended.append(number)
        return None

    with endpoint(drip) as dripping:
        slow, whole = dripping.ask(Limits(workers=1, seconds=0.6))
    assert not ended, "the connection was cut"
    assert slow == QueryTimeout.__name__.encode()
    assert subjects(whole) == ["urn:a"], "the connection is of use again"


def test_no_certificate_is_made_of_numbers_that_may_be_spelled_otherwise() -> None:
    async def ask() -> None:
        store = RemoteStore(Address.parse("http://127.0.0.1:9/"))
        with pytest.raises(QueryRefused, match="no certificates"):
            await store.query(Query("ASK {}", Form.ASK, DIGEST))

    asyncio.run(ask())


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_store_is_asked_again_when_it_says(status: int) -> None:
    def busy(visitor: Visitor, number: int) -> None:
        if number == 1:
            visitor.answer(status, retry_after="1")
        else:
            visitor.answer(200, ANSWER)

    with endpoint(busy) as store:
        started = time.monotonic()
        answers = store.ask(Limits(workers=1, seconds=20))
        assert time.monotonic() - started >= 1
        assert len(store.asked) == 3
    assert [subjects(answer) for answer in answers] == [["urn:a"], ["urn:a"]]


def test_a_store_that_stays_busy_is_given_up_in_time() -> None:
    with endpoint(lambda visitor, _: visitor.answer(503, retry_after="60")) as store:
        started = time.monotonic()
        assert store.ask(Limits(workers=1, seconds=0.3)) == [QueryTimeout.__name__.encode()] * 2
        assert time.monotonic() - started < 60, "it did not wait as long as it was told"


def test_user_and_password_are_told_to_who_asks_and_to_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    right = f"Basic {b64encode(b'anna:s3cret:x').decode()}"

    def ask_who(visitor: Visitor, number: int) -> None:
        if visitor.headers.get("authorization") == right:
            visitor.answer(200, ANSWER)
        else:
            visitor.answer(401, www_authenticate='Basic realm="graphs"')

    caplog.set_level(logging.DEBUG)
    with endpoint(ask_who) as store:
        known, _ = store.ask(Limits(workers=1), "anna:s3cret%3Ax")
        refused, _ = store.ask(Limits(workers=1), "anna:wr0ng")
        assert store.asked[:2] == ["", right]
        with closing(Reader(store.address("anna:wr0ng"))) as reader, pytest.raises(EndpointError) as told:
            reader.rows(QUERY.text)
    assert subjects(known) == ["urn:a"]
    assert refused == EndpointError.__name__.encode()
    for text in (caplog.text, str(told.value)):
        assert "s3cret" not in text
        assert "wr0ng" not in text


def test_a_client_that_leaves_at_the_end_cuts_nobody_else() -> None:
    """Its connection has gone back by then: another answer may already use it."""
    with endpoint(lambda visitor, number: visitor.answer(200, ANSWER)) as there:

        async def run() -> list[bytes]:
            store = RemoteStore(there.address(), Limits(workers=1, seconds=20))
            try:
                left = await store.query(QUERY)
                assert await anext(left)
                async with asyncio.timeout(20):
                    while store.statistics().running:  # noqa: ASYNC110 - the thread ends by itself
                        await asyncio.sleep(0.005)
                # All was read but the end, and the connection is free.
                other = asyncio.create_task(store.query(QUERY))
                await asyncio.sleep(0)
                await left.aclose()
                found = [b"".join([piece async for piece in await other])]
                found += [b"".join([piece async for piece in await store.query(QUERY)]) for _ in range(2)]
            finally:
                await store.close()
            return found

        answers = asyncio.run(run())
    assert len(answers) == 3
    assert all(b"urn:a" in answer for answer in answers)
