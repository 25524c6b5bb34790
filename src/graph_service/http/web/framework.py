"""The FastAPI application: a table finds the routes, and every error becomes a problem document."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from graph_service.errors import GraphServiceError, ParameterError
from graph_service.http.protocol import request as protocol
from graph_service.http.protocol.problems import RequestError, problem
from graph_service.http.protocol.request import ASGIApp
from graph_service.http.web.openapi import complete
from graph_service.http.web.problem_page import render
from graph_service.http.web.routes import RouteTable
from graph_service.version import __version__

_log = logging.getLogger("graph_service.http")


def framework_with(
    routers: Iterable[APIRouter],
    mounts: Mapping[str, ASGIApp] | None = None,
    *,
    title: str,
    close: Callable[[], Awaitable[None]] | None = None,
    otherwise: ASGIApp | None = None,
) -> FastAPI:
    """The framework with these routers.

    Args:
        routers: what is served; of two routes with one path the first answers.
        mounts: ASGI applications below a path.
        title: of the OpenAPI document.
        close: called once, when the service stops.
        otherwise: answers what has no route, among that the OpenAPI document; else that is 404.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            if close is not None:
                await close()

    described = "/openapi.json" if otherwise is None else None
    framework = FastAPI(
        title=title, version=__version__, openapi_url=described, docs_url=None, redoc_url=None, lifespan=lifespan
    )
    framework.routes.extend(Mount(path, app) for path, app in (mounts or {}).items())
    # Not `include_router`: its wrapper around each router would hide the routes from the table.
    for router in routers:
        framework.routes.extend(router.routes)
    framework.router.redirect_slashes = False
    if otherwise is not None:
        framework.router.default = otherwise
    framework.router.middleware_stack = RouteTable(framework.routes, framework.router.app)
    describe = framework.openapi
    framework.openapi = lambda: complete(describe())  # type: ignore[method-assign]
    for kind in (GraphServiceError, HTTPException, RequestValidationError, Exception):
        framework.add_exception_handler(kind, _answer)
    return framework


async def _answer(request: Request, error: Exception) -> Response:
    known = problem(_own(error), request.scope.get("request_id", ""))
    if known.status == 500 and isinstance(error, GraphServiceError):
        # Its words are for the publisher: a template, a query file. All other errors are logged where they end up.
        _log.error(
            "unexpected", extra={"fields": {"request_id": known.members.get("request_id"), "reason": str(error)}}
        )
    # The exchange around the framework counts it, and a flight shares it.
    request.scope["problem"] = known.name
    request.scope["error"] = error
    fields, body = render(known, protocol.Request.of(request.scope, request.receive))
    response = Response(body, known.status)
    response.raw_headers = [*fields]
    return response


def _own(error: Exception) -> Exception:
    """An error of the framework in our own words."""
    if isinstance(error, HTTPException):
        fields = tuple((name.lower().encode(), value.encode()) for name, value in (error.headers or {}).items())
        message = "Page not found." if error.status_code == 404 else str(error.detail)
        return RequestError(error.status_code, message, fields=fields)
    if isinstance(error, RequestValidationError):
        wrong = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        return ParameterError(wrong)
    return error
