"""`/charts`, and for each chart its page, its files and the page that other sites embed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http import web
from graph_service.http.protocol.problems import Fields, RequestError
from graph_service.http.web import addresses
from graph_service.http.web.call import Language, respond
from graph_service.http.web.edition import CurrentEdition
from graph_service.http.web.media import CSV
from graph_service.http.web.parameters import Texts
from graph_service.http.web.pictures import png
from graph_service.http.web.routes import CurrentRequest
from graph_service.pages.charts.change import CHANGE
from graph_service.pages.charts.content import ChartContent, ChartKind
from graph_service.pages.charts.distance import DISTANCE
from graph_service.pages.charts.sides import BY_ISSUE, BY_KIND
from graph_service.pages.charts.years import OVER_TIME
from graph_service.pages.choices import choices_of
from graph_service.pages.page_routes import add_page, annotate_visit
from graph_service.pages.visit import PageContent, Visit
from graph_service.views import tables
from graph_service.views.charts.marks import NARROW, WIDE
from graph_service.views.charts.svg import svg

PATH = "/charts"
KINDS = {kind.name: kind for kind in (BY_ISSUE, BY_KIND, OVER_TIME, CHANGE, DISTANCE)}
# What the page for a frame has around the picture.
_MARGIN, _AROUND = 28, 60
# Of screens and paper with twice as many dots as the picture has units.
_DOTS = 2
_SIZE = Parameter(type=Type.ENUM, values=("wide", "narrow"), default="wide")
_WIDTHS = {"wide": WIDE, "narrow": NARROW}
_EVERY = {name: about for kind in KINDS.values() for name, about in kind.params.items()} | {"size": _SIZE}
# Any site may show this one page in a frame; it can do nothing but show a picture and a link.
_EMBEDDED: Fields = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *",
    ),
)


def add_charts(routes: APIRouter) -> None:
    """Add all of them."""
    add_page(routes, PATH, _list, listed=False)
    for kind in KINDS.values():
        add_page(routes, f"/chart/{kind.name}", _page(kind), kind.params, listed=False)
        add_page(routes, f"/chart/{kind.name}/embed", _embedded(kind), kind.params, listed=False)
    _add_files(routes)


async def _list(visit: Visit) -> PageContent:
    choices = await choices_of(visit)
    forms = [(kind, await kind.options(visit) if kind.options else {}) for kind in KINDS.values()]
    return PageContent("charts", {"visit": visit, "choices": choices, "forms": forms})


def _page(kind: ChartKind) -> Callable[[Visit], Awaitable[PageContent]]:
    async def page(visit: Visit) -> PageContent:
        content = await _content(kind, visit)
        facts = {
            **_facts(visit, kind, content),
            "choices": await choices_of(visit),
            "options": await kind.options(visit) if kind.options else {},
            "visit": visit,
        }
        return PageContent("chart", facts | {"codes": _codes(facts)})

    return page


def _embedded(kind: ChartKind) -> Callable[[Visit], Awaitable[PageContent]]:
    async def page(visit: Visit) -> PageContent:
        content = await _content(kind, visit)
        return PageContent("chart-embed", _facts(visit, kind, content), fields=_EMBEDDED)

    return page


async def _content(kind: ChartKind, visit: Visit) -> ChartContent:
    """What a chart shows.

    Raises:
        ParameterError: a parameter is that of another chart; to pass it over would show more than was asked for.
        QueryError: the store did not answer.
    """
    for name, _ in visit.request.parameters():
        if name in _EVERY and name not in (*kind.params, "size"):
            hint = f"It takes {', '.join(kind.params)}."
            raise ParameterError(f"The chart {kind.name} has no parameter {name}.", hint=hint)
    return await kind.content(visit)


def _facts(visit: Visit, kind: ChartKind, content: ChartContent) -> dict[str, Any]:
    given = {name: values for name, values in visit.arguments.items() if name in kind.params}
    own = {name: values for name, values in given.items() if values != [kind.params[name].default]}
    # In the address of a picture stands its language, since another site's readers bring their own.
    asked: dict[str, str | list[str]] = {**own, "lang": visit.language}

    def address(ending: str, **more: str) -> str:
        return addresses.with_query(f"{visit.request.origin}/chart/{kind.name}{ending}", {**asked, **more})

    sizes = {name: content.picture(width, _source(visit)) for name, width in _WIDTHS.items()}
    return {
        "kind": kind,
        "content": content,
        "sentence": content.sentence(visit.language),
        "address": address,
        "sizes": sizes,
        "given": own,
    }


def _codes(facts: Mapping[str, Any]) -> dict[str, str]:
    """What other sites put into their pages."""
    address, size = facts["address"], facts["sizes"]["wide"]
    image = Markup('<img src="{}" alt="{}" width="{}" height="{}">')
    frame = Markup('<iframe src="{}" title="{}" width="{}" height="{}"></iframe>')
    title = facts["content"].title
    return {
        "image": str(image.format(address(".svg"), facts["sentence"], size.width, size.height)),
        "frame": str(frame.format(address("/embed"), title, size.width + _MARGIN, size.height + _AROUND)),
    }


def _add_files(routes: APIRouter) -> None:
    async def file(
        file: str, edition: CurrentEdition, request: CurrentRequest, arguments: Texts, lang: Language = None
    ) -> Response:
        name, _, ending = file.rpartition(".")
        if name not in KINDS or ending not in _WRITERS:
            hint = f"There are {', '.join(KINDS)}, each as {', '.join(_WRITERS)}."
            raise RequestError(404, f"There is no chart /chart/{file[:80]}.", hint=hint)
        visit = Visit(edition, request, arguments, lang)
        content = await _content(KINDS[name], visit)
        media_type, write = _WRITERS[ending]
        return respond(write(content, visit), media_type, ((b"content-language", visit.language.encode()),))

    annotate_visit(file, "ChartFileQuery", _EVERY)
    routes.add_api_route("/chart/{file}", file, include_in_schema=False, response_class=Response)


def _source(visit: Visit) -> str:
    words = web.words(visit.language)
    return words["chart.source"].format(site=words["title"], digest=visit.edition.digest[:12])


def _document(content: ChartContent, visit: Visit) -> str:
    picture = content.picture(_WIDTHS[visit.one("size")], _source(visit))
    return svg(picture, content.title, content.sentence(visit.language), visit.language)


def _svg(content: ChartContent, visit: Visit) -> bytes:
    return _document(content, visit).encode()


def _png(content: ChartContent, visit: Visit) -> bytes:
    return png(_document(content, visit), _DOTS * _WIDTHS[visit.one("size")])


def _csv(content: ChartContent, _visit: Visit) -> bytes:
    return tables.to_csv(content.table())


_WRITERS: dict[str, tuple[str, Callable[[ChartContent, Visit], bytes]]] = {
    "svg": ("image/svg+xml", _svg),
    "png": ("image/png", _png),
    "csv": (CSV.content_type, _csv),
}
