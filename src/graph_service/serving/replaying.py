"""Requests of certificates asked again of a snapshot: in this process, without workers, limits and network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from functools import cached_property
from urllib.parse import quote, urlencode

from graph_service.catalogue.query_files import QueryFiles
from graph_service.errors import QueryError, SourceError
from graph_service.http.api.operations import PREFIX
from graph_service.http.protocol.certificates import PARAMETER, CertifiedRequest, CertifiedResult
from graph_service.http.protocol.request import ASGIApp
from graph_service.http.sparql.certifying import PATH
from graph_service.http.sparql.operation import read_inferred
from graph_service.http.web.asking import get
from graph_service.http.web.edition import EDITION, Edition
from graph_service.rdf import guard
from graph_service.rdf.formats import DIGEST, Format, by_name
from graph_service.serving.route_settings import RouteSettings
from graph_service.serving.routes import edition, framework
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import Query
from graph_service.store.embedded import EmbeddedStore
from graph_service.store.engine import Engine
from graph_service.store.local import LocalStore

_ORIGIN = "http://localhost"


class Replay:
    """Asks a snapshot what its service was asked.

    Args:
        snapshot: what is asked.
        queries: the query files that the API answers from.
    """

    def __init__(self, snapshot: Snapshot, queries: QueryFiles) -> None:
        self.snapshot = snapshot
        self._settings = RouteSettings(queries=queries)

    def result(self, request: CertifiedRequest) -> CertifiedResult:
        """What a certificate of today would say of the answer.

        Raises:
            QueryError: the request is refused, or cannot be answered.
            SourceError: no such request has a certificate.
        """
        if request.path == PATH:
            found = json.loads(self._query(request, DIGEST))
        else:
            found = json.loads(self._ask(request, {PARAMETER: "true"}))["result"]
        return CertifiedResult(**found)

    def answer(self, request: CertifiedRequest, format_: Format) -> bytes:
        """The answer in a format; raises as `result`."""
        if request.path == PATH:
            return self._query(request, format_)
        return self._ask(request, {"format": format_.name})

    @property
    def queries(self) -> str:
        """SHA-256 of the query files, hexadecimal."""
        return self._edition.queries

    @cached_property
    def store(self) -> EmbeddedStore:
        """The data set in this process."""
        return EmbeddedStore(self._engine)

    @cached_property
    def _engine(self) -> Engine:
        return Engine.load(self.snapshot.path)

    @cached_property
    def _edition(self) -> Edition:
        return edition(self._settings, LocalStore(self._engine), self.snapshot)

    @cached_property
    def _routes(self) -> ASGIApp:
        return framework(self._settings)

    def _query(self, request: CertifiedRequest, format_: Format) -> bytes:
        text = request.query or ""
        given = request.parameters
        default, named = (
            tuple(given[name]) if name in given else None for name in ("default-graph-uri", "named-graph-uri")
        )
        form = guard.inspect(text).form
        wanted = format_ if format_ is DIGEST else by_name(form, format_.name)
        query = Query(text, form, wanted, read_inferred(given.get("inferred", [])), default, named)
        return self.store.answer(query)

    def _ask(self, request: CertifiedRequest, more: Mapping[str, str]) -> bytes:
        if not request.path.startswith(f"{PREFIX}/"):
            raise SourceError(f"No request of {request.path[:80]!r} has a certificate.", hint="Was the file changed?")
        url = f"{_ORIGIN}{quote(request.path)}?{urlencode({**request.parameters, **more}, doseq=True)}"
        answer = asyncio.run(get(self._routes, url, more={EDITION: self._edition}))
        if answer.status != 200:
            problem = json.loads(answer.body)
            raise QueryError(f"{problem['title']}. {problem.get('detail', '')}".strip())
        return bytes(answer.body)
