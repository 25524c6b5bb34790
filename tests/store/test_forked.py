"""Forked workers: right answers, and limits, deaths and departures that hurt nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from graph_service.errors import (
    ParameterError,
    QueryError,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    SnapshotError,
    WorkerLost,
)
from graph_service.formats import Form, offered
from graph_service.store import Answer, Query, Store
from graph_service.store.embedded import EmbeddedStore
from graph_service.store.forked import ForkedStore
from graph_service.store.limits import MIB, Busy, LimitReached, Limits
from tests.store.conftest import Loop
from tests.store.hostile import EXPLOSIVE, NESTED, RUBBISH, form_of
from tests.store.snapshots import Writer, ask

BENIGN = ask("SELECT ?n { ?s <http://e/name> ?n } LIMIT 10")
ENDLESS = ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
# Some hundred kilobytes at once, then a search that finds nothing and does not end.
LATER_ENDLESS = ask(
    "SELECT * { { ?a ?b ?c . ?d <http://e/type> ?f FILTER(?a = <http://e/p0001>) } UNION "
    "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?a) = CONCAT(STR(?f), STR(?i))) } }"
)
LARGE = ask("SELECT * { ?a <http://e/name> ?c . ?d <http://e/type> ?f FILTER(STRENDS(STR(?a), '7')) } LIMIT 90000")


async def read(answer: Answer) -> bytes:
    return b"".join([piece async for piece in answer])


async def read_into(pieces: list[bytes], answer: Answer) -> None:
    async for piece in answer:
        pieces.append(piece)  # noqa: PERF401 - they are wanted up to the error


async def get(store: Store, query: Query, client: str = "") -> bytes:
    return await read(await store.query(query, client=client))


async def gives(store: Store, query: Query, client: str = "") -> QueryError:
    """The error of a query."""
    try:
        answer = await get(store, query, client)
    except QueryError as error:
        return error
    raise AssertionError(answer[:100])


async def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is awaited happens in other processes
            await asyncio.sleep(0.01)


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@contextmanager
def opened(loop: Loop, snapshot: Path, limits: Limits) -> Iterator[ForkedStore]:
    store = loop.run(ForkedStore.open(snapshot, limits))
    try:
        yield store
    finally:
        loop.run(store.close())


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


def test_limits_of_the_answer(loop: Loop, patient: ForkedStore) -> None:
    for text, reason, limit in (
        ("SELECT ?a { ?a ?b ?c . ?d ?e ?f }", "rows", 100_000),
        ("CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d <http://e/knows> ?f }", "rows", 100_000),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "answer_bytes", 20_000_000),
    ):
        error = loop.run(gives(patient, ask(text)))
        assert isinstance(error, LimitReached)
        assert (error.reason, error.limit) == (reason, limit)
        assert "LIMIT with OFFSET" in str(error)


def test_the_time_limit_ends_the_work(loop: Loop, store: ForkedStore) -> None:
    began = time.monotonic()
    error = loop.run(gives(store, ENDLESS))
    assert isinstance(error, QueryTimeout)
    assert "0.4 seconds" in str(error)
    assert 0.3 < time.monotonic() - began < 2
    assert loop.run(get(store, BENIGN))


def test_the_time_limit_ends_the_work_in_the_middle_of_an_answer(loop: Loop, store: ForkedStore) -> None:
    async def run() -> int:
        answer = await store.query(LATER_ENDLESS)
        pieces: list[bytes] = []
        with pytest.raises(QueryTimeout):
            await read_into(pieces, answer)
        return sum(map(len, pieces))

    assert loop.run(run()) > 100_000


def test_the_memory_limit(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(seconds=20, memory_bytes=128 * MIB)) as store:
        error = loop.run(gives(store, ask(EXPLOSIVE["literal doubled fifty times"])))
        assert isinstance(error, LimitReached)
        assert (error.reason, error.limit) == ("memory", 128 * MIB)
        assert loop.run(get(store, BENIGN))


def test_a_worker_that_needed_much_memory_is_replaced(loop: Loop, people: Path) -> None:
    """So memory returns to its level, whatever the allocator keeps."""
    with opened(loop, people, Limits(workers=1, seconds=20)) as store:
        loop.run(until(lambda: store.statistics().workers == 2))
        before = sum(pss for _, pss in store.statistics().memory().values())
        doubled = "".join(f"BIND(CONCAT(?a{i}, ?a{i}) AS ?a{i + 1}) " for i in range(24))
        assert loop.run(
            get(store, ask(f"SELECT (STRLEN(?a24) AS ?n) {{ BIND('0123456789' AS ?a0) {doubled} }}", "csv"))
        )
        loop.run(until(lambda: store.statistics().worker_restarts == 1 and store.statistics().workers == 2))
        after = sum(pss for _, pss in store.statistics().memory().values())
        assert after < before + 16 * MIB
        assert store.statistics().refusals.total() == 0


@pytest.mark.parametrize("name", [*NESTED, *EXPLOSIVE, *RUBBISH])
def test_a_hostile_query_is_answered_or_refused_while_others_are_served(
    loop: Loop, store: ForkedStore, name: str
) -> None:
    """Past the guard, which would refuse some of these."""
    text = {**NESTED, **EXPLOSIVE, **RUBBISH}[name]
    form = form_of(text)

    async def run() -> None:
        began = time.monotonic()
        hostile = asyncio.create_task(get(store, Query(text, form, offered(form)[0]), "hostile"))
        await asyncio.sleep(0.01)
        assert b"Person" in await get(store, BENIGN, "benign")
        assert time.monotonic() - began < 4
        with contextlib.suppress(LimitReached, QueryTimeout, QuerySyntaxError):
            await hostile
        assert time.monotonic() - began < 10

    loop.run(run())
    assert store.statistics().keeper_restarts == 0


@pytest.mark.parametrize("name", ["parentheses", "functions", "conditions", "groups", "graphs", "path parentheses"])
def test_twenty_thousand_levels_are_answered(loop: Loop, people: Path, name: str) -> None:
    with opened(loop, people, Limits(seconds=30)) as store:
        assert loop.run(get(store, ask(NESTED[name])))


def test_a_stack_that_overflows_ends_one_query(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(seconds=30, stack_bytes=8 * MIB)) as store:
        error = loop.run(gives(store, ask(NESTED["functions"])))
        assert isinstance(error, LimitReached)
        assert error.reason == "nesting"
        assert loop.run(get(store, BENIGN))


def test_a_worker_opens_no_connection(loop: Loop, store: ForkedStore) -> None:
    """Even where the guard is gone round."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        text = f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
        assert isinstance(loop.run(gives(store, Query(text, Form.SELECT, BENIGN.format))), QueryRefused)
        load = Query(f"LOAD <{address}>", Form.SELECT, BENIGN.format)
        assert isinstance(loop.run(gives(store, load)), QuerySyntaxError)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_worker_can_open_nothing(store: ForkedStore) -> None:
    for pid in store.statistics().worker_pids:
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert [line.split()[3:5] for line in limits.splitlines() if line.startswith("Max open files")] == [["0", "0"]]
        targets = sorted(os.readlink(f"/proc/{pid}/fd/{number}") for number in os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH115, PTH208
        assert targets[:3] == ["/dev/null"] * 3
        assert len(targets) == 4
        assert targets[3].startswith("socket:")


def test_a_worker_killed_in_mid_query_costs_that_query(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(workers=1, seconds=20)) as store:
        loop.run(until(lambda: store.statistics().workers == 2))

        async def run() -> tuple[QueryError, float]:
            task = asyncio.create_task(gives(store, ENDLESS, "a"))
            await asyncio.sleep(0.2)
            (busy,) = (answer._link.pid for answer in store._running)
            os.kill(busy, signal.SIGKILL)
            error = await task
            began = time.monotonic()
            await until(lambda: store.statistics().workers == 2)
            return error, time.monotonic() - began

        error, seconds = loop.run(run())
        assert isinstance(error, WorkerLost)
        assert seconds < 1
        assert loop.run(get(store, BENIGN))
        assert store.statistics().refusals == {"lost": 1}


def test_an_idle_worker_killed_costs_nothing(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(workers=1)) as store:
        for _ in range(3):
            loop.run(until(lambda: store.statistics().workers == 2))
            pids = store.statistics().worker_pids
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            loop.run(until(lambda pids=pids: not {*pids} & {*store.statistics().worker_pids}))  # type: ignore[misc]
            assert loop.run(get(store, BENIGN))
        assert store.statistics().refusals.total() == 0


def test_a_lost_keeper_is_started_anew(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(seconds=20)) as store:

        async def run() -> QueryError:
            task = asyncio.create_task(gives(store, ENDLESS))
            await asyncio.sleep(0.2)
            before = store.statistics()
            os.kill(before.keeper_pid, signal.SIGKILL)
            error = await task
            await until(lambda: not any(map(lives, before.worker_pids)))
            return error

        assert isinstance(loop.run(run()), WorkerLost)
        assert loop.run(get(store, BENIGN))
        assert store.statistics().keeper_restarts == 1


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_outlives_the_service(people: Path) -> None:
    script = """
import asyncio, os, signal, sys
from pathlib import Path
from graph_service.store.forked import ForkedStore
from graph_service.formats import Form, offered
from graph_service.store import Query
async def main():
    store = await ForkedStore.open(Path(sys.argv[1]))
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    task = asyncio.create_task(store.query(Query(text, Form.SELECT, offered(Form.SELECT)[0])))
    await asyncio.sleep(0.2)
    numbers = store.statistics()
    print(numbers.keeper_pid, *numbers.worker_pids, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", script, str(people)], stdout=subprocess.PIPE, check=False, timeout=30)
    pids = [int(word) for word in done.stdout.split()]
    assert done.returncode == -signal.SIGKILL
    assert len(pids) >= 2
    ends = time.monotonic() + 5
    while any(map(lives, pids)) and time.monotonic() < ends:
        time.sleep(0.01)
    assert not any(map(lives, pids))


def test_a_slow_reader_holds_back_the_worker_and_no_memory(loop: Loop, patient: ForkedStore) -> None:
    async def run() -> tuple[int, int]:
        answer = await patient.query(LARGE)
        await asyncio.sleep(0.3)
        held = len(answer._link._frames._buffer) + len(answer._first or b"")
        size = 0
        async for piece in answer:
            size += len(piece)
        return held, size

    held, size = loop.run(run())
    assert size > 10_000_000
    assert held < 3 * 65536


def test_a_reader_that_is_too_slow_loses_its_worker(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(workers=1, client_seconds=0.4, seconds=5)) as store:

        async def run() -> None:
            answers = [await store.query(LARGE, client=name) for name in "ab"]
            assert b"Person" in await get(store, BENIGN, "c")  # it waited for one of the two
            for answer in answers:
                with pytest.raises(QueryTimeout, match=r"not taken within 0\.4 seconds"):
                    await read(answer)

        loop.run(run())
        assert store.statistics().refusals == {"client_seconds": 2}


def test_a_client_that_goes_away_ends_its_query(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(workers=1, seconds=20)) as store:

        async def run() -> None:
            answer = await store.query(LARGE)
            async for _ in answer:
                break
            await answer.aclose()
            await answer.aclose()
            await until(lambda: store.statistics().running == 0)
            waiting = asyncio.create_task(store.query(ENDLESS))
            await asyncio.sleep(0.1)
            assert store.statistics().running == 1
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            await until(lambda: store.statistics().running == 0)
            assert await get(store, BENIGN)

        loop.run(run())
        numbers = store.statistics()
        assert numbers.kills == 2
        assert numbers.refusals == {"closed": 1}


def test_an_answer_that_is_nearly_over_does_not_cost_a_worker(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(workers=1)) as store:

        async def run() -> None:
            answer = await store.query(ask("SELECT * { ?s ?p ?o }", "csv"))
            await answer.aclose()
            await until(lambda: store.statistics().running == 0)

        loop.run(run())
        assert store.statistics().kills == 0


def test_one_client_with_fifty_slow_queries_does_not_starve_another(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(workers=2, seconds=0.5)) as store:

        async def run() -> None:
            slow = [asyncio.create_task(gives(store, ENDLESS, "slow")) for _ in range(50)]
            await asyncio.sleep(0.1)
            for _ in range(5):
                began = time.monotonic()
                assert await get(store, BENIGN, "other")
                assert time.monotonic() - began < 0.4
                await asyncio.sleep(0.05)
            assert store.statistics().waiting > 40
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)

        loop.run(run())


def test_a_full_queue_refuses_and_says_when_to_ask_again(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(workers=1, seconds=1, queue=2, wait_seconds=0.3)) as store:

        async def run() -> list[QueryError]:
            tasks = [asyncio.create_task(gives(store, ENDLESS, "a")) for _ in range(4)]
            return list(await asyncio.gather(*tasks))

        errors = loop.run(run())
        assert [type(error) for error in errors] == [QueryTimeout, Busy, Busy, Busy]
        assert all(error.retry_after >= 1 for error in errors if isinstance(error, Busy))
        assert "2 queries of this client wait already" in str(errors[3])
        assert "within 0.3 seconds" in str(errors[1])
        assert store.statistics().refusals == {"busy": 3, "seconds": 1}


def test_closing_lets_running_answers_end(loop: Loop, people: Path) -> None:
    async def run() -> None:
        store = await ForkedStore.open(people, Limits(workers=1, seconds=20, grace_seconds=10))
        pids = (store.statistics().keeper_pid, *store.statistics().worker_pids)
        answer = await store.query(LARGE)
        waiting = [asyncio.create_task(gives(store, ENDLESS)) for _ in range(2)]
        await asyncio.sleep(0.05)
        closing = asyncio.create_task(store.close())
        await asyncio.sleep(0.05)
        assert isinstance(await gives(store, BENIGN), Busy)
        assert len(await read(answer)) > 10_000_000
        assert [type(error) for error in await asyncio.gather(*waiting)] == [Busy, Busy]
        await closing
        await until(lambda: not any(map(lives, pids)))

    loop.run(run())


def test_closing_waits_no_longer_than_the_grace(loop: Loop, people: Path) -> None:
    async def run() -> None:
        store = await ForkedStore.open(people, Limits(seconds=20, grace_seconds=0.2))
        task = asyncio.create_task(gives(store, ENDLESS))
        await asyncio.sleep(0.1)
        began = time.monotonic()
        await store.close()
        assert time.monotonic() - began < 3
        assert isinstance(await task, WorkerLost)

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


def test_many_clients_at_once(loop: Loop, store: ForkedStore) -> None:
    """Sixty-four clients, one in twenty hostile: each benign query is answered."""

    async def benign(name: str) -> None:
        for _ in range(10):
            assert b"Person" in await get(store, BENIGN, name)

    async def hostile(name: str) -> None:
        assert isinstance(await gives(store, ENDLESS, name), QueryTimeout)

    async def run() -> None:
        await asyncio.gather(*(hostile(f"c{n}") if n % 20 == 0 else benign(f"c{n}") for n in range(64)))

    before = store.statistics().refusals["busy"]
    loop.run(run())
    assert store.statistics().refusals["busy"] == before
