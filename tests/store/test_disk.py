"""The store on disk answers as the one in memory does, and says when it is not what was prepared."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from graph_service.errors import SnapshotError
from graph_service.rdf.formats import Form, offered
from graph_service.rdf.guard import inspect
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import Query, disk, loading
from graph_service.store.embedded import EmbeddedStore
from graph_service.store.engine import Engine
from graph_service.store.forked import ForkedStore
from graph_service.workers import seclusion
from graph_service.workers.limits import Limits
from tests.http.processes import people, served, wait_until, write_snapshot

QUERIES = (
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    "SELECT ?p (COUNT(?s) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
    "SELECT ?s { ?s ?p ?o FILTER(ISLITERAL(?o)) } ORDER BY ?s ?o LIMIT 50",
)


@pytest.fixture(scope="module")
def prepared(shipped_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped graph with a store on disk."""
    directory = tmp_path_factory.mktemp("disk") / "snapshot"
    shutil.copytree(shipped_snapshot.path, directory)
    disk.prepare(directory)
    return directory


def asked(text: str, inferred: bool) -> Query:
    assert inspect(text).form is Form.SELECT
    return Query(text, Form.SELECT, offered(Form.SELECT)[0], inferred)


def test_workers_answer_from_disk_as_memory_does(prepared: Path) -> None:
    memory = EmbeddedStore.open(prepared)

    async def compare() -> None:
        store = await ForkedStore.open(prepared, Limits(workers=1), on_disk=True)
        try:
            assert store.digest == memory.digest
            for text in QUERIES:
                for inferred in (True, False):
                    query = asked(text, inferred)
                    answer = b"".join([piece async for piece in await store.query(query)])
                    assert answer == memory.answer(query)
        finally:
            await store.close()

    asyncio.run(compare())


def test_what_is_loaded_in_slices_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = write_snapshot(tmp_path, people(5000))
    _, whole = loading.load(directory)
    slices = 0
    begin = loading._Reader.begin_slice

    def counted(reader: loading._Reader) -> bool:
        nonlocal slices
        slices += 1
        return begin(reader)

    monkeypatch.setattr(loading, "_SLICE", 200_000)
    monkeypatch.setattr(loading._Reader, "begin_slice", counted)
    _, sliced = loading.load(directory)
    assert slices > 3
    assert set(sliced.store) == set(whole.store)
    assert sliced.shared == whole.shared


def test_what_is_cut_off_absent_or_of_other_data_is_refused(prepared: Path, tmp_path: Path) -> None:
    spoiled = tmp_path / "snapshot"

    def refused() -> str:
        with pytest.raises(SnapshotError) as caught:
            Engine.open_on_disk(spoiled)
        return str(caught.value)

    shutil.copytree(prepared, spoiled)
    table = max((spoiled / disk.DIRECTORY).glob("*.sst"), key=lambda path: path.stat().st_size)
    whole = table.read_bytes()
    table.write_bytes(whole[:-1])
    assert "not the one that was prepared" in refused()
    table.unlink()
    assert "not the one that was prepared" in refused()
    table.write_bytes(whole)
    Engine.open_on_disk(spoiled)
    complete = spoiled / disk.DIRECTORY / disk.COMPLETE
    told = complete.read_text()
    complete.write_text(told.replace(Engine.open_on_disk(spoiled).digest, "0" * 64))
    assert "not the one that was prepared" in refused()
    complete.unlink()
    assert "complete.json" in refused()


def test_a_flipped_bit_in_any_file_is_found_and_the_store_is_made_again(tmp_path: Path) -> None:
    directory = write_snapshot(tmp_path, people(2000))
    disk.prepare(directory)
    for name in json.loads((directory / disk.DIRECTORY / disk.COMPLETE).read_text())["files"]:
        path = directory / disk.DIRECTORY / name
        if not (content := path.read_bytes()):
            continue
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        with pytest.raises(SnapshotError, match="not the one that was prepared"):
            Engine.open_on_disk(directory)
        path.write_bytes(content)
    Engine.open_on_disk(directory)
    path.write_bytes(b"")
    log = tmp_path / "log"
    with served(directory, log=log) as service, service.client() as client:
        query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        assert client.get("/sparql", params={"query": query, "format": "csv"}).text.split() == ["n", "4000"]
    assert "store on disk is made again" in log.read_text()
    Engine.open_on_disk(directory)


@pytest.mark.slow
def test_a_service_answers_from_disk_and_moves_to_memory_if_it_fits(tmp_path: Path) -> None:
    directory = write_snapshot(tmp_path, people(20_000))
    log = tmp_path / "log"
    # What does not fit into one MiB is prepared by the first start.
    for megabytes, moves in ((1, False), (0, True)):
        with served(directory, log=log, data_mb=megabytes) as service, service.client() as client:
            query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
            first = client.get("/sparql", params={"query": query, "format": "csv"}).text
            assert first.split() == ["n", "40000"]
            moved = wait_until(lambda: "moved to memory" in log.read_text(), 10 if moves else 1)
            assert moved is moves
            again = client.get("/sparql", params={"query": f"{query} # again", "format": "csv"}).text
            assert again == first


FEW_DESCRIPTORS = """
import asyncio, resource, sys
from pathlib import Path
from graph_service.errors import QueryRefused
from graph_service.rdf.formats import RESULTS, Form
from graph_service.store import Query
from graph_service.store.forked import ForkedStore
from graph_service.workers.limits import Limits

QUERIES = (
    "SELECT (COUNT(*) AS ?n) { ?s a ?o }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p <https://w3id.org/migration-policy/id/actor/spd> } }",
)

async def main():
    # So few that the engine opens some of its tables only when a query needs them, as it does with large stores.
    resource.setrlimit(resource.RLIMIT_NOFILE, (96, 4096))
    store = await ForkedStore.open(Path(sys.argv[1]), Limits(workers=1), on_disk=True)
    for text in QUERIES:
        answer = await store.query(Query(text, Form.SELECT, RESULTS[2]))
        print(b"".join([piece async for piece in answer]).split()[1].decode())
    try:
        await store.query(Query("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", Form.SELECT, RESULTS[2]))
    except QueryRefused:
        print("refused")
    await store.close()

asyncio.run(main())
"""


@pytest.mark.skipif(not seclusion.is_possible(), reason="this kernel or machine has no Landlock or seccomp")
def test_tables_that_are_opened_late_are_there_and_connections_are_not(prepared: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FEW_DESCRIPTORS, str(prepared)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    typed, pointed, service = done.stdout.split()
    assert int(typed) > 1000
    assert int(pointed) > 3
    assert service == "refused"
