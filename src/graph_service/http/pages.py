"""HTML for people: the start page, and the files that pages need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from graph_service import web
from graph_service.formats import by_name
from graph_service.guard import inspect
from graph_service.http.negotiation import language
from graph_service.http.request import ASGIApp
from graph_service.queries import Catalogue
from graph_service.snapshot import Manifest


@dataclass(frozen=True)
class Example:
    """A query of the catalogue as the start page shows it.

    Attributes:
        title, description: in the language of the page.
        command: what follows `graph-service query`.
        answer: address of its answer, below the root of the service.
    """

    title: str
    description: str
    command: str
    answer: str


def router(manifest: Manifest, catalogue: Catalogue) -> APIRouter:
    """The routes of the pages."""
    routes = APIRouter(include_in_schema=False)
    # Neither the catalogue nor the snapshot changes while it is served.
    examples = cache(lambda spoken, root: tuple(_examples(manifest, catalogue, spoken, root)))

    @routes.get("/")
    async def start(request: Request) -> HTMLResponse:
        spoken = _language(request)
        root = request.scope.get("root_path", "")
        facts = {"manifest": manifest, "examples": examples(spoken, root), "root": root}
        headers = {"content-language": spoken, "vary": "Accept-Language"}
        return HTMLResponse(web.render("start", spoken, **facts), headers=headers)

    return routes


def static() -> Mapping[str, ASGIApp]:
    """Style sheet and icon, by the path they are mounted at."""
    return {"/static": StaticFiles(directory=web.STATIC)}


def _language(request: Request) -> str:
    """`?lang=` over `Accept-Language` over German."""
    asked = request.query_params.get("lang", "")
    return asked if asked in web.LANGUAGES else language(request.headers.get("accept-language", ""), web.LANGUAGES)


def _examples(manifest: Manifest, catalogue: Catalogue, spoken: str, root: str) -> Iterator[Example]:
    for query in catalogue:
        text = query.bind(query.examples, manifest.names)
        wanted = by_name(inspect(text).form, None)
        params = "".join(f" -p {name}={value}" for name, values in query.examples.items() for value in values)
        yield Example(
            title=query.header.title.get(spoken, query.name),
            description=query.header.description.get(spoken, ""),
            command=f"{query.name}{params}",
            answer=f"{root}/sparql?query={quote(_without_header(text))}&format={wanted.name}",
        )


def _without_header(text: str) -> str:
    """The query alone, for a link that is not longer than it must be."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))
