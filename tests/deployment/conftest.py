"""A proxy with our example file, and the service behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest

from graph_service.snapshots.snapshot import Snapshot
from tests.deployment.proxies import PROXIES, is_installed, running_proxy
from tests.http.processes import Served, served


@dataclass
class Site:
    """A proxy and the service behind it."""

    proxy: str
    address: str
    service: Served

    def client(self, source: str = "127.0.0.2") -> httpx2.Client:
        """A client with an address of its own, which is no trusted proxy's."""
        transport = httpx2.HTTPTransport(local_address=source)
        fields = {"accept-encoding": "identity"}
        return httpx2.Client(transport=transport, base_url=self.address, timeout=30, headers=fields)

    def running(self) -> float:
        """Queries that workers are at."""
        return self.service.metric("store_running")


@pytest.fixture(scope="module")
def service(shipped_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("service") / "log"
    proxies, path = ["127.0.0.1"], "/graph"
    with served(
        shipped_snapshot.path, log=log, root_path=path, trusted_proxies=proxies, workers=1, seconds=3.0
    ) as service:
        yield service


@pytest.fixture(scope="module", params=PROXIES)
def site(request: pytest.FixtureRequest, service: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if not is_installed(request.param):
        pytest.skip(f"{request.param} is not installed")
    at = tmp_path_factory.mktemp(request.param)
    with running_proxy(request.param, at, f"127.0.0.1:{service.port}") as address:
        yield Site(request.param, address, service)
