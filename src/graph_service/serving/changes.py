"""`/changes.atom`: a feed with an entry for each edition, and what changed in words (Atom, RFC 4287)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from graph_service import processes
from graph_service.errors import GraphServiceError
from graph_service.http import web
from graph_service.http.protocol.cache import entity_tag
from graph_service.http.protocol.documents import is_read, send_document
from graph_service.http.protocol.negotiation import language
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import Receive, Request, Scope, Send
from graph_service.processes import ProcessLimits
from graph_service.rdf.formats import Format
from graph_service.serving.kept import PREFIX
from graph_service.snapshots import register, retention
from graph_service.snapshots.register import RegisteredSnapshot
from graph_service.views import differences

PATH = "/changes.atom"
_log = logging.getLogger("graph_service.http")
ATOM = "http://www.w3.org/2005/Atom"
# Editions in the feed, and seconds that comparing one with the edition before may take.
MOST = 20
SECONDS = 60.0
_LIMITS = ProcessLimits(SECONDS, 4 << 30, 16_000_000)
_FORMAT = Format("atom", "application/atom+xml", "atom")


class Changes:
    """The feed.

    Args:
        root: directory of the snapshots.
        queries: directory of query files, which choose what is reported.
    """

    def __init__(self, root: Path, queries: Path) -> None:
        self._root = root
        self._queries = queries
        self._lock = asyncio.Lock()
        self._texts_known: dict[tuple[str, str, str], str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            GraphServiceError: what becomes a problem document.
        """
        request = Request.of(scope, receive)
        scope["route"] = PATH
        if not await is_read(request, send):
            return
        spoken = dict(request.parameters()).get("lang") or language(request.field(b"accept-language"), web.LANGUAGES)
        if spoken not in web.LANGUAGES:
            raise RequestError(422, f"The feed is not there in {spoken!r}.", hint=f"lang: {', '.join(web.LANGUAGES)}.")
        entries = await asyncio.to_thread(register.read, self._root)
        texts = await self._texts(entries[-MOST - 1 :], spoken)
        body = feed(entries[-MOST:], texts, request.origin, spoken)
        tag = entity_tag("feed", request.origin, spoken, body.decode())
        await send_document(request, send, body, _FORMAT, tag)

    async def _texts(self, entries: Sequence[RegisteredSnapshot], spoken: str) -> dict[str, str]:
        """What changed with each entry, by its time; nothing where one of the two was removed."""
        kept = {path.name for path in await asyncio.to_thread(retention.kept, self._root)}
        texts = {}
        for old, new in pairwise(entries):
            if {old.directory, new.directory} <= kept:
                texts[new.since] = await self._text(old.directory, new.directory, spoken)
        return texts

    async def _text(self, old: str, new: str, spoken: str) -> str:
        """In a process of its own, since it loads both data sets; once, since neither ever changes."""
        key = (old, new, spoken)
        async with self._lock:
            if key not in self._texts_known:
                paths = (str(self._root / name) for name in (old, new))
                arguments = ("diff", *paths, "--language", spoken, "--queries", str(self._queries))
                try:
                    text = await processes.run("graph_service", *arguments, limits=_LIMITS)
                except GraphServiceError as error:
                    _log.warning("no account of the changes", extra={"fields": {"reason": str(error)}})
                    return ""
                self._texts_known[key] = text.decode()
            return self._texts_known[key]


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
        _add(node, "id", f"{differences.name(entry.digest)}?since={entry.since}")
        _add(node, "title", f"{words['footer.digest']} {entry.digest[:12]}")
        _add(node, "updated", entry.since)
        ElementTree.SubElement(node, "link", {"rel": "alternate", "href": f"{origin}{PREFIX}{entry.digest}/"})
        _add(node, "content", texts.get(entry.since) or f"{words['footer.digest']} {entry.digest}")
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = text
