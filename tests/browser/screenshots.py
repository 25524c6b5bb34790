"""The pictures of the README: main pages of the shipped graph as a browser shows them, written to docs/img/."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import current_or_build
from graph_service.settings import BuildSettings
from tests.browser.chromium import CHROMIUM, chromium
from tests.browser.page_types import PAGE_TYPES, address
from tests.conftest import ROOT
from tests.http.processes import served

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

IMAGES = ROOT / "docs" / "img"
# The matrix of the shipped graph is whole at this width.
_WINDOW: ViewportSize = {"width": 1280, "height": 900}
# Name of the picture to the page type it shows.
SHOWN: Mapping[str, str] = {
    "start": "/",
    "proposition": "proposition",
    "actor": "actor",
    "proof": "/explain",
    "compare": "/compare",
    "matrix": "/matrix",
    "network": "/network",
    "brief": "/brief",
    "chart": "/chart/over-time",
    "editor": "/sparql",
}


def main() -> None:
    if not CHROMIUM.exists():
        sys.exit(f"{CHROMIUM} is absent; install Debian's chromium.")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        snapshot = current_or_build(find_inputs(BuildSettings(snapshots=Path(directory))))
        with served(snapshot.path, log=Path(directory) / "log") as service, chromium() as browser:
            context = browser.new_context(viewport=_WINDOW, reduced_motion="reduce")
            page = context.new_page()
            for name, kind in SHOWN.items():
                page.goto(f"{service.url.rstrip('/')}{address(PAGE_TYPES[kind], 'en')}", wait_until="networkidle")
                page.evaluate("scrollTo(0, document.querySelector('#drawing, #matrix')?.offsetTop - 60 || 0)")
                page.screenshot(path=IMAGES / f"{name}.png")
                print(f"docs/img/{name}.png")


if __name__ == "__main__":
    main()
