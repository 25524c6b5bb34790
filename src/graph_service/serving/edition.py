"""An edition: all that answers for one snapshot, from its store to its pages. It comes and goes as one.

What outlives an edition is shared: cache, metrics, framework. Every tag begins with the digest of the data, so the
answers of two editions lie side by side in the cache and cannot be taken for one another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from graph_service.http.operations.dispatch import API
from graph_service.http.operations.operation import Operation
from graph_service.http.pages import docs
from graph_service.http.protocol.answers import Answers
from graph_service.http.protocol.cache import Cache
from graph_service.http.protocol.limits import HTTPLimits
from graph_service.http.protocol.metrics import Metrics
from graph_service.http.protocol.request import ASGIApp, Receive, Scope, Send
from graph_service.http.sparql.description import DatasetFacts
from graph_service.http.sparql.graph_store import GraphStore
from graph_service.http.sparql.protocol import Inspect, SPARQLEndpoint
from graph_service.serving.site import Site
from graph_service.settings import ServeSettings
from graph_service.snapshots.holding import Hold
from graph_service.store import Store


@dataclass(frozen=True)
class Common:
    """What all editions share.

    Attributes:
        settings: the limits of a query.
        limits: of requests and answers.
        inspect: the guard.
        cache: complete answers.
        metrics: what is counted.
    """

    settings: ServeSettings
    limits: HTTPLimits
    inspect: Inspect
    cache: Cache
    metrics: Metrics


@dataclass(eq=False)
class Edition:
    """All that answers for one snapshot.

    Attributes:
        answers: runs its queries; knows its store.
        routes: what answers at which path; one that ends in a slash stands for all below it.
        names: answers every path that nothing else does; None where no resources are published.
        operations: of the API, for its description.
        hold: on its snapshot.
        closing: what is called, in this order, when it is closed.
    """

    answers: Answers
    routes: Mapping[str, ASGIApp]
    names: ASGIApp | None
    operations: tuple[Operation, ...]
    hold: Hold | None
    closing: tuple[Callable[[], Awaitable[None]], ...]
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
        """Whether it answers nobody at the moment."""
        return self._running == 0

    async def run(self, endpoint: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Have one of its endpoints answer; until it has, the edition stays open."""
        self._running += 1
        try:
            await endpoint(scope, receive, send)
        finally:
            self._running -= 1
            if not self._running:
                self._quiet.set()

    async def retire(self) -> None:
        """Close it as soon as its running answers have ended. Nobody may ask it any more."""
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
    api: Callable[[Answers], API] | None = None,
    published: Callable[[Answers], Site] | None = None,
) -> Edition:
    """Put an edition together.

    Args:
        common: what it shares with others.
        store: answers its queries; it is closed with the edition.
        dataset: what the service description tells, from the snapshot's manifest.
        hold: keeps the snapshot from being removed as long as the edition is open.
        api: makes what answers below `/api`.
        published: makes what answers for resources, pages and the data set as a whole.
    """
    answers = Answers(store, common.cache, common.metrics)
    endpoint = api(answers) if api is not None else None
    site = published(answers) if published is not None else None
    sparql = SPARQLEndpoint(
        answers,
        dataset,
        common.inspect,
        limits=common.limits,
        query_bytes=common.settings.query_kb * 1024,
        page=site.editor if site is not None else None,
    )
    routes: dict[str, ASGIApp] = {"/sparql": sparql, "/graphs": GraphStore(answers, dataset)}
    if endpoint is not None:
        routes |= dict.fromkeys(("/api", "/api/", docs.PATH), endpoint)
    if site is not None:
        routes |= site.routes
    return Edition(
        answers,
        routes,
        site.names if site is not None else None,
        endpoint.operations if endpoint is not None else (),
        hold,
        tuple(part.close for part in (endpoint, site, store) if part is not None),
    )
