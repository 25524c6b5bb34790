"""Both clients behind one face, so that a test is written once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any

import pytest

from graph_service.client import AsyncClient, Client

KINDS = ("blocking", "awaited")
both = pytest.mark.parametrize("kind", KINDS)


async def taken(value: Any) -> Any:
    """What a method gives, awaited if it has to be."""
    return await value if isawaitable(value) else value


async def listed(items: Any) -> list[Any]:
    """All items of a listing."""
    return [item async for item in items] if hasattr(items, "__aiter__") else list(items)


def ask(kind: str, address: str, work: Callable[[Any], Awaitable[Any]], **options: Any) -> Any:
    """What `work` returns of a client of this kind."""

    async def run() -> Any:
        if kind == "blocking":
            with Client(address, **options) as client:
                return await work(client)
        async with AsyncClient(address, **options) as awaited:
            return await work(awaited)

    return asyncio.run(run())
