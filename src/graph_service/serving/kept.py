"""Editions of snapshots that are not in use any more: `/edition/DIGEST/…` is the whole service as it answered then.

A path and not a parameter: links within a page, a list or a document stay within the edition, and a SPARQL client takes
its endpoint like any other. A few are open at a time; an idle one is closed.

`latest-version` and `predecessor-version` are link relations of RFC 5829, `Memento-Datetime` the field of RFC 7089
(section 2.1.1).
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
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
# Seconds for which an edition stays open even if another one is asked for: to load one may take a minute of CPU.
STAYS = 60.0


@dataclass
class _Place:
    """One of the places for an open edition.

    Attributes:
        opening: ends with the edition, or with the error that requests for it meet in the next `STAYS` seconds.
        since: when it was taken, by the monotonic clock.
        used: when it was last asked for.
    """

    opening: asyncio.Task[OpenEdition]
    since: float
    used: float

    @property
    def has_failed(self) -> bool:
        """Whether it could not be opened."""
        return self.opening.done() and (self.opening.cancelled() or self.opening.exception() is not None)

    @property
    def edition(self) -> OpenEdition | None:
        """The edition, if it is open."""
        return self.opening.result() if self.opening.done() and not self.has_failed else None


class KeptEditions:
    """Opens editions when they are asked for: at most `OPEN` in `STAYS` seconds, whoever asks for how many.

    Args:
        root: directory of the snapshots.
        open_edition: makes the edition of a snapshot.
    """

    def __init__(self, root: Path, open_edition: Callable[[Snapshot], Awaitable[OpenEdition]]) -> None:
        self._root = root
        self._open_edition = open_edition
        self._places: dict[str, _Place] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    async def edition(self, name: str, latest: str) -> OpenEdition:
        """The edition of a digest, or of the beginning of one; to be asked at once, since it may be closed later.

        Args:
            name: digits of the digest.
            latest: the same address in the edition in use, for the hint if this edition is gone.

        Raises:
            RequestError: 404 if there never was one, 410 if it was removed, 503 if others were opened just now.
            GraphServiceError: it cannot be opened.
        """
        snapshot = await asyncio.to_thread(self._find, name, latest)
        place, now = self._places.get(snapshot.digest), time.monotonic()
        if place is not None and place.has_failed and now - place.since >= STAYS:
            self._let_go(snapshot.digest)
            place = None
        if place is None:
            self._make_room(now)
            place = _Place(asyncio.ensure_future(self._open_edition(snapshot)), now, now)
            self._places[snapshot.digest] = place
            asyncio.get_running_loop().call_later(IDLE, self._close_if_idle, snapshot.digest, place)
        place.used = now
        # Shielded: others wait for the same edition.
        return await asyncio.shield(place.opening)

    def opened(self) -> list[OpenEdition]:
        """Those that are open."""
        return [edition for place in self._places.values() if (edition := place.edition) is not None]

    def drop(self, edition: OpenEdition) -> None:
        """Forget an edition; it is opened again when somebody next asks."""
        for digest, place in list(self._places.items()):
            if place.edition is edition:
                self._let_go(digest)

    async def close(self) -> None:
        """Close all."""
        for digest in list(self._places):
            place = self._places.pop(digest)
            place.opening.cancel()
            await asyncio.wait([place.opening])
            if (edition := place.edition) is not None:
                await edition.close()
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

    def state(self) -> str:
        """A text that changes whenever an edition comes or goes."""
        return register.state(self._root)

    def damaged(self) -> list[str]:
        """Lines of the register that are damaged."""
        return register.damaged(self._root)

    def pair(self, old: str, new: str) -> tuple[Path, Path]:
        """The directories of two editions that are to be compared.

        Args:
            old: digits of the digest of the one before.
            new: digits of the digest of the one after.

        Raises:
            RequestError: 404 if there never was one of them, 410 if it was removed.
        """
        first, second = self._find(old), self._find(new)
        return first.path, second.path

    def _find(self, name: str, latest: str = "") -> Snapshot:
        is_digest = len(name) >= SHORTEST and all(digit in "0123456789abcdef" for digit in name)
        if is_digest:
            try:
                return retention.find(self._root, name)
            except SnapshotError:
                if any(entry.digest.startswith(name) for entry in register.read(self._root)):
                    raise _gone(name, latest) from None
        if is_digest and (lines := self.damaged()):
            raise RequestError(404, "No edition of this digest is known.", hint=f"{', '.join(lines)} cannot be read.")
        raise RequestError(404, f"There never was an edition {name[:12]!r}.", hint=f"{PREFIX} lists all.")

    def _make_room(self, now: float) -> None:
        """Close the edition that was longest not asked for, if another one needs its place.

        Raises:
            RequestError: 503, all of them were opened just now.
        """
        if len(self._places) < OPEN:
            return
        left = {digest: place.since + STAYS - now for digest, place in self._places.items()}
        free = [digest for digest, seconds in left.items() if seconds <= 0 and self._places[digest].opening.done()]
        if not free:
            wait = str(max(1, math.ceil(min(left.values())))).encode()
            hint = f"Ask again in a minute; {OPEN} old editions are open at a time."
            raise RequestError(503, "Other editions were opened just now.", hint=hint, fields=((b"retry-after", wait),))
        self._let_go(min(free, key=lambda digest: self._places[digest].used))

    def _close_if_idle(self, digest: str, place: _Place) -> None:
        """Close an edition that nobody has asked for; there is one timer for each, which looks again later."""
        if self._places.get(digest) is not place:
            return
        left = place.used + IDLE - time.monotonic()
        if left <= 0 and place.opening.done() and (place.edition is None or place.edition.is_quiet):
            self._let_go(digest)
        else:
            asyncio.get_running_loop().call_later(max(left, 1.0), self._close_if_idle, digest, place)

    def _let_go(self, digest: str) -> None:
        if (edition := self._places.pop(digest).edition) is not None:
            task = asyncio.get_running_loop().create_task(edition.retire())
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)


def _gone(name: str, latest: str) -> RequestError:
    message, hint = f"The edition {name[:12]} was removed.", f"{PREFIX} lists those that are kept"
    if not latest:
        return RequestError(410, message, hint=f"{hint}.")
    hint = f"{hint}; without {PREFIX}{name[:12]} you get the one in use."
    return RequestError(410, message, hint=hint, fields=(_link(latest, "latest-version"),), latest=latest)


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
