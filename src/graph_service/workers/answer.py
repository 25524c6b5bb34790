"""A running answer of a forked worker: pieces on demand, two clocks, and an end in every case."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Coroutine
from typing import Any, Protocol

from graph_service.errors import QueryError, QueryTimeout, WorkerLost
from graph_service.rdf.query_limits import LimitReached
from graph_service.workers.coding import IDENTITY
from graph_service.workers.limits import Limits, less, too_deep, too_much_memory, too_slow
from graph_service.workers.link import ConnectionLost, Link
from graph_service.workers.wire import ERROR, LEAVING, PIECE, decode_error, encode_request

# How long, and for how many bytes, an answer that nobody wants any more may go on before its worker is killed.
_DRAIN_SECONDS = 0.05
_DRAIN_PIECES = 4
_VERDICT_SECONDS = 1.0


class Supervisor(Protocol):
    """What an answer needs of the pool that it comes from."""

    @property
    def limits(self) -> Limits:
        """Of each request."""
        ...

    def release(self, answer: WorkerAnswer, link: Link, client: str, started: float) -> None:
        """An answer is over and its worker is well."""
        ...

    def discard(self, answer: WorkerAnswer, link: Link, client: str, started: float, *, kill: bool) -> None:
        """An answer is over and so is its worker."""
        ...

    def kill(self, link: Link) -> None:
        """Have a worker killed."""
        ...

    def refused(self, reason: str) -> None:
        """Count a request that was not answered."""
        ...

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside the answers."""
        ...


class WorkerAnswer:
    """Pieces of an answer in order, with back-pressure. Whoever takes it reads it to its end or closes it.

    Two clocks run. The time limit counts while a piece is awaited: then it is the worker that works. The limit for
    clients counts from the start to the end, so that a client that reads slowly does not hold a worker for ever.
    """

    def __init__(self, pool: Supervisor, link: Link, client: str) -> None:
        self._pool = pool
        self._link = link
        self._client = client
        self._started = time.monotonic()
        self._left = pool.limits.seconds
        self._patience = self._started + pool.limits.client_seconds
        self._deadline: float | None = None
        self._first: bytes | None = None
        self._over = False
        self._expired = ""
        self._abandoned = False
        self.coding = IDENTITY

    def take_mark(self) -> bytes:
        """The first byte, taken off an answer of which nothing was read yet."""
        first = self._first or b""
        self._first = first[1:]
        return first[:1]

    def __aiter__(self) -> WorkerAnswer:
        return self

    async def __anext__(self) -> bytes:
        """The next piece.

        Raises:
            QueryError: the work ended; what was handed out is incomplete.
        """
        piece, self._first = self._first, None
        if not piece and not self._over:
            piece = await self._next()
        if self._expired and not piece:
            raise self._verdict(0)
        if not piece:
            raise StopAsyncIteration
        return piece

    async def begin(self, request: bytes) -> None:
        """Send the request and wait for the first piece.

        Raises:
            ConnectionLost: the worker had ended before it was asked.
            QueryError: see `WorkerPool.ask`.
        """
        try:
            await self._link.send(encode_request(request))
        except BaseException as error:
            self._end(kill=not isinstance(error, ConnectionLost))
            raise
        self._first = await self._next()

    async def aclose(self) -> None:
        """End the work. An answer that is nearly complete is read to its end in the background, else it is killed."""
        if self._over or self._abandoned:
            return
        self._abandoned = True
        self._pool.refused("closed")
        self._pool.spawn(self._drain())

    async def _next(self) -> bytes:
        """The content of the next frame; releases the worker with the last one."""
        self._deadline = time.monotonic() + self._left
        try:
            kind, content = await self._link.receive()
        except ConnectionLost:
            error = await self._cause()
            self._end(kill=False)
            raise self._counted(error) from None
        except BaseException:
            self._end(kill=True)
            raise
        finally:
            self._left, self._deadline = self._deadline - time.monotonic(), None
        if kind != PIECE:
            self._end(kill=False, gone=bool(kind & LEAVING))
        if kind & ~LEAVING == ERROR:
            raise self._counted(decode_error(content))
        return content

    def tick(self, now: float) -> None:
        """Look at the clocks; if one ran out, kill the worker wherever it is."""
        if self._over or self._expired:
            return
        if self._deadline is not None and now > self._deadline:
            self._expire("seconds")
        elif now > self._patience:
            self._expire("client_seconds")

    def _expire(self, limit: str) -> None:
        self._expired = limit
        self._pool.kill(self._link)
        if self._deadline is None:  # nobody may ever come for the rest
            self._pool.refused(limit)
            self._end(kill=False)

    async def _cause(self) -> QueryError:
        """Why the worker is gone."""
        if self._expired:
            return self._verdict(0)
        try:
            async with asyncio.timeout(_VERDICT_SECONDS):
                number = await asyncio.shield(self._link.signal)
        except TimeoutError:
            number = 0
        return self._verdict(number)

    def _verdict(self, number: int) -> QueryError:
        limits, role = self._pool.limits, self._link.role
        if self._expired == "seconds":
            return too_slow(limits.seconds, role)
        if self._expired:
            return QueryTimeout(f"The answer was not taken within {limits.client_seconds:g} seconds.", hint=less(role))
        if number == signal.SIGABRT:
            return too_much_memory(limits.memory_bytes, role)
        if number == signal.SIGSEGV:
            return too_deep(role)
        return WorkerLost(
            f"The worker that ran the {role} ended.", hint="Ask again; if it happens again, ask otherwise."
        )

    def _counted(self, error: QueryError) -> QueryError:
        reason = "lost" if isinstance(error, WorkerLost) else self._expired or type(error).__name__
        self._pool.refused(error.reason if isinstance(error, LimitReached) else reason)
        return error

    def _end(self, *, kill: bool, gone: bool = True) -> None:
        """Give the worker back, unless it is gone."""
        if self._over:
            return
        self._over = True
        if gone or kill or self._expired:
            self._pool.discard(self, self._link, self._client, self._started, kill=kill and not self._expired)
        else:
            self._pool.release(self, self._link, self._client, self._started)

    async def _drain(self) -> None:
        """Read what little may be left, then kill."""
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                for _ in range(_DRAIN_PIECES):
                    await self._next()
                    if self._over:
                        return
        except (TimeoutError, QueryError):
            pass
        finally:
            self._end(kill=True)
