"""What the review page costs with a big paper: CPU of the browser's page and of the server, 400 pages, 2,000 positions.

PYTHONPATH=. python benchmarks/review.py          writes benchmarks/review.md
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.chromium import CHROMIUM, chromium
from tests.reviewing.papers import big_draft, big_paper
from tests.reviewing.processes import Reviewing, on_shelf, reviewing

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import current_or_build
from graph_service.settings import BuildSettings

if TYPE_CHECKING:
    from playwright.sync_api import Page

RESULT = Path(__file__).with_name("review.md")
PAGES, POSITIONS, TIMES = 400, 2000, 20
WIDE = {"width": 1280, "height": 860}
TICK = os.sysconf("SC_CLK_TCK")
SCROLL = """async ([pane, times]) => {
  for (let i = 0; i < times; i++) {
    document.getElementById(pane).scrollTop += 400;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}"""


@dataclass
class Measurement:
    """Measures what the page and the server do on their CPUs."""

    page: Page
    review: Reviewing

    def __post_init__(self) -> None:
        self._debugger = self.page.context.new_cdp_session(self.page)
        self._debugger.send("Performance.enable", {"timeDomain": "threadTicks"})

    def row(self, name: str, action: Callable[[], None], times: int = TIMES) -> str:
        """A row of the table: CPU milliseconds a time."""
        before = self._page(), self._server()
        action()
        self.page.wait_for_selector("#state[data-state=saved]")
        after = self._page(), self._server()
        browser, server = ((b - a) * 1000 / times for a, b in zip(before, after, strict=True))
        return f"| {name} | {browser:.0f} | {server:.0f} |"

    def _page(self) -> float:
        metrics = self._debugger.send("Performance.getMetrics")["metrics"]
        return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))

    def _server(self) -> float:
        fields = Path(f"/proc/{self.review.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK


def rows(page: Page, review: Reviewing) -> list[str]:
    """What a coder does, and what it costs."""
    measurement = Measurement(page, review)

    def load() -> None:
        page.goto(review.address)
        page.wait_for_selector("body[data-ready]", timeout=120_000)

    def press(*keys: str) -> Callable[[], None]:
        def run() -> None:
            for number in range(TIMES):
                page.keyboard.press(keys[number % len(keys)])
                page.evaluate("() => new Promise((resolve) => requestAnimationFrame(resolve))")
                page.wait_for_selector("#state[data-state=saved]")

        return run

    # The server has learnt what it suggests by.
    with review.client() as client:
        client.get("/search/propositions", params={"typed": "Beratung"})
    found = [measurement.row("open the page", load, 1)]
    for pane, name in (("text", "scroll the text by 400 px"), ("cards", "scroll the cards by 400 px")):
        found.append(measurement.row(name, lambda pane=pane: page.evaluate(SCROLL, [pane, TIMES])))  # type: ignore[misc]
    page.focus("#text")
    found.append(measurement.row("next sentence", press("ArrowDown")))
    found.append(measurement.row("next page", press("PageDown")))
    found.append(measurement.row("mark one sentence more", press("Shift+ArrowDown")))
    page.keyboard.press("Escape")
    found.append(measurement.row("next position", press("n")))
    found.append(measurement.row("a change, until it is on disk", press("+", "-")))
    return found


def main() -> None:
    if not CHROMIUM.exists():
        sys.exit(f"{CHROMIUM} is absent; install Debian's chromium.")
    paper = big_paper(PAGES)
    lines = [
        "# What the review page costs with a big paper",
        "",
        f"Written by `make bench-review`: {PAGES} pages with {len(paper.text):,} characters, {POSITIONS:,} positions;",
        f"Python {platform.python_version()}, {os.cpu_count()} cores; CPU milliseconds of page and server, "
        f"mean of {TIMES}.",
        "",
        "| | page | server |",
        "|---|---:|---:|",
    ]
    with tempfile.TemporaryDirectory() as directory:
        snapshots = Path(directory) / "snapshots"
        current_or_build(find_inputs(BuildSettings(snapshots=snapshots)))
        shelf = on_shelf(Path(directory), paper, big_draft(paper, POSITIONS))
        with reviewing(shelf, snapshots, paper) as review, chromium() as browser:
            context = browser.new_context(viewport=WIDE, reduced_motion="reduce")  # type: ignore[arg-type]
            lines += rows(context.new_page(), review)
    RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
