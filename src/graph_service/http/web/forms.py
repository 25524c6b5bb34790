"""Forms that are posted only because they may be longer than an address: answered as the GET with the same parameters.

So a posted form has everything that a GET has: cache, single flight, workers. The answer must depend on the parameters
alone, and nothing is changed by it.
"""

from __future__ import annotations

from graph_service.http.protocol.documents import method_not_allowed, send_empty
from graph_service.http.protocol.limits import HTTPLimits
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import READ, ASGIApp, Receive, Request, Scope, Send
from graph_service.http.sparql.operation import FORM

METHODS = "GET, HEAD, POST, OPTIONS"
# What a form may have: fifty queries with properties take a tenth of it.
MOST_BYTES = 512 * 1024
# Fields that say something of the body, or make a GET conditional.
_DROPPED = (b"content-type", b"content-length", b"transfer-encoding", b"if-none-match", b"if-modified-since")


class Forms:
    """Answers GET, HEAD and posted forms.

    Args:
        front: answers GET and HEAD.
        limits: the time in which a body has to be here.
    """

    def __init__(self, front: ASGIApp, limits: HTTPLimits) -> None:
        self._front = front
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            RequestError: 405, 408, 413, 415.
        """
        request = Request.of(scope, receive)
        if request.method in ("GET", "HEAD"):
            await self._front(scope, receive, send)
        elif request.method == "OPTIONS":
            await send_empty(send, ((b"allow", METHODS.encode()),))
        elif request.method == "POST":
            await self._posted(request, send)
        else:
            raise method_not_allowed(METHODS)

    async def _posted(self, request: Request, send: Send) -> None:
        if request.field(b"content-type").partition(";")[0].strip().lower() != FORM:
            raise RequestError(415, f"Forms are posted as {FORM}.", fields=((b"accept-post", FORM.encode()),))
        body = await request.body(MOST_BYTES, self._limits.body_seconds)
        scope = request.scope
        as_get = {
            **scope,
            "method": "GET",
            "query_string": b"&".join(part for part in (scope["query_string"], body) if part),
            "headers": [pair for pair in scope["headers"] if pair[0] not in _DROPPED],
        }
        as_get.pop(READ, None)
        try:
            await self._front(as_get, request.receive, send)
        finally:
            scope.update((name, as_get[name]) for name in ("route", "problem", "error") if name in as_get)
