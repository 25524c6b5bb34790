"""A small paper under review; fixtures of the browser are those of `tests/browser`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.coding import draft_file
from graph_service.snapshots.snapshot import Snapshot
from tests.browser.conftest import axe, browser  # noqa: F401
from tests.reviewing.papers import PAGES, drafted, paper_of
from tests.reviewing.processes import Reviewing, on_shelf, reviewing


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory, shipped_snapshot: Snapshot) -> Iterator[Reviewing]:
    """A review of the small paper. It is not killed."""
    paper = paper_of(PAGES)
    shelf = on_shelf(tmp_path_factory.mktemp("shelf"), paper, drafted(paper))
    with reviewing(shelf, shipped_snapshot.path.parent, paper) as running:
        yield running


@pytest.fixture
def review(running: Reviewing) -> Reviewing:
    """The same review with three proposed positions and nothing else."""
    draft_file.path_of(running.shelf, running.paper.name, "coder-1").unlink()
    draft_file.change(running.shelf, running.paper, "coder-1", lambda _: drafted(running.paper))
    return running


@pytest.fixture
def mortal(tmp_path: Path, shipped_snapshot: Snapshot) -> Iterator[Reviewing]:
    """A review of the small paper that a test may kill."""
    paper = paper_of(PAGES)
    shelf = on_shelf(tmp_path, paper, drafted(paper))
    with reviewing(shelf, shipped_snapshot.path.parent, paper) as running:
        yield running
