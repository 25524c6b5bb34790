"""`/docs`: the operations as a page, made here from their descriptions; it needs neither script nor network."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence

from graph_service.catalogue.parameters import Parameter
from graph_service.http.operations.operation import LANG, Operation
from graph_service.http.pages.visit import PageContent, Visit

PATH = "/docs"
# What the page draws a chart of.
MATRIX = "/api/matrix"


def documentation(operations: Sequence[Operation]) -> Callable[[Visit], Awaitable[PageContent]]:
    """The page."""
    groups = [(tag, list(found)) for tag, found in itertools.groupby(operations, key=lambda one: one.tag)]

    matrix = next((one for one in operations if one.path == MATRIX), None)
    issue = matrix.params["issue"].example.split(" ")[0] if matrix is not None else ""

    async def page(visit: Visit) -> PageContent:
        address = f"{visit.call.request.origin}{MATRIX}?issue={issue}&lang={visit.language}&format=csv"
        return PageContent("api-docs", {"groups": groups, "params": _params, "spoken": _spoken, "address": address})

    return page


def _params(operation: Operation) -> Mapping[str, Parameter]:
    """All that an operation takes but its format."""
    lang = {} if "lang" in operation.params else {"lang": LANG}
    return {**operation.path_params, **operation.params, **lang}


def _spoken(texts: Mapping[str, str], language: str) -> str:
    """The text in the language of the page."""
    return texts.get(language) or next(iter(texts.values()), "")
