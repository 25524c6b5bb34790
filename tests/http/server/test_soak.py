"""Half a minute of 64 clients, one in twenty of them hostile: no benign request fails, and memory returns to its level.

How long the benign ones wait is measured by `make bench-soak`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from graph_service.snapshots.snapshot import Snapshot
from tests.http.processes import served, wait_until
from tests.http.soaking import Soak, described

pytestmark = pytest.mark.alone

SECONDS = float(os.environ.get("SOAK_SECONDS", "30" if os.environ.get("CI") else "10"))
# Each of six workers may keep some memory of its own (`workers.worker`).
ROOM = 6 * 32 * 1024 * 1024


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="memory is read from /proc")
def test_soak(shipped_snapshot: Snapshot, tmp_path: Path) -> None:
    with served(shipped_snapshot.path, log=tmp_path / "log", seconds=1.0, memory_mb=256) as service:
        resources = described(shipped_snapshot)
        Soak(service, resources, 2).run(hostile=0)
        before = service.memory()
        soak = Soak(service, resources, SECONDS)
        soak.run()
        assert soak.failures == []
        assert soak.good[200] > 10 * SECONDS
        assert soak.hostile > SECONDS
        assert service.process.poll() is None
        assert wait_until(lambda: service.memory() < before + ROOM, 15), (before, service.memory())
        with service.client() as client:
            assert client.get("/ready").json()["ready"] is True
