"""What goes wrong is an exception that says what, and how to repair it; a busy service is asked again."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Thread
from typing import Any

import pytest

from graph_service.client import AnswerTooLarge, ClientError, Problem, Unreachable
from graph_service.client.cache import Cache
from graph_service.client.exchange import LONGEST_WAIT, exchange
from graph_service.client.flow import NOTHING, Received, Send, Wait
from graph_service.errors import GraphServiceError
from tests.client.either import ask, both, listed, taken
from tests.http.servers import Running, running


def failing(kind: str, address: str, work: Any, **options: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        ask(kind, address, work, **options)
    assert isinstance(caught.value, GraphServiceError)
    return caught.value


@both
def test_an_unknown_name_names_the_nearest(kind: str, server: Running) -> None:
    problem = failing(kind, server.url, lambda asked: taken(asked.positions(holder="spdd").json()))
    assert (problem.status, problem.kind) == (422, "parameter")
    assert problem.title == "A parameter is missing or wrong"
    assert problem.nearest == ("spd", "spd-sn")
    assert problem.hint == "Did you mean spd or spd-sn?"
    assert problem.detail.startswith("holder='spdd' is not known")
    assert problem.detail.endswith(problem.hint)
    assert str(problem) == f"422 {problem.title}: {problem.detail}"
    assert problem.request_id == problem.members["request_id"] != ""


@both
@pytest.mark.parametrize(
    ("parameters", "nearest"),
    [({"holdr": "spd"}, ("holder", "holder_kind")), ({"sort": "dates"}, ("date", "-date")), ({"limit": "many"}, ())],
)
def test_so_does_a_wrong_parameter(
    kind: str, parameters: dict[str, str], nearest: tuple[str, ...], server: Running
) -> None:
    problem = failing(kind, server.url, lambda asked: taken(asked.get("/api/positions", **parameters).json()))
    assert problem.kind == "parameter"
    assert problem.nearest == nearest
    assert problem.hint


@both
def test_every_kind_of_problem_says_which_it_is(kind: str, server: Running) -> None:
    cases = {
        "query-syntax": lambda asked: asked.sparql("SELECT * WHERE {\n ?s ?p }").json(),
        "query-refused": lambda asked: asked.sparql("SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }").json(),
        "not-entailed": lambda asked: asked.explain("id/actor/spd", "mp:memberOf", "id/actor/afd").json(),
        "": lambda asked: asked.actor("nobody").json(),
    }
    for name, call in cases.items():
        problem = failing(kind, server.url, lambda asked, call=call: taken(call(asked)))
        assert problem.kind == name
        assert problem.title
        assert problem.detail
    syntax = failing(kind, server.url, lambda asked: taken(cases["query-syntax"](asked)))
    assert syntax.members["line"] == 2
    no_table = failing(kind, server.url, lambda asked: taken(asked.actor("spd").to_frame()))
    assert no_table.status == 406
    assert "Offered: json" in no_table.detail


class Service:
    """A real server with answers of its own: one after the other, the last again and again."""

    def __init__(self, *answers: tuple[int, dict[str, str], bytes]) -> None:
        self.answers = list(answers)
        self.requests = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for event in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{event}.complete"})
            return
        status, fields, body = self.answers[min(self.requests, len(self.answers) - 1)]
        self.requests += 1
        headers = [(name.encode(), value.encode()) for name, value in fields.items()]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


BUSY = (503, {"retry-after": "0", "content-type": "application/problem+json"}, b'{"title": "All workers are busy"}')
FINE = (200, {"x-dataset-digest": "0" * 64}, b'{"hits": []}')


@both
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_service_is_asked_again(kind: str, status: int) -> None:
    service = Service((status, *BUSY[1:]), (status, *BUSY[1:]), FINE)
    with running(service) as server:  # type: ignore[arg-type]
        assert ask(kind, server.url, lambda asked: taken(asked.search("Asyl").json())) == {"hits": []}
    assert service.requests == 3


@both
def test_but_not_for_ever(kind: str) -> None:
    service = Service(BUSY)
    with running(service) as server:  # type: ignore[arg-type]
        problem = failing(kind, server.url, lambda asked: taken(asked.search("Asyl").json()), retries=2)
    assert service.requests == 3
    assert (problem.status, problem.title, problem.retry_after) == (503, "All workers are busy", 0)


@both
@pytest.mark.parametrize("take", ["items", "rows"])
def test_pages_of_two_data_sets_are_not_mixed(kind: str, take: str) -> None:
    """The data are replaced between two pages."""
    page = {"link": '</api/actors?after=x>; rel="next"', "x-dataset-digest": "a" * 64}
    service = Service((200, page, b'{"items": []}'), (200, {"x-dataset-digest": "b" * 64}, b'{"items": []}'))

    async def work(asked: Any) -> Any:
        return await (listed(asked.actors()) if take == "items" else taken(asked.actors().rows()))

    with running(service) as server, pytest.raises(ClientError, match=r"replaced.*edition\('aaaaaaaa'\)"):  # type: ignore[arg-type]
        ask(kind, server.url, work)
    assert service.requests == 2


@both
def test_a_page_of_a_proxy_leaves_the_status(kind: str) -> None:
    with running(Service((502, {"content-type": "text/html"}, b"<h1>Oops</h1>"))) as server:  # type: ignore[arg-type]
        problem = failing(kind, server.url, lambda asked: taken(asked.search("Asyl").json()))
    assert str(problem) == "502 Bad Gateway"
    assert (problem.kind, problem.hint, problem.nearest) == ("", "", ())


def busy(retry_after: str | None) -> Received:
    return Received(503, {} if retry_after is None else {"retry-after": retry_after}, b"")


def test_retry_after_is_seconds_or_a_date_or_a_guess() -> None:
    """By hand, so that no test waits: the steps are the same for both clients."""
    flow = exchange(Send("http://localhost/"), Cache(0), retries=5)
    assert next(flow) == Send("http://localhost/")
    assert flow.send(busy("7")) == Wait(7.0)
    flow.send(NOTHING)
    dated = flow.send(busy(format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)))
    assert isinstance(dated, Wait)
    assert 0 <= dated.seconds <= 20
    flow.send(NOTHING)
    assert flow.send(busy(None)) == Wait(2.0)
    flow.send(NOTHING)
    assert flow.send(busy("soon")) == Wait(4.0)
    flow.send(NOTHING)
    with pytest.raises(Problem) as caught:
        flow.send(busy(str(int(LONGEST_WAIT) + 1)))
    assert caught.value.retry_after == LONGEST_WAIT + 1


@contextmanager
def answering(data: bytes) -> Iterator[str]:
    """A socket that sends these bytes to one client; without any it is silent until the client leaves."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(data)
                if not data:
                    connection.recv(1)

        thread = Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join()


