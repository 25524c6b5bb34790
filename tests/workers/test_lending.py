"""Workers of one keeper for several processes: shares hold over all of them, and nothing lent stays lost."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import socket
from contextlib import suppress
from dataclasses import replace

import pytest

from graph_service.errors import QueryError
from graph_service.workers.borrowing import Borrowed
from graph_service.workers.channel import Channel
from graph_service.workers.crew import Crew
from graph_service.workers.lending import Offer
from graph_service.workers.limits import MIB, QueueFull
from graph_service.workers.pool import WorkerPool
from tests.workers.test_pool import LIMITS, run

PATIENT = replace(LIMITS, wait_seconds=60, queue=200)
CLIENTS = ("a", "b", "c")


class Neighbour:
    """A process that borrows, as the lender sees it: here both ends lie in one event loop."""

    def __init__(self, crew: Crew) -> None:
        ours, theirs = socket.socketpair()
        self._far = Channel(theirs, lambda message: self.borrowed.hear(message), lambda: None)
        self.borrowed = Borrowed(self._far, 1, lambda: None)
        self._near = Channel(ours, lambda message: self.offer.hear(message), lambda: self.offer.close())
        self.offer = Offer(self._near, 1, crew)
        self.pool = WorkerPool(self.borrowed, PATIENT)

    async def die(self) -> None:
        """End without a word."""
        self._far.close()
        await self.borrowed.close()


async def ask(pool: WorkerPool, request: str, client: str) -> bytes:
    return b"".join([piece async for piece in await pool.ask("open", request.encode(), client)])


def crew_of(pool: WorkerPool) -> Crew:
    assert isinstance(pool.workers, Crew)
    return pool.workers


def test_a_client_holds_what_it_may_wherever_it_asks() -> None:
    async def test(pool: WorkerPool) -> None:
        crew, neighbour = crew_of(pool), Neighbour(crew_of(pool))
        link = await neighbour.borrowed.take("open", "a")
        assert crew.take_now("open", "a") is None
        other = crew.take_now("open", "b")
        assert other is not None, "one worker stands by for others"
        waiting = asyncio.ensure_future(neighbour.borrowed.take("open", "a"))
        await asyncio.sleep(0)  # it has asked now
        crew.give_back(other, "b", 0)
        neighbour.borrowed.give_back(link, "a", 0)
        again = await waiting
        crew.turn_away()
        with pytest.raises(QueueFull, match="ending"):
            await neighbour.borrowed.take("open", "c")
        neighbour.borrowed.give_back(again, "a", 0)
        await neighbour.die()

    run(test, PATIENT)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_clients_and_workers_do_no_share_is_lost(seed: int) -> None:
    chance = random.Random(seed)

    async def one(pool: WorkerPool, client: str) -> None:
        await asyncio.sleep(chance.random() / 10)
        request = chance.choice(("word", "leave", "fail now", f"take {1000 * MIB}"))
        asked = asyncio.ensure_future(ask(pool, "sleep 0.02" if request == "leave" else request, client))
        if request == "leave":
            await asyncio.sleep(chance.random() / 20)
            asked.cancel()
        with suppress(QueryError, asyncio.CancelledError):
            await asked

    async def test(pool: WorkerPool) -> None:
        crew = crew_of(pool)
        near, far = Neighbour(crew), Neighbour(crew)
        work = [(chance.choice((pool, near.pool, far.pool)), chance.choice(CLIENTS)) for _ in range(60)]
        tasks = {asyncio.ensure_future(one(*each)): each[0] for each in work}
        await asyncio.sleep(chance.random() / 5)
        await far.die()
        await asyncio.gather(*(task for task, asked in tasks.items() if asked is not far.pool))
        for task, asked in tasks.items():
            if asked is far.pool:
                task.cancel()
        for client in CLIENTS:
            for asked in (pool, near.pool):
                assert await ask(asked, "word", client) == b"word"
        for client in CLIENTS:
            crew.give_back(await crew.take("open", client), client, 0)  # as nothing is held any more
        await near.die()

    run(test, PATIENT)


def test_a_socket_that_cannot_be_taken_ends_the_channel() -> None:
    """Without it the next one would be taken for it, and a request would go to a worker that another client has."""

    async def test() -> None:
        ours, theirs = socket.socketpair()
        heard: list[object] = []
        lost = asyncio.Event()
        near, far = Channel(ours, heard.append, lost.set), Channel(theirs, heard.append, lost.set)
        with socket.socket() as attached:
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            free = [os.dup(attached.fileno()) for _ in range(3)]
            near.send({"worker": 1}, attached)
            await asyncio.sleep(0)  # it is on its way
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(free) + 1, hard))
            try:
                await lost.wait()
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            for descriptor in free:
                os.close(descriptor)
        assert heard == []
        near.close()
        far.close()

    asyncio.run(asyncio.wait_for(test(), 20))
