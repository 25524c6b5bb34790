"""The shipped graph behind a real server, through the store interface alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest

from graph_service.app import create_app
from graph_service.http.api.composition import build, licence_of
from graph_service.http.description import Dataset
from graph_service.http.edition import edition
from graph_service.proving import Prover
from graph_service.queries import Catalogue
from graph_service.settings import ServeSettings
from graph_service.snapshot import Snapshot
from graph_service.store import Query
from graph_service.store.embedded import EmbeddedStore
from tests.http.servers import Running, running

QUERIES = Path(__file__).parents[2] / "queries"


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
        self.asked: list[Query] = []

    @property
    def digest(self) -> str:
        return self._store.digest

    async def query(self, query: Query, *, client: str = "") -> Whole:
        self.asked.append(query)
        return Whole(await asyncio.to_thread(self._store.answer, query))

    async def close(self) -> None:
        return None


@pytest.fixture(scope="session")
def embedded(shipped_snapshot: Snapshot) -> EmbeddedStore:
    """The shipped graph in this process."""
    return EmbeddedStore.open(shipped_snapshot.path)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue(QUERIES)


@pytest.fixture(scope="session")
def store(embedded: EmbeddedStore) -> ThreadedStore:
    return ThreadedStore(embedded)


@pytest.fixture(scope="session")
def service(store: ThreadedStore, catalogue: Catalogue, shipped_snapshot: Snapshot) -> Iterator[Running]:
    """The whole service."""
    manifest = shipped_snapshot.manifest
    app = create_app(
        ServeSettings(),
        lambda common: edition(
            common,
            store,
            Dataset.of(manifest),
            api=lambda answers: build(
                answers,
                catalogue,
                manifest.names,
                prover=Prover(shipped_snapshot, QUERIES / "evidence" / "places.rq"),
                licence=licence_of(ServeSettings(), manifest.base),
            ),
        ),
    )
    with running(app) as server:
        yield server


@pytest.fixture
def client(service: Running) -> Iterator[httpx2.Client]:
    with service.client() as client:
        yield client
