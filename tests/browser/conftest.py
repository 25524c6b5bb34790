"""A browser, and its tabs that visit the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import CHROMIUM, WIDE, Visitor, chromium
from tests.conftest import ROOT
from tests.http.processes import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NODE_MODULES = ROOT / "assets" / "node_modules"


# The browser's library keeps an event loop running in this thread: other tests could start none, so it ends with
# this package.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is absent")
    with chromium() as running:
        yield running


@pytest.fixture(scope="package")
def root(service: Served) -> str:
    """Address of the service, without a slash at the end."""
    return service.url.rstrip("/")


@pytest.fixture(scope="package")
def visitor(browser: Browser, root: str) -> Iterator[Visitor]:
    """A tab with scripts."""
    with browser.new_context(viewport=WIDE, reduced_motion="reduce") as context:  # type: ignore[arg-type]
        yield Visitor(context.new_page(), root)


@pytest.fixture(scope="package")
def plain(browser: Browser, root: str) -> Iterator[Visitor]:
    """A tab without scripts."""
    with browser.new_context(viewport=WIDE, java_script_enabled=False) as context:  # type: ignore[arg-type]
        yield Visitor(context.new_page(), root)


@pytest.fixture(scope="package")
def axe() -> str:
    """axe-core."""
    path = NODE_MODULES / "axe-core" / "axe.min.js"
    if not path.exists():
        pytest.skip("axe-core is absent: make setup-dev fetches it")
    return path.read_text(encoding="utf-8")
