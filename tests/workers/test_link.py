"""The pool's end of a socket to a worker."""

from __future__ import annotations

import asyncio
import socket

import pytest

from graph_service.workers.link import ConnectionLost, Link


def test_closing_ends_a_receive_that_waits() -> None:
    """The end of the worker may come after the pool has stopped to listen."""

    async def run() -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            link = Link(1, 0, "query", ours)
            waiting = asyncio.create_task(link.receive())
            await asyncio.sleep(0)
            link.close()
            with pytest.raises(ConnectionLost):
                await asyncio.wait_for(waiting, 30)

    asyncio.run(run())
