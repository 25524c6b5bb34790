"""SPARQL 1.1 Graph Store HTTP Protocol, the reading half, with graphs named indirectly (section 4.2)."""

from __future__ import annotations

from graph_service.http.protocol.answers import Answers
from graph_service.http.protocol.cache import entity_tag
from graph_service.http.protocol.documents import is_read, negotiate, negotiate_encoding, send_document
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import Receive, Request, Scope, Send
from graph_service.http.sparql.description import DatasetFacts, describe
from graph_service.http.sparql.operation import absolute_iri, read_inferred
from graph_service.rdf.formats import GRAPHS, Form
from graph_service.store import Query

# What a GET means (section 5.2); DESCRIBE or anything cleverer would be another graph.
_WHOLE = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


class GraphStore:
    """The named graphs and the default graph as documents; without a parameter, what graphs there are."""

    def __init__(self, answers: Answers, dataset: DatasetFacts) -> None:
        self._answers = answers
        self._dataset = dataset

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            GraphServiceError: what becomes a problem document.
        """
        request = Request.of(scope, receive)
        if await is_read(request, send):
            await self._get(request, send)

    async def _get(self, request: Request, send: Send) -> None:
        found: dict[str, list[str]] = {}
        for name, value in request.parameters():
            found.setdefault(name, []).append(value)
        format_ = negotiate(request, GRAPHS, ",".join(found.get("format", [])))
        if "graph" not in found and "default" not in found:
            endpoint = f"{request.origin}/sparql"
            tag = entity_tag("description", endpoint, self._dataset.digest, format_.name)
            await send_document(request, send, describe(self._dataset, endpoint, format_), format_, tag)
            return
        graphs = self._graphs(found)
        inferred = read_inferred(found.get("inferred", []))
        query = Query(_WHOLE, Form.CONSTRUCT, format_, inferred, graphs)
        await self._answers.respond(request, self._answers.plan(query, negotiate_encoding(request)), send)

    def _graphs(self, found: dict[str, list[str]]) -> tuple[str, ...] | None:
        """The graph that is named; None for the default graph.

        Raises:
            RequestError: 400 for more than one, 404 for one that is not there.
        """
        named = found.get("graph", [])
        if len(named) + ("default" in found) != 1:
            raise RequestError(400, "Name one graph: either ?default or one ?graph=IRI.")
        if not named:
            return None
        graph = absolute_iri(named[0], "graph")
        if not self._dataset.has_graph(graph):
            raise RequestError(404, "There is no such graph here.", hint="/graphs lists those that are.")
        return (graph,)
