"""What one request may use, and the errors that say which limit it met."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.errors import QueryTimeout, StoreBusy
from graph_service.rdf.query_limits import LimitReached
from graph_service.settings import ServeSettings

MIB = 1024 * 1024
# The roles that a service has, by what they work on.
QUERY, ROUTE = "query", "request"
PAGING = (
    "Ask for a part at a time: LIMIT with OFFSET, or ORDER BY a key and a FILTER that begins behind the last one seen."
)


@dataclass(frozen=True)
class Limits:
    """Limits of work on requests; each role of a pool has its own workers and its own queue.

    Attributes:
        workers: requests of one client that are worked on at once; one worker more stands by for other clients.
        seconds: time that a worker may work on one request.
        client_seconds: time from the start of the work until the client must have taken the whole answer.
        memory_bytes: memory that one request may use on top of the data.
        stack_bytes: stack of the thread that a query runs on; address space, only the used part becomes memory.
        rows: rows of a table or triples of a graph that one answer of a query may have.
        answer_bytes: size that one answer may have, before compression.
        queue: requests that may wait for a worker.
        per_client: requests of one client that may wait; None for as many as the queue has.
        wait_seconds: how long a request waits for a worker.
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


def less(role: str) -> str:
    """How to ask for less: a query can be paged, an answer of a route has arguments."""
    return (
        PAGING if role == QUERY else "Ask for less: fewer things, a shorter time, wider windows, or a page at a time."
    )


def too_many_rows(limit: int) -> LimitReached:
    """The error of an answer with more rows or triples than `limit`."""
    return LimitReached(f"The answer has more than {limit} rows.", reason="rows", limit=limit, hint=PAGING)


def too_many_bytes(limit: int, role: str) -> LimitReached:
    """The error of an answer larger than `limit` bytes."""
    return LimitReached(f"The answer has more than {limit} bytes.", reason="answer_bytes", limit=limit, hint=less(role))


def too_slow(seconds: float, role: str) -> QueryTimeout:
    """The error of work that took longer than it may."""
    hint = f"Make its patterns more specific. {PAGING}" if role == QUERY else less(role)
    return QueryTimeout(f"The {role} took more than {seconds:g} seconds.", hint=hint)


def too_much_memory(limit: int, role: str) -> LimitReached:
    """The error of work that asked for more than `limit` bytes of memory."""
    return LimitReached(
        f"The {role} needs more than {limit // MIB} MiB of memory.",
        reason="memory",
        limit=limit,
        hint=f"Make its patterns more specific, or join sub-SELECTs. {PAGING}" if role == QUERY else less(role),
    )


def too_deep(role: str) -> LimitReached:
    """The error of work that is nested so deeply that there is no stack left."""
    return LimitReached(f"The {role} is nested too deeply.", reason="nesting", limit=0, hint="Reduce the nesting.")
