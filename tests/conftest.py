"""What tests share: where things lie, and the shipped graph built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.pipeline import build, find_inputs
from graph_service.settings import BuildSettings
from graph_service.snapshot import Snapshot

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of source texts, research and W3C suites beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is absent")
    return SHARED


@pytest.fixture(scope="session")
def shipped_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The shipped ontology and data, built."""
    return build(find_inputs(BuildSettings(snapshots=tmp_path_factory.mktemp("shipped") / "snapshots")))
