"""`/mcp`: the serving process takes the request and hands it to a worker for routes, where the SDK answers it.

Streamable HTTP (Model Context Protocol 2026-07-28, Transports), stateless and with JSON answers: a request is a POST
and its answer, and nothing stays behind it. So there is no stream to GET and no session to DELETE.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

from fastapi import APIRouter
from starlette.routing import Route

from graph_service.errors import GraphServiceError, QueryError, StoreBusy
from graph_service.http.mcp import client_queries
from graph_service.http.mcp.client_queries import ClientQuery, FormOf
from graph_service.http.protocol.disconnection import Disconnection
from graph_service.http.protocol.documents import send_empty
from graph_service.http.protocol.limits import HTTPLimits
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import Receive, Request, Scope, Send
from graph_service.http.web.asking import Collected
from graph_service.http.web.edition import RELEASE, Release
from graph_service.http.web.forwarding import BODY, FOUND, forward

# What loads the SDK if it is installed: half a second and 25 MB. A worker that loads it by itself has soon touched as
# much memory as it may, and ends.
LIBRARIES = ("graph_service.http.mcp.server",) if find_spec("mcp") is not None else ()
PATH = "/mcp"
METHODS = "POST, OPTIONS"
_HINTS = {
    421: "Reach it under an address that the service was told: graph-service serve --public-url https://…",
    403: "Reach it from a page of the same host, or from a program that sends no Origin.",
    400: "Send JSON-RPC as application/json; docs/assistants.md has an example.",
}


class MCPEndpoint:
    """In the serving process: passes requests on, and has the queries in calls of `sparql` answered before.

    Args:
        limits: of sizes and times of a request.
        form_of: guards a long query.
    """

    def __init__(self, limits: HTTPLimits, form_of: FormOf) -> None:
        self._limits = limits
        self._form_of = form_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            RequestError: 405, 408, 413.
            QueryError: no worker could answer.
            ClientGone: the client has disconnected.
        """
        request = Request.of(scope, receive)
        if request.method == "OPTIONS":
            await send_empty(send, ((b"allow", METHODS.encode()),))
            return
        if request.method != "POST":
            hint = "Assistants send JSON-RPC by POST; docs/assistants.md says how to connect one."
            raise RequestError(405, f"Allowed here: {METHODS}.", hint=hint, fields=((b"allow", METHODS.encode()),))
        body = await request.body(client_queries.MOST_REQUEST_BYTES, self._limits.body_seconds)
        async with Disconnection(receive):
            answer = await self._answer({**scope, BODY: body}, receive, request.client)
        await answer.pass_on(send)

    async def _answer(self, scope: Scope, receive: Receive, client: str) -> Collected:
        """The answer of a worker; what went wrong on the way is told to another one, which says it in the protocol."""
        try:
            asked = client_queries.in_call(scope[BODY])
            found = {FOUND: await self._found(scope, asked, client)} if asked is not None else {}
            return await _forwarded({**scope, **found}, receive)
        except StoreBusy:
            raise
        except QueryError as error:
            return await _forwarded({**scope, FOUND: client_queries.failed(error)}, receive)

    async def _found(self, scope: Scope, asked: ClientQuery, client: str) -> str:
        """What came of a query, as the route takes it: an answer, or why there is none."""
        release: Release = scope[RELEASE]
        try:
            return client_queries.found(await client_queries.run(asked, release.answers.store, self._form_of, client))
        except StoreBusy:
            raise
        except GraphServiceError as error:
            return client_queries.failed(error)


async def _forwarded(scope: Scope, receive: Receive) -> Collected:
    collected = Collected()
    await forward(scope, receive, collected.send)
    return collected


def mcp_router(public_urls: Sequence[str]) -> APIRouter:
    """In a worker: the route that answers.

    Args:
        public_urls: addresses under which clients reach the service.
    """
    routes = APIRouter()
    routes.routes.append(Route(PATH, _WorkerRoute(public_urls)))
    return routes


class _WorkerRoute:
    """Has the SDK answer, or says what to install."""

    def __init__(self, public_urls: Sequence[str]) -> None:
        self._public_urls = public_urls
        self._answer: Callable[[Scope, Receive], Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = PATH
        if find_spec("mcp") is None:
            hint = "Install the extra: pip install 'graph-service[mcp]'"
            raise RequestError(501, "This installation has no Model Context Protocol.", hint=hint)
        from graph_service.http.mcp import server

        self._answer = self._answer or server.over_http(self._public_urls)
        answer: Collected = await self._answer(scope, receive)
        if server.FAILED in scope:
            raise scope[server.FAILED]
        if answer.status >= 400 and not answer.content_type.startswith("application/json"):
            # The SDK says it in plain text.
            raise RequestError(answer.status, answer.body.decode(), hint=_HINTS.get(answer.status, ""))
        await answer.pass_on(send)
