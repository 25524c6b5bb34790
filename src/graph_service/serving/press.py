"""The press: from a snapshot on disk to an edition that answers for it, and the routes that answer for all editions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from fastapi import APIRouter

from graph_service.building import provenance, shipped
from graph_service.catalogue.queries import Catalogue, QueryFile
from graph_service.errors import SettingsError, SnapshotError
from graph_service.explaining.proving import Prover
from graph_service.http.api.routes import api_router
from graph_service.http.linked_data.documents import data_router
from graph_service.http.linked_data.names import names_router
from graph_service.http.linked_data.publishing import dataset_router
from graph_service.http.pages.notices import Notices
from graph_service.http.pages.routes import all_pages
from graph_service.http.protocol.answers import Answers
from graph_service.http.sparql.description import DatasetFacts
from graph_service.http.web.edition import Edition
from graph_service.rdf.terms import iri, iri_value
from graph_service.serving.edition import Common, OpenEdition, edition
from graph_service.settings import BASE, ServeSettings
from graph_service.snapshots.holding import Hold
from graph_service.snapshots.publication import Publication
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import Store, disk, residence
from graph_service.store.forked import ForkedStore
from graph_service.store.remote import upload
from graph_service.store.remote.endpoint import Address
from graph_service.store.remote.store import RemoteStore
from graph_service.views.descriptions import Descriptions
from graph_service.views.questions import Questions
from graph_service.views.search_index import Index
from graph_service.workers.limits import Limits as StoreLimits

_log = logging.getLogger("graph_service.http")
# Of the shipped data.
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Press:
    """Makes editions of snapshots.

    Attributes:
        settings: the limits of a query.
        catalogue: the named queries.
        notices: the publisher's own texts.
        feed: whether there is a feed of changes, which pages then name.
        explains: whether statements are explained.
        queried: whether the description of the data set names a SPARQL endpoint.
        publication: files and figures of the snapshot, if they exist already.
    """

    settings: ServeSettings
    catalogue: Catalogue
    notices: Notices
    feed: bool = False
    explains: bool = True
    queried: bool = True
    publication: Publication | None = None

    async def open(self, snapshot: Snapshot, workers: int = 0) -> Store:
        """Open a snapshot's store; 0 workers stands for the number in the settings.

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
        try:
            return await ForkedStore.open(snapshot.path, limits, on_disk=on_disk)
        except SnapshotError as error:
            if not on_disk:
                raise
            _log.error("store on disk is made again", extra={"fields": {"reason": str(error)}})
            await disk.prepare_apart(snapshot.path)
            return await ForkedStore.open(snapshot.path, limits, on_disk=True)

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
        limits = StoreLimits.of(self.settings)
        hold = held(snapshot)
        return await self._edition_over(lambda: ForkedStore.open(snapshot.path, limits), snapshot, common, hold)

    async def _edition_over(
        self, open_store: Callable[[], Awaitable[Store]], snapshot: Snapshot, common: Common, hold: Hold
    ) -> OpenEdition:
        try:
            store = await open_store()
        except BaseException:
            hold.close()
            raise
        try:
            return await asyncio.to_thread(self.compose, common, store, snapshot, hold)
        except BaseException:
            await store.close()
            hold.close()
            raise

    def compose(self, common: Common, store: Store, snapshot: Snapshot, hold: Hold | None = None) -> OpenEdition:
        """The edition of a snapshot whose store is open; without a hold on the snapshot it takes one."""
        dataset = DatasetFacts.of(snapshot.manifest)

        def web(answers: Answers) -> Edition:
            return self._web(answers, dataset, snapshot)

        return edition(common, store, dataset, hold=hold or held(snapshot), web=web)

    def _web(self, answers: Answers, dataset: DatasetFacts, snapshot: Snapshot) -> Edition:
        """What the routes see of an edition."""
        catalogue, settings, manifest = self.catalogue, self.settings, snapshot.manifest
        pages = directory_of(catalogue, "pages")
        questions = Questions(answers.store, directory_of(catalogue, "api"), manifest.names)
        return Edition(
            answers=answers,
            manifest=manifest,
            dataset=dataset,
            questions=questions,
            descriptions=Descriptions(directory_of(catalogue, "publication"), manifest.names),
            index=Index(questions),
            publication=self.publication or Publication(snapshot),
            page_file=cache(lambda name: QueryFile(pages / f"{name}.rq")),
            prover=self._prover(answers.store, snapshot) if self.explains else None,
            licence=licence_of(settings, manifest.base),
            publisher=settings.publisher,
            queried=self.queried,
            feed=self.feed,
        )

    def _prover(self, store: Store, snapshot: Snapshot) -> Prover:
        places = directory_of(self.catalogue, "evidence") / "places.rq"
        files = provenance.of_snapshot(snapshot)
        return Prover(store, snapshot.manifest.names, places, files, seconds=self.settings.seconds * 2)

    def routers(self) -> list[APIRouter]:
        """The routes that answer for every edition; of two with one path the first answers.

        Raises:
            QueryFileError: a query file or resource file is wrong.
        """
        return [
            api_router(self.catalogue, directory_of(self.catalogue, "resources")),
            all_pages(self.catalogue, self.notices, self.settings),
            data_router(),
            dataset_router(),
            names_router(),
        ]


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


def licence_of(settings: ServeSettings, base: str) -> str:
    """IRI of the licence of the data below a base: what the settings say, else what is known; empty for unknown.

    Raises:
        SettingsError: what the settings say is no absolute IRI.
    """
    if not settings.licence:
        return LICENCE if base == BASE else ""
    try:
        return iri_value(iri(settings.licence))
    except ValueError:
        hint = "For example: https://creativecommons.org/licenses/by/4.0/"
        raise SettingsError(f"The licence {settings.licence[:80]!r} is no IRI.", hint=hint) from None


def directory_of(catalogue: Catalogue, name: str) -> Path:
    """The directory of this name below the catalogue's, or the shipped one where a publisher has none of its own.

    Raises:
        SettingsError: nor is one shipped.
    """
    own = catalogue.directory / name
    return own if own.is_dir() else shipped.directory("queries") / name
