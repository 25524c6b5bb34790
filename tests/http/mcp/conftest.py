"""The shipped graph, served as users run it: a process of its own that keeps its editions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph_service.snapshots.snapshot import Snapshot
from tests.http.processes import Served, served

PUBLIC = "https://graph.example"


@pytest.fixture(scope="session")
def service(shipped_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Reached under its own address, and as `PUBLIC` behind a proxy."""
    log = tmp_path_factory.mktemp("mcp") / "log"
    with served(shipped_snapshot.path, log=log, follow=True, public_url=[PUBLIC]) as running:
        yield running
