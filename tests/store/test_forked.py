"""Forked workers answer as the engine does, and close when they are told to."""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import zstandard

from graph_service.errors import ParameterError, QuerySyntaxError, SnapshotError, WorkerLost
from graph_service.rdf.formats import offered
from graph_service.store import Query
from graph_service.store.embedded import EmbeddedStore
from graph_service.store.forked import ForkedStore
from graph_service.workers.limits import Limits, QueueFull
from tests.store.asking import BENIGN, ENDLESS, LARGE, get, gives, lives, read, until, working
from tests.store.conftest import Loop
from tests.store.snapshots import Writer, ask


@pytest.mark.parametrize(
    "text",
    ["SELECT * { ?s ?p ?o } ORDER BY ?s ?p", "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <http://e/p0001>"],
)
def test_a_worker_answers_as_the_engine_does(loop: Loop, patient: ForkedStore, people: Path, text: str) -> None:
    embedded = EmbeddedStore.open(people)
    assert patient.digest == embedded.digest
    for format_ in offered(ask(text).form):
        for inferred in (True, False):
            query = replace(ask(text, format_.name), inferred=inferred)
            answer = loop.run(get(patient, query))
            assert sorted(answer.splitlines()) == sorted(embedded.answer(query).splitlines())


def test_the_data_set_of_the_protocol_reaches_the_worker(loop: Loop, patient: ForkedStore) -> None:
    query = ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "csv", default_graphs=("http://e/graph/1", "http://e/graph/2"))
    assert loop.run(get(patient, query)) == b"n\r\n400\r\n"


def test_an_empty_answer(loop: Loop, patient: ForkedStore) -> None:
    assert loop.run(get(patient, ask("CONSTRUCT WHERE { <a:b> ?p ?o }", "ntriples"))) == b""


def test_errors_come_whole(loop: Loop, patient: ForkedStore) -> None:
    error = loop.run(gives(patient, ask("SELECT *\n{ ?s ?p }")))
    assert isinstance(error, QuerySyntaxError)
    assert str(error).startswith("line 2, column ")
    assert isinstance(loop.run(gives(patient, replace(BENIGN, default_graphs=("no iri",)))), ParameterError)


def test_closing_lets_running_answers_end(loop: Loop, people: Path) -> None:
    async def run() -> None:
        store = await ForkedStore.open(people, Limits(workers=1, seconds=20, grace_seconds=10))
        pids = (store.statistics().keeper_pid, *store.statistics().worker_pids)
        answer = await store.query(LARGE)
        waiting = [asyncio.create_task(gives(store, ENDLESS)) for _ in range(2)]
        await until(lambda: store.statistics().waiting == 2)
        closing = asyncio.create_task(store.close())
        await until(lambda: not store.ready)
        assert isinstance(await gives(store, BENIGN), QueueFull)
        assert len(await read(answer)) > 10_000_000
        assert [type(error) for error in await asyncio.gather(*waiting)] == [QueueFull, QueueFull]
        await closing
        await until(lambda: not any(map(lives, pids)))

    loop.run(run())


def test_closing_waits_no_longer_than_the_grace(loop: Loop, people: Path) -> None:
    async def run() -> None:
        store = await ForkedStore.open(people, Limits(seconds=20, grace_seconds=0.2))
        task = asyncio.create_task(gives(store, ENDLESS))
        await working(store)
        await store.close()
        assert isinstance(await task, WorkerLost), "its own limit would have been another error"

    loop.run(run())


def test_another_snapshot_takes_over_while_old_answers_end_on_the_old_one(
    loop: Loop, people: Path, snapshot: Writer
) -> None:
    other = snapshot([f'<http://e/s> <http://e/name> "new" <http://e/graph/{number}> .' for number in range(3)])

    async def run() -> None:
        old = await ForkedStore.open(people, Limits())
        answer = await old.query(LARGE)
        new = await ForkedStore.open(other, Limits())
        closing = asyncio.create_task(old.close())
        assert b"new" in await get(new, BENIGN)
        assert len(await read(answer)) > 10_000_000
        await closing
        assert old.digest != new.digest
        await new.close()

    loop.run(run())


def test_a_snapshot_that_cannot_be_loaded(loop: Loop, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=r"manifest\.json") as caught:
        loop.run(ForkedStore.open(tmp_path))
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_worker_codes_a_large_answer_and_leaves_a_small_one(loop: Loop, patient: ForkedStore, coding: str) -> None:
    """What comes out is the same, and comes in pieces; small answers are coded by who keeps them."""

    async def run(query: Query) -> tuple[str, list[bytes]]:
        answer = await patient.query(replace(query, coding=coding))
        return answer.coding, [piece async for piece in answer]

    applied, pieces = loop.run(run(LARGE))
    plain = loop.run(get(patient, LARGE))
    assert applied == coding
    body = b"".join(pieces)
    decode = zstandard.ZstdDecompressor().decompressobj if coding == "zstd" else partial(zlib.decompressobj, 31)
    assert decode().decompress(body) == plain
    assert len(body) < len(plain) / 4
    for query in (BENIGN, ask("CONSTRUCT WHERE { <a:b> ?p ?o }", "ntriples")):
        applied, pieces = loop.run(run(query))
        assert (applied, b"".join(pieces)) == ("identity", loop.run(get(patient, query)))


def test_errors_come_whole_where_a_coding_is_asked_for(loop: Loop, patient: ForkedStore) -> None:
    assert isinstance(loop.run(gives(patient, replace(ask("SELECT *\n{ ?s ?p }"), coding="gzip"))), QuerySyntaxError)
