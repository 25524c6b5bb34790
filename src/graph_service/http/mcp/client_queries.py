"""SPARQL of clients: it runs where `/sparql` runs it, in a worker that can open nothing, and never in one for routes.

A route cannot ask another worker. So it answers a call of `sparql` with the query; the serving process has that
answered and asks the route again, with what came of it (`endpoint`). Over stdio there is no such detour.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graph_service.errors import QueryError
from graph_service.http.protocol.problems import problem
from graph_service.http.protocol.request import Scope
from graph_service.http.web.forwarding import FOUND
from graph_service.rdf.formats import Format
from graph_service.store import Query, Store, forked

# Of an answer; an assistant reads a tenth of it.
MOST_BYTES = 128 * 1024
# The type of a response that is a query to be answered first; `/mcp` has no other use for it.
ASKS_FIRST = Format("query", "application/sparql-query", "rq").content_type


@dataclass(frozen=True)
class QueryAnswer:
    """What came of a query.

    Attributes:
        body: in the format that was asked for, up to the last whole line that fits.
        is_cut: whether there was more.
    """

    body: bytes
    is_cut: bool


RunQuery = Callable[[Query], Awaitable[QueryAnswer]]


async def run(store: Store, query: Query, client: str) -> QueryAnswer:
    """Answer a query as far as an assistant can read; the rest is not computed.

    Raises:
        QueryError: as of the store.
    """
    answer = await store.query(query, client=client)
    body = bytearray()
    try:
        async for piece in answer:
            body += piece
            if len(body) > MOST_BYTES:
                return QueryAnswer(bytes(body[: body.rfind(b"\n", 0, MOST_BYTES) + 1]), is_cut=True)
    finally:
        await answer.aclose()
    return QueryAnswer(bytes(body), is_cut=False)


def answered_before(scope: Scope) -> RunQuery:
    """Gives the answer that the serving process has had made for a request."""

    async def run_before(_: Query) -> QueryAnswer:
        answer = json.loads(scope[FOUND])
        return QueryAnswer(answer["body"].encode(), answer["is_cut"])

    return run_before


def found(answer: QueryAnswer) -> str:
    """An answer, for the scope of the request that asked for it."""
    return json.dumps({"body": answer.body.decode(), "is_cut": answer.is_cut})


def failed(error: QueryError) -> str:
    """The problem in place of an answer."""
    return json.dumps({"problem": json.loads(problem(error).json())})


def problem_of(scope: Scope) -> Mapping[str, Any] | None:
    """The problem that the serving process has met, None if it met none."""
    found: Mapping[str, Any] = json.loads(scope[FOUND]) if FOUND in scope else {}
    return found.get("problem")


def encode(query: Query) -> bytes:
    """A query, for the serving process."""
    return forked.encode_query(query)


def decode(content: bytes) -> Query:
    """What `encode` wrote."""
    return forked.decode_query(content)
