"""Pages and API of the shipped graph on one real server, so that what is shown can be held against what is answered."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx2
import pytest

from graph_service.http.api.composition import LICENCE, build
from graph_service.queries import Catalogue
from graph_service.snapshot import Snapshot
from tests.conftest import ROOT
from tests.http.servers import Running
from tests.linked_data.conftest import own, own_server, own_snapshot, published

__all__ = ["own", "own_server", "own_snapshot"]


@pytest.fixture(scope="session")
def server(shipped_snapshot: Snapshot) -> Iterator[Running]:
    """Pages and API."""
    catalogue, names = Catalogue(ROOT / "queries"), shipped_snapshot.manifest.names
    api = partial(build, catalogue=catalogue, names=names, licence=LICENCE)
    with published(shipped_snapshot, api=api) as running_server:
        yield running_server


@pytest.fixture
def client(server: Running) -> Iterator[httpx2.Client]:
    with server.client() as client:
        yield client


def page(client: httpx2.Client, path: str, **given: Any) -> str:
    """The HTML of a page in English."""
    answer = client.get(path, params={"lang": "en", **given})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text
