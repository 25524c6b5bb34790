"""Single flight: one of several identical requests does the work, the others wait for its result."""

from __future__ import annotations

import asyncio
from types import TracebackType

from graph_service.errors import LimitExceeded, QuerySyntaxError, QueryTimeout

# What one request met and every identical one would meet.
SHARED_ERRORS = (QuerySyntaxError, LimitExceeded, QueryTimeout)


class Flight:
    """A block that one of several identical requests enters first, while the others wait.

    The first works inside the block and calls `release` as soon as the answer is in the cache, or will not be. Then the
    others enter, look into the cache, and work for themselves if it has nothing. If the first leaves without a release,
    because its client did, one of the others takes its place.

    Attributes:
        waited: whether another request has worked meanwhile.

    Raises:
        QuerySyntaxError, LimitExceeded, QueryTimeout: what the one that worked met.
    """

    __slots__ = ("_flights", "_own", "_tag", "waited")

    def __init__(self, flights: dict[str, asyncio.Future[bool]], tag: str) -> None:
        self._flights = flights
        self._tag = tag
        self._own: asyncio.Future[bool] | None = None
        self.waited = False

    async def __aenter__(self) -> Flight:
        while (running := self._flights.get(self._tag)) is not None:
            # Shielded: a client that stops waiting must not end the wait of the others.
            if await asyncio.shield(running):
                self.waited = True
                return self
        self._own = self._flights[self._tag] = asyncio.get_running_loop().create_future()
        return self

    def release(self, error: object = None) -> None:
        """Let the others enter; with an error that they would meet as well, they raise it instead."""
        if self._own is None or self._own.done():
            return
        self._flights.pop(self._tag, None)
        if isinstance(error, SHARED_ERRORS):
            self._own.set_exception(error)
            self._own.exception()  # Nobody may be waiting: then it is no error that went unseen.
        else:
            self._own.set_result(True)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._own is None or self._own.done():
            return
        if error is not None and isinstance(error, SHARED_ERRORS):
            self.release(error)
            return
        self._flights.pop(self._tag, None)
        self._own.set_result(False)
