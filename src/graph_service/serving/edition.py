"""An edition: all that answers for one snapshot, opened and closed as one.

Cache, metrics and routes outlive editions and are shared. Every tag contains the digest of the data, so the answers of
two editions lie side by side in the cache and are never confused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from graph_service.http.mcp.endpoint import MCPEndpoint
from graph_service.http.protocol.answers import Answers
from graph_service.http.protocol.cache import Cache
from graph_service.http.protocol.limits import HTTPLimits
from graph_service.http.protocol.metrics import Metrics
from graph_service.http.protocol.request import ASGIApp, Receive, Scope, Send
from graph_service.http.sparql.description import DatasetFacts
from graph_service.http.sparql.graph_store import GraphStore
from graph_service.http.sparql.protocol import SPARQLEndpoint
from graph_service.http.web.edition import Release
from graph_service.rdf.formats import Form
from graph_service.settings import ServeSettings
from graph_service.snapshots.holding import Hold
from graph_service.store import Store, forked, updates


@dataclass(frozen=True)
class Common:
    """What all editions share.

    Attributes:
        settings: the limits of a query.
        limits: of requests and answers.
        cache: complete answers.
        metrics: what is counted.
        front: everything but queries, behind the layer of the cache.
        forms: the same for addresses to which forms are posted.
    """

    settings: ServeSettings
    limits: HTTPLimits
    cache: Cache
    metrics: Metrics
    front: ASGIApp
    forms: ASGIApp


@dataclass(eq=False)
class OpenEdition:
    """An edition that is open: what answers for one snapshot, and what has to be closed when it leaves.

    Attributes:
        answers: runs its queries; knows its store.
        sparql: answers `/sparql`.
        graphs: answers `/graphs`.
        mcp: answers `/mcp`; None where no resources are published.
        release: what answers for its resources; None where none are published.
        hold: on its snapshot.
        closing: what is called, in this order, when it is closed.
        on_disk: whether its answers come from the store on disk.
        damaged: names of files of its snapshot that were found altered.
        is_withdrawn: whether it answers nothing more, because its answers may be wrong.
    """

    answers: Answers
    sparql: ASGIApp
    graphs: ASGIApp
    mcp: ASGIApp | None
    release: Release | None
    hold: Hold | None
    closing: tuple[Callable[[], Awaitable[None]], ...]
    on_disk: bool = False
    damaged: tuple[str, ...] = ()
    is_withdrawn: bool = False
    _running: int = 0
    _quiet: asyncio.Event = field(default_factory=asyncio.Event)
    _closed: bool = False

    @property
    def store(self) -> Store:
        """Where its queries run."""
        return self.answers.store

    @property
    def digest(self) -> str:
        """SHA-256 of its data set, hexadecimal."""
        return self.answers.store.digest

    @property
    def is_quiet(self) -> bool:
        """Whether no answer is running."""
        return self._running == 0

    async def run(self, endpoint: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one of its endpoints answer; the edition stays open until then."""
        self._running += 1
        try:
            await endpoint(scope, receive, send)
        finally:
            self._running -= 1
            if not self._running:
                self._quiet.set()

    async def retire(self) -> None:
        """Close it as soon as its running answers have ended. It must get no new requests."""
        while self._running:
            self._quiet.clear()
            await self._quiet.wait()
        await self.close()

    async def close(self) -> None:
        """End its work and free what it holds. May be called twice."""
        if not self._closed:
            self._closed = True
            for close in self.closing:
                await close()
            if self.hold is not None:
                self.hold.close()


def edition(
    common: Common,
    store: Store,
    dataset: DatasetFacts,
    *,
    hold: Hold | None = None,
    release: Callable[[Answers], Release] | None = None,
) -> OpenEdition:
    """Put an edition together.

    Args:
        common: what it shares with others.
        store: answers its queries; it is closed with the edition.
        dataset: what the service description says, from the snapshot's manifest.
        hold: keeps the snapshot from being removed as long as the edition is open.
        release: makes what answers for resources; without it none are published.
    """
    answers = Answers(store, common.cache, common.metrics)
    released = release(answers) if release is not None else None
    form_of = partial(forked.form_of, released.pool) if released is not None else _guard_here
    query_bytes = common.settings.query_kb * 1024
    sparql = SPARQLEndpoint(
        answers,
        dataset,
        form_of,
        limits=common.limits,
        query_bytes=query_bytes,
        page=common.front if released is not None else None,
    )
    parts = (released.publication.close, released.pool.close) if released is not None else ()
    mcp = MCPEndpoint(common.limits, form_of) if released is not None else None
    return OpenEdition(answers, sparql, GraphStore(answers, dataset), mcp, released, hold, (*parts, store.close))


async def _guard_here(text: str, client: str) -> Form:
    return updates.form_of(text)
