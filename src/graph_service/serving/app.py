"""Composition of the service: which layer stands in front of which, and what is mounted where.

exchange              ids, safety fields, problems, logs, metrics
└── edition in use    one at a time; another takes over by replacing one reference
    ├── /sparql       plain ASGI
    ├── /graphs       plain ASGI
    ├── /mcp          goes to a worker
    └── front         validators, cache, single flight, compression
        └── FastAPI   health, dumps, static files; what has no route here goes to a worker
            ┆
            FastAPI   in a worker: API, pages, linked data; any other path may be the name of a resource
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter

from graph_service.catalogue.query_files import QueryFiles
from graph_service.http import web
from graph_service.http.linked_data.publishing import dataset_router
from graph_service.http.protocol.cache import Cache
from graph_service.http.protocol.limits import HTTPLimits
from graph_service.http.protocol.metrics import Metrics, of_store
from graph_service.http.protocol.request import ASGIApp
from graph_service.http.server import listening as server
from graph_service.http.server import logs
from graph_service.http.server.logs import AccessLog
from graph_service.http.web import site, static_files
from graph_service.http.web.forms import Forms
from graph_service.http.web.forwarding import forward
from graph_service.http.web.framework import framework_with
from graph_service.http.web.front import Front
from graph_service.serving import health
from graph_service.serving.catalog import EditionCatalogue
from graph_service.serving.changes import Changes
from graph_service.serving.edition import Common, OpenEdition
from graph_service.serving.inspection import Inspection
from graph_service.serving.kept import KeptEditions
from graph_service.serving.live import Live
from graph_service.serving.press import Press, held
from graph_service.serving.route_settings import ROLES, RouteSettings
from graph_service.serving.service import Service
from graph_service.serving.siblings.order import SiblingOrder, check, part_of
from graph_service.serving.succession import Succession
from graph_service.settings import ServeSettings
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.forked import ForkedStore
from graph_service.workers.first_keeper import FirstKeeper
from graph_service.workers.keeper_process import launch
from graph_service.workers.limits import Limits
from graph_service.workers.pool import WorkerPool

if TYPE_CHECKING:
    from graph_service.serving.desk import Desk

Compose = Callable[[Common], OpenEdition]


def create_app(
    settings: ServeSettings,
    first: Compose,
    *,
    routers: Sequence[APIRouter] = (),
    mounts: Mapping[str, ASGIApp] | None = None,
    limits: HTTPLimits | None = None,
    access_log: AccessLog | None = None,
    forwards: bool = True,
) -> Service:
    """Put the service together.

    Args:
        settings: how to listen, and the limits of a query.
        first: makes the edition that is in use at first.
        routers: further routes that this process answers itself.
        mounts: ASGI applications below a path.
        limits: of requests, connections and the cache.
        access_log: where each request leaves a line.
        forwards: whether editions have workers for routes.
    """
    limits = limits or HTTPLimits()
    metrics = Metrics()
    answers = Cache(limits.cache_bytes, limits.cached_answer_bytes)

    async def close() -> None:
        await service.close()

    framework = framework_with(
        [
            health.router(
                lambda: service.current.store, lambda: service.siblings.counts(metrics), lambda: service.current.damaged
            ),
            dataset_router(),
            *routers,
        ],
        {static_files.PATH: static_files.static_files(web.STATIC, site.in_force().files), **(mounts or {})},
        title=web.words("en")["title"],
        close=close,
        otherwise=forward if forwards else None,
    )
    front = Front(framework)
    common = Common(settings, limits, answers, metrics, front, Forms(front, limits))
    service = Service(framework, first(common), common, root_path=settings.root_path, log=access_log)
    metrics.gauges(lambda: {"graph_service_processes": 1})
    metrics.gauges(lambda: _of_cache(answers))
    metrics.gauges(lambda: _of_workers(service.current))
    return service


def serve(
    settings: ServeSettings,
    snapshot: Snapshot,
    queries: QueryFiles,
    *,
    snapshots: Path | None = None,
    live: Live | None = None,
    desk: Desk | None = None,
    limits: HTTPLimits | None = None,
    started: Callable[[str], object] = lambda url: None,
) -> None:
    """Serve a snapshot until SIGINT or SIGTERM.

    Args:
        settings: where to listen, and the limits of a query.
        snapshot: what is served.
        queries: the publisher's query files and the shipped ones.
        snapshots: the directory whose `current` is taken over on SIGHUP, or at once if the settings say so.
        live: builds what changes, and has it taken over.
        desk: answers `/edit`; None where editing is off.
        limits: as of `create_app`.
        started: called with the URL as soon as requests are answered.

    Raises:
        SettingsError: the port is taken, or there cannot be so many processes.
        SnapshotError: the snapshot was altered.
        QueryFileError: a query file is wrong.
    """
    check(settings)
    limits = limits or HTTPLimits(cache_bytes=settings.cache_mb * 1_000_000)
    limits = part_of(limits, settings.processes)
    logs.configure()
    site.use(site.of(settings, of_model=queries.of_model))
    press = Press(
        RouteSettings(settings, queries, feed=snapshots is not None, live=live is not None, snapshots=snapshots),
        launch=(live or desk or FirstKeeper(ROLES)).launch,
    )

    async def make_app() -> Service:
        hold = held(snapshot)
        opened = await press.open(snapshot)
        service = create_app(
            settings,
            lambda common: press.compose(common, opened, snapshot, hold),
            limits=limits,
            access_log=AccessLog(sys.stderr.write, queries=settings.log_queries),
        )
        service.move(press, snapshot)
        if settings.inspect_minutes:
            service.spawn(Inspection(service, press, settings.inspect_minutes).run())
        if snapshots is not None:
            # The process that edits has loaded what comes of an edit.
            after_edits = replace(press, launch=desk.launch) if desk is not None else press
            succession = Succession(snapshots, snapshot, lambda found: service.renew(after_edits, found))
            succession.follow(watch=settings.watch)
            _open(desk, service, succession, press.routes)
            if live is not None:
                service.live = live
                renew = partial(succession.take, take_over=lambda found: service.renew(press, found))
                service.spawn(live.run(snapshot, renew))
            service.changes = Changes(snapshots, queries)
            service.catalogue = EditionCatalogue(snapshots, lambda: service.current.release)
            # The feed lies at the root of the service, not within an edition.
            service.keeps_editions = True
            beside = replace(press, routes=replace(press.routes, feed=False, live=False), launch=launch)
            service.kept = KeptEditions(snapshots, lambda found: beside.edition_of(found, service.common, workers=1))
        return service

    def begin(service: Service, listeners: Sequence[socket.socket], accept: server.Accept) -> None:
        if listeners:
            order = SiblingOrder(press.routes, limits).encode()
            service.siblings.start(order, _seconds_to_end(settings, limits), service.current, listeners, accept)

    def end(service: Service) -> None:
        if live is not None:
            live.end()
        service.siblings.end()

    server.run(
        make_app,
        settings,
        limits=limits,
        trusted=settings.trusted_proxies,
        beside=begin,
        started=started,
        ending=end,
    )


def _seconds_to_end(settings: ServeSettings, limits: HTTPLimits) -> float:
    """How long a process may take to end: for its connections, and then for its answers."""
    return limits.shutdown_seconds + Limits.of(settings).grace_seconds


def _open(desk: Desk | None, service: Service, succession: Succession, routes: RouteSettings) -> None:
    """Have a desk answer, and its editions taken over."""

    async def take_over(digest: str) -> bool:
        await succession.look()
        # In use, or what has followed it, as with files that are saved live.
        return service.current.digest == digest or succession.is_done

    if desk is not None:
        service.desk = desk
        service.spawn(desk.run(routes, take_over))


def _of_cache(cache: Cache) -> Mapping[str, float]:
    return {
        "graph_service_cache_bytes": cache.size,
        "graph_service_cache_entries": len(cache),
        "graph_service_cache_hits_total": cache.hits,
        "graph_service_cache_misses_total": cache.misses,
    }


def _of_workers(edition: OpenEdition) -> Mapping[str, float]:
    store = edition.release.pool if edition.release is not None else edition.store
    return of_store(store.statistics()) if isinstance(store, WorkerPool | ForkedStore) else {}
