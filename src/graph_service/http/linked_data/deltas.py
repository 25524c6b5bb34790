"""`/edition/A/delta/B`: what differs between two editions, as JSON lines or as an RDF patch.

The serving process finds the two snapshots, a worker compares them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import Response

from graph_service.errors import SnapshotError
from graph_service.http.protocol.documents import negotiate
from graph_service.http.protocol.problems import RequestError
from graph_service.http.web.call import StreamingAnswer
from graph_service.http.web.forwarding import COMPARED
from graph_service.http.web.media import NDJSON
from graph_service.http.web.routes import CurrentRequest, PageRoute
from graph_service.rdf.formats import Format
from graph_service.snapshots import delta
from graph_service.snapshots.holding import Hold
from graph_service.snapshots.snapshot import open_snapshot

RDF_PATCH = Format("rdfp", "application/rdf-patch", "rdfp", ("text/rdf-patch",))
FORMATS = (NDJSON, RDF_PATCH)


def delta_router() -> APIRouter:
    """The route, for workers."""
    routes = APIRouter(route_class=PageRoute)
    routes.add_api_route("/edition/{old}/delta/{new}", _delta, include_in_schema=False, response_class=Response)
    return routes


async def _delta(request: CurrentRequest) -> Response:
    if COMPARED not in request.scope:
        raise RequestError(404, "No editions are kept here.", hint="/dump has the data as they are.")
    form = negotiate(request, FORMATS, dict(request.parameters()).get("format", ""))
    paths = [Path(path) for path in request.scope[COMPARED]]
    held = ExitStack()
    try:
        try:
            for path in paths:
                held.enter_context(Hold(path))
        except OSError as error:
            raise SnapshotError(f"The snapshot {error.filename} was removed.") from error
        old, new = map(open_snapshot, paths)
        pieces = delta.pieces(old, new, form.name)
        # Both are read through before the first piece is there: what is wrong with them is an error and no half.
        head = next(pieces)
    except BaseException:
        held.close()
        raise

    async def close() -> None:
        held.close()

    response = StreamingAnswer(head, _each(pieces), close)
    name = f"{old.digest[:12]}-{new.digest[:12]}.{form.extension}"
    response.raw_headers = [
        (b"content-type", form.content_type.encode()),
        (b"content-disposition", f'inline; filename="{name}"'.encode()),
    ]
    return response


async def _each(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
