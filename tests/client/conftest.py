"""The service as users have it: the shipped graph with its editions, in processes of its own."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from graph_service.snapshots.snapshot import Snapshot
from tests.http.processes import Served, served


@pytest.fixture(scope="session")
def service(shipped_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(shipped_snapshot.path, log=tmp_path_factory.mktemp("service") / "log", follow=True) as running:
        yield running


@pytest.fixture
def visitor(service: Served) -> Iterator[httpx2.Client]:
    with service.client() as client:
        yield client
