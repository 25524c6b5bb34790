"""The press: from a snapshot on disk to an edition that answers for it, with store, API, pages and dumps."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from graph_service.catalogue.queries import Catalogue
from graph_service.explaining.proving import Prover
from graph_service.http.api.searching import Index
from graph_service.http.operations.questions import Questions
from graph_service.http.pages.notices import Notices
from graph_service.http.sparql.description import DatasetFacts
from graph_service.serving import site
from graph_service.serving.api_endpoints import build, directory_of, licence_of
from graph_service.serving.edition import Common, Edition, edition
from graph_service.settings import ServeSettings
from graph_service.snapshots.holding import Hold
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import Store, disk, residence
from graph_service.store.forked.pool import ForkedStore
from graph_service.store.limits import Limits as StoreLimits
from graph_service.store.remote import upload
from graph_service.store.remote.endpoint import Address
from graph_service.store.remote.store import RemoteStore


@dataclass(frozen=True)
class Press:
    """Makes editions of snapshots.

    Attributes:
        settings: the limits of a query.
        catalogue: the named queries.
        notices: what the publisher says about himself.
        feed: whether there is a feed of changes, which pages then name.
    """

    settings: ServeSettings
    catalogue: Catalogue
    notices: Notices
    feed: bool = False

    async def open(self, snapshot: Snapshot, workers: int = 0) -> Store:
        """Open a snapshot's store, with as many workers as the settings say if it is not told.

        With an endpoint in the settings, that is the store at it, which must hold this snapshot.

        Raises:
            SnapshotError: it is incomplete or was altered.
        """
        limits = StoreLimits.of(self.settings)
        limits = replace(limits, workers=workers or limits.workers)
        if self.settings.endpoint:
            where = Address.parse(self.settings.endpoint)
            return RemoteStore(where, limits, upload.layout(snapshot.manifest), snapshot.digest)
        if not disk.is_prepared(snapshot.path) and not residence.fits(snapshot.path, self.settings.data_mb):
            await disk.prepare_apart(snapshot.path)
        on_disk = disk.is_prepared(snapshot.path)
        return await ForkedStore.open(snapshot.path, limits, on_disk=on_disk)

    def moves(self, snapshot: Snapshot) -> bool:
        """Whether a snapshot that was opened on disk belongs into memory."""
        if self.settings.endpoint:
            return False
        return disk.is_prepared(snapshot.path) and residence.fits(snapshot.path, self.settings.data_mb)

    async def edition_of(self, snapshot: Snapshot, common: Common, workers: int = 0) -> Edition:
        """Open a snapshot and make its edition; `workers` as of `open`.

        Raises:
            GraphServiceError: it is incomplete or was altered, or a query file is wrong.
        """
        return await self._edition_over(await self.open(snapshot, workers), snapshot, common)

    async def resident_edition_of(self, snapshot: Snapshot, common: Common) -> Edition:
        """Load a snapshot into memory and make its edition; raises as `edition_of`."""
        return await self._edition_over(
            await ForkedStore.open(snapshot.path, StoreLimits.of(self.settings)), snapshot, common
        )

    async def _edition_over(self, store: Store, snapshot: Snapshot, common: Common) -> Edition:
        try:
            return await asyncio.to_thread(self.compose, common, store, snapshot)
        except BaseException:
            await store.close()
            raise

    def compose(self, common: Common, store: Store, snapshot: Snapshot) -> Edition:
        """The edition of a snapshot whose store is open."""
        manifest, catalogue, settings = snapshot.manifest, self.catalogue, self.settings
        dataset = DatasetFacts.of(manifest)
        places = directory_of(catalogue, "evidence") / "places.rq"
        index = Index(Questions(store, directory_of(catalogue, "api"), manifest.names))
        prover = Prover(snapshot, places, settings.seconds * 2)
        return edition(
            common,
            store,
            dataset,
            hold=Hold(snapshot.path),
            api=lambda answers: build(
                answers,
                catalogue,
                manifest.names,
                prover=prover,
                licence=licence_of(settings, manifest.base),
                index=index,
            ),
            published=lambda answers: site.build(
                answers,
                catalogue,
                snapshot,
                dataset,
                settings=settings,
                prover=prover,
                notices=self.notices,
                index=index,
                feed=self.feed,
            ),
        )
