"""The shipped graph, built once for all tests of this room."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service import sources
from graph_service.namespaces import Names
from graph_service.pipeline import build, find_inputs
from graph_service.queries import Catalogue
from graph_service.settings import BASE, BuildSettings
from graph_service.sources import Role
from graph_service.store.embedded import EmbeddedStore
from graph_service.terms import Triple

ROOT = Path(__file__).parents[2]
QUERIES = ROOT / "queries"


@pytest.fixture(scope="session")
def names() -> Names:
    """The names below the shipped base."""
    return Names(BASE)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    """The shipped graph, validated and reasoned."""
    settings = BuildSettings(snapshots=tmp_path_factory.mktemp("shipped"))
    return EmbeddedStore.open(build(find_inputs(settings)).path)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The competency questions."""
    return Catalogue(QUERIES)


@pytest.fixture(scope="session")
def ontology(names: Names) -> frozenset[Triple]:
    """What ontology, alignments and vocabularies state."""
    files = sources.discover([ROOT / "ontology"], [ROOT / "data"], names)
    return frozenset(q.triple for f in files if f.role is Role.ONTOLOGY for q in sources.read(f, names))
