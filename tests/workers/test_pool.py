"""A pool has requests answered by workers of the role that they are for, and each ends within its limits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from graph_service.errors import QueryError, QueryTimeout, SettingsError
from graph_service.rdf.query_limits import LimitReached
from graph_service.workers.limits import MIB, Limits
from graph_service.workers.pool import WorkerPool

ROLES = "tests.workers.work:roles"
LIMITS = Limits(workers=1, seconds=30, memory_bytes=64 * MIB, grace_seconds=1)


def run(test: Callable[[WorkerPool], Awaitable[None]], limits: Limits = LIMITS, **arguments: Any) -> None:
    async def inside() -> None:
        pool = await WorkerPool.open(ROLES, arguments, limits)
        try:
            await test(pool)
        finally:
            await pool.close()

    asyncio.run(inside())


async def ask(pool: WorkerPool, role: str, request: str) -> bytes:
    return b"".join([piece async for piece in await pool.ask(role, request.encode(), "a client")])


@pytest.mark.parametrize("role", ["open", "sealed"])
def test_answers_come_back(role: str) -> None:
    async def test(pool: WorkerPool) -> None:
        assert await ask(pool, role, "hello") == b"hello"
        large = "x" * 1_000_000
        assert await ask(pool, role, large) == large.encode()

    run(test)


@pytest.mark.parametrize("role", ["open", "sealed"])
def test_memory_is_limited(role: str) -> None:
    async def test(pool: WorkerPool) -> None:
        with pytest.raises(LimitReached, match=f"The {role} needs more than 64 MiB"):
            await ask(pool, role, f"take {1000 * MIB}")
        assert await ask(pool, role, "take 1000") == b"1000"

    run(test)


def test_time_is_limited() -> None:
    async def test(pool: WorkerPool) -> None:
        with pytest.raises(QueryTimeout, match=r"0\.1 seconds"):
            await ask(pool, "open", "sleep 60")
        assert pool.statistics().kills == 1

    run(test, replace(LIMITS, seconds=0.1))


def test_a_failure_is_an_answer() -> None:
    async def test(pool: WorkerPool) -> None:
        with pytest.raises(QueryError, match="failed while it ran"):
            await ask(pool, "open", "fail now")
        assert await ask(pool, "open", "hello") == b"hello"

    run(test)


def test_sealed_work_opens_nothing() -> None:
    async def test(pool: WorkerPool) -> None:
        assert await ask(pool, "open", f"read {__file__}") == b'"'
        for request in (f"read {__file__}", "connect"):
            with pytest.raises(QueryError):
                await ask(pool, "sealed", request)

    run(test)


def test_roles_have_queues_of_their_own() -> None:
    async def test(pool: WorkerPool) -> None:
        slow = [asyncio.create_task(ask(pool, "open", "sleep 60")) for _ in range(3)]
        assert await ask(pool, "sealed", "hello") == b"hello"
        for one in slow:
            one.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    run(test)


def test_an_error_while_roles_are_made_comes_back() -> None:
    async def test(pool: WorkerPool) -> None:
        raise AssertionError

    with pytest.raises(SettingsError, match="The second role is wrong") as caught:
        run(test, broken=True)
    assert caught.value.hint == "Mend it."


def test_workers_give_way() -> None:
    async def test(pool: WorkerPool) -> None:
        assert int(await ask(pool, "open", "nice")) >= 5

    run(test)


def test_what_a_worker_loaded_is_there_for_those_after_it() -> None:
    """A library that takes long to load is loaded once, not by each worker that comes for one that has ended."""

    async def test(pool: WorkerPool) -> None:
        known = []
        for _ in range(4):
            known.append(await ask(pool, "open", "load colorsys"))
            await ask(pool, "open", f"take {70 * MIB}")  # more than a worker may touch before it ends
        assert known[0] == b"False"
        assert known[-1] == b"True"

    run(test, replace(LIMITS, memory_bytes=256 * MIB))
