"""Proofs for a server: errors come through, one that takes too long ends, the next is answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from graph_service.building import provenance
from graph_service.errors import NotEntailed, ParameterError, QueryTimeout, StoreBusy
from graph_service.explaining.proving import SECONDS, WAITING, Prover
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import Answer, Query, Store
from tests.snapshot_servers import QUERIES, Stores

PLACES = QUERIES / "evidence" / "places.rq"
MEMBER = ("id/actor/paritaet-sachsen", "mp:memberOf", "id/actor/liga-sachsen")


class HeldStore:
    """A store that answers once it may."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked = asyncio.Event()
        self.free = asyncio.Event()
        self.digest = store.digest
        self.queries: list[str] = []

    async def query(self, query: Query, *, client: str = "") -> Answer:
        self.asked.set()
        self.queries.append(query.text)
        await self.free.wait()
        return await self._store.query(query, client=client)

    async def close(self) -> None:
        await self._store.close()


@pytest.fixture
def run(shipped_snapshot: Snapshot, stores: Stores) -> Callable[..., None]:
    """Runs a test with a prover over a store that is free to answer, or is not."""

    def run(test: Callable[[Prover, HeldStore], Awaitable[None]], *, free: bool = True, seconds: float = 60) -> None:
        async def inside() -> None:
            store = HeldStore(stores.open(shipped_snapshot))
            if free:
                store.free.set()
            files = provenance.of_snapshot(shipped_snapshot)
            prover = Prover(store, shipped_snapshot.manifest.names, PLACES, files, seconds=seconds)
            try:
                await test(prover, store)
            finally:
                await prover.close()
                await store.close()

        asyncio.run(inside())

    return run


def test_proofs_and_errors_come_through(run: Callable[..., None]) -> None:
    async def ask(prover: Prover, store: HeldStore) -> None:
        proof = json.loads(await prover.prove(MEMBER, "json", "en"))
        assert proof
        assert "prp-spo2" in await prover.prove(MEMBER, "text", "de")
        assert "@prefix" in await prover.prove(MEMBER, "turtle", "en")
        with pytest.raises(NotEntailed):
            await prover.prove((MEMBER[0], MEMBER[1], "id/actor/spd"), "json", "en")
        with pytest.raises(ParameterError, match="no term"):
            await prover.prove((MEMBER[0], MEMBER[1], "<"), "json", "en")
        assert json.loads(await prover.prove(MEMBER, "json", "en")) == proof

    assert SECONDS > 0
    run(ask)


def test_one_that_takes_too_long_is_ended(run: Callable[..., None]) -> None:
    async def ask(prover: Prover, store: HeldStore) -> None:
        with pytest.raises(QueryTimeout):
            await prover.prove(MEMBER, "json", "en")

    run(ask, free=False, seconds=0.01)


def test_a_client_that_goes_away_frees_the_way(run: Callable[..., None]) -> None:
    async def ask(prover: Prover, store: HeldStore) -> None:
        first = asyncio.create_task(prover.prove(MEMBER, "json", "en"))
        await store.asked.wait()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        store.free.set()
        assert await prover.prove(MEMBER, "json", "en")

    run(ask, free=False)


def test_the_axioms_are_asked_for_once_for_a_data_set(run: Callable[..., None]) -> None:
    async def ask(prover: Prover, store: HeldStore) -> None:
        for _ in range(2):
            await prover.prove(MEMBER, "text", "en")
        axioms = store.queries[0]
        assert store.queries.count(axioms) == 1
        # A remote store may come to hold another data set.
        store.digest = "0" * 64
        await prover.prove(MEMBER, "text", "en")
        assert store.queries.count(axioms) == 2
        assert prover.digest == store.digest

    run(ask)


def test_too_many_are_turned_away(run: Callable[..., None]) -> None:
    async def ask(prover: Prover, store: HeldStore) -> None:
        asked = [asyncio.create_task(prover.prove(MEMBER, "text", "en")) for _ in range(WAITING + 3)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert sum(isinstance(answer, StoreBusy) for answer in answers) == 3
        assert sum(isinstance(answer, str) for answer in answers) == WAITING

    run(ask)
