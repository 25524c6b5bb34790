"""`/changes.atom`: a feed with an entry for each edition, and what changed in words (Atom, RFC 4287)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree

from graph_service import processes
from graph_service.catalogue.query_files import QueryFiles
from graph_service.errors import GraphServiceError
from graph_service.http import web
from graph_service.http.protocol.cache import entity_tag
from graph_service.http.protocol.documents import is_read, send_document
from graph_service.http.protocol.negotiation import language
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import Receive, Request, Scope, Send
from graph_service.processes import ProcessLimits
from graph_service.rdf.formats import Format
from graph_service.rdf.xml_documents import legal, unbroken_lines
from graph_service.serving.kept import PREFIX
from graph_service.snapshots import register, retention
from graph_service.snapshots.register import RegisteredSnapshot
from graph_service.snapshots.snapshot import name_of

PATH = "/changes.atom"
_log = logging.getLogger("graph_service.http")
ATOM = "http://www.w3.org/2005/Atom"
# Editions in the feed, and seconds that comparing one with the edition before may take.
MOST = 20
SECONDS = 60.0
_LIMITS = ProcessLimits(SECONDS, 4 << 30, 1_000_000)
# Seconds that a request waits for what it still takes to find.
PATIENCE = 10.0
# Directories of two snapshots, and a language.
_Pair: TypeAlias = tuple[str, str, str]
_FORMAT = Format("atom", "application/atom+xml", "atom")


class Changes:
    """The feed.

    What changed is found by one process after the other, beside the requests, and once, since no edition ever changes.

    Args:
        root: directory of the snapshots.
        queries: they choose what is reported.
    """

    def __init__(self, root: Path, queries: QueryFiles) -> None:
        self._root = root
        self._queries = queries
        self._texts: dict[_Pair, str] = {}
        self._work: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            GraphServiceError: what becomes a problem document.
        """
        request = Request.of(scope, receive)
        scope["route"] = PATH
        if not await is_read(request, send):
            return
        asked = dict(request.parameters()).get("lang", "").lower().partition("-")[0]
        spoken = asked or language(request.field(b"accept-language"), web.LANGUAGES)
        if spoken not in web.LANGUAGES:
            raise RequestError(422, f"The feed is not there in {spoken!r}.", hint=f"lang: {', '.join(web.LANGUAGES)}.")
        entries, pairs = await asyncio.to_thread(self._entries, spoken)
        await self._find([*pairs.values()])
        texts = {since: self._texts[pair] for since, pair in pairs.items()}
        body = feed(entries, texts, request.origin, spoken)
        tag = entity_tag("feed", request.origin, spoken, body.decode())
        await send_document(request, send, body, _FORMAT, tag, vary=b"Accept-Language")

    async def close(self) -> None:
        """End what is being found."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait([self._work])

    def _entries(self, spoken: str) -> tuple[list[RegisteredSnapshot], dict[str, _Pair]]:
        """The last editions, and by their time which is to be compared with which; none if one of two was removed."""
        entries = register.read(self._root)[-MOST - 1 :]
        there = {path.name for path in retention.kept(self._root)}
        pairs = {
            new.since: (old.directory, new.directory, spoken)
            for old, new in pairwise(entries)
            if {old.directory, new.directory} <= there
        }
        return entries[-MOST:], pairs

    async def _find(self, pairs: Sequence[_Pair]) -> None:
        """Wait until all texts are there.

        Raises:
            RequestError: 503, it takes longer than a request may; the work goes on.
        """
        end = time.monotonic() + PATIENCE
        while missing := [pair for pair in pairs if pair not in self._texts]:
            if self._work is None or self._work.done():
                self._work = asyncio.create_task(self._compare(missing))
            done, _ = await asyncio.wait([self._work], timeout=max(0.0, end - time.monotonic()))
            if not done:
                fields = ((b"retry-after", str(round(PATIENCE)).encode()),)
                message = f"What changed is being found: {len(missing)} editions are left."
                raise RequestError(503, message, hint="Ask again in a moment.", fields=fields)
            self._work.result()

    async def _compare(self, pairs: Sequence[_Pair]) -> None:
        for pair in pairs:
            old, new, spoken = pair
            paths = (str(self._root / name) for name in (old, new))
            # The directory that goes first; the shipped one lies below it there, too.
            arguments = ("diff", *paths, "--language", spoken, "--queries", str(self._queries.layers[0]))
            try:
                text = (await processes.run("graph_service", *arguments, limits=_LIMITS)).decode()
            except GraphServiceError as error:
                # Not tried again: it would take as long, and fail.
                _log.warning("no account of the changes", extra={"fields": {"reason": str(error)}})
                text = ""
            while len(self._texts) >= MOST * len(web.LANGUAGES):
                del self._texts[next(iter(self._texts))]
            self._texts[pair] = text


def feed(entries: Sequence[RegisteredSnapshot], texts: dict[str, str], origin: str, spoken: str) -> bytes:
    """The feed as XML.

    Args:
        entries: editions, the oldest first.
        texts: what changed, by the time of an entry.
        origin: address of the service, without a slash at the end.
        spoken: language of the words.
    """
    words = web.words(spoken)
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": spoken})
    _add(root, "id", f"{origin}{PATH}")
    _add(root, "title", words["title"])
    _add(root, "updated", entries[-1].since if entries else "1970-01-01T00:00:00Z")
    _add(ElementTree.SubElement(root, "author"), "name", words["title"])
    ElementTree.SubElement(root, "link", {"rel": "self", "href": f"{origin}{PATH}?lang={spoken}"})
    for entry in reversed(entries):
        node = ElementTree.SubElement(root, "entry")
        _add(node, "id", f"{name_of(entry.digest)}?since={entry.since}")
        _add(node, "title", f"{words['footer.digest']} {entry.digest[:12]}")
        _add(node, "updated", entry.since)
        ElementTree.SubElement(node, "link", {"rel": "alternate", "href": f"{origin}{PREFIX}{entry.digest}/"})
        _add(node, "content", texts.get(entry.since) or f"{words['footer.digest']} {entry.digest}")
    return unbroken_lines(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = legal(text)
