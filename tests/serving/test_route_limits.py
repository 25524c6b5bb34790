"""Routes have the limits of queries: time, memory, size, a fair share, and an end when the client leaves."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from graph_service.snapshots.snapshot import Snapshot
from tests.http.processes import Served, served, wait_until

SLOW = "/api/networks/propositions?window=2999&unit=days&step=1&all=true&duplicates=include&measure=subtract"
LARGE = "/api/networks/actors?window=1&unit=days&all=true"
SMALL = "/api/actors?limit=1"


@pytest.fixture(scope="module")
def service(shipped_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two workers that have much time, and may answer little."""
    log = tmp_path_factory.mktemp("limited") / "log"
    with served(shipped_snapshot.path, log=log, cache_mb=0, seconds=60, megabytes=1, workers=2) as service:
        yield service


@pytest.fixture
def client(service: Served) -> Iterator[httpx2.Client]:
    with service.client() as client:
        yield client


@contextmanager
def asking(service: Served, times: int) -> Iterator[None]:
    """A client that asks for slow work so often at once, and leaves without an answer."""
    with ExitStack() as stack:
        for number in range(times):
            # The same request from several would be answered once for all.
            slow = SLOW.replace("window=2999", f"window={2999 - number}")
            address, source = ("127.0.0.1", service.port), ("127.0.0.2", 0)
            connection = stack.enter_context(socket.create_connection(address, source_address=source))
            connection.sendall(f"GET {slow} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        yield


def problem(answer: httpx2.Response) -> tuple[int, str]:
    content = answer.json()
    assert "detail" in content, content
    return answer.status_code, f"{content['detail']} {content.get('hint', '')}"


def killed(client: httpx2.Client) -> float:
    """How many workers were killed so far."""
    name = "graph_service_store_kills_total"
    return sum(map(float, re.findall(rf"^{name}(?:{{.*}})? (\S+)$", client.get("/metrics").text, flags=re.MULTILINE)))


def test_time(shipped_snapshot: Snapshot, tmp_path: Path) -> None:
    hurried = served(shipped_snapshot.path, log=tmp_path / "log", cache_mb=0, seconds=0.2)
    with hurried as service, service.client() as client:
        status, text = problem(client.get(SLOW))
        assert status == 504
        assert "0.2 seconds" in text
        assert "Ask for less" in text


def test_size(client: httpx2.Client) -> None:
    status, text = problem(client.get(LARGE))
    assert status == 422
    assert "more than 1000000 bytes" in text
    assert "Ask for less" in text


def test_a_client_that_leaves_ends_the_work(service: Served, client: httpx2.Client) -> None:
    before = killed(client)
    with asking(service, 1):
        assert wait_until(lambda: service.metric("store_running") == 1)
    assert wait_until(lambda: killed(client) == before + 1)
    assert client.get(SMALL).status_code == 200


def test_one_client_leaves_a_worker_to_others(service: Served, client: httpx2.Client) -> None:
    with asking(service, 4):
        assert wait_until(lambda: service.metric("store_waiting") > 0)
        assert client.get(SMALL).status_code == 200
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        assert service.metric("store_waiting") > 0, "the work of the greedy one is not done"
