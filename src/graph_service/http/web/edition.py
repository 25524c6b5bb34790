"""An edition, as the serving process and as its routes see it.

Routes run in workers: what they need to answer for one snapshot is an `Edition`. The serving process has a `Release`:
the cache, the files that are published as a whole, and the pool that the workers belong to. Both are found in the scope
of a request. Routes are made once and outlive editions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from fastapi import Depends
from starlette.requests import Request

from graph_service.catalogue.queries import QueryFile
from graph_service.explaining.proving import Prover
from graph_service.http.protocol.answers import Answers
from graph_service.http.protocol.problems import Fields
from graph_service.http.sparql.description import DatasetFacts
from graph_service.rdf.namespaces import Names
from graph_service.snapshots.history import StatementHistory
from graph_service.snapshots.publication import Publication
from graph_service.snapshots.snapshot import Manifest
from graph_service.store import Store
from graph_service.views.descriptions import Descriptions
from graph_service.views.names.reconciling import Reconciler
from graph_service.views.questions import Questions
from graph_service.views.searching.search_index import Index
from graph_service.workers.pool import WorkerPool

Value = TypeVar("Value")
# The keys of the scope under which they lie.
EDITION, RELEASE = "edition", "release"


@dataclass(frozen=True, eq=False)
class Release:
    """What the serving process knows of an edition.

    Attributes:
        answers: runs queries of clients, and keeps answers.
        pool: has routes answered by workers.
        manifest: that of the snapshot.
        publication: dumps and figures of the snapshot.
        licence: IRI of the licence of the data, empty for none.
        made_with: digest of what else answers of routes depend on: queries, and what the publisher says.
    """

    answers: Answers
    pool: WorkerPool
    manifest: Manifest
    publication: Publication
    licence: str = ""
    made_with: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the data set that the store answers for, hexadecimal."""
        return self.answers.store.digest

    @property
    def names(self) -> Names:
        """For CURIEs and the base."""
        return self.manifest.names

    @property
    def fields(self) -> Fields:
        """Header fields of every answer: data set and licence."""
        digest = (b"x-dataset-digest", self.digest.encode())
        licence = ((b"link", f'<{self.licence}>; rel="license"'.encode()),) if self.licence else ()
        return (digest, *licence)


@dataclass(frozen=True, eq=False)
class Edition:
    """What routes answer from.

    Attributes:
        store: runs their queries.
        manifest: that of the snapshot.
        dataset: what the service description says of it.
        questions: asks the query files of API and pages.
        descriptions: finds all statements about a resource.
        index: full text.
        reconciler: finds things by their names.
        page_file: finds a query file of pages by name.
        history: finds the editions that hold a statement.
        prover: explains statements; None where nothing does.
        licence: IRI of the licence of the data, empty for none.
        publisher: who publishes the data; empty if unknown.
        queried: whether the description of the data set names a SPARQL endpoint.
        feed: whether there is a feed of changes, which pages then name.
        live: whether pages load again when there is another edition.
        since: when its data set was first put into use, RFC 3339 in UTC; empty if unknown.
        queries: SHA-256 of the query files, hexadecimal.
        of_model: whether the data are in the shipped model.
        memory: what routes keep for the data set as a whole, by name.
    """

    store: Store
    manifest: Manifest
    dataset: DatasetFacts
    questions: Questions
    descriptions: Descriptions
    index: Index
    reconciler: Reconciler
    page_file: Callable[[str], QueryFile]
    history: StatementHistory
    prover: Prover | None = None
    licence: str = ""
    publisher: str = ""
    queried: bool = True
    feed: bool = False
    live: bool = False
    since: str = ""
    queries: str = ""
    of_model: bool = True
    memory: dict[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 of the data set that the store answers for, hexadecimal."""
        return self.store.digest

    @property
    def names(self) -> Names:
        """For CURIEs and the base."""
        return self.manifest.names

    def remembered(self, name: str, make: Callable[[], Value]) -> Value:
        """The value that a route keeps under a name, created when it is first asked for."""
        digest = self.digest
        if self.memory.get("digest") != digest:
            # Another data set has taken the place of the one before in a remote store.
            self.memory.clear()
            self.memory["digest"] = digest
        if name not in self.memory:
            self.memory[name] = make()
        found: Value = self.memory[name]
        return found


async def _edition(request: Request) -> Edition:
    found: Edition = request.scope[EDITION]
    return found


def release_of(scope: Mapping[str, Any]) -> Release | None:
    """What a request is answered from; None in a service that publishes no resources."""
    return scope.get(RELEASE)


async def _release(request: Request) -> Release:
    found: Release = request.scope[RELEASE]
    return found


CurrentEdition = Annotated[Edition, Depends(_edition)]
CurrentRelease = Annotated[Release, Depends(_release)]
