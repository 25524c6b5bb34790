"""Proofs in a process of their own: errors come through, one that takes too long ends, the next is answered."""

from __future__ import annotations

import asyncio
import json

import pytest

from graph_service.errors import NotEntailed, ParameterError, QueryTimeout, StoreBusy
from graph_service.explaining.proving import WAITING, Prover
from graph_service.snapshots.snapshot import Snapshot
from tests.snapshot_servers import QUERIES

PLACES = QUERIES / "evidence" / "places.rq"
MEMBER = ("id/actor/paritaet-sachsen", "mp:memberOf", "id/actor/liga-sachsen")


def test_proofs_and_errors_come_through(shipped_snapshot: Snapshot) -> None:
    async def ask() -> None:
        prover = Prover(shipped_snapshot, PLACES)
        try:
            proof = json.loads(await prover.prove(MEMBER, "json", "en"))
            assert proof
            assert "prp-spo2" in await prover.prove(MEMBER, "text", "de")
            assert "@prefix" in await prover.prove(MEMBER, "turtle", "en")
            with pytest.raises(NotEntailed):
                await prover.prove((MEMBER[0], MEMBER[1], "id/actor/spd"), "json", "en")
            with pytest.raises(ParameterError, match="no term"):
                await prover.prove((MEMBER[0], MEMBER[1], "<"), "json", "en")
            assert json.loads(await prover.prove(MEMBER, "json", "en")) == proof
        finally:
            await prover.close()

    asyncio.run(ask())


def test_one_that_takes_too_long_is_ended(shipped_snapshot: Snapshot) -> None:
    async def ask() -> None:
        prover = Prover(shipped_snapshot, PLACES, seconds=0.01)
        with pytest.raises(QueryTimeout):
            await prover.prove(MEMBER, "json", "en")
        assert prover._child is None
        prover._seconds = 30
        try:
            assert await prover.prove(MEMBER, "json", "en")
        finally:
            await prover.close()

    asyncio.run(ask())


def test_a_child_that_ends_is_replaced(shipped_snapshot: Snapshot) -> None:
    async def ask() -> None:
        prover = Prover(shipped_snapshot, PLACES)
        try:
            await prover.prove(MEMBER, "text", "en")
            assert prover._child is not None
            prover._child.kill()
            await prover._child.wait()
            assert await prover.prove(MEMBER, "text", "en")
        finally:
            await prover.close()

    asyncio.run(ask())


def test_too_many_are_turned_away(shipped_snapshot: Snapshot) -> None:
    async def ask() -> None:
        prover = Prover(shipped_snapshot, PLACES)
        try:
            asked = [asyncio.create_task(prover.prove(MEMBER, "text", "en")) for _ in range(WAITING + 3)]
            answers = await asyncio.gather(*asked, return_exceptions=True)
        finally:
            await prover.close()
        assert sum(isinstance(answer, StoreBusy) for answer in answers) == 3
        assert sum(isinstance(answer, str) for answer in answers) == WAITING

    asyncio.run(ask())
