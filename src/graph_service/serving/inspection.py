"""What is served stays as it was written: its files are inspected again and again, and what was altered is made again.

A store on disk that was altered gives wrong answers. So its edition answers nothing more, the cache forgets what it
holds, and the store is made again from `quads.nq`. Dumps are made again when somebody next asks. What only a build can
mend, `quads.nq` and the copies of the sources, is logged and told by `/ready`; answers from memory stay right.
"""

from __future__ import annotations

import asyncio
import logging
import time

from graph_service.errors import GraphServiceError
from graph_service.serving.edition import OpenEdition
from graph_service.serving.press import Press
from graph_service.serving.service import Service
from graph_service.snapshots import publication
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import disk, inspection
from graph_service.store.forked import ForkedStore

_log = logging.getLogger("graph_service.http")
# Seconds between two attempts to open a store again.
_RETRY = 5.0
_STORE = f"{disk.DIRECTORY}/"
_PUBLISHED = f"{publication.DIRECTORY}/"


class Inspection:
    """Inspects the editions that are open.

    Args:
        service: which has them.
        press: makes an edition again.
        minutes: between two inspections.
    """

    def __init__(self, service: Service, press: Press, minutes: float) -> None:
        self._service = service
        self._press = press
        self._seconds = minutes * 60

    async def run(self) -> None:
        """Inspect until cancelled."""
        while True:
            await self._pause()
            editions = [self._service.current, *(self._service.kept.opened() if self._service.kept else ())]
            for edition in editions:
                if edition.release is not None:
                    snapshot = edition.release.publication.snapshot
                    try:
                        await self._look(edition, snapshot)
                    except (GraphServiceError, OSError) as error:
                        _note("inspection failed", snapshot, reason=str(error))

    async def _pause(self) -> None:
        """Wait; an edition without workers is inspected at once, since a damaged store does not start."""
        end = time.monotonic() + self._seconds
        while (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(left, _RETRY))
            store = self._service.current.store
            if isinstance(store, ForkedStore) and not store.ready:
                return

    async def _look(self, edition: OpenEdition, snapshot: Snapshot) -> None:
        found = list(await inspection.inspect(snapshot.path))
        if edition is self._service.current and self._service.kept is not None:
            found += await asyncio.to_thread(self._service.kept.damaged)
        if found:
            _note("damaged", snapshot, files=found)
        edition.damaged = tuple(found)
        if any(name.startswith(_PUBLISHED) for name in found) and edition.release is not None:
            await edition.release.publication.forget()
        if any(name.startswith(_STORE) for name in found):
            await self._mend(edition, snapshot)

    async def _mend(self, edition: OpenEdition, snapshot: Snapshot) -> None:
        if not edition.on_disk:
            # Nobody reads it now. Whether it was whole when answers came from it, nobody knows.
            await self._service.forget_answers()
            await disk.prepare_apart(snapshot.path)
            return
        await self._service.withdraw(edition)
        while self._service.current is edition:
            try:
                again = await self._press.edition_of(snapshot, self._service.common)
            except GraphServiceError as error:
                _note("not opened again", snapshot, reason=str(error))
                await asyncio.sleep(_RETRY)
                continue
            if self._service.current is not edition:
                await again.close()
                return
            await self._service.take_over(again)
            self._service.move(self._press, snapshot)
            _log.info("opened again", extra={"fields": {"snapshot": snapshot.path.name}})


def _note(event: str, snapshot: Snapshot, **fields: object) -> None:
    _log.error(event, extra={"fields": {"snapshot": snapshot.path.name, **fields}})
