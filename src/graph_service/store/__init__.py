"""Where queries are answered: one interface over forked workers, an embedded engine or a remote endpoint."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from graph_service.errors import LimitExceeded
from graph_service.rdf.formats import Form, Format
from graph_service.workers.coding import IDENTITY


@dataclass(frozen=True)
class Query:
    """One SPARQL query with everything that its answer depends on besides the data set.

    Attributes:
        text: the query, already checked by the guard.
        form: its query form.
        format: the serialisation wanted, one that `formats.writable(form)` names.
        inferred: whether triples of `graph/inferred` take part.
        default_graphs, named_graphs: IRIs of the protocol's data set (SPARQL 1.1 Protocol, section 2.1.4), which
            replaces the query's own; None where the request names neither.
        coding: content coding that a store may apply to a large answer: `gzip`, `zstd` or `identity`.
    """

    text: str
    form: Form
    format: Format
    inferred: bool = True
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    coding: str = IDENTITY


class Answer(Protocol):
    """A running answer: bytes as the engine wrote them, in pieces, with back-pressure.

    Whoever takes an answer reads it to its end or closes it; closing ends the work.
    """

    @property
    def coding(self) -> str:
        """The content coding that the pieces have: that of the query, or `identity`."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces in order.

        Raises:
            QueryError: the work ended after the first piece had been handed out; what was sent is incomplete.
        """
        ...

    async def aclose(self) -> None:
        """End the work if it still runs. May be called twice."""
        ...


async def collect(answer: Answer, most: int) -> bytes:
    """The whole of an answer, which is closed in any case.

    Raises:
        QueryError: the work ended before.
        LimitExceeded: it has more than `most` bytes.
    """
    pieces, size = [], 0
    try:
        async for piece in answer:
            pieces.append(piece)
            size += len(piece)
            if size > most:
                hint = "Narrow it, page it, or take a format of SPARQL, which streams."
                raise LimitExceeded(f"The answer has more than {most} bytes.", hint=hint)
    finally:
        await answer.aclose()
    return b"".join(pieces)


class Store(Protocol):
    """Answers queries over one data set."""

    @property
    def digest(self) -> str:
        """SHA-256 of the data set, hexadecimal."""
        ...

    async def query(self, query: Query, *, client: str = "") -> Answer:
        """Begin to answer; returns when the first piece is there.

        Args:
            query: what is asked.
            client: who asks, for a fair share of the workers.

        Raises:
            QueryError: everything that is known before the first piece: syntax, limits, time, no free worker.
        """
        ...

    async def close(self) -> None:
        """End all work and free what the store holds."""
        ...
