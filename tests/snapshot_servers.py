"""Snapshots behind real servers: over the engine in this process, or over a store of others (`--store`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from graph_service.catalogue.queries import Catalogue
from graph_service.http.pages.notices import Notices
from graph_service.serving.app import create_app
from graph_service.serving.press import Press
from graph_service.settings import ServeSettings
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import Query, Store
from graph_service.store.embedded import EmbeddedStore
from graph_service.workers.limits import Limits
from tests import engines
from tests.http.servers import Running, running

QUERIES = Path(__file__).parents[1] / "queries"
EMBEDDED = "embedded"


class Whole:
    """An answer that is there already."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body

    async def aclose(self) -> None:
        return None


class ThreadedStore:
    """The embedded store behind the asynchronous interface."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store

    @property
    def digest(self) -> str:
        return self._store.digest

    async def query(self, query: Query, *, client: str = "") -> Whole:
        return Whole(await asyncio.to_thread(self._store.answer, query))

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
        if snapshot.digest not in self._engines:
            start = engines.started(self._name, self._new_directory(self._name))
            self._engines[snapshot.digest] = self._running.enter_context(start)
        return self._engines[snapshot.digest].opened(snapshot, Limits.of(settings or ServeSettings()))

    @contextmanager
    def served(self, snapshot: Snapshot, settings: ServeSettings | None = None) -> Iterator[Running]:
        """Serve a snapshot with everything that is published of it."""
        settings = settings or ServeSettings()
        press = Press(settings, Catalogue(QUERIES), Notices.read(settings.notices, settings.contact))
        store = self.open(snapshot, settings)
        routers = press.routers()
        app = create_app(settings, lambda common: press.compose(common, store, snapshot), routers=routers)
        with running(app) as server:
            yield server

    def close(self) -> None:
        """End the stores of others."""
        self._running.close()
