"""Editions of snapshots that are not in use any more: `/edition/DIGEST/…` is the whole service as it answered then.

A path and not a parameter: links within a page, a list or a document stay within the edition, and a SPARQL client takes
its endpoint like any other. A few are open at a time; an idle one is closed.

`latest-version` and `predecessor-version` are link relations of RFC 5829, `Memento-Datetime` the field of RFC 7089
(section 2.1.1).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from graph_service.errors import SnapshotError
from graph_service.http.protocol.problems import Fields, RequestError
from graph_service.http.protocol.request import Message, Send
from graph_service.serving.edition import OpenEdition
from graph_service.snapshots import register, retention
from graph_service.snapshots.register import RegisteredSnapshot
from graph_service.snapshots.snapshot import Snapshot

PREFIX = "/edition/"
# Digits of a digest that are enough to ask by.
SHORTEST = 8
# Editions that are open beside the one in use, and seconds after which an idle one is closed.
OPEN = 2
IDLE = 300.0


class KeptEditions:
    """Opens editions when they are asked for.

    Args:
        root: directory of the snapshots.
        open_edition: makes the edition of a snapshot.
    """

    def __init__(self, root: Path, open_edition: Callable[[Snapshot], Awaitable[OpenEdition]]) -> None:
        self._root = root
        self._open_edition = open_edition
        self._open: dict[str, tuple[OpenEdition, float]] = {}
        self._lock = asyncio.Lock()
        self._leaving: set[asyncio.Task[None]] = set()

    async def edition(self, name: str, latest: str) -> OpenEdition:
        """The edition of a digest, or of the beginning of one; to be asked at once, since it may be closed later.

        Args:
            name: digits of the digest.
            latest: the same address in the edition in use, for the hint if this edition is gone.

        Raises:
            RequestError: 404 if there never was one, 410 if it was removed.
            GraphServiceError: it cannot be opened.
        """
        async with self._lock:
            snapshot = await asyncio.to_thread(self._find, name, latest)
            known = self._open.pop(snapshot.digest, None)
            edition = known[0] if known else await self._open_edition(snapshot)
            self._open[snapshot.digest] = (edition, time.monotonic())
            while len(self._open) > OPEN:
                self._let_go(next(iter(self._open)))
            asyncio.get_running_loop().call_later(IDLE, self._close_idle)
            return edition

    def opened(self) -> list[OpenEdition]:
        """Those that are open."""
        return [edition for edition, _ in self._open.values()]

    def drop(self, edition: OpenEdition) -> None:
        """Forget an edition; it is opened again when somebody next asks."""
        if self._open.get(edition.digest, (None,))[0] is edition:
            self._let_go(edition.digest)

    async def close(self) -> None:
        """Close all."""
        for digest in list(self._open):
            await self._open.pop(digest)[0].close()
        await asyncio.gather(*self._leaving)

    def fields(self, digest: str, root: str, path: str) -> Fields:
        """What answers of an edition tell beside: when it was put into use, where the same is now and was before.

        Args:
            digest: of the edition.
            root: path below which the service is.
            path: what was asked for, below that and below the edition.
        """
        used, before = register.last(self._root, digest)
        fields = [_link(f"{root}{path}", "latest-version"), (b"x-robots-tag", b"noindex")]
        if before is not None and (self._root / before.directory).is_dir():
            fields.append(_link(f"{root}{PREFIX}{before.digest}{path}", "predecessor-version"))
        if used is not None:
            fields.append((b"memento-datetime", _date(used)))
        return tuple(fields)

    def listing(self) -> bytes:
        """All editions there were, the newest first, as JSON."""
        there = {path.name for path in retention.kept(self._root)}
        rows = [
            {
                "digest": entry.digest,
                "since": entry.since,
                "triples": entry.triples,
                "path": f"{PREFIX}{entry.digest}/" if entry.directory in there else None,
            }
            for entry in reversed(register.read(self._root))
        ]
        return json.dumps({"editions": rows}, indent=1).encode()

    def _find(self, name: str, latest: str) -> Snapshot:
        is_digest = len(name) >= SHORTEST and all(digit in "0123456789abcdef" for digit in name)
        if is_digest:
            try:
                return retention.find(self._root, name)
            except SnapshotError:
                if any(entry.digest.startswith(name) for entry in register.read(self._root)):
                    hint = f"{PREFIX} lists those that are kept; without {PREFIX}{name[:12]} you get the one in use."
                    fields = (_link(latest, "latest-version"),)
                    raise RequestError(
                        410, "This edition was removed.", hint=hint, fields=fields, latest=latest
                    ) from None
        raise RequestError(404, "There never was an edition of this digest.", hint=f"{PREFIX} lists all.")

    def _close_idle(self) -> None:
        for digest, (edition, used) in list(self._open.items()):
            if edition.is_quiet and time.monotonic() - used >= IDLE:
                self._let_go(digest)

    def _let_go(self, digest: str) -> None:
        task = asyncio.get_running_loop().create_task(self._open.pop(digest)[0].retire())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)


async def send_listing(send: Send, body: bytes) -> None:
    """Send the list of editions."""
    fields = [(b"content-type", b"application/json"), (b"cache-control", b"no-cache")]
    fields.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": fields})
    await send({"type": "http.response.body", "body": body})


def with_fields(send: Send, fields: Fields) -> Send:
    """Adds fields to a response."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *fields]}
        await send(message)

    return sending


def _link(path: str, relation: str) -> tuple[bytes, bytes]:
    return (b"link", f'<{path}>; rel="{relation}"'.encode("ascii", "xmlcharrefreplace"))


def _date(entry: RegisteredSnapshot) -> bytes:
    return format_datetime(datetime.fromisoformat(entry.since), usegmt=True).encode()