@both
def test_a_service_that_cannot_be_reached(kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for address in (f"http://127.0.0.1:{port}", "localhost:8000", "http://[::1"):
        with pytest.raises(Unreachable, match=re.escape(address)):
            ask(kind, address, lambda asked: taken(asked.health().json()))


@both
def test_an_answer_that_breaks_off_or_never_comes(kind: str) -> None:
    with (
        answering(b'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"hits": []}') as address,
        pytest.raises(Unreachable, match="cannot be read"),
    ):
        ask(kind, address, lambda asked: taken(asked.search("Asyl").json()))
    with answering(b"") as address, pytest.raises(Unreachable, match="took too long"):
        ask(kind, address, lambda asked: taken(asked.search("Asyl").json()), timeout=0.1)


@both
def test_an_answer_that_is_too_large(kind: str, server: Running) -> None:
    with pytest.raises(AnswerTooLarge, match="more than 10000 bytes"):
        ask(kind, server.url, lambda asked: taken(asked.positions().json()), answer_bytes=10_000)


@both
def test_what_is_no_edition_is_not_asked_for(kind: str) -> None:
    async def work(asked: Any) -> None:
        asked.edition("../health")

    with pytest.raises(ClientError, match="no digest"):
        ask(kind, "http://localhost:8000", work)
