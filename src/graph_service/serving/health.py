"""Is it alive, can it answer, how is it doing: `/health`, `/ready`, `/metrics`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from graph_service.errors import QueryError
from graph_service.http.protocol.metrics import CONTENT_TYPE, Counts
from graph_service.rdf.formats import BOOLEANS, Form
from graph_service.store import Query, Store
from graph_service.version import __version__

# Seconds for which a proof of readiness holds: more frequent checks cost no worker.
HOLDS = 1.0
# Seconds in which the store has to answer the simplest of queries.
PATIENCE = 5.0
HEALTH, READY, METRICS = "/health", "/ready", "/metrics"
PATHS = (HEALTH, READY, METRICS)
_PROBE = Query("ASK {}", Form.ASK, BOOLEANS[0])
_UNCACHED = {"cache-control": "no-store"}


class Health(BaseModel):
    """The service lives, with what software and data."""

    status: str
    version: str
    digest: str


class Readiness(BaseModel):
    """Whether queries are answered now, and which files of the snapshot were found altered."""

    ready: bool
    damaged: list[str] = []


class StoreProbe:
    """Asks the store the simplest query, at most once a second."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store
        self._until = 0.0
        self._ready = False

    async def ready(self) -> bool:
        """Whether the store answers; a full queue is a store that answers."""
        if time.monotonic() >= self._until:
            self._until = time.monotonic() + HOLDS
            self._ready = await self._ask()
        return self._ready

    async def _ask(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._store().query(_PROBE, client="ready")
                try:
                    return b"".join([piece async for piece in answer]) != b""
                finally:
                    await answer.aclose()
        except (QueryError, TimeoutError, OSError):
            return False


def router(
    store: Callable[[], Store], counts: Callable[[], Awaitable[Counts]], damaged: Callable[[], Iterable[str]] = tuple
) -> APIRouter:
    """The three routes; the store is the one in use when it is asked, as are its damaged files."""
    routes = APIRouter(tags=["operation"])
    probe = StoreProbe(store)

    @routes.get(HEALTH, summary="Is the service alive?")
    async def health() -> Health:
        return Health(status="ok", version=__version__, digest=store().digest)

    @routes.get(
        READY,
        summary="Does the service answer queries?",
        response_model=Readiness,
        responses={503: {"model": Readiness, "description": "Not now."}},
    )
    async def ready() -> Response:
        answers = await probe.ready()
        return JSONResponse({"ready": answers, "damaged": list(damaged())}, 200 if answers else 503, headers=_UNCACHED)

    @routes.get(METRICS, include_in_schema=False)
    async def measurements() -> Response:
        counted = await counts()
        return Response(counted.exposition(), headers={"content-type": CONTENT_TYPE, **_UNCACHED})

    return routes
