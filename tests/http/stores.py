"""A store for tests that does what a test tells it: fail in mid-stream, wait, count what it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field

from graph_service.store import Query


class Pieces:
    """An answer out of an iterator of pieces; an exception among them is raised in its place.

    Args:
        pieces: of the answer.
        gate: what has to come true before more than the `free` first of them are given.
        free: see `gate`.
    """

    coding = "identity"

    def __init__(
        self, pieces: Iterable[bytes | Exception], gate: Callable[[], bool] = lambda: True, free: int = 0
    ) -> None:
        self._pieces = iter(pieces)
        self._gate = gate
        self._free = free
        self.closed = asyncio.Event()
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for number, piece in enumerate(self._pieces):
            while number >= self._free and not self._gate():  # noqa: ASYNC110 - threads open the gate
                await asyncio.sleep(0.001)
            await asyncio.sleep(0)
            if isinstance(piece, Exception):
                raise piece
            self.read += len(piece)
            yield piece

    async def aclose(self) -> None:
        self.closed.set()


@dataclass
class ScriptedStore:
    """Answers as `script` says; keeps what was asked and what was answered."""

    script: Callable[[Query], Pieces]
    digest: str = "1" * 64
    asked: list[Query] = field(default_factory=list)
    answers: list[Pieces] = field(default_factory=list)
    closed: bool = False

    async def query(self, query: Query, *, client: str = "") -> Pieces:
        self.asked.append(query)
        answer = self.script(query)
        self.answers.append(answer)
        return answer

    async def close(self) -> None:
        self.closed = True
