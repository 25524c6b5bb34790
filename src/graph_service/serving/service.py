"""The ASGI application: leads each request to the edition in use, and lets another edition take over.

A swap replaces one reference. A request belongs to one edition from its first byte to its last; the edition before is
closed when its running answers have ended.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI

from graph_service.errors import GraphServiceError
from graph_service.http.api import reconciling, statement_editions
from graph_service.http.mcp import endpoint as mcp
from graph_service.http.protocol import security
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import ASGIApp, Receive, Request, Scope, Send, without_body
from graph_service.http.server.exchange import Exchange
from graph_service.http.server.logs import AccessLog
from graph_service.http.server.shortcut import Shortcut
from graph_service.http.web import addresses
from graph_service.http.web.edition import RELEASE
from graph_service.http.web.forwarding import COMPARED, FOUND
from graph_service.http.web.front import AMENDED, HOLDS, STATE
from graph_service.serving import catalog, health, live
from graph_service.serving.catalog import EditionCatalogue
from graph_service.serving.changes import Changes, Found
from graph_service.serving.edition import Common, OpenEdition
from graph_service.serving.kept import PREFIX, SHORTEST, KeptEditions, with_fields
from graph_service.serving.live import Live
from graph_service.serving.press import Press
from graph_service.serving.siblings.group import Siblings
from graph_service.serving.siblings.passing import is_passed
from graph_service.snapshots.snapshot import Snapshot

_log = logging.getLogger("graph_service.http")
# Two digests, or beginnings of them.
_DELTA = re.compile(rf"([0-9a-f]{{{SHORTEST},64}})/delta/([0-9a-f]{{{SHORTEST},64}})")
# What may stand in a query string as it is (RFC 3986, section 3.4), and the sign of what is encoded already.
_QUERY = "%/?:@!$&'()*+,;="


class Service:
    """The ASGI application: leads each request to the edition in use.

    Attributes:
        framework: the FastAPI part of this process.
        current: the edition in use.
        common: what editions share.
        keeps_editions: whether editions that are not in use any more have addresses.
        kept: editions that are not in use any more; None where there is no directory of snapshots.
        changes: compares editions; None likewise.
        live: what open pages listen to; None but with `serve --live`.
        desk: answers `/edit`; None where editing is off.
        siblings: the processes that serve beside this one, if there are any.
        main: in a sibling, answers what only the main process can.
        catalogue: the list of editions; of the one in use alone where there is no directory of snapshots.
        shortcut: answers from the cache before there is a request to route; the server asks it first.
    """

    def __init__(
        self,
        framework: FastAPI,
        current: OpenEdition,
        common: Common,
        *,
        root_path: str = "",
        log: AccessLog | None = None,
    ) -> None:
        self.framework = framework
        self.current = current
        self.common = common
        self._root_path = root_path.rstrip("/")
        self._log = log
        self.keeps_editions = False
        self.kept: KeptEditions | None = None
        self.changes: Changes | None = None
        self.live: Live | None = None
        self.desk: ASGIApp | None = None
        self.siblings = Siblings(self)
        self.main: ASGIApp | None = None
        self.catalogue = EditionCatalogue(None, lambda: self.current.release)
        self._editions: tuple[tuple[Found | None, str, str], Found] | None = None
        self._leaving: list[OpenEdition] = []
        self._beside: set[asyncio.Task[None]] = set()
        self._exchange = Exchange(self._route, common.metrics, log)
        # Query strings are logged on the long way only.
        direct = log is None or not log.queries
        self.shortcut = Shortcut(lambda: self.current.answers, common.metrics, log, root_path) if direct else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or handle start and stop (ASGI lifespan)."""
        if scope["type"] == "http":
            if self._root_path:
                _put_below(self._root_path, scope)
            passed = self.main is not None and is_passed(scope["path"].removeprefix(self._root_path))
            await (self.main if self.main is not None and passed else self._exchange)(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self.framework(scope, receive, send)

    async def take_over(self, edition: OpenEdition) -> None:
        """Put another edition into use; the one before is closed when its running answers have ended.

        Returns when no process answers a new request from the one before.
        """
        before, self.current = self.current, edition
        self._forget_answers_of(before)
        self._leaving.append(before)
        await self.siblings.follow(edition)
        self.spawn(self._let_go(before))

    async def _let_go(self, edition: OpenEdition) -> None:
        await self.siblings.leave(edition)
        await edition.retire()
        self._leaving.remove(edition)
        self._forget_answers_of(edition)

    def _forget_answers_of(self, edition: OpenEdition) -> None:
        """Those from disk may be wrong, and the same data in memory would repeat them."""
        if edition.on_disk:
            self.common.cache.forget()

    async def withdraw(self, edition: OpenEdition) -> None:
        """Have an edition answer nothing more, since its answers may be wrong; those that are kept are forgotten."""
        edition.is_withdrawn = True
        self.common.cache.forget()
        if edition is self.current:
            await self.siblings.withdraw()
        if self.kept is not None:
            self.kept.drop(edition)
        await edition.close()
        # What was running has kept its answer.
        self.common.cache.forget()

    async def forget_answers(self) -> None:
        """Forget the answers that are kept, in all processes."""
        self.common.cache.forget()
        await self.siblings.forget()

    async def renew(self, press: Press, snapshot: Snapshot) -> None:
        """Take over a snapshot; what is in use stays so if it cannot be opened.

        Raises:
            GraphServiceError: as of `Press.edition_of`.
        """
        await self.take_over(await press.edition_of(snapshot, self.common))
        self.move(press, snapshot)

    def move(self, press: Press, snapshot: Snapshot) -> None:
        """If an edition on disk fits into memory, load it there in the background and swap to it."""
        if press.moves(snapshot):
            self.spawn(self._move(press, snapshot, self.current))

    async def _move(self, press: Press, snapshot: Snapshot, on_disk: OpenEdition) -> None:
        try:
            resident = await press.resident_edition_of(snapshot, self.common)
        except GraphServiceError as error:
            _log.error("not moved to memory", extra={"fields": {"snapshot": snapshot.path.name, "reason": str(error)}})
            return
        if self.current is on_disk and not on_disk.is_withdrawn:
            await self.take_over(resident)
            _log.info("moved to memory", extra={"fields": {"snapshot": snapshot.path.name}})
        else:
            await resident.close()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside the requests; it ends with the service."""
        task = asyncio.get_running_loop().create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def close(self) -> None:
        """Let running answers end, then close all that is open."""
        await self.siblings.close()
        for task in self._beside:
            task.cancel()
        if self.kept is not None:
            await self.kept.close()
        if self.changes is not None:
            await self.changes.close()
        await asyncio.gather(*(edition.close() for edition in (self.current, *self._leaving)))
        if self._log is not None:
            self._log.flush()

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(self._root_path)
        if self.keeps_editions:
            # Pages say under which address they stay as they are.
            scope["editions"] = f"{self._root_path}{PREFIX}"
        if self.kept is not None and path.startswith(PREFIX):
            await self._route_kept(self.kept, path.removeprefix(PREFIX), scope, receive, send)
            return
        if self.live is not None and path == live.PATH:
            await self.live(scope, receive, send)
            return
        if path == catalog.PATH:
            await self.catalogue(scope, receive, send)
            return
        if self.desk is not None and path.startswith(security.EDITS):
            await self.desk(scope, receive, send)
            return
        await self._answer(self.current, path, scope, receive, send)

    async def _answer(self, edition: OpenEdition, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        if edition.is_withdrawn and path not in health.PATHS:
            raise _withdrawn()
        if self.changes is not None and path in (addresses.CHANGES, addresses.FEED):
            found = await self.changes.found()
            _note(scope, found, partial(self.changes.is_current, found))
        await self._note_editions(path, scope)
        await edition.run(_endpoint(self.common, edition, path, scope), scope, receive, send)

    async def _note_editions(self, path: str, scope: Scope) -> None:
        """Which editions are kept changes some answers while the data stay the same."""
        if self.kept is not None and path == statement_editions.PATH:
            scope[STATE] = self.kept.state()
            scope[AMENDED] = True
        elif path == addresses.EDITIONS:
            compared = await self.changes.found() if self.changes is not None else None
            is_current = partial(self.changes.is_current, compared) if self.changes is not None else None
            _note(scope, await self._found_of_editions(scope, compared), is_current)

    async def _found_of_editions(self, scope: Scope, compared: Found | None) -> Found:
        """The list of editions and how they compare; made anew when one comes or goes, or for another host."""
        key = (compared, self.current.digest, Request(scope, without_body()).origin)
        if self._editions is None or self._editions[0] != key:
            content = compared.content if compared is not None else {}
            self._editions = key, Found.of({**content, "catalogue": await self.catalogue.content(scope)})
        return self._editions[1]

    async def _route_kept(self, kept: KeptEditions, below: str, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = f"{PREFIX}{{digest}}/"
        name, _, rest = below.partition("/")
        if not name or f"/{rest}" == catalog.PATH:
            await self.catalogue(scope, receive, send)
            return
        if (pair := _DELTA.fullmatch(below)) is not None:
            scope[COMPARED] = [str(path) for path in await asyncio.to_thread(kept.pair, *pair.groups())]
            scope["route"] = f"{PREFIX}{{digest}}/delta/{{digest}}"
            await self._answer(self.current, f"{PREFIX}{below}", scope, receive, send)
            return
        # More than one slash would name another host.
        asked = f"/{quote(rest.lstrip('/'))}"
        if query := scope["query_string"].decode("latin-1"):
            asked += f"?{quote(query, safe=_QUERY)}"
        is_current = len(name) >= SHORTEST and self.current.digest.startswith(name)
        edition = self.current if is_current else await kept.edition(name, f"{self._root_path}{asked}")
        if edition.is_withdrawn:
            raise _withdrawn()
        endpoint = _endpoint(self.common, edition, f"/{rest}", scope)
        await self._note_editions(f"/{rest}", scope)
        scope["root_path"] = f"{self._root_path}{PREFIX}{name}"
        scope[AMENDED] = True

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            fields = await asyncio.to_thread(kept.fields, edition.digest, self._root_path, asked)
            await endpoint(scope, receive, with_fields(send, fields))

        await edition.run(answer, scope, receive, send)


def _note(scope: Scope, found: Found, is_current: Callable[[], bool] | None) -> None:
    """Give a route what this process has found; an answer that was made of something else is another one."""
    scope[FOUND], scope[STATE] = found.text, found.state
    if is_current is None:
        scope[AMENDED] = True
    else:
        scope[HOLDS] = is_current


def _withdrawn() -> RequestError:
    fields = ((b"retry-after", b"10"),)
    return RequestError(503, "The data were found damaged and are made again.", hint="Ask again later.", fields=fields)


def _endpoint(common: Common, edition: OpenEdition, path: str, scope: Scope) -> ASGIApp:
    """The application that answers at a path; puts its release into the scope."""
    if edition.release is not None:
        scope[RELEASE] = edition.release
    plain = {"/sparql": edition.sparql, "/graphs": edition.graphs, mcp.PATH: edition.mcp}.get(path)
    if plain is None:
        return common.forms if path in reconciling.ENDPOINTS else common.front
    scope["route"] = path
    return plain


def _put_below(root_path: str, scope: Scope) -> None:
    """Whether the proxy cuts its path off or not: the path in the scope has it (ASGI specification, HTTP scope)."""
    scope["root_path"] = root_path
    path = scope["path"]
    if path != root_path and not path.startswith(root_path + "/"):
        scope["path"] = root_path + path
