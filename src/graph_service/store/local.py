"""The engine of this process behind the interface of a store: for a worker, which does one thing at a time."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

from graph_service.store import Query
from graph_service.store.engine import Engine
from graph_service.workers.coding import IDENTITY


class LocalStore:
    """Answers queries by an engine, whole and in the calling thread. What limits the worker limits them in time.

    Args:
        engine: the data set.
        rows: rows or triples that one answer may have; None for any number.
        answer_bytes: size that one answer may have; None for any.
    """

    def __init__(self, engine: Engine, *, rows: int | None = None, answer_bytes: int | None = None) -> None:
        self._engine = engine
        self._limits = (rows, answer_bytes)

    @property
    def digest(self) -> str:
        """SHA-256 of the data set, hexadecimal."""
        return self._engine.digest

    async def query(self, query: Query, *, client: str = "") -> WholeAnswer:
        """Answer; `client` is of no importance here.

        Raises:
            QueryError: as of `Engine.evaluate`.
        """
        output = io.BytesIO()
        rows, size = self._limits
        self._engine.evaluate(query, output, rows=rows, size=size)
        return WholeAnswer(output.getvalue())

    async def close(self) -> None:
        """Nothing is held that would have to be freed."""


class WholeAnswer:
    """An answer that is there already."""

    coding = IDENTITY

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body

    async def aclose(self) -> None:
        """Nothing runs any more."""
