"""Composition of the service: which layer stands in front of which, and what is mounted where.

exchange            ids, safety fields, problems, logs, metrics
└── edition in use  one at a time; another takes over by replacing one reference
    ├── /sparql     plain ASGI
    ├── /graphs     plain ASGI
    ├── /api/…      plain ASGI
    ├── /id/…, …    plain ASGI: linked data, pages, dumps
    ├── framework   FastAPI with what belongs to no edition: health, metrics, the API's description
    └── the rest    any other path may be the name of a resource
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, FastAPI
from starlette.routing import Match

from graph_service import guard
from graph_service.errors import GraphServiceError
from graph_service.holding import Hold
from graph_service.http import changes, health, logs, server, site
from graph_service.http.api import docs, openapi
from graph_service.http.api.composition import build, directory_of, licence_of
from graph_service.http.api.questions import Questions
from graph_service.http.api.searching import Index
from graph_service.http.cache import Cache
from graph_service.http.changes import Changes
from graph_service.http.description import Dataset
from graph_service.http.edition import Common, Edition, edition
from graph_service.http.exchange import Exchange
from graph_service.http.framework import framework_with
from graph_service.http.kept import PREFIX, SHORTEST, KeptEditions, send_listing, with_fields
from graph_service.http.limits import HTTPLimits
from graph_service.http.logs import AccessLog
from graph_service.http.metrics import Metrics, of_store
from graph_service.http.pages.notices import Notices
from graph_service.http.problems import ProblemPage, RequestError
from graph_service.http.request import ASGIApp, Receive, Scope, Send
from graph_service.http.shortcut import Shortcut
from graph_service.http.sparql import Inspect
from graph_service.http.succession import Succession
from graph_service.proving import Prover
from graph_service.queries import Catalogue
from graph_service.settings import ServeSettings
from graph_service.snapshot import Snapshot
from graph_service.store import Store, disk, residence
from graph_service.store.forked import ForkedStore
from graph_service.store.limits import Limits as StoreLimits

_log = logging.getLogger("graph_service.http")


class Service:
    """The ASGI application: leads each request to the edition in use.

    Attributes:
        framework: the FastAPI part, for whoever needs its OpenAPI document.
        current: the edition in use.
        common: what editions share.
        kept: editions that are not in use any more; None where there is no directory of snapshots.
        changes: the feed of editions; None likewise.
        shortcut: answers from the cache before there is a request to route; the server asks it first.
    """

    def __init__(
        self,
        framework: FastAPI,
        current: Edition,
        common: Common,
        *,
        root_path: str = "",
        page: ProblemPage | None = None,
        log: AccessLog | None = None,
    ) -> None:
        self.framework = framework
        self.current = current
        self.common = common
        self._root_path = root_path.rstrip("/")
        self._log = log
        self.kept: KeptEditions | None = None
        self.changes: Changes | None = None
        self._leaving: list[Edition] = []
        self._beside: set[asyncio.Task[None]] = set()
        self._exchange = Exchange(self._route, common.metrics, page, log)
        # Query strings are logged on the long way only.
        direct = log is None or not log.queries
        self.shortcut = Shortcut(lambda: self.current.answers, common.metrics, log, root_path) if direct else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through start and stop."""
        if scope["type"] == "http":
            if self._root_path:
                _put_below(self._root_path, scope)
            await self._exchange(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self.framework(scope, receive, send)

    def take_over(self, edition: Edition) -> None:
        """Put another edition into use; the one before is closed when its running answers have ended."""
        before, self.current = self.current, edition
        self._leaving.append(before)
        self._spawn(self._let_go(before))

    async def _let_go(self, edition: Edition) -> None:
        await edition.retire()
        self._leaving.remove(edition)

    async def renew(self, press: Press, snapshot: Snapshot) -> None:
        """Take over a snapshot; what is in use stays so if it cannot be opened.

        Raises:
            GraphServiceError: as of `Press.edition_of`.
        """
        self.take_over(await press.edition_of(snapshot, self.common))
        self.move(press, snapshot)

    def move(self, press: Press, snapshot: Snapshot) -> None:
        """Load what answers from disk into memory meanwhile, if it fits, and go over to it: a swap like any other."""
        if press.moves(snapshot):
            self._spawn(self._move(press, snapshot, self.current))

    async def _move(self, press: Press, snapshot: Snapshot, on_disk: Edition) -> None:
        try:
            resident = await press.resident_edition_of(snapshot, self.common)
        except GraphServiceError as error:
            _log.error("not moved to memory", extra={"fields": {"snapshot": snapshot.path.name, "reason": str(error)}})
            return
        if self.current is on_disk:
            self.take_over(resident)
            _log.info("moved to memory", extra={"fields": {"snapshot": snapshot.path.name}})
        else:
            await resident.close()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def close(self) -> None:
        """Let running answers end, then close all that is open."""
        for task in self._beside:
            task.cancel()
        if self.kept is not None:
            await self.kept.close()
        await asyncio.gather(*(edition.close() for edition in (self.current, *self._leaving)))
        if self._log is not None:
            self._log.flush()

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(self._root_path)
        if self.kept is not None and path.startswith(PREFIX):
            await self._route_kept(self.kept, path.removeprefix(PREFIX), scope, receive, send)
            return
        if self.changes is not None and path == changes.PATH:
            await self.changes(scope, receive, send)
            return
        edition = self.current
        endpoint = _endpoint(edition, path, scope)
        if endpoint is not None:
            await edition.run(endpoint, scope, receive, send)
        elif edition.names is not None and not _has_route(self.framework, scope):
            await edition.run(edition.names, scope, receive, send)
        elif scope["method"] == "HEAD":
            await _head(self.framework, scope, receive, send)
        else:
            await self.framework(scope, receive, send)

    async def _route_kept(self, kept: KeptEditions, below: str, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = f"{PREFIX}{{digest}}/"
        name, _, rest = below.partition("/")
        if not name:
            await send_listing(send, await asyncio.to_thread(kept.listing))
            return
        is_current = len(name) >= SHORTEST and self.current.digest.startswith(name)
        edition = self.current if is_current else await kept.edition(name)
        endpoint = _endpoint(edition, f"/{rest}", scope) or edition.names
        if endpoint is None:
            raise RequestError(404, "There is no such path in this edition.")
        latest = f"{self._root_path}/{quote(rest)}"
        scope["root_path"] = f"{self._root_path}{PREFIX}{name}"
        await edition.run(endpoint, scope, receive, with_fields(send, kept.fields(edition.digest, latest)))


def _endpoint(edition: Edition, path: str, scope: Scope) -> ASGIApp | None:
    # A route that ends in a slash stands for all below it.
    route = path if path in edition.routes else path[: path.find("/", 1) + 1]
    endpoint = edition.routes.get(route)
    if endpoint is not None:
        # Never the path that was asked for: those are without end, and each would be counted for itself.
        scope["route"] = route
    return endpoint


Compose = Callable[[Common], Edition]


def create_app(
    settings: ServeSettings,
    first: Compose,
    *,
    inspect: Inspect = guard.inspect,
    routers: Sequence[APIRouter] = (),
    mounts: Mapping[str, ASGIApp] | None = None,
    limits: HTTPLimits | None = None,
    problem_page: ProblemPage | None = None,
    access_log: AccessLog | None = None,
) -> Service:
    """Put the service together.

    Args:
        settings: how to listen, and the limits of a query.
        first: makes the edition that is in use at first.
        inspect: the guard.
        routers: routes of the framework.
        mounts: ASGI applications below a path, such as static files.
        limits: of requests, connections and the cache.
        problem_page: makes an error page for browsers.
        access_log: where each request leaves a line.
    """
    limits = limits or HTTPLimits()
    metrics = Metrics()
    cache = Cache(limits.cache_bytes, limits.cached_answer_bytes)
    common = Common(settings, limits, inspect, cache, metrics)

    async def close() -> None:
        await service.close()

    current = first(common)
    framework = framework_with(
        [health.router(lambda: service.current.store, metrics), *routers], mounts or {}, close=close, page=problem_page
    )
    openapi.extend(framework.openapi(), [one for one in current.operations if one.path != docs.PATH])
    service = Service(framework, current, common, root_path=settings.root_path, page=problem_page, log=access_log)
    metrics.gauges(lambda: _of_cache(cache))
    metrics.gauges(lambda: _of_store(service.current.store))
    return service


def serve(
    settings: ServeSettings,
    snapshot: Snapshot,
    catalogue: Catalogue,
    *,
    snapshots: Path | None = None,
    routers: Sequence[APIRouter] = (),
    limits: HTTPLimits | None = None,
    problem_page: ProblemPage | None = None,
    started: Callable[[str], object] = lambda url: None,
) -> None:
    """Serve a snapshot until SIGINT or SIGTERM.

    Args:
        settings: where to listen, and the limits of a query.
        snapshot: what is served.
        catalogue: the named queries.
        snapshots: the directory whose `current` is taken over on SIGHUP, or at once if the settings say so.
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
    press = Press(settings, catalogue, Notices.read(settings.notices, settings.contact))

    async def make_app() -> Service:
        store = await press.open(snapshot)
        service = create_app(
            settings,
            lambda common: press.compose(common, store, snapshot),
            routers=routers,
            limits=limits,
            problem_page=problem_page,
            access_log=AccessLog(sys.stderr.write, queries=settings.log_queries),
        )
        service.move(press, snapshot)
        if snapshots is not None:
            succession = Succession(snapshots, snapshot, lambda found: service.renew(press, found))
            succession.follow(watch=settings.watch)
            service.changes = Changes(snapshots, catalogue.directory)
            service.kept = KeptEditions(snapshots, lambda found: press.edition_of(found, service.common, workers=1))
        return service

    server.run(make_app, settings, limits=limits, trusted=settings.trusted_proxies, started=started)


@dataclass(frozen=True)
class Press:
    """Makes editions of snapshots.

    Attributes:
        settings: the limits of a query.
        catalogue: the named queries.
        notices: what the publisher says about himself.
    """

    settings: ServeSettings
    catalogue: Catalogue
    notices: Notices

    async def open(self, snapshot: Snapshot, workers: int = 0) -> ForkedStore:
        """Open a snapshot's store, with as many workers as the settings say if it is not told.

        Raises:
            SnapshotError: it is incomplete or was altered.
        """
        if not disk.is_prepared(snapshot.path) and not residence.fits(snapshot.path, self.settings.data_mb):
            await disk.prepare_apart(snapshot.path)
        on_disk = disk.is_prepared(snapshot.path)
        limits = StoreLimits.of(self.settings)
        limits = replace(limits, workers=workers or limits.workers)
        return await ForkedStore.open(snapshot.path, limits, on_disk=on_disk)

    def moves(self, snapshot: Snapshot) -> bool:
        """Whether a snapshot that was opened on disk belongs into memory."""
        return disk.is_prepared(snapshot.path) and residence.fits(snapshot.path, self.settings.data_mb)

    async def edition_of(self, snapshot: Snapshot, common: Common, workers: int = 0) -> Edition:
        """Open a snapshot and make its edition; `workers` as of `open`.

        Raises:
            GraphServiceError: it is incomplete or was altered, or a query file is wrong.
        """
        return await self._edition_over(await self.open(snapshot, workers), snapshot, common)

    async def resident_edition_of(self, snapshot: Snapshot, common: Common) -> Edition:
        """Load a snapshot into memory and make its edition; raises as `edition_of`."""
        return await self._edition_over(
            await ForkedStore.open(snapshot.path, StoreLimits.of(self.settings)), snapshot, common
        )

    async def _edition_over(self, store: Store, snapshot: Snapshot, common: Common) -> Edition:
        try:
            return await asyncio.to_thread(self.compose, common, store, snapshot)
        except BaseException:
            await store.close()
            raise

    def compose(self, common: Common, store: Store, snapshot: Snapshot) -> Edition:
        """The edition of a snapshot whose store is open."""
        manifest, catalogue, settings = snapshot.manifest, self.catalogue, self.settings
        dataset = Dataset.of(manifest)
        places = directory_of(catalogue, "evidence") / "places.rq"
        index = Index(Questions(store, directory_of(catalogue, "api"), manifest.names))
        prover = Prover(snapshot, places, settings.seconds * 2)
        return edition(
            common,
            store,
            dataset,
            hold=Hold(snapshot.path),
            api=lambda answers: build(
                answers,
                catalogue,
                manifest.names,
                prover=prover,
                licence=licence_of(settings, manifest.base),
                index=index,
            ),
            published=lambda answers: site.build(
                answers,
                catalogue,
                snapshot,
                dataset,
                settings=settings,
                prover=prover,
                notices=self.notices,
                index=index,
            ),
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


def _of_store(store: Store) -> Mapping[str, float]:
    return of_store(store.statistics()) if isinstance(store, ForkedStore) else {}
