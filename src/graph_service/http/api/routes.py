"""All operations of the API on one router."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.responses import Response

from graph_service.catalogue.parameters import nearest, suggestion
from graph_service.catalogue.queries import Catalogue
from graph_service.catalogue.query_files import QueryFiles
from graph_service.http.api import (
    comparing,
    edits,
    explaining,
    networks,
    operations,
    queries,
    reconciling,
    resources,
    searching,
    statement_editions,
)
from graph_service.http.protocol.problems import RequestError


def api_router(catalogue: Catalogue, resource_files: QueryFiles, *, of_model: bool) -> APIRouter:
    """The router.

    Args:
        catalogue: the named queries.
        resource_files: what each list of the API holds.
        of_model: whether the data are in the shipped model, which comparisons and networks need.

    Raises:
        QueryFileError: a resource file is wrong.
    """
    routes = operations.router()
    if of_model:
        comparing.add_routes(routes)
        networks.add_routes(routes)
    searching.add_route(routes, of_model=of_model)
    explaining.add_route(routes, of_model=of_model)
    statement_editions.add_route(routes, of_model=of_model)
    edits.add_route(routes)
    queries.add_routes(routes, catalogue)
    resources.add_routes(routes, resource_files)
    reconciling.add_routes(routes)
    known = [route.path for route in routes.routes if isinstance(route, APIRoute) and "{" not in route.path]

    async def no_such_operation(path: str) -> Response:
        near = nearest(f"{operations.PREFIX}/{path}", known)
        hint = f"{suggestion(near)} /docs and /openapi.json list them all.".strip()
        members: dict[str, Any] = {"nearest": near} if near else {}
        raise RequestError(404, "There is no such operation.", hint=hint, **members)

    routes.add_api_route("/{path:path}", no_such_operation, include_in_schema=False)
    return routes
