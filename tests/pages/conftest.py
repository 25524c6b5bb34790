"""Pages and API of the shipped graph on one real server, so that what is shown can be held against what is answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from graph_service.app import create_app
from graph_service.http import site
from graph_service.http.api.composition import LICENCE, build
from graph_service.http.description import Dataset
from graph_service.http.edition import edition
from graph_service.proving import Prover
from graph_service.queries import Catalogue
from graph_service.settings import ServeSettings
from graph_service.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore
from tests.api.conftest import ThreadedStore
from tests.conftest import ROOT
from tests.http.servers import Running, running
from tests.linked_data.conftest import own, own_server, own_snapshot

__all__ = ["own", "own_server", "own_snapshot"]


@pytest.fixture(scope="session")
def server(shipped_snapshot: Snapshot) -> Iterator[Running]:
    """Pages and API."""
    dataset, catalogue, settings = Dataset.of(shipped_snapshot.manifest), Catalogue(ROOT / "queries"), ServeSettings()
    names = shipped_snapshot.manifest.names
    prover = Prover(shipped_snapshot, ROOT / "queries" / "evidence" / "places.rq")
    app = create_app(
        settings,
        lambda common: edition(
            common,
            ThreadedStore(EmbeddedStore.open(shipped_snapshot.path)),
            dataset,
            api=lambda answers: build(answers, catalogue, names, licence=LICENCE),
            published=lambda answers: site.build(
                answers, catalogue, shipped_snapshot, dataset, settings=settings, prover=prover
            ),
        ),
    )
    with running(app) as running_server:
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
