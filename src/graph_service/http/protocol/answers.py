"""Answers of the store over HTTP: from a checked query to the messages that are delivered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from functools import partial

from graph_service.http.protocol.cache import Cache, Recent, entity_tag, volatile
from graph_service.http.protocol.delivery import CODED, Representation, deliver
from graph_service.http.protocol.metrics import Metrics
from graph_service.http.protocol.negotiation import Encoding
from graph_service.http.protocol.problems import Fields
from graph_service.http.protocol.request import Request, Send
from graph_service.store import Query, Store
from graph_service.version import __version__
from graph_service.workers.coding import IDENTITY

_VARY = (b"vary", b"Accept, Accept-Encoding")
# Characters of a query whose answer may be kept: making the tag of a longer one costs milliseconds.
_LONGEST_KEPT = 64 * 1024


@dataclass(frozen=True)
class AnswerPlan:
    """A query request understood: what to ask the store, and what is known of the answer before."""

    query: Query
    representation: Representation


@dataclass(frozen=True)
class CachedRoute:
    """What a GET was understood as, as far as a cached answer needs it.

    Attributes:
        digest: of the data set it was understood for.
        tag: of the answer.
        fields: what goes with the answer beside the fields that are kept with it.
        route: where it is counted.
        holds: whether that is still so, where it depends on more than the data set.
    """

    digest: str
    tag: str
    fields: Fields
    route: str
    holds: Callable[[], bool] | None = None


class Answers:
    """Answers queries over HTTP; one for an edition.

    Attributes:
        store: where queries run.
        cache: complete answers.
        metrics: what is counted.
        plans: what was understood of earlier GETs of `/sparql`: query string, `Accept`, `Accept-Encoding`.
        routes: the same for other routes: URL, `Accept`, `Accept-Encoding`, `Accept-Language`, `Host`.
    """

    def __init__(self, store: Store, cache: Cache, metrics: Metrics) -> None:
        self.store = store
        self.cache = cache
        self.metrics = metrics
        self.plans: Recent[tuple[bytes, bytes, bytes], AnswerPlan] = Recent(2048)
        self.routes: Recent[tuple[bytes, bytes, bytes, bytes, bytes], CachedRoute] = Recent(2048)

    def plan(self, query: Query, encoding: Encoding) -> AnswerPlan:
        """What the answer's tag is, before the query runs; a long query, or one on clock or chance, has none."""
        tag = ""
        if len(query.text) <= _LONGEST_KEPT and not volatile(query.text):
            tag = entity_tag(
                __version__,
                self.store.digest,
                query.text,
                query.form,
                query.format.media_type,
                str(query.inferred),
                _graphs(query.default_graphs),
                _graphs(query.named_graphs),
                encoding,
            )
        digest = (b"x-dataset-digest", self.store.digest.encode())
        return AnswerPlan(query, Representation(tag, encoding, _VARY, (digest,)))

    async def respond(self, request: Request, plan: AnswerPlan, send: Send) -> None:
        """Send the answer.

        Raises:
            QueryError: nothing has been sent yet.
            BrokenAnswer: something has.
            ClientGone: the client has disconnected.
        """
        query = replace(plan.query, coding=plan.representation.encoding)
        work = partial(self._ask, request.client, query)
        await deliver(request, plan.representation, work, send, self.cache, self.metrics)

    async def _ask(self, client: str, query: Query, send: Send) -> None:
        answer = await self.store.query(query, client=client)
        try:
            await send_pieces(aiter(answer), query.format.content_type, send, coded=answer.coding != IDENTITY)
        finally:
            await answer.aclose()


async def send_pieces(pieces: AsyncIterator[bytes], content_type: str, send: Send, *, coded: bool = False) -> None:
    """The messages of an answer that comes in pieces; `coded` says that they have the content coding already."""
    headers = [(b"content-type", content_type.encode())]
    mark = {CODED: True} if coded else {}
    await send({"type": "http.response.start", "status": 200, "headers": headers, **mark})
    async for piece in pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _graphs(graphs: tuple[str, ...] | None) -> str:
    return "-" if graphs is None else "\n".join(("", *graphs))
