"""Composition of the service: which layer stands in front of which, and what is mounted where.

exchange        ids, safety fields, problems, logs, metrics
├── /sparql     plain ASGI
├── /graphs     plain ASGI
├── /api/…      plain ASGI
├── /id/…, …    plain ASGI: linked data, dumps
├── framework   FastAPI with the routers of health, API documentation, pages
└── the rest    any other path may be the name of a resource
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

from fastapi import APIRouter, FastAPI
from starlette.routing import Match

from graph_service import guard
from graph_service.http import health, logs, server, site
from graph_service.http.answers import Answers
from graph_service.http.api import docs, openapi
from graph_service.http.api.composition import build, directory_of
from graph_service.http.api.endpoint import API
from graph_service.http.cache import Cache
from graph_service.http.description import Dataset
from graph_service.http.exchange import Exchange
from graph_service.http.framework import framework_with
from graph_service.http.graph_store import GraphStore
from graph_service.http.limits import HTTPLimits
from graph_service.http.logs import AccessLog
from graph_service.http.metrics import Gauges, Metrics, of_store
from graph_service.http.pages.notices import Notices
from graph_service.http.problems import ProblemPage
from graph_service.http.request import ASGIApp, Receive, Scope, Send
from graph_service.http.shortcut import Shortcut
from graph_service.http.site import Site
from graph_service.http.sparql import Inspect, SPARQLEndpoint
from graph_service.proving import Prover
from graph_service.queries import Catalogue
from graph_service.settings import ServeSettings
from graph_service.snapshot import Manifest, Snapshot
from graph_service.store import Store
from graph_service.store.forked import ForkedStore
from graph_service.store.limits import Limits as StoreLimits


class Service:
    """The ASGI application.

    Attributes:
        framework: the FastAPI part, for whoever needs its OpenAPI document.
        answers: runs queries for routers too; also at `request.app.state.answers`.
        metrics: what is counted.
        shortcut: answers from the cache before there is a request to route; the server asks it first.
    """

    def __init__(
        self,
        framework: FastAPI,
        answers: Answers,
        metrics: Metrics,
        routes: Mapping[str, ASGIApp],
        *,
        root_path: str = "",
        names: ASGIApp | None = None,
        page: ProblemPage | None = None,
        log: AccessLog | None = None,
    ) -> None:
        self.framework = framework
        self.answers = answers
        self.metrics = metrics
        self._routes = routes
        self._names = names
        self._root_path = root_path.rstrip("/")
        self._exchange = Exchange(self._route, metrics, page, log)
        # Query strings are logged on the long way only.
        direct = log is None or not log.queries
        self.shortcut = Shortcut(answers, metrics, log, root_path) if direct else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through start and stop."""
        if scope["type"] == "http":
            if self._root_path:
                _put_below(self._root_path, scope)
            await self._exchange(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self.framework(scope, receive, send)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(self._root_path)
        # A route that ends in a slash stands for all below it.
        route = path if path in self._routes else path[: path.find("/", 1) + 1]
        endpoint = self._routes.get(route)
        if endpoint is not None:
            # Never the path that was asked for: those are without end, and each would be counted for itself.
            scope["route"] = route
            await endpoint(scope, receive, send)
        elif self._names is not None and not _has_route(self.framework, scope):
            await self._names(scope, receive, send)
        elif scope["method"] == "HEAD":
            await _head(self.framework, scope, receive, send)
        else:
            await self.framework(scope, receive, send)


def create_app(
    settings: ServeSettings,
    store: Store,
    dataset: Dataset,
    *,
    inspect: Inspect,
    routers: Sequence[APIRouter] = (),
    mounts: Mapping[str, ASGIApp] | None = None,
    limits: HTTPLimits | None = None,
    gauges: Gauges | None = None,
    api: Callable[[Answers], API] | None = None,
    published: Callable[[Answers], Site] | None = None,
    problem_page: ProblemPage | None = None,
    access_log: AccessLog | None = None,
) -> Service:
    """Put the service together.

    Args:
        settings: how to listen, and the limits of a query.
        store: answers queries; it is closed when the service stops.
        dataset: what the service description tells, from the snapshot's manifest.
        inspect: the guard.
        routers: routes of the framework.
        mounts: ASGI applications below a path, such as static files.
        limits: of requests, connections and the cache.
        gauges: further figures for `/metrics`, such as the store's.
        api: makes what answers below `/api`.
        published: makes what answers for resources and for the data set as a whole.
        problem_page: makes an error page for browsers.
        access_log: where each request leaves a line.
    """
    limits = limits or HTTPLimits()
    metrics = Metrics()
    cache = Cache(limits.cache_bytes, limits.cached_answer_bytes)
    metrics.gauges(lambda: _of_cache(cache))
    if gauges is not None:
        metrics.gauges(gauges)
    answers = Answers(store, cache, metrics)

    endpoint = api(answers) if api is not None else None
    linked = published(answers) if published is not None else None

    async def close() -> None:
        if endpoint is not None:
            await endpoint.close()
        if linked is not None:
            await linked.close()
        await store.close()
        if access_log is not None:
            access_log.flush()

    framework = framework_with([health.router(store, metrics), *routers], mounts or {}, close=close, page=problem_page)
    framework.state.answers = answers
    framework.state.dataset = dataset
    framework.state.store = store
    sparql = SPARQLEndpoint(
        answers,
        dataset,
        inspect,
        limits=limits,
        query_bytes=settings.query_kb * 1024,
        page=linked.editor if linked is not None else None,
    )
    routes: dict[str, ASGIApp] = {"/sparql": sparql, "/graphs": GraphStore(answers, dataset)}
    if endpoint is not None:
        routes["/api"] = routes["/api/"] = routes[docs.PATH] = endpoint
        openapi.extend(framework.openapi(), [one for one in endpoint.operations if one.path != docs.PATH])
    if linked is not None:
        routes |= linked.routes
    return Service(
        framework,
        answers,
        metrics,
        routes,
        root_path=settings.root_path,
        names=linked.names if linked is not None else None,
        page=problem_page,
        log=access_log,
    )


def serve(
    settings: ServeSettings,
    snapshot: Snapshot,
    catalogue: Catalogue,
    *,
    routers: Sequence[APIRouter] = (),
    limits: HTTPLimits | None = None,
    problem_page: ProblemPage | None = None,
    started: Callable[[str], object] = lambda url: None,
) -> None:
    """Serve a snapshot until SIGINT or SIGTERM.

    Args:
        settings: where to listen, and the limits of a query.
        snapshot: what is served.
        catalogue: the named queries; routers find it at `request.app.state.catalogue`.
        routers: as of `create_app`.
        limits: as of `create_app`.
        problem_page: as of `create_app`.
        started: called with the URL as soon as requests are answered.

    Raises:
        SettingsError: the port is taken.
        SnapshotError: the snapshot was altered.
    """
    limits = limits or HTTPLimits(cache_bytes=settings.cache_mb * 1_000_000)
    logs.configure()
    notices = Notices.read(settings.notices, settings.contact)

    async def make_app() -> Service:
        store = await ForkedStore.open(snapshot.path, StoreLimits.of(settings))
        dataset = _described(snapshot.manifest)
        app = create_app(
            settings,
            store,
            dataset,
            inspect=guard.inspect,
            routers=routers,
            limits=limits,
            gauges=lambda: of_store(store.statistics()),
            api=lambda answers: build(
                answers,
                catalogue,
                snapshot.manifest.names,
                prover=Prover(snapshot, directory_of(catalogue, "evidence") / "places.rq", settings.seconds * 2),
            ),
            published=lambda answers: site.build(
                answers, catalogue, snapshot, dataset, settings=settings, notices=notices
            ),
            problem_page=problem_page,
            access_log=AccessLog(sys.stderr.write, queries=settings.log_queries),
        )
        app.framework.state.catalogue = catalogue
        app.framework.state.snapshot = snapshot
        return app

    server.run(make_app, settings, limits=limits, trusted=settings.trusted_proxies, started=started)


def _described(manifest: Manifest) -> Dataset:
    return Dataset(
        manifest.digest,
        tuple(sorted(manifest.graphs.items())),
        manifest.triples,
        reasoned=manifest.reasoner != "none",
    )


async def _head(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """HEAD of what has a GET (RFC 9110, section 9.3.2): the framework knows only routes it was told of."""
    as_get = {**scope, "method": "GET"}

    async def without_body(message: Mapping[str, object]) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(dict(message))

    try:
        await app(as_get, receive, without_body)
    finally:
        scope.update((name, as_get[name]) for name in ("route", "problem") if name in as_get)


def _put_below(root_path: str, scope: Scope) -> None:
    """Whether the proxy cuts its path off or not: the path in the scope has it (ASGI specification, HTTP scope)."""
    scope["root_path"] = root_path
    path = scope["path"]
    if path != root_path and not path.startswith(root_path + "/"):
        scope["path"] = root_path + path


def _has_route(framework: FastAPI, scope: Scope) -> bool:
    return any(route.matches(scope)[0] is not Match.NONE for route in framework.routes)


def _of_cache(cache: Cache) -> Mapping[str, float]:
    return {
        "graph_service_cache_bytes": cache.size,
        "graph_service_cache_entries": len(cache),
        "graph_service_cache_hits_total": cache.hits,
        "graph_service_cache_misses_total": cache.misses,
    }
