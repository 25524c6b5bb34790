"""Snapshots, an event loop and a pool of workers that the tests of the store share."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from graph_service.store.forked import ForkedStore
from graph_service.workers.limits import MIB, Limits
from tests.store.snapshots import INFERRED, Writer, write_snapshot

Result = TypeVar("Result")
LIMITS = Limits(
    seconds=0.4, client_seconds=5, memory_bytes=512 * MIB, rows=100_000, answer_bytes=20_000_000, grace_seconds=2
)


class Loop:
    """An event loop on a thread of its own, so that one pool serves many tests."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Result], seconds: float = 60) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Writer:
    """Writes snapshots into a directory of their own."""
    return lambda lines: write_snapshot(tmp_path_factory.mktemp("snapshot"), lines)


@pytest.fixture(scope="session")
def people(snapshot: Writer) -> Path:
    """Thousand people who know the next, in ten graphs, with what follows from it in the graph of inferred triples."""
    lines = []
    for number in range(1000):
        graph = f"<http://e/graph/{number % 10}>"
        lines.append(f'<http://e/p{number:04}> <http://e/name> "Person {number}"@en {graph} .')
        lines.append(f"<http://e/p{number:04}> <http://e/knows> <http://e/p{(number + 1) % 1000:04}> {graph} .")
        lines.append(f"<http://e/p{number:04}> <http://e/type> <http://e/Person> <{INFERRED}> .")
    return snapshot(lines)


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    one = Loop()
    yield one
    one.close()


@pytest.fixture(scope="session")
def store(loop: Loop, people: Path) -> Iterator[ForkedStore]:
    """A pool with a time limit that tests can reach."""
    one = loop.run(ForkedStore.open(people, LIMITS))
    yield one
    loop.run(one.close())


@pytest.fixture(scope="session")
def patient(loop: Loop, people: Path) -> Iterator[ForkedStore]:
    """A pool for answers that take their time on a machine that has other work."""
    one = loop.run(ForkedStore.open(people, replace(LIMITS, seconds=30, client_seconds=60)))
    yield one
    loop.run(one.close())
