"""Bits that are flipped while a service runs: what is altered goes out to nobody, and what can be made again is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from graph_service.snapshots import dumps, publication
from graph_service.snapshots.snapshot import open_snapshot
from graph_service.store import disk, inspection
from tests.bits import flip
from tests.http.processes import Served, people, served, wait_until, write_snapshot

COUNT = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"}
PEOPLE = 20_000
# Little memory keeps the store on disk. An inspection begins half a second after the one before.
ON_DISK: dict[str, object] = {"data_mb": 1, "inspect_minutes": 0.01}
PATIENCE = 60


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return write_snapshot(tmp_path, people(PEOPLE))


@pytest.fixture
def from_disk(directory: Path) -> Iterator[Served]:
    disk.prepare(directory)
    with served(directory, log=directory / "log", **ON_DISK) as service:  # type: ignore[arg-type]
        yield service


def logged(directory: Path, event: str) -> list[dict[str, object]]:
    lines = (json.loads(line) for line in (directory / "log").read_text().splitlines() if line.startswith("{"))
    return [line for line in lines if event in line.values()]


def table(directory: Path) -> Path:
    return max((directory / disk.DIRECTORY).glob("*.sst"), key=lambda path: path.stat().st_size)


def test_a_damaged_store_is_made_again_and_the_cache_forgets(from_disk: Served, directory: Path) -> None:
    with from_disk.client() as client:
        assert client.get("/sparql", params=COUNT).text.split() == ["n", str(2 * PEOPLE)]
        assert "graph_service_cache_entries 1" in client.get("/metrics").text
        damaged = table(directory)
        flip(damaged, damaged.stat().st_size // 2)
        assert wait_until(lambda: logged(directory, "opened again"), PATIENCE)
        assert f"engine/{damaged.name}" in str(logged(directory, "damaged"))
        assert logged(directory, "store on disk is made again")
        assert "graph_service_cache_entries 0" in client.get("/metrics").text
        assert client.get("/sparql", params=COUNT).text.split() == ["n", str(2 * PEOPLE)]
        assert client.get("/ready").json() == {"ready": True, "damaged": []}
    assert not list(inspection.damaged(directory))


@pytest.mark.slow
def test_what_cannot_be_made_again_answers_nothing_until_it_is_built_anew(from_disk: Served, directory: Path) -> None:
    quads = directory / "quads.nq"
    with from_disk.client() as client:
        damaged = table(directory)
        flip(damaged, 1000)
        flip(quads, 1000)
        assert wait_until(lambda: logged(directory, "not opened again"), PATIENCE)
        for path in ("/sparql?query=ASK%7B%7D", "/", "/dump/graph.nq"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
        assert client.get("/health").status_code == 200
        assert wait_until(lambda: client.get("/ready").status_code == 503)
        assert client.get("/ready").json() == {"ready": False, "damaged": ["quads.nq", f"engine/{damaged.name}"]}
        flip(quads, 1000)
        assert wait_until(lambda: client.get("/ready").status_code == 200, PATIENCE)
        assert client.get("/sparql", params=COUNT).text.split() == ["n", str(2 * PEOPLE)]


def test_answers_from_memory_go_on_and_readiness_tells_what_is_damaged(directory: Path) -> None:
    with served(directory, log=directory / "log", inspect_minutes=0.01) as service, service.client() as client:
        flip(directory / "quads.nq", 5)
        assert wait_until(lambda: client.get("/ready").json() == {"ready": True, "damaged": ["quads.nq"]}, PATIENCE)
        assert client.get("/sparql", params=COUNT).text.split() == ["n", str(2 * PEOPLE)]
        flip(directory / "quads.nq", 5)
        assert wait_until(lambda: client.get("/ready").json() == {"ready": True, "damaged": []}, PATIENCE)


def test_a_dump_is_whole_or_breaks_off_before_what_was_altered(directory: Path) -> None:
    quads = directory / "quads.nq"
    content, place = quads.read_bytes(), 2 * dumps.PIECE + 10
    assert len(content) > 3 * dumps.PIECE
    with served(directory, inspect_minutes=0) as service, service.client() as client:
        listed = {dump["name"]: dump["sha256"] for dump in client.get("/dump").json()["dumps"]}
        flip(quads, place)
        received = bytearray()
        with pytest.raises(httpx2.RemoteProtocolError), client.stream("GET", "/dump/graph.nq") as answer:  # noqa: PT012
            for piece in answer.iter_raw():
                received += piece
        assert received == content[: 2 * dumps.PIECE]
        flip(quads, place)
        assert hashlib.sha256(client.get("/dump/graph.nq").content).hexdigest() == listed["graph.nq"]
        flip(quads, 0)
        assert client.get("/dump/graph.nq").status_code == 503
        assert client.head("/dump/graph.nq").status_code == 503
        flip(quads, 0)
        for name in ("graph.nq.gz", "graph.trig.zst"):
            flip(directory / publication.DIRECTORY / name, 100)
            assert client.get(f"/dump/{name}").status_code == 503
            again = client.get(f"/dump/{name}")
            assert again.status_code == 200, "made again"
            assert hashlib.sha256(again.content).hexdigest() == listed[name]


def test_an_altered_list_of_resources_is_made_again(directory: Path) -> None:
    with served(directory, log=directory / "log", inspect_minutes=0.01) as service, service.client() as client:
        assert f"p{0:06}" in client.get("/sitemap.xml").text
        flip(directory / publication.DIRECTORY / "resources.txt", 40)
        assert wait_until(lambda: "resources.txt" in str(logged(directory, "damaged")), PATIENCE)
        assert wait_until(lambda: client.get("/sitemap.xml?lang=en").status_code == 200, PATIENCE)


@pytest.mark.slow
def test_a_damaged_dump_is_found_before_somebody_asks(directory: Path) -> None:
    snapshot = open_snapshot(directory)
    publication.publish(snapshot, directory / publication.DIRECTORY)
    damaged = directory / publication.DIRECTORY / "graph.nq.zst"
    with served(directory, log=directory / "log", inspect_minutes=0.01) as service, service.client() as client:
        flip(damaged, damaged.stat().st_size - 1)
        assert wait_until(lambda: not damaged.exists(), PATIENCE)
        assert "dumps/graph.nq.zst" in str(logged(directory, "damaged"))
        assert client.get("/dump/graph.nq.zst").status_code == 200
        assert wait_until(lambda: client.get("/ready").json() == {"ready": True, "damaged": []}, PATIENCE)
