"""The press: from a snapshot on disk to an edition that answers for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from graph_service.errors import SnapshotError
from graph_service.http.protocol.answers import Answers
from graph_service.http.sparql.description import DatasetFacts
from graph_service.http.web.edition import Release
from graph_service.serving.edition import Common, OpenEdition, edition
from graph_service.serving.route_settings import ROLES, RouteSettings, licence_of
from graph_service.settings import ServeSettings
from graph_service.snapshots.holding import Hold
from graph_service.snapshots.publication import Publication
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import Store, disk, residence
from graph_service.store.forked import ForkedStore
from graph_service.store.remote import upload
from graph_service.store.remote.endpoint import Address
from graph_service.store.remote.store import RemoteStore
from graph_service.workers.keeper_process import Launch, launch
from graph_service.workers.limits import Limits
from graph_service.workers.pool import WorkerPool

_log = logging.getLogger("graph_service.http")


@dataclass(frozen=True)
class Opened:
    """A snapshot that is open.

    Attributes:
        store: answers queries of clients.
        pool: has routes answered.
    """

    store: Store
    pool: WorkerPool

    async def close(self) -> None:
        """End both."""
        await self.pool.close()
        await self.store.close()


@dataclass(frozen=True)
class Press:
    """Makes editions of snapshots.

    Attributes:
        routes: what their routes are made with.
        publication: files and figures of the snapshot, if they exist already.
        roles: makes the roles of its workers.
        launch: starts their keeper.
    """

    routes: RouteSettings
    publication: Publication | None = None
    roles: str = ROLES
    launch: Launch = launch

    @property
    def settings(self) -> ServeSettings:
        """Limits of a query, and where the data are."""
        return self.routes.serve

    async def open(self, snapshot: Snapshot, workers: int = 0) -> Opened:
        """Open a snapshot; 0 workers stands for the number in the settings.

        With an endpoint in the settings, queries are answered there; it must hold this snapshot.

        Raises:
            SnapshotError: it is incomplete or was altered.
            GraphServiceError: a query file or notice is wrong.
        """
        limits = Limits.of(self.settings)
        limits = replace(limits, workers=workers or limits.workers)
        if self.settings.endpoint:
            arguments = {"snapshot": str(snapshot.path), "routes": self.routes.encode()}
            pool = await WorkerPool.open(ROLES, arguments, limits, self.launch)
            where = Address.parse(self.settings.endpoint)
            return Opened(RemoteStore(where, limits, upload.layout(snapshot.manifest), snapshot.digest), pool)
        if not disk.is_prepared(snapshot.path) and not residence.fits(snapshot.path, self.settings.data_mb):
            await disk.prepare_apart(snapshot.path)
        on_disk = disk.is_prepared(snapshot.path)
        try:
            return await self._opened(snapshot, limits, on_disk=on_disk)
        except SnapshotError as error:
            # Whatever else keeps it from opening, making it again would not help.
            if not on_disk or not await asyncio.to_thread(lambda: any(disk.damaged(snapshot.path))):
                raise
            _log.error("store on disk is made again", extra={"fields": {"reason": str(error)}})
            await disk.prepare_apart(snapshot.path)
            return await self._opened(snapshot, limits, on_disk=True)

    async def _opened(self, snapshot: Snapshot, limits: Limits, *, on_disk: bool) -> Opened:
        more = {"routes": self.routes.encode()}
        store = await ForkedStore.open(
            snapshot.path, limits, on_disk=on_disk, roles=self.roles, more=more, launch=self.launch
        )
        return Opened(store, store.pool)

    def moves(self, snapshot: Snapshot) -> bool:
        """Whether a snapshot that was opened on disk belongs into memory."""
        if self.settings.endpoint:
            return False
        return disk.is_prepared(snapshot.path) and residence.fits(snapshot.path, self.settings.data_mb)

    async def edition_of(self, snapshot: Snapshot, common: Common, workers: int = 0) -> OpenEdition:
        """Open a snapshot and make its edition; `workers` as of `open`.

        Raises:
            GraphServiceError: it is incomplete or was altered, or a query file is wrong.
        """
        hold = held(snapshot)
        return await self._edition_over(lambda: self.open(snapshot, workers), snapshot, common, hold)

    async def resident_edition_of(self, snapshot: Snapshot, common: Common) -> OpenEdition:
        """Load a snapshot into memory and make its edition; raises as `edition_of`."""
        limits = Limits.of(self.settings)
        hold = held(snapshot)
        made = await self._edition_over(lambda: self._opened(snapshot, limits, on_disk=False), snapshot, common, hold)
        made.on_disk = False
        return made

    async def _edition_over(
        self, open_store: Callable[[], Awaitable[Opened]], snapshot: Snapshot, common: Common, hold: Hold
    ) -> OpenEdition:
        try:
            opened = await open_store()
        except BaseException:
            hold.close()
            raise
        try:
            return self.compose(common, opened, snapshot, hold)
        except BaseException:
            await opened.close()
            hold.close()
            raise

    def compose(self, common: Common, opened: Opened, snapshot: Snapshot, hold: Hold | None = None) -> OpenEdition:
        """The edition of a snapshot that is open; without a hold on the snapshot it takes one."""
        licence, made_with = licence_of(self.settings, snapshot.manifest.base), self.routes.digest

        def release(answers: Answers) -> Release:
            publication = self.publication or Publication(snapshot)
            return Release(answers, opened.pool, snapshot.manifest, publication, licence, made_with)

        dataset = DatasetFacts.of(snapshot.manifest)
        made = edition(common, opened.store, dataset, hold=hold or held(snapshot), release=release)
        made.on_disk = not self.settings.endpoint and disk.is_prepared(snapshot.path)
        return made


def held(snapshot: Snapshot) -> Hold:
    """A hold on a snapshot, taken before anything of it is opened: a clean-up leaves it alone from then on.

    Raises:
        SnapshotError: it was removed.
    """
    try:
        return Hold(snapshot.path)
    except OSError as error:
        name = snapshot.path.name
        raise SnapshotError(f"The snapshot {name} was removed.", hint="Build it anew: graph-service build") from error
