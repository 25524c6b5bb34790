"""The shipped graph, its names, questions and ontology."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.building import sources
from graph_service.building.sources import Role
from graph_service.catalogue.queries import Catalogue
from graph_service.catalogue.query_files import QueryFiles
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import Triple
from graph_service.settings import BASE
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore

ROOT = Path(__file__).parents[2]
QUERIES = ROOT / "queries"


@pytest.fixture(scope="session")
def names() -> Names:
    """The names below the shipped base."""
    return Names(BASE)


@pytest.fixture(scope="session")
def shipped(shipped_snapshot: Snapshot) -> EmbeddedStore:
    """The shipped graph, validated and reasoned."""
    return EmbeddedStore.open(shipped_snapshot.path)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The competency questions."""
    return Catalogue(QueryFiles((QUERIES,)))


@pytest.fixture(scope="session")
def ontology(names: Names) -> frozenset[Triple]:
    """What ontology, alignments and vocabularies state."""
    files = sources.discover([ROOT / "ontology"], [ROOT / "data"], names)
    return frozenset(q.triple for f in files if f.role is Role.ONTOLOGY for q in sources.read(f, names))
