"""Query files of the service, asked through the store and read as rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from graph_service.catalogue.queries import QueryFile
from graph_service.catalogue.query_files import QueryFiles
from graph_service.rdf.answers import Row, iris, solutions
from graph_service.rdf.formats import TSV, Form
from graph_service.rdf.namespaces import Names
from graph_service.store import Query, Store, collect
from graph_service.views.descriptions import Ask
from graph_service.views.labels import Labels

# Bytes of an answer that are held to make another of it; what is larger can be had from the engine as it is.
MOST_BYTES = 64 * 1024 * 1024
_BATCH = 2000


class Questions:
    """Asks the store.

    Attributes:
        names: for CURIEs and the base.
        labels: names of what was shown so far.

    Args:
        store: where queries run.
        files: those of the API.
        names: as above.
    """

    def __init__(self, store: Store, files: QueryFiles, names: Names) -> None:
        self.store = store
        self.names = names
        self.labels = Labels(names)
        self._query_files = files
        self._files: dict[str, QueryFile] = {}
        self._labels_query = self.file("labels")
        self._ties_query = self.file("labels-of-ties")
        self._digest = store.digest

    def file(self, name: str) -> QueryFile:
        """A query file of the API.

        Raises:
            QueryFileError: its header is wrong.
        """
        if name not in self._files:
            self._files[name] = QueryFile(self._query_files.file(name))
        return self._files[name]

    async def rows(self, text: str, client: str = "", *, inferred: bool = True) -> list[Row]:
        """The rows of a SELECT.

        Raises:
            QueryError: the query was not answered, or with more than can be held.
        """
        return solutions(await self.answer(text, client, inferred=inferred))[1]

    async def answer(self, text: str, client: str = "", *, inferred: bool = True) -> bytes:
        """The whole answer to a SELECT, in SPARQL 1.1 Query Results TSV.

        Raises:
            QueryError: as of `rows`.
        """
        answer = await self.store.query(Query(text, Form.SELECT, TSV, inferred), client=client)
        return await collect(answer, MOST_BYTES)

    def asked_by(self, client: str) -> Ask:
        """Asks on behalf of a client."""

        async def ask(text: str) -> list[Row]:
            return await self.rows(text, client)

        return ask

    async def about(self, name: str, things: Iterable[str], client: str = "") -> list[Row]:
        """The rows of a query file with the parameter `item` on these IRIs, asked for in parts.

        Raises:
            QueryError: as of `rows`.
        """
        every, file, found = sorted(set(things)), self.file(name), []
        for start in range(0, len(every), _BATCH):
            found += await self.rows(self._about(file, every[start : start + _BATCH]), client)
        return found

    async def label(self, rows: Collection[Row], client: str = "", *, also: Iterable[str] = ()) -> Labels:
        """Labels of all IRIs in these rows, asked for as far as they are not known."""
        if self._digest != self.store.digest:
            self.labels, self._digest = Labels(self.names), self.store.digest
        labels = self.labels
        missing = labels.missing({*iris(list(rows)), *also})
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            labels.add(batch, await self.rows(self._about(self._labels_query, batch), client))
            # Few things have no name of their own, so most answers need no second question.
            if ties := [iri for iri in labels.nameless(batch) if self.names.owns(iri)]:
                labels.add(ties, await self.rows(self._about(self._ties_query, ties), client))
        return labels

    def _about(self, file: QueryFile, iris: Iterable[str]) -> str:
        return file.bind({"item": [f"<{iri}>" for iri in iris]}, self.names)
