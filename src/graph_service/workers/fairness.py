"""Who is served next: a bounded queue with a fair share for each client.

Clients that wait are served in turn, one query each. No client holds all workers, so somebody who comes after fifty
slow queries of one client is served at once. A full queue gives way: the client that has most waiting loses its last
query to one that has fewer.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, OrderedDict, deque
from typing import Generic, TypeVar

from graph_service.workers.limits import QueueFull

Thing = TypeVar("Thing")
_LATER = "Ask again a little later."


class FairQueue(Generic[Thing]):
    """Hands out things (workers) that are put in, to clients in turn.

    Args:
        size: how many may wait.
        per_client: how many of one client may wait.
        at_once: how many things one client may hold.
        seconds: how long one waits.
    """

    def __init__(self, size: int, per_client: int, at_once: int, seconds: float) -> None:
        self._size = size
        self._per_client = per_client
        self._at_once = at_once
        self._seconds = seconds
        self._idle: deque[Thing] = deque()
        self._waiting: OrderedDict[str, deque[asyncio.Future[Thing]]] = OrderedDict()
        self._held: Counter[str] = Counter()
        self._closed = False
        self._usual_seconds = 0.1

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiting.values()))

    async def take(self, client: str) -> Thing:
        """Wait for a thing, and hold it until `free` is called.

        Raises:
            Busy: too many wait already, or it took too long.
        """
        if (thing := self.take_now(client)) is not None:
            return thing
        future = self.join(client)
        try:
            async with asyncio.timeout(self._seconds):
                return await future
        except BaseException as error:
            if future.done() and not future.cancelled() and future.exception() is None:
                self.free(client, future.result())
            self.leave(client, future)
            if isinstance(error, TimeoutError):
                raise self.late() from None
            raise

    def take_now(self, client: str) -> Thing | None:
        """A thing as of `take`, if the client need not wait for it."""
        if self._closed or not self._idle or self._held[client] >= self._at_once or client in self._waiting:
            return None
        self._held[client] += 1
        return self._idle.pop()  # the last one used: its caches are warm

    def join(self, client: str) -> asyncio.Future[Thing]:
        """Wait as of `take`, but for the time: who waits no more cancels the future, and calls `leave`.

        Raises:
            QueueFull: too many wait already.
        """
        if self._closed:
            raise QueueFull("The service is ending.", retry_after=5, hint=_LATER)
        self._admit(client)
        future: asyncio.Future[Thing] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(future)
        self._serve()
        return future

    def leave(self, client: str, future: asyncio.Future[Thing]) -> None:
        """A client waits no more."""
        futures = self._waiting.get(client)
        if futures is not None:
            with contextlib.suppress(ValueError):
                futures.remove(future)
            if not futures:
                del self._waiting[client]

    def late(self) -> QueueFull:
        """The error of who has waited too long."""
        message = f"No worker was free within {self._seconds:g} seconds."
        return QueueFull(message, retry_after=self._estimate(), hint=_LATER)

    def put(self, thing: Thing) -> None:
        """Add a thing that nobody holds."""
        self._idle.append(thing)
        self._serve()

    def free(self, client: str, thing: Thing | None, seconds: float | None = None) -> None:
        """A client no longer holds a thing; None if the thing is gone.

        `seconds`, how long it was held, tells clients that are turned away when to ask again.
        """
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        if seconds is not None:
            self._usual_seconds += (seconds - self._usual_seconds) / 8
        if thing is not None:
            self._idle.append(thing)
        self._serve()

    def remove(self, thing: Thing) -> bool:
        """Take out a thing that is no longer there; returns whether nobody held it."""
        try:
            self._idle.remove(thing)
        except ValueError:
            return False
        return True

    def clear(self) -> None:
        """Take out all things that nobody holds."""
        self._idle.clear()

    def close(self) -> None:
        """Turn away all that wait, and all that come."""
        self._closed = True
        for futures in self._waiting.values():
            for future in futures:
                if not future.done():
                    future.set_exception(QueueFull("The service is ending.", retry_after=5, hint=_LATER))

    def _serve(self) -> None:
        """Give what is idle to those who wait, in turn."""
        for client in list(self._waiting):
            if not self._idle:
                return
            futures = self._waiting.get(client)
            if futures is None or self._held[client] >= self._at_once:
                continue
            while futures and futures[0].done():
                futures.popleft()
            if futures:
                self._held[client] += 1
                futures.popleft().set_result(self._idle.pop())
            if futures:
                self._waiting.move_to_end(client)
            else:
                del self._waiting[client]
        if self._idle and any(self._held[client] < self._at_once for client in self._waiting):
            self._serve()

    def _admit(self, client: str) -> None:
        """Make room for one more that waits."""
        own = len(self._waiting.get(client, ()))
        if own >= self._per_client:
            message = f"{own} queries of this client wait already."
            raise QueueFull(message, retry_after=self._estimate(), hint="Ask again when they are answered.")
        if self.waiting < self._size:
            return
        most = max(self._waiting, key=lambda one: len(self._waiting[one]), default=client)
        if len(self._waiting.get(most, ())) <= own + 1:
            raise QueueFull(f"{self.waiting} queries wait already.", retry_after=self._estimate(), hint=_LATER)
        last = self._waiting[most].pop()
        if not last.done():
            last.set_exception(
                QueueFull(
                    "Too many queries wait, and most are of this client.", retry_after=self._estimate(), hint=_LATER
                )
            )

    def _estimate(self) -> float:
        """Seconds until those who wait now are likely to be served."""
        return min(60.0, max(1.0, self._usual_seconds * (self.waiting + 1) / self._at_once))
