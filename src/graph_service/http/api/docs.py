"""`/docs`: the operations as a page, made here from their descriptions; it needs neither script nor network."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from graph_service import web
from graph_service.http.api.operations import LANG, Operation
from graph_service.http.negotiation import language
from graph_service.parameters import Parameter


def router(operations: Sequence[Operation]) -> APIRouter:
    """The page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/docs")
    async def page(request: Request) -> HTMLResponse:
        asked = request.query_params.get("lang", "")
        accepted = language(request.headers.get("accept-language", ""), web.LANGUAGES)
        spoken = asked if asked in web.LANGUAGES else accepted
        root = request.scope.get("root_path", "")
        groups = [(tag, list(found)) for tag, found in itertools.groupby(operations, key=lambda one: one.tag)]
        headers = {"content-language": spoken, "vary": "Accept-Language"}
        here = {other: f"?lang={other}" for other in web.LANGUAGES}
        frame = {"root": root, "keep": f"?lang={asked}" if asked else "", "here": here, "digest": ""}
        facts = {**frame, "groups": groups, "params": _params, "spoken": _spoken}
        return HTMLResponse(web.render("api-docs", spoken, **facts), headers=headers)

    return routes


def _params(operation: Operation) -> Mapping[str, Parameter]:
    """All that an operation takes but its format."""
    lang = {} if "lang" in operation.params else {"lang": LANG}
    return {**operation.path_params, **operation.params, **lang}


def _spoken(texts: Mapping[str, str], language: str) -> str:
    """The text in the language of the page."""
    return texts.get(language) or next(iter(texts.values()), "")
