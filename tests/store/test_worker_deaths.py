"""A worker, a keeper or the service dies: it costs one query at most, and nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph_service.errors import QueryError, WorkerLost
from graph_service.workers.limits import Limits
from tests.store.asking import BENIGN, ENDLESS, LARGE, get, gives, lives, opened, until, working
from tests.store.conftest import Loop


def test_a_worker_killed_in_mid_query_costs_that_query(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(workers=1, seconds=20)) as store:
        loop.run(until(lambda: store.statistics().workers == 2))

        async def run() -> QueryError:
            task = asyncio.create_task(gives(store, ENDLESS, "a"))
            os.kill(await working(store), signal.SIGKILL)
            error = await task
            await until(lambda: store.statistics().workers == 2)
            return error

        assert isinstance(loop.run(run()), WorkerLost)
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
            await working(store)
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
from graph_service.rdf.formats import Form, offered
from graph_service.store import Query
async def main():
    store = await ForkedStore.open(Path(sys.argv[1]))
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    task = asyncio.create_task(store.query(Query(text, Form.SELECT, offered(Form.SELECT)[0])))
    while not store.statistics().running:
        await asyncio.sleep(0.01)
    numbers = store.statistics()
    print(numbers.keeper_pid, *numbers.worker_pids, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", script, str(people)], stdout=subprocess.PIPE, check=False, timeout=30)
    pids = [int(word) for word in done.stdout.split()]
    assert done.returncode == -signal.SIGKILL
    assert len(pids) >= 2
    ends = time.monotonic() + 60
    while any(map(lives, pids)) and time.monotonic() < ends:
        time.sleep(0.01)
    assert not any(map(lives, pids))


def test_a_slow_reader_of_before_kills_no_worker_of_the_next_keeper(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(workers=1, seconds=20, client_seconds=600)) as store:

        async def run() -> tuple[set[int], set[int]]:
            await until(lambda: store.statistics().workers == 2)
            slow = await store.query(LARGE)
            os.kill(store.statistics().keeper_pid, signal.SIGKILL)
            await until(lambda: store.statistics().keeper_restarts == 1 and store.statistics().workers == 2, 60)
            workers = {*store.statistics().worker_pids}
            # What the clock of the pool does when the time of this client is over.
            slow._expire("client_seconds")
            assert await get(store, BENIGN)
            assert await get(store, BENIGN)
            return workers, {*store.statistics().worker_pids}

        before, after = loop.run(run(), 120)
        assert after == before
        assert all(lives(pid) for pid in before)
        assert store.statistics().worker_restarts == 0
