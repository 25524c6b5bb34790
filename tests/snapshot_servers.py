"""Snapshots behind real servers: over the engine in this process, or over a store of others (`--store`)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from graph_service.catalogue.query_files import QueryFiles
from graph_service.serving.app import create_app
from graph_service.serving.press import Press
from graph_service.serving.route_settings import RouteSettings
from graph_service.serving.service import Service
from graph_service.settings import ServeSettings
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import Query, Store
from graph_service.store.embedded import EmbeddedStore
from graph_service.store.local import WholeAnswer
from graph_service.workers.limits import Limits
from tests import engines
from tests.http.servers import Running, running_from

QUERIES = Path(__file__).parents[1] / "queries"
EMBEDDED = "embedded"
# What is asked of a store of others is whether it answers the same, however busy the machine is.
PATIENT = ServeSettings(seconds=60)


class ThreadedStore:
    """The embedded store behind the asynchronous interface."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store

    @property
    def digest(self) -> str:
        return self._store.digest

    async def query(self, query: Query, *, client: str = "") -> WholeAnswer:
        return WholeAnswer(await asyncio.to_thread(self._store.answer, query))

    async def close(self) -> None:
        return None


class Stores:
    """Opens snapshots in the kind of store that this run of the tests is over.

    Each snapshot has a store of others to itself, as two editions of one graph cannot lie side by side in one.

    Args:
        name: `embedded`, or one of `engines.NAMES`.
        new_directory: makes one whose name begins so.
    """

    def __init__(self, name: str, new_directory: Callable[[str], Path]) -> None:
        self._name = name
        self._new_directory = new_directory
        self._running = ExitStack()
        self._engines: dict[str, engines.Engine] = {}
        self._embedded: dict[str, EmbeddedStore] = {}

    def embedded(self, snapshot: Snapshot) -> EmbeddedStore:
        """A snapshot in this process, whatever the others are over."""
        if snapshot.digest not in self._embedded:
            self._embedded[snapshot.digest] = EmbeddedStore.open(snapshot.path)
        return self._embedded[snapshot.digest]

    def open(self, snapshot: Snapshot, settings: ServeSettings | None = None) -> Store:
        """A store that answers for a snapshot, for one event loop."""
        if self._name == EMBEDDED:
            return ThreadedStore(self.embedded(snapshot))
        return self._engine(snapshot).opened(snapshot, Limits.of(settings or PATIENT))

    @contextmanager
    def served(self, snapshot: Snapshot, settings: ServeSettings | None = None) -> Iterator[Running]:
        """Serve a snapshot with everything that is published of it."""
        settings = settings or (ServeSettings() if self._name == EMBEDDED else PATIENT)
        if self._name != EMBEDDED:
            engine = self._engine(snapshot)
            engine.hold(snapshot)
            settings = replace(settings, endpoint=engine.query)
        press = Press(RouteSettings(settings, QueryFiles((QUERIES,))))

        async def make() -> Service:
            opened = await press.open(snapshot)
            return create_app(settings, lambda common: press.compose(common, opened, snapshot))

        with running_from(make) as server:
            yield server

    def _engine(self, snapshot: Snapshot) -> engines.Engine:
        if snapshot.digest not in self._engines:
            start = engines.started(self._name, self._new_directory(self._name))
            self._engines[snapshot.digest] = self._running.enter_context(start)
        return self._engines[snapshot.digest]

    def close(self) -> None:
        """End the stores of others."""
        self._running.close()
