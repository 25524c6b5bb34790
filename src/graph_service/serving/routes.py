"""The routes of a service, and the workers that answer them: everything but queries of clients, dumps and health.

`roles` runs in the keeper. It loads the data once for both roles: workers for queries of clients, which can open
nothing, and workers for routes, which ask our own queries and read templates and source files.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI

from graph_service.catalogue.queries import Catalogue, QueryFile
from graph_service.catalogue.resources import Resource
from graph_service.errors import LimitExceeded
from graph_service.explaining.proving import Prover
from graph_service.http import web
from graph_service.http.api.routes import api_router
from graph_service.http.edits.routes import edits_router
from graph_service.http.linked_data.deltas import delta_router
from graph_service.http.linked_data.documents import data_router
from graph_service.http.linked_data.llms_txt import llms_router
from graph_service.http.linked_data.names import names_router
from graph_service.http.linked_data.publishing import description_router
from graph_service.http.mcp import endpoint as mcp
from graph_service.http.protocol.metrics import Counts
from graph_service.http.server import logs
from graph_service.http.sparql.description import DatasetFacts
from graph_service.http.web import site
from graph_service.http.web.edition import Edition
from graph_service.http.web.forwarding import respond
from graph_service.http.web.framework import framework_with
from graph_service.http.web.routes import complete
from graph_service.pages.notices import Notices
from graph_service.pages.routes import all_pages
from graph_service.serving import first_visits, health, without_pandas
from graph_service.serving.route_settings import RouteSettings, licence_of
from graph_service.settings import ServeSettings
from graph_service.snapshots import provenance, register
from graph_service.snapshots.history import StatementHistory
from graph_service.snapshots.snapshot import Snapshot, open_snapshot
from graph_service.snapshots.subjects import subjects_from
from graph_service.store import Store, forked
from graph_service.store.engine import Engine
from graph_service.store.local import LocalStore
from graph_service.store.remote import upload
from graph_service.store.remote.endpoint import Address
from graph_service.store.remote.store import RemoteStore
from graph_service.views.descriptions import Descriptions
from graph_service.views.names.reconciling import Reconciler
from graph_service.views.questions import Questions
from graph_service.views.searching.search_index import MOST_TEXTS, Index
from graph_service.workers.limits import MIB, QUERY, ROUTE, Limits
from graph_service.workers.role import Role, Write

# Our own queries are not nested deeply.
_STACK_BYTES = 64 * MIB
# What few requests need and half a second loads: most of the memory that a worker may touch before it ends.
_LIBRARIES = ("graph_service.networks", "graph_service.networks.layout", *mcp.LIBRARIES)
# Below so many triples, a start prepares nothing that a worker can make as well: parameters and models of routes, the
# OpenAPI document, what pages count, the libraries. It would take 2 s, most of a start, and a worker makes any of it
# in a few ms; the OpenAPI document and each of the libraries in half a second, once.
_SMALL_TRIPLES = 10_000
# Data sets up to this size have their indexes of texts and names made before workers are forked, which then share them:
# 0.2 s for the shipped data.
_INDEXED_TRIPLES = 200_000
# To find the names that are only used takes 1 s for a million triples. A worker that did so itself would have so much
# memory of its own afterwards that it leaves, and the next one would begin anew.
_SCANNED_TRIPLES = 5_000_000


def routers(settings: RouteSettings) -> list[APIRouter]:
    """The routes that answer for every edition; of two with one path the first answers.

    Raises:
        QueryFileError: a query file or resource file is wrong.
        SettingsError: a notice of the publisher is wrong.
    """
    catalogue = Catalogue(settings.queries)
    for name in site.in_force().classes.values():
        QueryFile(settings.queries.file(f"pages/{name}"))
    notices = Notices.read(settings.serve.notices, settings.serve.contact)
    return [
        mcp.mcp_router(settings.serve.public_url),
        api_router(catalogue, settings.queries.own("resources"), of_model=settings.queries.of_model),
        all_pages(catalogue, notices, settings.serve, of_model=settings.queries.of_model),
        data_router(),
        description_router(),
        llms_router(catalogue, of_model=settings.queries.of_model),
        delta_router(),
        names_router(),
    ]


def framework(settings: RouteSettings) -> FastAPI:
    """All routes in one application, which has the OpenAPI document; raises as `routers`.

    Those of health are answered in the serving process, and only described here.
    """
    edits = [edits_router()] if settings.edits else []
    return framework_with(
        [health.router(_served_elsewhere, _counted_elsewhere), *edits, *routers(settings)],
        title=web.words("en")["title"],
    )


def _served_elsewhere() -> Store:
    raise NotImplementedError("The serving process answers this.")


async def _counted_elsewhere() -> Counts:
    raise NotImplementedError("The serving process answers this.")


def edition(settings: RouteSettings, store: Store, snapshot: Snapshot) -> Edition:
    """What routes answer from for one snapshot.

    Raises:
        QueryFileError: a query file is wrong.
        SettingsError: the licence is no IRI.
    """
    manifest, queries = snapshot.manifest, settings.queries
    questions = Questions(store, queries.below("api"), manifest.names)
    places = queries.file("evidence/places")
    files = provenance.of_snapshot(snapshot)
    prover = Prover(store, manifest.names, places, files, seconds=settings.serve.seconds)
    return Edition(
        store=store,
        manifest=manifest,
        dataset=DatasetFacts.of(manifest),
        questions=questions,
        descriptions=Descriptions(queries.below("publication"), manifest.names, partial(subjects_from, snapshot.path)),
        index=_index(questions, manifest.triples, of_model=queries.of_model),
        reconciler=Reconciler(questions, map(Resource, queries.own("resources"))),
        page_file=cache(lambda name: QueryFile(queries.file(f"pages/{name}"))),
        history=StatementHistory(settings.snapshots, snapshot),
        prover=prover if settings.explains else None,
        licence=licence_of(settings.serve, manifest.base),
        publisher=settings.serve.publisher,
        queried=settings.queried,
        feed=settings.feed,
        of_model=queries.of_model,
        live=settings.live,
        since=register.since(snapshot.path.parent, snapshot.digest),
        queries=queries.digest,
    )


@dataclass(frozen=True)
class Warm:
    """What a process has ready that forks keepers: then they load nothing.

    Attributes:
        engine: the data set of the snapshot.
        framework: the routes.
    """

    engine: Engine
    framework: FastAPI


def warmed(settings: RouteSettings, snapshot: Snapshot) -> FastAPI:
    """The routes, ready to answer in any fork of this process; over small data those few things that all need.

    Raises:
        GraphServiceError: as of `routers`.
    """
    logs.configure()
    site.use(site.of(settings.serve, of_model=settings.queries.of_model))
    without_pandas.hide()
    # The keeper, which forks, is to have one thread when it loads numpy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    made = framework(settings)
    web.compile_templates()
    if not _is_small(snapshot):
        for name in mcp.LIBRARIES:
            import_module(name)
        complete(made.routes)
    return made


def _is_small(snapshot: Snapshot) -> bool:
    return snapshot.manifest.triples < _SMALL_TRIPLES


def roles(arguments: Mapping[str, Any], warm: Warm | None = None) -> Iterator[Role]:
    """The roles of a service.

    Args:
        arguments: those of `forked.engine`, and `routes`: the `RouteSettings`. With an endpoint in these, the data are
            there: nothing is loaded, and workers for queries run the guard alone.
        warm: what is ready; indexes of texts and names are then made by the first worker that needs them.

    Raises:
        GraphServiceError: as of `forked.engine`, `framework` and `edition`.
    """
    settings = RouteSettings.decode(arguments["routes"])
    site.use(site.of(settings.serve, of_model=settings.queries.of_model))
    snapshot = open_snapshot(Path(arguments["snapshot"]))
    if settings.serve.endpoint:
        yield Role(QUERY, forked.inspect, _STACK_BYTES)
        yield Role(ROUTE, _Routes(settings, snapshot).work, _STACK_BYTES, sealed=False, libraries=_unloaded())
        return
    engine = warm.engine if warm is not None else forked.engine(arguments)
    yield forked.query_role(engine, arguments)
    store = LocalStore(engine, rows=arguments["rows"], answer_bytes=arguments["answer_bytes"])
    routes = _Routes(settings, snapshot, store, warm.framework if warm is not None else None)
    if warm is None and snapshot.manifest.triples <= _SCANNED_TRIPLES:
        routes.prepare(indexes=snapshot.manifest.triples <= _INDEXED_TRIPLES)
    yield Role(ROUTE, routes.work, _STACK_BYTES, sealed=False, libraries=_unloaded())


def _unloaded() -> tuple[str, ...]:
    """The libraries that this process has not loaded yet."""
    return tuple(name for name in _LIBRARIES if name not in sys.modules)


class _Routes:
    """The work of a worker for routes. Its event loop and its connections come to be in the worker."""

    def __init__(
        self,
        settings: RouteSettings,
        snapshot: Snapshot,
        store: Store | None = None,
        framework: FastAPI | None = None,
    ) -> None:
        self._framework = framework if framework is not None else warmed(settings, snapshot)
        self._settings = settings
        self._site = site.in_force()
        self._snapshot = snapshot
        self._most_bytes = Limits.of(settings.serve).answer_bytes
        self._runner: asyncio.Runner | None = None
        self._edition = edition(settings, store, snapshot) if store is not None else None

    def prepare(self, *, indexes: bool) -> None:
        """Do in the keeper what all workers then have; what goes beyond a limit is told to whoever asks for it.

        Args:
            indexes: whether those of texts and names are made, too.
        """
        if self._edition is not None:
            with contextlib.suppress(LimitExceeded):
                asyncio.run(_prepared(self._edition, indexes=indexes))
            if _is_small(self._snapshot):
                return
            if not self._edition.of_model:
                asyncio.run(first_visits.visit_terms(self._framework, self._edition))
            elif indexes:
                asyncio.run(first_visits.visit_counted(self._framework, self._edition))

    def work(self, request: bytes, write: Write) -> None:
        """Answer one request."""
        if self._runner is None:
            site.use(self._site)  # a worker answers in a thread of its own
            self._runner = asyncio.Runner()
        self._runner.run(self._respond(request, write))

    async def _respond(self, request: bytes, write: Write) -> None:
        if self._edition is None:
            self._edition = edition(self._settings, _remote(self._settings.serve, self._snapshot), self._snapshot)
        await respond(self._framework, self._edition, request, write, self._most_bytes)


def _index(questions: Questions, triples: int, *, of_model: bool) -> Index:
    """The index of texts; names of large data in another model are scanned, since each worker would make its own."""
    if of_model:
        return Index(questions)
    most = MOST_TEXTS if triples <= _INDEXED_TRIPLES else 0
    return Index(questions, "texts-by-class", contexts="", scanned="texts-with", most=most)


async def _prepared(edition: Edition, *, indexes: bool) -> None:
    await edition.descriptions.undescribed(edition.questions.asked_by(""))
    if indexes:
        await edition.index.prepare()
        await edition.reconciler.prepare()


def _remote(settings: ServeSettings, snapshot: Snapshot) -> RemoteStore:
    where = Address.parse(settings.endpoint)
    return RemoteStore(where, Limits.of(settings), upload.layout(snapshot.manifest), snapshot.digest)
