"""Streamable HTTP: what is a request, who may send one, many at once, and what becomes of one that goes wrong."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import httpx2
import pytest

from graph_service.http.mcp.client_queries import in_call
from graph_service.snapshots.snapshot import Snapshot
from tests.http.mcp.assistants import Assistant, call, session
from tests.http.processes import PUBLIC, Served, family, served

JSON = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
VERSION = "2025-06-18"


def message(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something holds that other processes bring about."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


MODEL = message("tools/call", name="model", arguments={})


@pytest.fixture
def client(service: Served) -> Iterator[httpx2.Client]:
    with service.client() as client:
        yield client


def post(client: httpx2.Client, content: Any = MODEL, **fields: str) -> httpx2.Response:
    headers = {**JSON, "mcp-protocol-version": VERSION, **{name.replace("_", "-"): fields[name] for name in fields}}
    return client.post("/mcp", content=json.dumps(content), headers=headers)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_clients_of_both_protocols(service: Served, mode: str) -> None:
    """The handshake of 2025, and the self-contained requests of 2026."""
    assert "edition" in call(f"{service.url}mcp", "model", {}, mode).content


def test_an_answer_is_json_and_leaves_no_session(client: httpx2.Client) -> None:
    response = post(client)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert "mcp-session-id" not in response.headers
    assert json.loads(response.json()["result"]["content"][0]["text"])["edition"]


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_nothing_but_post(client: httpx2.Client, method: str) -> None:
    response = client.request(method, "/mcp", headers={"accept": "text/event-stream"})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST, OPTIONS"
    assert "docs/assistants.md" in response.json()["detail"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "[::1]:80", "graph.example"])
def test_hosts_that_may_be_named(client: httpx2.Client, host: str) -> None:
    assert post(client, host=host).status_code == 200


def test_another_host_is_refused(client: httpx2.Client) -> None:
    response = post(client, host="evil.example")
    assert response.status_code == 421
    assert "--public-url" in response.json()["detail"]


@pytest.mark.parametrize("origin", ["http://localhost:5173", PUBLIC])
def test_origins_that_may_ask(client: httpx2.Client, origin: str) -> None:
    assert post(client, origin=origin).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://graph.example"])
def test_another_origin_is_refused(client: httpx2.Client, origin: str) -> None:
    response = post(client, origin=origin)
    assert response.status_code == 403
    assert response.json()["detail"].startswith("Invalid Origin header")


@pytest.fixture(scope="module")
def proxied(shipped_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service below a path behind a trusted proxy, with one worker of each kind for a client."""
    log = tmp_path_factory.mktemp("proxied") / "log"
    given: Any = {"root_path": "/graph", "public_url": [f"{PUBLIC}/graph"], "trusted_proxies": ["127.0.0.1"]}
    with served(shipped_snapshot.path, log=log, follow=True, workers=1, **given) as service:
        yield service


def test_a_proxy_says_how_it_was_reached(proxied: Served, shipped_snapshot: Snapshot) -> None:
    """Permalinks are those of the outside."""
    fields = {"host": "graph.example", "x_forwarded_proto": "https", "x_forwarded_for": "192.0.2.1"}
    with proxied.client() as client:
        content = json.loads(post(client, **fields).json()["result"]["content"][0]["text"])
    assert content["permalink"].startswith(f"{PUBLIC}/graph/edition/{shipped_snapshot.digest[:16]}/")


def test_an_edition_has_its_own(client: httpx2.Client, shipped_snapshot: Snapshot) -> None:
    start = f"/edition/{shipped_snapshot.digest[:16]}"
    response = client.post(f"{start}/mcp", content=json.dumps(MODEL), headers={**JSON, "mcp-protocol-version": VERSION})
    assert f"{start}/page/ontology" in response.json()["result"]["content"][0]["text"]


