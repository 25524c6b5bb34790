"""The whole site as a reader walks it: no link is broken, and none is called by a bare IRI."""

from __future__ import annotations

import re
from collections import defaultdict
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx2
import pytest

# Every one of these is visited; of all other links a sample of each kind.
VISITED = re.compile(
    r"/(page/.*|actors|propositions|issues|documents|votes|questions|coverage|matrix|timeline|network)?"
)
SAMPLE = 25
LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
ANCHOR = re.compile(r'\bid="([^"]*)"')
TAG = re.compile(r"<[^>]*>")
# A CURIE or a name relative to the base: what a page shows where it knows no label.
BARE = re.compile(r"(?!https?:)[a-z]+:[\w-]+|(id|graph|ontology|\.well-known)/\S*")
# Names in the registers of others are what they are called.
FOREIGN = re.compile(r"(eurovoc|partyfacts|manifesto|ches):\S+")


class Crawl:
    """What was seen on the way from the start page.

    Attributes:
        waiting: addresses of pages that are known and not yet visited.
        anchors: names of places, by page.
        linked: pages from which an address was linked, by address without fragment.
        fragments: pairs of page and place that were linked.
        bare: texts of links that are no words, with a page that shows them.
    """

    def __init__(self, client: httpx2.Client) -> None:
        self.client = client
        self.waiting = ["/?lang=en"]
        self.anchors: dict[str, set[str]] = {}
        self.linked: dict[str, str] = {}
        self.fragments: dict[tuple[str, str], str] = {}
        self.bare: dict[str, str] = {}

    def run(self) -> None:
        """Visit page after page until none is left."""
        while self.waiting:
            self._visit(self.waiting.pop())

    def _visit(self, page: str) -> None:
        answer = self.client.get(page, headers={"accept": "text/html"})
        assert answer.status_code == 200, (page, self.linked.get(page), answer.status_code)
        assert answer.headers["content-type"].startswith("text/html"), page
        self.anchors[page] = set(ANCHOR.findall(answer.text))
        for href, inner in LINK.findall(answer.text):
            self._note(page, unescape(href), " ".join(unescape(TAG.sub("", inner)).split()))

    def _note(self, page: str, href: str, text: str) -> None:
        if BARE.fullmatch(text) and not FOREIGN.fullmatch(text):
            self.bare.setdefault(text, page)
        address, fragment = urldefrag(urljoin(page, href))
        if urlsplit(address).netloc:
            return
        if fragment:
            self.fragments.setdefault((address, fragment), page)
        if address not in self.linked:
            self.linked[address] = page
            if self._is_visited(address):
                self.waiting.append(address)

    def _is_visited(self, address: str) -> bool:
        parts = urlsplit(address)
        return parts.query == "lang=en" and VISITED.fullmatch(parts.path) is not None


@pytest.mark.slow
def test_crawl(client: httpx2.Client) -> None:
    crawl = Crawl(client)
    crawl.run()
    assert len(crawl.anchors) > 800
    assert not crawl.bare
    places = {(page, place): source for (page, place), source in crawl.fragments.items() if page in crawl.anchors}
    assert places
    assert not {key: source for key, source in places.items() if key[1] not in crawl.anchors[key[0]]}
    for links in _by_kind(crawl).values():
        for link in links[:: len(links) // SAMPLE + 1]:
            assert client.get(link).status_code in (200, 303), (link, crawl.linked[link])


def _by_kind(crawl: Crawl) -> dict[str, list[str]]:
    """The links that were not visited, by the first parts of their path and the names of their parameters."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for link in sorted(crawl.linked.keys() - crawl.anchors.keys()):
        parts = urlsplit(link)
        names = "&".join(sorted({pair.partition("=")[0] for pair in parts.query.split("&")}))
        kinds["/".join(parts.path.split("/")[:3]) + names].append(link)
    return kinds
