"""A small paper under review; fixtures of the browser are those of `tests/browser`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graph_service.coding import draft_file
from graph_service.snapshots.snapshot import Snapshot
from tests.browser.conftest import axe, browser  # noqa: F401
from tests.reviewing.coder import WIDE, Coder, opened
from tests.reviewing.papers import PAGES, drafted, paper_of
from tests.reviewing.processes import Reviewing, on_shelf, reviewing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext


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


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:  # noqa: F811
    with browser.new_context(viewport=WIDE, locale="de", reduced_motion="reduce") as context:  # type: ignore[arg-type]
        yield context


@pytest.fixture
def coder(context: BrowserContext, review: Reviewing) -> Iterator[Coder]:
    """A coder whose browser has nothing to complain of at the end."""
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda message: complaints.append(message.text))
    yield opened(context, review)
    # The browser notes each request that has no success; conflicts and what is incomplete are part of the work.
    expected = ("409 (Conflict)", "422 (Unprocessable", "net::ERR_FAILED")
    assert not [complaint for complaint in complaints if not any(words in complaint for words in expected)]
