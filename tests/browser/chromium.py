"""Debian's Chromium without a screen, and a visitor who notes what a browser complains about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
# Nothing that a browser does of its own accord: no updates, no look-ups, no first-run pages.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE = {"width": 1200, "height": 900}
PHONE = {"width": 360, "height": 740}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for as long as the block lasts."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visitor:
    """One tab, used for one page after the other.

    Attributes:
        page: the tab.
        root: address of the service, without a slash at the end.
        complaints: console messages, reports of the security policy and errors of scripts since the last visit began.
        strangers: requests to any other host than the service's.
    """

    page: Page
    root: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and f"{parts.scheme}://{parts.netloc}" != self.root:
            self.strangers.append(url)

    def visit(self, path: str, status: int = 200) -> Page:
        """The page at a path, with everything it loads."""
        self.complaints.clear()
        self.strangers.clear()
        answer = self.page.goto(f"{self.root}{path}")
        assert answer is not None
        assert answer.status == status, (path, answer.status)
        return self.page

    def width_beyond(self) -> int:
        """Pixels by which the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def too_wide(self) -> list[str]:
        """The elements that reach beyond the window, for a message."""
        found = self.page.evaluate(
            "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
            ".map(e => `${e.tagName} ${e.className} ${e.textContent.slice(0, 60)}`)"
        )
        return [str(element) for element in found[:5]]

    def axe(self, source: str, *rules: str) -> list[str]:
        """What axe-core finds wrong, one line for each element.

        Args:
            source: the library. It comes by the debugger, to which the page's security policy does not apply.
            rules: the only ones to run; all if there are none.
        """
        options: dict[str, Any] = {"resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = list(rules)
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(source)
        found = self.page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
