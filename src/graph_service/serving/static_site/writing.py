"""Asks the service for one address after the other and writes what it answers, until no page leads to another one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from graph_service.errors import ExportError
from graph_service.http import web
from graph_service.http.linked_data import llms_txt
from graph_service.http.protocol.request import ASGIApp
from graph_service.http.web.addresses import with_query
from graph_service.http.web.asking import get
from graph_service.serving import catalog
from graph_service.serving.static_site.places import SitePlaces
from graph_service.serving.static_site.rewriting import LinkRewriter
from graph_service.serving.static_site.target import SiteTarget

_AT_ONCE = 8
_TOLD_EVERY = 1000
_PLAIN = web.LANGUAGES[0]
_ALWAYS = ("/.well-known/void", "/catalogue", "/dump", llms_txt.PATH, catalog.PATH)


class SiteWriter:
    """Writes the files.

    Args:
        app: the service.
        draft: directory that gets the files.
        target: for the address.
        places: which address is which file.
        progress: called with the progress in words.
    """

    def __init__(
        self, app: ASGIApp, draft: Path, target: SiteTarget, places: SitePlaces, progress: Callable[[str], object]
    ) -> None:
        self._app = app
        self._draft = draft
        self._url = target.url
        self._places = places
        self._progress = progress
        self._rewriting = LinkRewriter(places, target.root, target.service, self._note)
        self._waiting: deque[tuple[str, str]] = deque()
        self._files: set[str] = set()

    async def everything(self) -> set[str]:
        """Write all that is known beforehand and all that it leads to; the names of the files.

        Raises:
            ExportError: one cannot be had.
        """
        for address in (*self._places.addresses(web.LANGUAGES), *_ALWAYS):
            self._note(address, parse_qs(urlsplit(address).query).get("lang", [_PLAIN])[0])
        try:
            async with asyncio.TaskGroup() as group:
                for number in range(_AT_ONCE):
                    group.create_task(self._work(f"export-{number}"))
        except ExceptionGroup as errors:
            # Whatever failed first ended the others.
            raise errors.exceptions[0] from None
        return self._files

    def _note(self, address: str, language: str) -> None:
        """Ask for an address once; what is copied is not asked for."""
        file = self._places.file(address, language)
        if file not in self._files and not file.startswith(("static/", "dump/graph", "sitemap")):
            self._files.add(file)
            self._waiting.append((address, language))

    async def _work(self, client: str) -> None:
        while self._waiting:
            await self._write(*self._waiting.popleft(), client)
            done = len(self._files) - len(self._waiting)
            if done % _TOLD_EVERY == 0:
                self._progress(f"{done} of {len(self._files)} files")

    async def _write(self, address: str, language: str, client: str) -> None:
        file = self._places.file(address, language)
        asked = address
        if file.endswith(".html") and "lang=" not in address:
            asked = with_query(address, {"lang": language})
        answered = await get(self._app, f"{self._url}{asked}", client=client)
        if answered.status != 200:
            hint = "Ask the service for it, to see why."
            raise ExportError(f"{asked} was answered with {answered.status}.", hint=hint)
        body = bytes(answered.body)
        if answered.content_type.startswith("text/html"):
            body = self._rewriting.page(body.decode(), address, language).encode()
        elif address == llms_txt.PATH:
            body = self._rewriting.links(body.decode(), self._url).encode()
        path = self._draft / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
