"""The shipped questions of HTTP are asked to a small data set: two documents, an ontology and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest

from graph_service.http.protocol.limits import HTTPLimits
from graph_service.http.sparql.description import DatasetFacts
from graph_service.serving.app import create_app
from graph_service.serving.edition import edition
from graph_service.serving.service import Service
from graph_service.settings import ServeSettings
from graph_service.snapshots.snapshot import Snapshot, open_snapshot
from graph_service.store import Store
from tests.http.processes import write_snapshot
from tests.http.servers import Running, running
from tests.snapshot_servers import Stores

TRIG = """
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:one { ex:a ex:knows ex:b ; rdfs:label "Ä & <b>" . }
ex:two { ex:a ex:knows ex:b . ex:b ex:knows ex:c . }
<http://example.org/graph/inferred> { ex:a ex:reaches ex:c . }
"""
DATASET = DatasetFacts(
    digest="0" * 64,
    graphs=(("http://example.org/graph/inferred", 1), ("http://example.org/one", 2), ("http://example.org/two", 2)),
    triples=4,
)

MakeApp = Callable[..., Service]


def make_app(store: Store, *, dataset: DatasetFacts = DATASET, **options: object) -> Service:
    settings = options.pop("settings", ServeSettings())
    return create_app(settings, lambda common: edition(common, store, dataset), forwards=False, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The small data set."""
    quads = ox.parse(TRIG, format=ox.RdfFormat.TRIG)
    return open_snapshot(write_snapshot(tmp_path_factory.mktemp("small"), (f"{quad} ." for quad in quads)))


@pytest.fixture(scope="session")
def server(stores: Stores, small: Snapshot) -> Iterator[Running]:
    with running(make_app(stores.open(small))) as service:
        yield service


@pytest.fixture
def quick_limits() -> HTTPLimits:
    return HTTPLimits(head_seconds=0.5, body_seconds=0.5, stall_seconds=0.5, idle_seconds=1, shutdown_seconds=3)
