"""One exchange of request and response from outside: its id, its safety fields, its problems, its line in the log."""

from __future__ import annotations

import logging
import time
from typing import Any

from graph_service.errors import GraphServiceError
from graph_service.http.protocol import security
from graph_service.http.protocol.delivery import BrokenAnswer
from graph_service.http.protocol.disconnection import ClientGone
from graph_service.http.protocol.metrics import Metrics
from graph_service.http.protocol.problems import problem
from graph_service.http.protocol.request import (
    READ,
    WHOLE,
    ASGIApp,
    Message,
    Receive,
    Request,
    Scope,
    Send,
    Whole,
    route_of,
)
from graph_service.http.server.logs import AccessLog
from graph_service.http.web.problem_page import render

_log = logging.getLogger("graph_service.http")
# Not in any standard, but what servers have come to write for a client that did not wait (nginx).
CLIENT_GONE = 499


class Response:
    """What went out so far: adds the fields that every response has, and counts.

    The head waits for the first piece of the body. If that is all of it, and the server has a way for whole responses,
    they go that way.
    """

    __slots__ = ("_fields", "_id", "_send", "_shared", "_whole", "finished", "size", "status")

    def __init__(self, send: Send, request_id: str, whole: Whole | None = None, *, shared: bool = True) -> None:
        self._shared = shared
        self._send = send
        self._whole = whole
        self._id = request_id.encode()
        self._fields: list[tuple[bytes, bytes]] | None = None
        self.status = 0
        self.size = 0
        self.finished = False

    async def send(self, message: Message) -> None:
        """Pass one ASGI message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._fields = [*security.secured(message["headers"], shared=self._shared), (b"x-request-id", self._id)]
            return
        body = message.get("body", b"")
        self.size += len(body)
        self.finished = not message.get("more_body", False)
        fields, self._fields = self._fields, None
        if fields is not None:
            if self.finished and self._whole is not None and self._whole(self.status, fields, body):
                return
            await self._send({"type": "http.response.start", "status": self.status, "headers": fields})
        await self._send(message)


class Exchange:
    """The outermost layer around the whole service.

    Args:
        app: what answers; it may raise any error as long as it has not begun to answer.
        metrics: where exchanges are counted.
        log: where each exchange leaves a line.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, log: AccessLog | None = None) -> None:
        self._app = app
        self._metrics = metrics
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        started = time.perf_counter()
        request = Request(scope, receive)
        request_id = security.request_id(request.field(b"x-request-id"))
        scope["request_id"] = request_id
        scope[READ] = request
        shared = security.is_shared(request)
        response = Response(send, request_id, scope.get("extensions", {}).get(WHOLE), shared=shared)
        cause: BaseException | None = None
        try:
            security.check_host(request)
            if security.is_preflight(request) and shared:
                await self._preflight(response)
            else:
                await self._app(scope, receive, response.send)
        except ClientGone:
            response.status = CLIENT_GONE
            self._metrics.count("disconnects")
        except BrokenAnswer as error:
            # Returning with the response unfinished makes the server cut the connection.
            cause = error.__cause__
            self._metrics.count("broken_answers")
        except Exception as error:  # noqa: BLE001 - whatever it is, a client is told no more than that it happened
            cause = error
            if response.status == 0:
                await self._report(request, response, error, request_id)
        finally:
            self._note(request, response, request_id, started, cause)

    async def _preflight(self, response: Response) -> None:
        fields = list(security.preflight_fields("GET, HEAD, POST, OPTIONS"))
        await response.send({"type": "http.response.start", "status": 204, "headers": fields})
        await response.send({"type": "http.response.body", "body": b""})

    async def _report(self, request: Request, response: Response, error: Exception, request_id: str) -> None:
        described = problem(error, request_id)
        request.scope["problem"] = described.name
        fields, body = render(described, request)
        start = {"type": "http.response.start", "status": described.status, "headers": list(fields)}
        await response.send(start)
        await response.send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})

    def _note(
        self,
        request: Request,
        response: Response,
        request_id: str,
        started: float,
        cause: BaseException | None,
    ) -> None:
        seconds = time.perf_counter() - started
        route = route_of(request.scope)
        method = request.method if request.method in _METHODS else "other"
        self._metrics.observe(route, method, response.status, seconds, response.size)
        if "problem" in request.scope:
            self._metrics.count("problems", kind=request.scope["problem"])
        if cause is not None and not isinstance(cause, GraphServiceError):
            _log.error("unexpected", exc_info=cause, extra={"fields": {"request_id": request_id}})
        if self._log is not None:
            more: dict[str, Any] = {}
            if cause is not None:
                more["error"] = type(cause).__name__
            if self._log.queries:
                more["query_string"] = request.scope["query_string"].decode("latin-1")
            self._log.exchange(
                request_id, request.client, method, route, response.status, response.size, seconds, **more
            )


_METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"))
