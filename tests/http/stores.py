"""Two stores for tests: a real one over pyoxigraph in this process, and one that does what a test tells it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from graph_service.errors import Location, QuerySyntaxError
from graph_service.store import Query

SERIALISERS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


class Pieces:
    """An answer out of an iterator of pieces; an exception among them is raised in its place."""

    def __init__(self, pieces: Iterable[bytes | Exception], pause: float = 0.0) -> None:
        self._pieces = iter(pieces)
        self._pause = pause
        self.closed = asyncio.Event()
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            await asyncio.sleep(self._pause)
            if isinstance(piece, Exception):
                raise piece
            self.read += len(piece)
            yield piece

    async def aclose(self) -> None:
        self.closed.set()


class EmbeddedStore:
    """Runs queries in this process; nothing ends them, so tests send it harmless ones."""

    digest = "0" * 64

    def __init__(self, quads: Iterable[ox.Quad], inferred: str = "") -> None:
        self._store = ox.Store()
        self._store.extend(quads)
        self._inferred = inferred
        self.queries = 0

    async def query(self, query: Query, *, client: str = "") -> Pieces:
        self.queries += 1
        body = await asyncio.to_thread(self._run, query)
        return Pieces(body[i : i + 16384] for i in range(0, len(body), 16384))

    def _run(self, query: Query) -> bytes:
        options: dict[str, object] = {}
        if query.default_graphs is None and query.named_graphs is None:
            names = [*self._store.named_graphs(), ox.DefaultGraph()]
            wanted = [n for n in names if query.inferred or str(n) != f"<{self._inferred}>"]
            if " FROM " not in query.text:
                options = {"default_graph": wanted}
        else:
            options = {
                "default_graph": [ox.NamedNode(g) for g in query.default_graphs or ()],
                "named_graphs": [ox.NamedNode(g) for g in query.named_graphs or ()],
            }
        try:
            results = self._store.query(query.text, base_iri="http://example.org/", **options)  # type: ignore[arg-type]
        except SyntaxError as error:
            raise QuerySyntaxError(str(error), where=Location(line=1, column=1)) from None
        output = io.BytesIO()
        results.serialize(output, format=SERIALISERS[query.format.name])  # type: ignore[arg-type]
        return output.getvalue()

    async def close(self) -> None:
        return None


@dataclass
class ScriptedStore:
    """Answers as `script` says; keeps what was asked and what was answered."""

    script: Callable[[Query], Pieces]
    digest: str = "1" * 64
    asked: list[Query] = field(default_factory=list)
    answers: list[Pieces] = field(default_factory=list)
    closed: bool = False

    async def query(self, query: Query, *, client: str = "") -> Pieces:
        self.asked.append(query)
        answer = self.script(query)
        self.answers.append(answer)
        return answer

    async def close(self) -> None:
        self.closed = True
