"""Routes of pages: what FastAPI is told of a page, and of a file that belongs to one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from fastapi import APIRouter
from starlette.responses import Response

from graph_service.catalogue.parameters import Parameter
from graph_service.http.protocol.documents import negotiate
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.web.call import Language, respond
from graph_service.http.web.edition import CurrentEdition
from graph_service.http.web.parameters import Texts, query_of
from graph_service.http.web.routes import CurrentRequest, PageRoute, annotated
from graph_service.pages.visit import PageContent, PageFile, Visit
from graph_service.rdf.formats import Format

Answer: TypeAlias = Callable[[Visit], Awaitable[PageContent]]


WriteFile: TypeAlias = Callable[[Visit, PageContent], PageFile]


def add_page(
    routes: APIRouter,
    path: str,
    answer: Answer,
    params: Mapping[str, Parameter] | None = None,
    *,
    listed: bool = True,
    files: Mapping[Format, WriteFile] | None = None,
) -> None:
    """Add a page to a router.

    Args:
        routes: where to.
        path: its address.
        answer: says what is shown.
        params: what it takes beside `lang`.
        listed: whether it stands at one address, so that a site of files can hold it.
        files: what writes it in other formats than HTML, which `format` or `Accept` ask for.
    """
    writers = files or {}

    async def page(
        edition: CurrentEdition, request: CurrentRequest, arguments: Texts, lang: Language = None
    ) -> Response:
        format_ = negotiate(request, (HTML, *writers), dict(request.parameters()).get("format", ""))
        visit = Visit(edition, request, arguments, lang)
        content = await answer(visit)
        if format_ is HTML:
            return await visit.response(content)
        return visit.file(format_, writers[format_](visit, content))

    annotate_visit(page, "PageQuery", params or {})
    required = any(about.required for about in (params or {}).values())
    name = path if listed and not required else f"{path} of something"
    routes.add_api_route(path, page, name=name, include_in_schema=False, response_class=Response)


def add_file(
    routes: APIRouter,
    path: str,
    media_type: str,
    write: Callable[[Visit], Awaitable[bytes]],
    params: Mapping[str, Parameter],
) -> None:
    """Add something that belongs to a page and stands at an address of its own, such as its picture or its feed.

    Args:
        routes: where to.
        path: its address.
        media_type: what it is.
        write: makes its content.
        params: what it takes beside `lang`.
    """

    async def file(
        edition: CurrentEdition, request: CurrentRequest, arguments: Texts, lang: Language = None
    ) -> Response:
        visit = Visit(edition, request, arguments, lang)
        body = await write(visit)
        return respond(body, media_type, ((b"content-language", visit.language.encode()),))

    annotate_visit(file, "FileQuery", params)
    routes.add_api_route(path, file, include_in_schema=False, response_class=Response)


def annotate_visit(endpoint: Callable[..., Any], name: str, params: Mapping[str, Parameter]) -> None:
    """Annotate the parameters of an endpoint; arguments as of `query_of`."""
    annotated(
        endpoint,
        lambda: {
            "edition": CurrentEdition,
            "request": CurrentRequest,
            "arguments": query_of(name, params),
            "lang": Language,
        },
    )


def pages_router() -> APIRouter:
    """The router that pages are added to."""
    return APIRouter(route_class=PageRoute)


def standing_pages(routes: APIRouter) -> list[str]:
    """The addresses of pages that need no parameters."""
    return [route.path for route in routes.routes if isinstance(route, PageRoute) and route.name == route.path]
