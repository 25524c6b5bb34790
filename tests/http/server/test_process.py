"""The whole service with forked workers: limits have their status, nobody else suffers, and it stops cleanly."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.http.processes import PROGRAM, E, Served, family, people, served, wait_until, write_snapshot

PRODUCT = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ALL = "SELECT * WHERE { ?s ?p ?o }"
HOSTILE = {
    "cartesian product": (PRODUCT, 504),
    "exponential path": (f"SELECT * WHERE {{ ?a (<{E}knows>*)* ?b . ?c (<{E}knows>*)* ?d }}", None),
    "nesting": ("SELECT * WHERE { FILTER(" + "(" * 15_000 + "1" + ")" * 15_000 + ") }", None),
    "beyond all nesting": ("SELECT * WHERE { " + "{" * 30_000 + "}" * 30_000 + " }", None),
    "functions": ("SELECT (" + "STR(" * 5000 + "?x" + ")" * 5000 + " AS ?y) WHERE { }", None),
    "optionals": ("SELECT * WHERE { " + "OPTIONAL { ?a ?b ?c } " * 2000 + "}", None),
    "values": ("SELECT * WHERE { VALUES ?x { " + "1 " * 100_000 + "} }", None),
    "regular expression": ("SELECT * WHERE { ?s ?p ?o FILTER REGEX(STR(?o), '^(([a-z ])+.)+[A-Z]([a-z])+$') }", None),
    "giant iri": (f"ASK {{ <{E}{'x' * 900_000}> ?p ?o }}", 200),
    "service": ("SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403),
    "service, hidden": ("SELECT * WHERE { SERVICE/**/<http://127.0.0.1:1/> { ?s ?p ?o } }", None),
    "update": ("DELETE WHERE { ?s ?p ?o }", 403),
    "rubbish": ("\0\x01\x02" * 1000, 400),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    directory = write_snapshot(tmp_path_factory.mktemp("people"), people(5000))
    with served(directory, seconds=3.0, memory_mb=512) as service:
        yield service


@pytest.fixture
def visitor(service: Served) -> Iterator[httpx2.Client]:
    with service.client() as client:
        yield client


def post(client: httpx2.Client, query: str, **fields: str) -> httpx2.Response:
    return client.post("/sparql", data={"query": query}, headers=fields)


def test_a_large_answer_is_whole(visitor: httpx2.Client) -> None:
    answer = visitor.get("/sparql", params={"query": ALL, "format": "csv"})
    assert len(answer.text.splitlines()) == 10_001


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(service: Served, visitor: httpx2.Client, name: str) -> None:
    """Answered or refused within its limit, while others are served; and the next query finds a worker."""
    text, status = HOSTILE[name]
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(post, visitor, text)
        with service.client() as other:
            for number in range(5):
                assert post(other, f"ASK {{ <{E}p000001> ?p ?o }} # {name} {number}").status_code == 200
        answer = job.result()
    assert answer.status_code == status or (status is None and answer.status_code in (200, 400, 403, 422, 503, 504))
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert "Traceback" not in answer.text
        assert "graph_service/" not in answer.text
    assert post(visitor, f"ASK {{ ?s ?p ?o }} # after {name}").json()["boolean"] is True


def test_a_limit_says_which_and_how_to_page(tmp_path: Path) -> None:
    directory = write_snapshot(tmp_path, people(500))
    with served(directory, rows=10) as service, service.client() as client:
        told = client.get("/sparql", params={"query": ALL})
        assert told.status_code == 422
        assert told.json()["reason"] == "rows"
        assert told.json()["limit"] == 10
        assert "LIMIT" in told.json()["detail"]


def test_a_full_queue_says_when_to_come_back(tmp_path: Path) -> None:
    directory = write_snapshot(tmp_path, people(2000))
    with served(directory, workers=1, queue=1, seconds=2.0) as service, ThreadPoolExecutor(12) as pool:
        jobs = [
            pool.submit(httpx2.get, f"{service.url}sparql", params={"query": f"{PRODUCT} # {n}"}, timeout=120)
            for n in range(12)
        ]
        answers = [job.result() for job in jobs]
    busy = [answer for answer in answers if answer.status_code == 503]
    assert busy
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in busy)
    assert {answer.status_code for answer in answers} <= {503, 504}


def test_a_client_that_leaves_frees_its_worker(tmp_path: Path) -> None:
    head = f"GET /sparql?query={PRODUCT.replace(' ', '+').replace('?', '%3F')} HTTP/1.1\r\nHost: x\r\n\r\n"
    with served(write_snapshot(tmp_path, people(5000)), seconds=600.0) as service:
        with socket.create_connection(("127.0.0.1", service.port)) as connection:
            connection.sendall(head.encode())
            assert wait_until(lambda: service.metric("store_running") == 1)
        assert wait_until(lambda: service.metric("store_running") == 0), "long before its time limit"


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="what a process has loaded is read from /proc")
@pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux only")
def test_the_first_keeper_has_the_imports_of_the_service_and_none_of_its_connections(service: Served) -> None:
    main = service.process.pid
    (keeper,) = map(int, Path(f"/proc/{main}/task/{main}/children").read_text().split())

    def of(pid: int, what: str) -> bytes:
        return Path(f"/proc/{pid}/{what}").read_bytes()

    def sockets(pid: int) -> set[str]:
        opened = {str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()}
        return {one for one in opened if one.startswith("socket:")}

    assert of(keeper, "cmdline") == of(main, "cmdline"), "a fork, no program of its own"
    assert sockets(keeper)
    assert not sockets(keeper) & sockets(main)


def test_a_table_of_arrow_loads_no_pandas(service: Served, visitor: httpx2.Client) -> None:
    """Where pandas is installed, pyarrow loads it with the first array unless it is kept from that."""
    assert visitor.get("/api/actors?format=parquet").status_code == 200
    loaded = "".join(Path(f"/proc/{pid}/maps").read_text() for pid in family(service.process.pid))
    assert "/pyarrow/" in loaded
    assert "/pandas/" not in loaded


def test_metrics_of_the_store(visitor: httpx2.Client) -> None:
    text = visitor.get("/metrics").text
    for name in ("queries_total", "kills_total", "running", "waiting", "workers", "memory_bytes"):
        assert f"graph_service_store_{name}" in text
    assert 'graph_service_store_refusals_total{reason="' in text


def test_stops_when_asked_and_lets_answers_end(tmp_path: Path) -> None:
    directory = write_snapshot(tmp_path, people(20_000))
    with served(directory) as service:
        with httpx2.stream("GET", f"{service.url}sparql", params={"query": ALL, "format": "json"}) as answer:
            pieces = answer.iter_bytes()
            body = next(pieces)
            service.process.send_signal(signal.SIGTERM)
            body += b"".join(pieces)
        assert body.endswith(b"]}}")
        assert service.process.wait(timeout=15) in (0, -signal.SIGTERM)


def test_a_taken_port_is_one_line(service: Served, tmp_path: Path) -> None:
    directory = write_snapshot(tmp_path, people(1))
    arguments = [sys.executable, "-c", PROGRAM, str(directory), f'{{"port": {service.port}}}']
    result = subprocess.run(arguments, capture_output=True, text=True, timeout=30, check=False)
    assert result.returncode != 0
    assert result.stderr.splitlines()[-1].startswith("graph_service.errors.SettingsError: Cannot listen on 127.0.0.1:")
