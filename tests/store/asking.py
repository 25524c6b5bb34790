"""Queries to a pool of workers, and what tests do with the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph_service.errors import QueryError
from graph_service.store import Answer, Query, Store
from graph_service.store.forked import ForkedStore
from graph_service.workers.limits import Limits
from tests.store.conftest import Loop
from tests.store.snapshots import ask

BENIGN = ask("SELECT ?n { ?s <http://e/name> ?n } LIMIT 10")
ENDLESS = ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
LARGE = ask("SELECT * { ?a <http://e/name> ?c . ?d <http://e/type> ?f FILTER(STRENDS(STR(?a), '7')) } LIMIT 90000")


async def read(answer: Answer) -> bytes:
    return b"".join([piece async for piece in answer])


async def get(store: Store, query: Query, client: str = "") -> bytes:
    return await read(await store.query(query, client=client))


async def gives(store: Store, query: Query, client: str = "") -> QueryError:
    """The error of a query."""
    try:
        answer = await get(store, query, client)
    except QueryError as error:
        return error
    raise AssertionError(answer[:100])


async def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for a condition; the time is generous, since the machine may be busy."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is awaited happens in other processes
            await asyncio.sleep(0.01)


def lives(pid: int) -> bool:
    return _state(Path(f"/proc/{pid}")) not in ("", "Z")


def computes(pid: int) -> bool:
    """Whether a thread of a process runs, or could; else all of them wait for something."""
    return any(_state(thread) in ("R", "D") for thread in Path(f"/proc/{pid}/task").glob("*"))


def _state(directory: Path) -> str:
    """The state of a process or thread by a letter (proc(5)), empty if there is none."""
    try:
        return (directory / "stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


async def working(store: ForkedStore) -> int:
    """The process id of the one worker that is busy, as soon as it computes."""
    running = store.pool._running
    await until(lambda: [computes(answer._link.pid) for answer in running] == [True])
    return next(answer._link.pid for answer in running)


@contextmanager
def opened(loop: Loop, snapshot: Path, limits: Limits) -> Iterator[ForkedStore]:
    store = loop.run(ForkedStore.open(snapshot, limits))
    try:
        yield store
    finally:
        loop.run(store.close())
