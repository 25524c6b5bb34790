"""A new snapshot is taken over while the old one answers: on SIGHUP, or as soon as `current` names another one."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

from graph_service.snapshots.snapshot import Snapshot, open_snapshot

_log = logging.getLogger("graph_service.http")
# Seconds between two looks at the link.
LOOKS = 0.5
TakeOver: TypeAlias = Callable[[Snapshot], Awaitable[None]]


class Succession:
    """Follows the link `current`.

    Args:
        root: directory of the snapshots.
        served: the snapshot in use.
        take_over: makes another one answer; raises if it cannot, and the one before serves on.
    """

    def __init__(self, root: Path, served: Snapshot, take_over: TakeOver) -> None:
        self._link = root / "current"
        self._served = served.path.name
        self._take_over = take_over
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, *, watch: bool) -> None:
        """Look on SIGHUP, and every half second if asked to; ends with the event loop."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, lambda: self._spawn(self.look()))
        if watch:
            self._spawn(self._watch())

    async def look(self) -> None:
        """Take over what the link names, if that is not what is served. Never raises: a refusal is logged."""
        async with self._lock:
            name = self._named()
            if name in ("", self._served):
                return
            try:
                snapshot = await asyncio.to_thread(open_snapshot, self._link.parent / name)
                await self._take_over(snapshot)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the one before serves on
                _log.error("snapshot refused", extra={"fields": {"snapshot": name, "reason": str(error)}})
                return
            self._served = name
            _log.info("snapshot taken over", extra={"fields": {"snapshot": name}})

    async def take(self, snapshot: Snapshot, take_over: TakeOver) -> None:
        """Take over a snapshot, or the one that has followed it, even if that is served: pages may have changed.

        Raises:
            GraphServiceError: it cannot be opened; the one before serves on.
        """
        async with self._lock:
            name = self._named() or snapshot.path.name
            found = await asyncio.to_thread(open_snapshot, self._link.parent / name)
            await take_over(found)
            self._served = name

    @property
    def is_done(self) -> bool:
        """Whether what the link names is served."""
        return self._named() in ("", self._served)

    async def _watch(self) -> None:
        """Look when the link has changed: what was refused is not tried again and again."""
        last = self._served
        while True:
            if (name := self._named()) != last:
                last = name
                await self.look()
            await asyncio.sleep(LOOKS)

    def _named(self) -> str:
        try:
            return self._link.readlink().name
        except OSError:
            return ""

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
