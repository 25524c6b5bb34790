"""FastAPI as it is used here: no documentation pages of its own, and every error a problem document."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from graph_service.errors import GraphServiceError
from graph_service.http.protocol import request as exchanged
from graph_service.http.protocol.problems import RequestError, problem
from graph_service.http.protocol.request import ASGIApp
from graph_service.http.web.problem_page import render
from graph_service.version import __version__


def framework_with(
    routers: Iterable[APIRouter],
    mounts: Mapping[str, ASGIApp],
    *,
    close: Callable[[], Awaitable[None]],
) -> FastAPI:
    """The framework with these routers.

    Args:
        routers: what is served.
        mounts: ASGI applications below a path.
        close: called once, when the service stops.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await close()

    framework = FastAPI(
        title="Migration Policy Graph", version=__version__, docs_url=None, redoc_url=None, lifespan=lifespan
    )
    for router in routers:
        framework.include_router(router)
    framework.routes.extend(Mount(path, app) for path, app in mounts.items())

    async def answer(request: Request, error: Exception) -> Response:
        return _response(request, error)

    for kind in (GraphServiceError, HTTPException, RequestValidationError, Exception):
        framework.add_exception_handler(kind, answer)
    return framework


def _response(request: Request, error: Exception) -> Response:
    told = problem(_own(error), request.scope.get("request_id", ""))
    # The exchange around the framework counts it.
    request.scope["problem"] = told.name
    fields, body = render(told, exchanged.Request.of(request.scope, request.receive))
    response = Response(body, told.status)
    response.raw_headers = [*fields]
    return response


def _own(error: Exception) -> Exception:
    """An error of the framework in our own words."""
    if isinstance(error, HTTPException):
        fields = tuple((name.lower().encode(), value.encode()) for name, value in (error.headers or {}).items())
        return RequestError(error.status_code, str(error.detail), fields=fields)
    if isinstance(error, RequestValidationError):
        wrong = [{"where": ".".join(map(str, item["loc"])), "what": item["msg"]} for item in error.errors()]
        text = "; ".join(f"{item['where']}: {item['what']}" for item in wrong)
        return RequestError(422, text, errors=wrong)
    return error
