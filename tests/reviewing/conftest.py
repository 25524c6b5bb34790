"""A small paper under review; fixtures of the browser are those of `tests/browser`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.coding import draft_file
from tests.browser.conftest import axe, browser  # noqa: F401
from tests.reviewing.papers import PAGES, drafted, paper_of
from tests.reviewing.processes import Reviewing, on_shelf, reviewing


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reviewing]:
    """A review of the small paper. It is not killed."""
    paper = paper_of(PAGES)
    with reviewing(on_shelf(tmp_path_factory.mktemp("shelf"), paper, drafted(paper)), paper) as running:
        yield running


@pytest.fixture
def review(running: Reviewing) -> Reviewing:
    """The same review with three proposed positions and nothing else."""
    draft_file.change(running.shelf, running.paper, "coder-1", lambda _: drafted(running.paper))
    return running


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Reviewing]:
    """A review of the small paper that a test may kill."""
    paper = paper_of(PAGES)
    with reviewing(on_shelf(tmp_path, paper, drafted(paper)), paper) as running:
        yield running
