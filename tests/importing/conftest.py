"""Rows of a coding sheet that is right, and where they are imported to."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from graph_service.importing import decisions, table_files
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore
from tests.conftest import ROOT
from tests.importing.research_files import Table
from tests.importing.sheets import TEMPLATE, Rows


@pytest.fixture
def rows() -> Rows:
    with TEMPLATE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(scope="module")
def store(shipped_snapshot: Snapshot) -> EmbeddedStore:
    return EmbeddedStore.open(shipped_snapshot.path)


@pytest.fixture(scope="module")
def decided(shared: Path) -> dict[str, Table]:
    """The rows of election programmes and coalition agreements after the decisions, by table and id."""
    rows = table_files.read(shared / "research" / "programmes.json", "claims", ("claims", "documents"))
    found: dict[str, Table] = {"claims": {}, "documents": {}}
    for row in decisions.read(ROOT / "data" / "decisions" / "programmes.csv").apply(rows):
        found[row.sheet][row.get("id")] = row.cells
    return found
