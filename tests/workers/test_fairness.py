"""The queue: in turn, bounded, and giving way."""

from __future__ import annotations

import asyncio

import pytest

from graph_service.workers.fairness import FairQueue
from graph_service.workers.limits import QueueFull


def queue(size: int = 10, per_client: int = 10, at_once: int = 1, seconds: float = 5) -> FairQueue[str]:
    return FairQueue(size, per_client, at_once, seconds)


async def line_up(fair: FairQueue[str], clients: str, served: list[str]) -> list[asyncio.Task[None]]:
    """One task for each letter, in this order; each notes its client when it is served, and gives back."""

    async def one(client: str) -> None:
        thing = await fair.take(client)
        served.append(client)
        fair.free(client, thing)

    tasks = []
    for client in clients:
        tasks.append(asyncio.create_task(one(client)))
        await asyncio.sleep(0)
    return tasks


def test_clients_are_served_in_turn() -> None:
    async def run() -> str:
        fair, served = queue(), list[str]()
        tasks = await line_up(fair, "aaaabbc", served)
        fair.put("worker")
        await asyncio.gather(*tasks)
        assert fair.waiting == 0
        return "".join(served)

    assert asyncio.run(run()) == "abcabaa"


def test_no_client_holds_more_than_its_share() -> None:
    async def run() -> None:
        fair = queue(at_once=2, seconds=0.05)
        for number in range(3):
            fair.put(f"worker {number}")
        for _ in range(2):
            await fair.take("a")
        with pytest.raises(QueueFull, match=r"within 0\.05 seconds"):
            await fair.take("a")
        assert await fair.take("b") == "worker 0"
        fair.free("a", "worker 2")
        assert await fair.take("a") == "worker 2"

    asyncio.run(run())


def test_a_full_queue_gives_way_to_who_has_less() -> None:
    async def run() -> None:
        fair, served = queue(size=3), list[str]()
        tasks = await line_up(fair, "aaabbcd", served)
        await asyncio.sleep(0)
        fair.put("worker")
        results = await asyncio.gather(*tasks, return_exceptions=True)
        refused = [client for client, result in zip("aaabbcd", results, strict=True) if result is not None]
        assert all(isinstance(result, QueueFull | None) for result in results)
        assert (sorted(served), refused) == (["a", "b", "c"], ["a", "a", "b", "d"])

    asyncio.run(run())


def test_one_client_may_not_wait_more_often_than_allowed() -> None:
    async def run() -> None:
        fair = queue(per_client=1)
        tasks = await line_up(fair, "ab", [])
        with pytest.raises(QueueFull, match="1 queries of this client wait already") as caught:
            await fair.take("a")
        assert caught.value.retry_after >= 1
        fair.put("worker")
        await asyncio.gather(*tasks)

    asyncio.run(run())


def test_who_goes_away_leaves_no_trace() -> None:
    async def run() -> None:
        fair, served = queue(), list[str]()
        first, second = await line_up(fair, "ab", served)
        first.cancel()
        await asyncio.sleep(0)
        fair.put("worker")
        await second
        assert (served, fair.waiting) == (["b"], 0)
        assert await fair.take("c") == "worker"

    asyncio.run(run())


def test_who_goes_away_just_when_served_gives_back() -> None:
    async def run() -> None:
        fair = queue()
        (task,) = await line_up(fair, "a", [])
        fair.put("worker")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await fair.take("b") == "worker"

    asyncio.run(run())


def test_closing_turns_all_away() -> None:
    async def run() -> None:
        fair = queue()
        tasks = await line_up(fair, "ab", [])
        fair.close()
        assert all(isinstance(result, QueueFull) for result in await asyncio.gather(*tasks, return_exceptions=True))
        with pytest.raises(QueueFull, match="ending"):
            await fair.take("c")

    asyncio.run(run())


def test_a_thing_that_is_gone_is_not_handed_out() -> None:
    async def run() -> None:
        fair = queue()
        fair.put("dead")
        fair.put("alive")
        assert fair.remove("dead")
        assert not fair.remove("dead")
        assert await fair.take("a") == "alive"
        fair.free("a", None)
        fair.put("new")
        fair.clear()
        (task,) = await line_up(fair, "a", [])
        assert fair.waiting == 1
        task.cancel()

    asyncio.run(run())
