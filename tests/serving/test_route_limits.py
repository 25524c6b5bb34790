"""Routes have the limits of queries: time, memory, size, a fair share, and an end when the client leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from graph_service.snapshots.snapshot import Snapshot
from tests.http.processes import Served, served, wait_until

pytestmark = pytest.mark.alone

SLOW = "/api/networks/propositions?window=2999&unit=days&step=1&all=true&duplicates=include&measure=subtract"
LARGE = "/api/networks/actors?window=1&unit=days&all=true"
SMALL = "/api/actors?limit=1"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@contextmanager
def limited(snapshot: Snapshot, log: Path, **settings: Any) -> Iterator[tuple[Served, httpx2.Client]]:
    with served(snapshot.path, log=log, cache_mb=0, **settings) as service, service.client() as client:
        yield service, client


def problem(answer: httpx2.Response) -> tuple[int, str]:
    content = answer.json()
    assert "detail" in content, content
    return answer.status_code, f"{content['detail']} {content.get('hint', '')}"


def counted(client: httpx2.Client, name: str) -> float:
    return sum(map(float, re.findall(rf"^{name}(?:{{.*}})? (\S+)$", client.get("/metrics").text, flags=re.MULTILINE)))


def test_time(shipped_snapshot: Snapshot, log: Path) -> None:
    with limited(shipped_snapshot, log, seconds=0.2) as (_, client):
        status, text = problem(client.get(SLOW))
        assert status == 504
        assert "0.2 seconds" in text
        assert "Ask for less" in text


def test_size(shipped_snapshot: Snapshot, log: Path) -> None:
    with limited(shipped_snapshot, log, megabytes=1) as (_, client):
        status, text = problem(client.get(LARGE))
        assert status == 422
        assert "more than 1000000 bytes" in text
        assert "Ask for less" in text


def test_a_client_that_leaves_ends_the_work(shipped_snapshot: Snapshot, log: Path) -> None:
    with limited(shipped_snapshot, log, seconds=60) as (service, client):
        request = f"GET {SLOW} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        assert service.raw(request, seconds=0.5) == b""
        assert wait_until(lambda: counted(client, "graph_service_store_kills_total") == 1)
        assert client.get(SMALL).status_code == 200


def test_one_client_leaves_a_worker_to_others(shipped_snapshot: Snapshot, log: Path) -> None:
    with limited(shipped_snapshot, log, seconds=3, workers=1) as (service, client), ThreadPoolExecutor(4) as pool:
        slow = f"GET {SLOW} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        greedy = [pool.submit(service.raw, slow, seconds=2, source="127.0.0.2") for _ in range(4)]
        assert client.get(SMALL).status_code == 200
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        for one in greedy:
            one.result()
