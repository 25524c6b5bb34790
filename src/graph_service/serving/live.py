"""`serve --live`, for writing data: what is saved is built and on the open pages; what is broken is said there.

The workshop builds (`serving/workshop.py`). Open pages listen at `/live` to server-sent events (WHATWG HTML, section
9.2), each of which says how things stand: the digest that is served, the number of changes so far, and what is refused.
For development, on the loopback only.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import logging
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from graph_service import processes
from graph_service.catalogue.query_files import QueryFiles
from graph_service.errors import GraphServiceError, ProcessError, SettingsError
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import Receive, Scope, Send
from graph_service.serving.forge import ForgedKeeper, forged
from graph_service.serving.route_settings import RouteSettings
from graph_service.serving.workshop_order import WorkshopOrder
from graph_service.settings import BuildSettings, ServeSettings
from graph_service.snapshots.snapshot import Snapshot, current, open_snapshot
from graph_service.workers.wire import Lines

_log = logging.getLogger("graph_service.http")
PATH = "/live"
# Pages that may listen at once; each holds a connection.
_LISTENERS = 32
# Seconds that a build may take, and between two signs of life to a page.
_BUILD_SECONDS = 600
_SILENCE = 15.0
# Snapshots that are kept: each edit makes one.
_KEPT = 5
# Of a message of the workshop; JSON may take twelve for a character.
_LINE_BYTES = 1 << 20
# Before a workshop that has ended begins anew.
_PAUSE = 1.0


def _require_loopback(host: str) -> None:
    """Refuse to be live for others (SettingsError)."""
    with contextlib.suppress(ValueError):
        if host == "localhost" or ipaddress.ip_address(host).is_loopback:
            return
    hint = "Leave out --host: pages that load again are for writing data, on 127.0.0.1."
    raise SettingsError(f"--live does not listen on {host}.", hint=hint)


class Live:
    """The serving process's side of the workshop, and what pages listen to.

    Args:
        order: for the workshop.
        say: shows what is refused in the terminal.
    """

    def __init__(self, order: WorkshopOrder, say: Callable[[str], object]) -> None:
        self._order = order
        self._say = say
        self._state: dict[str, Any] = {"digest": "", "number": 0, "refused": ""}
        self._listeners: set[asyncio.Event] = set()
        self._ended = False
        self._start()

    @classmethod
    def of(cls, serve: ServeSettings, build: BuildSettings, queries: QueryFiles, say: Callable[[str], object]) -> Live:
        """For a service of these settings.

        Raises:
            SettingsError: it listens on another address than the loopback.
        """
        _require_loopback(serve.host)
        if not build.keep:
            build = replace(build, keep=_KEPT)
        routes = RouteSettings(serve, queries, feed=True, live=True, snapshots=build.snapshots)
        return cls(WorkshopOrder(build, routes), say)

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            arguments = str(theirs.fileno())
            self._workshop = processes.start(
                "graph_service.serving.workshop", arguments, descriptors=(theirs.fileno(),)
            )
        # If it has ended already, whoever reads from it notices.
        with contextlib.suppress(OSError):
            self._control.sendall(self._order.encode())

    def first(self) -> Snapshot:
        """Wait for the first build; returns its snapshot, or the one in use if the build is refused.

        Raises:
            ProcessError: the build is refused, and there is no snapshot in use.
        """
        lines = Lines()
        while data := self._control.recv(65536):
            for message in lines.feed(data):
                root = self._order.build.snapshots
                if "built" in message:
                    return open_snapshot(root / message["built"])
                if "refused" in message:
                    self._refuse(message["refused"])
                    if (present := current(root)) is not None:
                        return present
                    raise ProcessError("The first build failed.", hint="Repair what it says above.")
        raise ProcessError("The process that builds ended unexpectedly.")

    def launch(self, theirs: socket.socket) -> ForgedKeeper:
        """Have the workshop fork a keeper over what it has built last.

        Raises:
            ProcessError: there is no workshop at the moment.
        """
        try:
            return forged(self._control, theirs)
        except OSError as error:
            raise ProcessError("The process that builds is started again.") from error

    async def run(self, served: Snapshot, renew: Callable[[Snapshot], Awaitable[None]]) -> None:
        """Have each new snapshot taken over, as long as the service runs.

        Args:
            served: what is served at first.
            renew: takes a snapshot over; raises if it cannot, and the one before serves on.
        """
        self._state["digest"] = served.digest
        try:
            while True:
                with contextlib.suppress(OSError):
                    await self._follow(renew)
                self._control.close()
                await asyncio.to_thread(self._workshop.wait)
                _log.error("workshop ended, begins anew")
                await asyncio.sleep(_PAUSE)
                self._start()
        finally:
            self._control.close()

    async def _follow(self, renew: Callable[[Snapshot], Awaitable[None]]) -> None:
        """Hear what the workshop does until it ends; one that builds for too long is ended."""
        limit = None
        reader, writer = await asyncio.open_connection(sock=self._control.dup(), limit=_LINE_BYTES)
        try:
            while text := await asyncio.wait_for(reader.readline(), limit):
                message = json.loads(text)
                limit = _BUILD_SECONDS if "reading" in message else None
                if "built" in message:
                    await self._take_over(message["built"], renew)
                elif "refused" in message:
                    self._refuse(message["refused"])
        except TimeoutError:
            self._refuse(f"The build took longer than {_BUILD_SECONDS} s.")
            self._workshop.kill()
        finally:
            writer.close()

    async def _take_over(self, name: str, renew: Callable[[Snapshot], Awaitable[None]], tries: int = 2) -> None:
        try:
            snapshot = await asyncio.to_thread(open_snapshot, self._order.build.snapshots / name)
            await renew(snapshot)
        except GraphServiceError as error:
            if tries > 1:
                # A keeper that was killed before it was ready: nothing else would try again.
                await self._take_over(name, renew, tries - 1)
                return
            self._refuse(str(error))
            return
        self._say(f"serves {snapshot.digest[:12]}")
        self._tell(digest=snapshot.digest, number=self._state["number"] + 1, refused="")

    def _refuse(self, text: str) -> None:
        self._say(f"error: {text}")
        self._tell(refused=text)

    def end(self) -> None:
        """Let go of all pages."""
        self._ended = True
        self._tell()

    def _tell(self, **state: Any) -> None:
        """Have all open pages know how things stand."""
        self._state |= state
        for listener in self._listeners:
            listener.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell a page how things stand, now and whenever that changes, until it leaves.

        Raises:
            RequestError: 405; 503, too many listen.
        """
        scope["route"] = PATH
        if scope["method"] != "GET":
            raise RequestError(405, "Pages only listen here.", fields=((b"allow", b"GET"),))
        if len(self._listeners) >= _LISTENERS:
            raise RequestError(503, f"{_LISTENERS} pages listen already.", hint="Close some.")
        fields = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        changed = asyncio.Event()
        self._listeners.add(changed)
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            while not (gone.done() or self._ended):
                changed.clear()
                body = f"data: {json.dumps(self._state)}\n\n".encode()
                await send({"type": "http.response.body", "body": body, "more_body": True})
                told = asyncio.ensure_future(changed.wait())
                # Said again after some silence, so that a connection that is no more is noticed.
                await asyncio.wait({gone, told}, timeout=_SILENCE, return_when=asyncio.FIRST_COMPLETED)
                told.cancel()
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._listeners.discard(changed)
            gone.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
