"""A store that is a SPARQL 1.1 endpoint of another server."""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import replace

from graph_service.errors import QueryRefused, SnapshotError
from graph_service.rdf.answers import values
from graph_service.rdf.formats import DIGEST, TSV, Form
from graph_service.rdf.namespaces import PREFIXES
from graph_service.rdf.query_limits import LimitReached
from graph_service.store import Query, collect
from graph_service.store.remote.answer import RemoteAnswer
from graph_service.store.remote.endpoint import Address, Connection
from graph_service.store.remote.published import Layout
from graph_service.workers.fairness import FairQueue
from graph_service.workers.limits import Limits, QueueFull
from graph_service.workers.statistics import Statistics

# Seconds for which the edition that a store was found to have is believed.
HOLDS = 2.0
# Seconds for which an answer about data of unknown version may be kept.
UNVERSIONED_SECONDS = 10.0
_PUBLISH = "Whoever runs the service: graph-service publish --to URL puts it there."


class RemoteStore:
    """Answers queries by an endpoint. Belongs to the event loop that it is first used in.

    Args:
        address: of the endpoint.
        limits: of queries and queue; `workers` is how many queries of one client run at once.
        layout: how the snapshot of `digest` lies there; None for data of unknown version, asked as they are.
        digest: of the snapshot that was published there.
    """

    def __init__(
        self, address: Address, limits: Limits | None = None, layout: Layout | None = None, digest: str = ""
    ) -> None:
        self.limits = limits or Limits()
        self.layout = layout
        self._digest = digest
        self._address = address
        limits = self.limits
        waiting = limits.queue if limits.per_client is None else limits.per_client
        self._queue: FairQueue[Connection] = FairQueue(limits.queue, waiting, limits.workers, limits.wait_seconds)
        self._connections = [Connection(address) for _ in range(limits.workers + 1)]
        for connection in self._connections:
            self._queue.put(connection)
        self._statistics = Statistics()
        self._running: set[RemoteAnswer] = set()
        self._checked = asyncio.Lock()
        self._certain_until = 0.0

    @property
    def digest(self) -> str:
        """SHA-256 of the data set, hexadecimal; of data without a version a name that changes every ten seconds."""
        if self._digest:
            return self._digest
        slot = f"{self._address.url} {int(time.time() / UNVERSIONED_SECONDS)}"
        return f"unversioned-{hashlib.sha256(slot.encode()).hexdigest()[:16]}"

    def statistics(self) -> Statistics:
        """A copy of what was counted, and how things stand."""
        counted = self._statistics
        return replace(
            counted, running=len(self._running), waiting=self._queue.waiting, refusals=counted.refusals.copy()
        )

    async def query(self, query: Query, *, client: str = "") -> RemoteAnswer:
        """Begin to answer; returns when the first 64 kB are there, or the whole answer.

        Raises:
            QueryError: all that went wrong until then: `QueueFull`, `LimitReached`, `QueryTimeout`, `QuerySyntaxError`,
                `EndpointError`, `QueryRefused` for a digest, and for `inferred=false` of a store that does not
                tell what is inferred.
        """
        if query.format is DIGEST:
            hint = "Ask for the certificate of an answer below /api."
            raise QueryRefused("Queries of this store have no certificates: it spells numbers its own way.", hint=hint)
        if self.layout is None and not query.inferred:
            raise QueryRefused("This store does not tell what is stated from what is inferred.")
        await self._check_edition()
        return await self._ask(query, client)

    async def close(self) -> None:
        """Turn away new queries, let running ones end for `limits.grace_seconds`, then cut all connections."""
        self._queue.close()
        deadline = time.monotonic() + self.limits.grace_seconds
        while self._running and time.monotonic() < deadline:  # noqa: ASYNC110 - bounded, and only once
            await asyncio.sleep(0.02)
        for answer in list(self._running):
            await answer.aclose()
        self._queue.clear()
        for connection in self._connections:
            connection.reset()

    async def _ask(self, query: Query, client: str) -> RemoteAnswer:
        try:
            connection = await self._queue.take(client)
        except QueueFull:
            self._statistics.refusals["busy"] += 1
            raise
        self._statistics.queries += 1
        started = time.monotonic()

        def ended() -> None:
            self._running.discard(answer)
            self._queue.free(client, connection, time.monotonic() - started)

        answer = RemoteAnswer(connection, self.limits, ended)
        self._running.add(answer)
        graphs = self._graphs(query)
        try:
            await answer.begin(query, graphs, self.layout.base if self.layout else "")
        except Exception as error:
            reason = error.reason if isinstance(error, LimitReached) else type(error).__name__
            self._statistics.refusals[reason] += 1
            raise
        return answer

    def _graphs(self, query: Query) -> dict[str, tuple[str, ...]]:
        if self.layout is not None:
            return self.layout.seen_by(query)
        named = {"default-graph-uri": query.default_graphs, "named-graph-uri": query.named_graphs}
        return {name: iris for name, iris in named.items() if iris}

    async def _check_edition(self) -> None:
        """Whether the store holds, all of it, the snapshot that answers are said to be computed on.

        Raises:
            SnapshotError: it holds another one, or is just getting one.
        """
        if self.layout is None or time.monotonic() < self._certain_until:
            return
        async with self._checked:
            if time.monotonic() < self._certain_until:
                return
            found = await self._edition(self.layout)
            if found != self._digest:
                held = f"holds {found[:12]}" if found else "holds no whole snapshot"
                raise SnapshotError(f"The store {held}, not {self._digest[:12]}.", hint=_PUBLISH)
            self._certain_until = time.monotonic() + HOLDS

    async def _edition(self, layout: Layout) -> str:
        """The digest that the registry of the store names; empty if it names none."""
        registry = layout.registry
        text = f"SELECT ?d WHERE {{ <{registry}> <{PREFIXES['dcterms']}identifier> ?d }}"
        asked = Query(text, Form.SELECT, TSV, True, (registry,), ())
        body = await collect(await self._ask(asked, "edition"), self.limits.answer_bytes)
        return next((row["d"] for row in values(body)), "")