def test_what_is_no_message_is_an_error_with_a_type(client: httpx2.Client) -> None:
    headers = {**JSON, "mcp-protocol-version": VERSION}
    assert client.post("/mcp", content="{", headers=headers).json()["error"]["code"] == -32700
    assert post(client, message("tools/nothing")).json()["error"]["code"] == -32601
    refused = client.post("/mcp", content=json.dumps(MODEL), headers={**headers, "content-type": "text/plain"})
    assert (refused.status_code, refused.headers["content-type"]) == (400, "application/problem+json")


def test_a_body_has_a_largest_size(client: httpx2.Client) -> None:
    response = post(client, message("tools/call", name="sparql", arguments={"query": "#" * 3_000_000}))
    assert response.status_code == 413


@pytest.mark.parametrize("values", [b"[],", b'{"a":1},', b"1,"])
def test_many_values_are_not_read_by_the_process_that_serves(client: httpx2.Client, values: bytes) -> None:
    """256 kB of them would take it 40 ms."""
    body = b'{"a":[' + values * (200_000 // len(values)) + b"1]}"
    response = client.post("/mcp", content=body, headers=JSON)
    assert response.status_code == 413
    assert "more values" in response.json()["detail"]


def test_a_long_query_with_many_strings_is_read() -> None:
    text = "SELECT ?x { VALUES ?x { " + '"\\"" ' * 100_000 + "} }"
    call = {"method": "tools/call", "params": {"name": "sparql", "arguments": {"query": text}}}
    assert in_call(json.dumps(call).encode()) == (text, True)


def test_many_assistants_at_once(service: Served) -> None:
    """Each gets its own answer, whatever the others ask, and nothing is left running."""
    actors = ["spd", "gruene", "fdp", "linke", "afd", "cducsu"]

    async def ask(assistant: Assistant) -> list[Any]:
        calls = (assistant.call("positions", {"holder": [actor], "limit": 2}) for actor in actors)
        return [answer.content["positions"][0]["id"] for answer in await asyncio.gather(*calls)]

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: session(f"{service.url}mcp", ask), range(4)))
    assert all(one == found[0] for one in found)
    assert [position.split("/")[2].split("-")[0] for position in found[0]] == actors
    wait_for(lambda: service.metric("store_running") == 0)


@pytest.mark.slow
def test_a_query_that_takes_too_long_is_a_typed_error(service: Served) -> None:
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a > ?i) }"
    error = call(f"{service.url}mcp", "sparql", {"query": endless}).error
    assert error["type"].endswith("/query-timeout")
    assert "more than 10 seconds" in error["detail"]


def replaced(service: Served, worker: int, number: int) -> bool:
    now = family(service.process.pid)[2:]
    return worker not in now and len(now) == number


def test_a_worker_that_dies_is_a_typed_error(proxied: Served) -> None:
    """Another worker says so in the protocol."""
    workers = family(proxied.process.pid)[2:]
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    with proxied.client() as client, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(post, client)
        wait_for(lambda: proxied.metric("store_running") == 1)
        for worker in workers:
            # One after the other, so that there is always one to ask again.
            os.kill(worker, signal.SIGKILL)
            wait_for(partial(replaced, proxied, worker, len(workers)))
        result = waiting.result().json()["result"]
    assert result["isError"]
    assert json.loads(result["content"][0]["text"])["error"]["type"].endswith("/worker-lost")


def test_without_the_sdk_the_service_says_what_to_install(shipped_snapshot: Snapshot) -> None:
    """The package is hidden from a process of its own, which then has the routes without it."""
    program = """
import asyncio, sys
sys.modules["mcp"] = None
import importlib.util
from pathlib import Path
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "mcp" else find(name, package)
from graph_service.building import shipped
from graph_service.http.web import asking
from graph_service.serving.route_settings import RouteSettings
from graph_service.serving.routes import framework
from graph_service.settings import ServeSettings
app = framework(RouteSettings(ServeSettings(), shipped.query_files()))
answer = asyncio.run(asking.get(app, "http://localhost/mcp", more={"method": "POST"}))
assert not [name for name in sys.modules if name.startswith("mcp.")]
print(answer.status, answer.body.decode())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("501 ")
    assert "pip install 'graph-service[mcp]'" in done.stdout
