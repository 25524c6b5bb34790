"""The shipped graph in this process, beside the server that is asked."""

from __future__ import annotations

import pytest

from graph_service.catalogue.queries import Catalogue
from graph_service.catalogue.query_files import QueryFiles
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore
from tests.snapshot_servers import QUERIES, Stores


@pytest.fixture(scope="session")
def embedded(stores: Stores, shipped_snapshot: Snapshot) -> EmbeddedStore:
    """The shipped graph in this process."""
    return stores.embedded(shipped_snapshot)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue(QueryFiles((QUERIES,)))
