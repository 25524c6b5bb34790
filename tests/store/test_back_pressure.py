"""Slow readers, clients that leave, and clients that want everything at once: others are served all the same."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from graph_service.errors import QueryError, QueryTimeout
from graph_service.store.forked import ForkedStore
from graph_service.workers import answer
from graph_service.workers.limits import Limits, QueueFull
from tests.store.asking import BENIGN, ENDLESS, LARGE, computes, get, gives, opened, read, until, working
from tests.store.conftest import Loop
from tests.store.snapshots import ask


def test_a_slow_reader_holds_back_the_worker_and_no_memory(loop: Loop, patient: ForkedStore) -> None:
    async def run() -> tuple[int, int]:
        answer = await patient.query(LARGE)
        # It wrote as much as the socket takes, and waits.
        await until(lambda: not computes(answer._link.pid))
        held = len(answer._link._frames._buffer) + len(answer._first or b"")
        size = 0
        async for piece in answer:
            size += len(piece)
        return held, size

    held, size = loop.run(run())
    assert size > 10_000_000
    assert held < 3 * 65536


def test_a_reader_that_is_too_slow_loses_its_worker(loop: Loop, people: Path) -> None:
    # Long enough for whoever does read, however busy the machine is.
    with opened(loop, people, Limits(workers=1, client_seconds=3, seconds=20)) as store:

        async def run() -> None:
            answers = [await store.query(LARGE, client=name) for name in "ab"]
            assert b"Person" in await get(store, BENIGN, "c")  # it waited for one of the two
            for answer in answers:
                with pytest.raises(QueryTimeout, match="not taken within 3 seconds"):
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
            await working(store)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            await until(lambda: store.statistics().running == 0)
            assert await get(store, BENIGN)

        loop.run(run())
        numbers = store.statistics()
        assert numbers.kills == 2
        assert numbers.refusals == {"closed": 1}


def test_an_answer_that_is_nearly_over_does_not_cost_a_worker(
    loop: Loop, people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine the little that is left can take longer than a client's leaving is worth.
    monkeypatch.setattr(answer, "_DRAIN_SECONDS", 30.0)
    with opened(loop, people, Limits(workers=1)) as store:

        async def run() -> None:
            begun = await store.query(ask("SELECT * { ?s ?p ?o }", "csv"))
            await begun.aclose()
            await until(lambda: store.statistics().running == 0)

        loop.run(run())
        assert store.statistics().kills == 0


def test_one_client_with_fifty_slow_queries_does_not_starve_another(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(workers=2, seconds=60, wait_seconds=60)) as store:

        async def run() -> None:
            slow = [asyncio.create_task(gives(store, ENDLESS, "slow")) for _ in range(50)]
            await until(lambda: store.statistics().waiting == 48)
            for _ in range(5):
                assert await get(store, BENIGN, "other")
            assert store.statistics().waiting == 48, "none of them had to end first"
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
        assert [type(error) for error in errors] == [QueryTimeout, QueueFull, QueueFull, QueueFull]
        assert all(error.retry_after >= 1 for error in errors if isinstance(error, QueueFull))
        assert "2 queries of this client wait already" in str(errors[3])
        assert "within 0.3 seconds" in str(errors[1])
        assert store.statistics().refusals == {"busy": 3, "seconds": 1}


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
