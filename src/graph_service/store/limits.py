"""What one query may use, and the errors that say which limit it met."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.errors import StoreBusy
from graph_service.rdf.guard import LimitReached as LimitReached
from graph_service.settings import ServeSettings

MIB = 1024 * 1024
PAGING = (
    "Ask for a part at a time: LIMIT with OFFSET, or ORDER BY a key and a FILTER that begins behind the last one seen."
)


@dataclass(frozen=True)
class Limits:
    """Limits of a store.

    Attributes:
        workers: queries of one client that run at once; one worker more stands by for other clients.
        seconds: time that the engine may work on one query.
        client_seconds: time from the start of a query until its client must have taken the whole answer.
        memory_bytes: memory that one query may use on top of the data.
        stack_bytes: stack of the thread that a query runs on; address space, only the used part becomes memory.
        rows: rows of a table or triples of a graph that one answer may have.
        answer_bytes: size that one answer may have, before compression.
        queue: queries that may wait for a worker.
        per_client: queries of one client that may wait; None for as many as the queue has.
        wait_seconds: how long a query waits for a worker.
        grace_seconds: how long running answers may still take when the store is closed.
    """

    workers: int = 2
    seconds: float = 10.0
    client_seconds: float = 60.0
    memory_bytes: int = 1024 * MIB
    stack_bytes: int = 512 * MIB
    rows: int = 1_000_000
    answer_bytes: int = 256_000_000
    queue: int = 64
    per_client: int | None = None
    wait_seconds: float = 10.0
    grace_seconds: float = 10.0

    @classmethod
    def of(cls, settings: ServeSettings) -> Limits:
        """The limits that the settings of the service name."""
        return cls(
            workers=settings.workers,
            seconds=settings.seconds,
            client_seconds=max(cls.client_seconds, 6 * settings.seconds),
            memory_bytes=settings.memory_mb * MIB,
            rows=settings.rows,
            answer_bytes=settings.megabytes * 1_000_000,
            queue=settings.queue,
            wait_seconds=max(cls.wait_seconds, settings.seconds),
            grace_seconds=max(cls.grace_seconds, settings.seconds),
        )


class QueueFull(StoreBusy):
    """No worker was free in time.

    Attributes:
        retry_after: seconds after which asking again makes sense.
    """

    def __init__(self, message: str, *, retry_after: float, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


def too_many_rows(limit: int) -> LimitReached:
    """The error of an answer with more rows or triples than `limit`."""
    return LimitReached(f"The answer has more than {limit} rows.", reason="rows", limit=limit, hint=PAGING)


def too_many_bytes(limit: int) -> LimitReached:
    """The error of an answer larger than `limit` bytes."""
    return LimitReached(f"The answer has more than {limit} bytes.", reason="answer_bytes", limit=limit, hint=PAGING)


def too_much_memory(limit: int) -> LimitReached:
    """The error of a query that asked for more than `limit` bytes of memory."""
    return LimitReached(
        f"The query needs more than {limit // MIB} MiB of memory.",
        reason="memory",
        limit=limit,
        hint=f"Make its patterns more specific, or join sub-SELECTs. {PAGING}",
    )


def too_deep() -> LimitReached:
    """The error of a query that is nested so deeply that its evaluation has no stack left."""
    return LimitReached("The query is nested too deeply.", reason="nesting", limit=0, hint="Nest less deeply.")
