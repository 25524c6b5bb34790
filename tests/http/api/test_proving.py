"""Proofs over a store: errors come through, and a search that takes too long ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from graph_service.errors import NotEntailed, ParameterError, QueryTimeout
from graph_service.explaining.checker import ProofRejected
from graph_service.explaining.proving import SECONDS, Prover
from graph_service.snapshots import provenance
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import Answer, Query, Store
from tests.snapshot_servers import QUERIES, Stores

PLACES = QUERIES / "evidence" / "places.rq"
MEMBER = ("id/actor/paritaet-sachsen", "mp:memberOf", "id/actor/liga-sachsen")


class AskedStore:
    """A store that remembers what it was asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.digest = store.digest
        self.queries: list[str] = []

    async def query(self, query: Query, *, client: str = "") -> Answer:
        self.queries.append(query.text)
        return await self._store.query(query, client=client)

    async def close(self) -> None:
        await self._store.close()


@pytest.fixture
def run(shipped_snapshot: Snapshot, stores: Stores) -> Callable[..., None]:
    """Runs a test with a prover over a store."""

    def run(test: Callable[[Prover, AskedStore], Awaitable[None]], *, seconds: float = 60) -> None:
        async def inside() -> None:
            store = AskedStore(stores.open(shipped_snapshot))
            files = provenance.of_snapshot(shipped_snapshot)
            prover = Prover(store, shipped_snapshot.manifest.names, PLACES, files, seconds=seconds)
            try:
                await test(prover, store)
            finally:
                await store.close()

        asyncio.run(inside())

    return run


def test_proofs_and_errors_come_through(run: Callable[..., None]) -> None:
    async def ask(prover: Prover, store: AskedStore) -> None:
        proof = json.loads(await prover.prove(MEMBER, "json", "en"))
        assert proof
        assert "prp-spo2" in await prover.prove(MEMBER, "text", "de")
        assert "@prefix" in await prover.prove(MEMBER, "turtle", "en")
        with pytest.raises(NotEntailed):
            await prover.prove((MEMBER[0], MEMBER[1], "id/actor/spd"), "json", "en")
        with pytest.raises(ParameterError, match="not a term"):
            await prover.prove((MEMBER[0], MEMBER[1], "<"), "json", "en")
        assert json.loads(await prover.prove(MEMBER, "json", "en")) == proof

    assert SECONDS > 0
    run(ask)


def test_a_proof_is_checked_by_the_rules_and_by_what_the_store_answers(run: Callable[..., None]) -> None:
    async def ask(prover: Prover, store: AskedStore) -> None:
        proof = json.loads(await prover.prove(MEMBER, "json", "en"))
        await prover.check(proof)
        leaf = next(node for node in proof["nodes"] if "graphs" in node)
        leaf["graphs"] = ["<https://example.org/graph/of-others>"]
        with pytest.raises(ProofRejected, match="not stated where"):
            await prover.check(proof)
        other = json.loads(await prover.prove(MEMBER, "json", "en"))
        other["nodes"][-1]["rule"] = "prp-symp"
        with pytest.raises(ProofRejected, match="does not permit"):
            await prover.check(other)

    run(ask)


def test_one_that_takes_too_long_is_ended(run: Callable[..., None]) -> None:
    async def ask(prover: Prover, store: AskedStore) -> None:
        with pytest.raises(QueryTimeout):
            await prover.prove(MEMBER, "json", "en")

    run(ask, seconds=0)


def test_the_axioms_are_asked_for_once_for_a_data_set(run: Callable[..., None]) -> None:
    async def ask(prover: Prover, store: AskedStore) -> None:
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
