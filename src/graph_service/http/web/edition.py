"""An edition as routes see it: all that they need to answer for one snapshot, found in the scope of a request.

The routes are made once and outlive editions. Which edition a request is answered from is decided before the routes:
`serving` puts it into the scope.
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
from graph_service.snapshots.publication import Publication
from graph_service.snapshots.snapshot import Manifest
from graph_service.views.descriptions import Descriptions
from graph_service.views.questions import Questions
from graph_service.views.search_index import Index

Value = TypeVar("Value")
# The key of the scope under which the edition lies.
KEY = "edition"


@dataclass(frozen=True, eq=False)
class Edition:
    """What one snapshot is answered from.

    Attributes:
        answers: runs its queries.
        manifest: that of the snapshot.
        dataset: what the service description says of it.
        questions: asks the query files of API and pages.
        descriptions: finds all statements about a resource.
        index: full text.
        publication: dumps and figures of the snapshot.
        page_file: finds a query file of pages by name.
        prover: explains statements; None where nothing does.
        licence: IRI of the licence of the data, empty for none.
        publisher: who publishes the data; empty if unknown.
        queried: whether the description of the data set names a SPARQL endpoint.
        feed: whether there is a feed of changes, which pages then name.
        memory: what routes keep for the data set as a whole, by name.
    """

    answers: Answers
    manifest: Manifest
    dataset: DatasetFacts
    questions: Questions
    descriptions: Descriptions
    index: Index
    publication: Publication
    page_file: Callable[[str], QueryFile]
    prover: Prover | None = None
    licence: str = ""
    publisher: str = ""
    queried: bool = True
    feed: bool = False
    memory: dict[str, Any] = field(default_factory=dict)

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

    def remembered(self, name: str, kind: type[Value]) -> Value:
        """The value that a route keeps under a name, created when it is first asked for."""
        digest = self.digest
        if self.memory.get("digest") != digest:
            # Another data set has taken the place of the one before in a remote store.
            self.memory.clear()
            self.memory["digest"] = digest
        if name not in self.memory:
            self.memory[name] = kind()
        found: Value = self.memory[name]
        return found


def edition_of(scope: Mapping[str, Any]) -> Edition:
    """The edition that a request is answered from."""
    found: Edition = scope[KEY]
    return found


async def _current(request: Request) -> Edition:
    return edition_of(request.scope)


CurrentEdition = Annotated[Edition, Depends(_current)]
