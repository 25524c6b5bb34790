"""The service as operators and other modules see it: routers, health, metrics, logs, proxies, safety fields."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator

import httpx2
import pytest
from fastapi import APIRouter, HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from graph_service.errors import QueryNotFound, StoreBusy
from graph_service.http.server.logs import AccessLog, JSONFormatter
from graph_service.settings import ServeSettings
from graph_service.snapshots.snapshot import Snapshot
from tests.http.servers import Running, running
from tests.http.small import make_app
from tests.http.stores import Pieces, ScriptedStore
from tests.snapshot_servers import Stores


def routes() -> APIRouter:
    router = APIRouter()

    @router.get("/things/{number}")
    async def thing(number: int) -> dict[str, int]:
        return {"number": number}

    @router.get("/broken")
    async def broken() -> None:
        raise RuntimeError("/secret/path")

    @router.get("/missing")
    async def missing() -> None:
        raise QueryNotFound("There is no query <x>.")

    @router.get("/teapot")
    async def teapot() -> None:
        raise HTTPException(418, "I am one.", {"X-Pot": "yes"})

    @router.get("/page")
    async def page() -> Response:
        return HTMLResponse("<!doctype html><title>Page</title>")

    return router


@pytest.fixture(scope="module")
def service(stores: Stores, small: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    static = tmp_path_factory.mktemp("static")
    (static / "a.js").write_text("1")
    with running(
        make_app(stores.open(small), routers=[routes()], mounts={"/static": StaticFiles(directory=static)})
    ) as server:
        yield server


@pytest.fixture
def visitor(service: Running) -> Iterator[httpx2.Client]:
    with service.client() as client:
        yield client


BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_routers_and_mounts_are_served(visitor: httpx2.Client) -> None:
    assert visitor.get("/things/4").json() == {"number": 4}
    assert visitor.get("/static/a.js").text == "1"


@pytest.mark.parametrize("path", ["/things/4", "/static/a.js", "/page", "/health", "/metrics", "/openapi.json"])
def test_get_routes_answer_head(visitor: httpx2.Client, path: str) -> None:
    full, head = visitor.get(path), visitor.head(path)
    assert (head.status_code, head.content) == (200, b"")
    if path != "/metrics":
        assert head.headers["content-length"] == full.headers["content-length"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere", 404), ("/broken", 500), ("/missing", 404), ("/teapot", 418), ("/things/x", 422), ("/static/b", 404)],
)
def test_errors_of_the_framework_are_problems(visitor: httpx2.Client, path: str, status: int) -> None:
    answer = visitor.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "secret" not in answer.text
    page = visitor.get(path, headers=BROWSER)
    assert page.status_code == status
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_fields_of_http_errors_are_kept(visitor: httpx2.Client) -> None:
    assert visitor.get("/teapot").headers["x-pot"] == "yes"
    refused = visitor.post("/page")
    assert refused.status_code == 405
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS"


def test_safety_fields(visitor: httpx2.Client) -> None:
    for path in ("/sparql?query=ASK%7B%7D", "/page", "/nowhere", "/health", "/static/a.js", "/graphs"):
        answer = visitor.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert ("sandbox" in policy) is (path != "/page")
        assert "unsafe" not in policy


def test_rdf_xml_cannot_run_scripts(visitor: httpx2.Client) -> None:
    """A predicate in the XHTML name space is an element that browsers run; the policy of data forbids it."""
    query = 'CONSTRUCT { <http://x/> <http://www.w3.org/1999/xhtmlscript> "alert(1)" } {}'
    answer = visitor.get("/sparql", params={"query": query, "format": "rdfxml"}, headers=BROWSER)
    assert "script" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "sandbox" in answer.headers["content-security-policy"]


# Health, readiness, metrics


def test_health(client: httpx2.Client, small: Snapshot) -> None:
    told = client.get("/health").json()
    assert told["status"] == "ok"
    assert told["digest"] == small.digest


def test_ready(client: httpx2.Client) -> None:
    assert client.get("/ready").json() == {"ready": True, "damaged": []}


def test_not_ready_when_the_store_does_not_answer() -> None:
    store = ScriptedStore(lambda _: Pieces([StoreBusy("full")]))
    with running(make_app(store)) as server, server.client() as client:
        answers = [client.get("/ready") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {503}
    assert len(store.asked) <= 2, "asking often must not cost workers"


def test_metrics() -> None:
    store = ScriptedStore(lambda _: Pieces([b"{}"]))
    app = make_app(store)
    app.common.metrics.gauges(lambda: {"graph_service_workers": 2.0, "graph_service_kills_total": 1.5})
    with running(app) as server, server.client() as client:
        for _ in range(3):
            client.get("/sparql?query=ASK%7B%7D")
        for path in ("/sparql?query=", "/a", "/b", '/c"x\\n'):
            client.get(path)
        text = client.get("/metrics").text
    assert 'graph_service_requests_total{route="/sparql",method="GET",status="200"} 3' in text
    assert 'graph_service_requests_total{route="other",method="GET",status="404"} 3' in text
    assert 'graph_service_problems_total{kind="query-syntax"} 1' in text
    assert 'graph_service_request_duration_seconds_count{route="/sparql"} 4' in text
    assert "graph_service_cache_hits_total 2" in text
    assert "# TYPE graph_service_kills_total counter\ngraph_service_kills_total 1.5" in text
    assert "graph_service_workers 2" in text
    check_exposition(text)


def check_exposition(text: str) -> None:
    """Each family is announced once, before its samples, and bucket counts never fall."""
    import re

    sample = re.compile(r'[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)+\})? [0-9.e+-]+')
    announced: list[str] = []
    for line in text.splitlines():
        if line.startswith("# TYPE"):
            name = line.split()[2]
            assert name not in announced
            announced.append(name)
        elif not line.startswith("#"):
            assert sample.fullmatch(line), line
            assert line.startswith(announced[-1]), line
    buckets = [int(line.split()[-1]) for line in text.splitlines() if '_bucket{route="/sparql"' in line]
    assert buckets == sorted(buckets)


# Logs


def logged(queries: bool) -> list[dict[str, object]]:
    written: list[str] = []
    app = make_app(ScriptedStore(lambda _: Pieces([b"{}"])), access_log=AccessLog(written.append, queries=queries))
    with running(app) as server, server.client() as client:
        client.get("/sparql", params={"query": "ASK { # who asks\n}"}, headers={"x-request-id": "my-request-1"})
        client.get("/sparql", params={"query": "nonsense"})
    return [json.loads(line) for line in "".join(written).splitlines()]


def test_a_line_for_each_request_without_its_query() -> None:
    lines = logged(queries=False)
    assert [line["status"] for line in lines] == [200, 400]
    assert lines[0]["request_id"] == "my-request-1"
    assert lines[0]["route"] == "/sparql"
    assert lines[1]["error"] == "QuerySyntaxError"
    assert "who" not in json.dumps(lines)


def test_queries_are_logged_when_asked_for() -> None:
    assert "who" in json.dumps(logged(queries=True))


def test_an_unexpected_error_is_logged_with_its_trace(visitor: httpx2.Client, caplog: pytest.LogCaptureFixture) -> None:
    request_id = visitor.get("/broken").headers["x-request-id"]
    deadline = time.monotonic() + 60
    lines: list[dict[str, str]] = []
    while not lines and time.monotonic() < deadline:
        # It is written when the client already has its answer.
        time.sleep(0.01)
        found = [json.loads(JSONFormatter().format(record)) for record in caplog.records]
        lines = [line for line in found if line.get("request_id") == request_id]
    (line,) = lines
    assert "RuntimeError: /secret/path" in line["trace"]


def test_a_log_line_cannot_be_forged() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "a\nb \u2028 c", (), None)
    assert len(JSONFormatter().format(record).splitlines()) == 1


# Proxies


@pytest.mark.parametrize("cut", [True, False])
def test_below_a_path(stores: Stores, small: Snapshot, cut: bool) -> None:
    """Whether the proxy cuts its path off or not."""
    prefix = "" if cut else "/graph"
    app = make_app(stores.open(small), settings=ServeSettings(root_path="/graph"), routers=[routes()])
    with running(app) as server, server.client() as client:
        assert client.get(f"{prefix}/things/4").json() == {"number": 4}
        assert client.get(f"{prefix}/sparql?query=ASK%7B%7D").status_code == 200
        assert "/graph/sparql>" in client.get(f"{prefix}/sparql").text


def test_forwarded_fields_are_believed_of_trusted_proxies_only(stores: Stores, small: Snapshot) -> None:
    forwarded = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9"}
    with running(make_app(stores.open(small))) as server, server.client() as client:
        assert "https://" not in client.get("/sparql", headers=forwarded).text
    with running(make_app(stores.open(small)), trusted=["127.0.0.1"]) as server, server.client() as client:
        assert "https://127.0.0.1" in client.get("/sparql", headers=forwarded).text
