"""Routes that check their query parameters, and a table that finds a route without trying the others.

A page ignores parameters that it does not know: links get `fbclid` and `utm_…`. The API refuses them, since a typo must
not read as silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlencode

from fastapi import Depends
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import Path
from fastapi.routing import APIRoute
from pydantic.fields import FieldInfo
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, compile_path, get_name

from graph_service.catalogue.parameters import nearest, suggestion
from graph_service.errors import ParameterError
from graph_service.http.protocol import request as protocol
from graph_service.http.protocol.request import ASGIApp, Receive, Scope, Send

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
# The attribute of an endpoint that makes annotations of it.
_ANNOTATIONS = "_annotations"
_LONGEST = 80
# What a value that pydantic refuses should have been, by the type of its error.
_EXPECTED = {
    "int_parsing": "of type integer",
    "int_from_float": "of type integer",
    "int_parsing_size": "an integer of so many digits as can be read",
    "decimal_parsing": "of type decimal",
    "bool_parsing": "of type boolean",
    "string_pattern_mismatch": "of type language",
}


async def _read(request: Request) -> protocol.Request:
    return protocol.Request.of(request.scope, request.receive)


# The request of a route, with its parameters read once and no empty ones among them.
CurrentRequest: TypeAlias = Annotated[protocol.Request, Depends(_read)]


def annotated(endpoint: Callable[..., Any], annotations: Callable[[], Mapping[str, Any]]) -> None:
    """Annotate the parameters of an endpoint that are known only when its route is created, when they are asked for."""
    vars(endpoint)[_ANNOTATIONS] = annotations


class PageRoute(APIRoute):
    """A route that takes an empty value for none, as forms send it.

    What finds it is there at once. Its parameters, models and handler are made when something asks for one of them,
    such as the first request: those of all routes take half a second, and most services answer with few of them.
    """

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        name: str | None = None,
        methods: Iterable[str] | None = None,
        include_in_schema: bool = True,
        **options: Any,
    ) -> None:
        self.path, self.endpoint = path, endpoint
        self.name = name or get_name(endpoint)
        self.methods = {method.upper() for method in methods or ("GET",)}
        self.include_in_schema = include_in_schema
        self._compile()
        kept = {"name": self.name, "methods": self.methods, "include_in_schema": include_in_schema}
        self._options = options | kept

    def __getattr__(self, name: str) -> Any:
        """What is not there yet."""
        if "_options" not in vars(self):
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}", name=name, obj=self)
        self.complete()
        return getattr(self, name)

    def complete(self) -> None:
        """Make what is not there yet; raises what FastAPI has against the parameters or models, each time."""
        if (options := vars(self).pop("_options", None)) is None:
            return
        try:
            if (annotations := getattr(self.endpoint, _ANNOTATIONS, None)) is not None:
                self.endpoint.__annotations__.update(annotations())
            super().__init__(self.path, self.endpoint, **options)
        except BaseException:
            self._options = options
            raise
        self._compile()

    def _compile(self) -> None:
        """Have a path match as a whole: `$`, with which Starlette ends its expression, passes over a last line end."""
        regex, self.path_format, self.param_convertors = compile_path(self.path)
        self.path_regex = re.compile(rf"{regex.pattern.removesuffix('$')}\Z")

    def get_route_handler(self) -> Handler:
        """The handler of a request."""
        handle = super().get_route_handler()

        async def without_empty(request: Request) -> Response:
            ours = protocol.Request(request.scope, request.receive)
            given = ours.parameters()
            kept = [pair for pair in given if pair[1]]
            self.check(kept)
            if len(kept) != len(given):
                request = Request({**request.scope, "query_string": urlencode(kept).encode()}, request.receive)
                ours = protocol.Request(request.scope, request.receive)
            request.scope[protocol.READ] = ours
            try:
                return await handle(request)
            except RequestValidationError as error:
                raise self._refused(error.errors()) from None

        return without_empty

    def check(self, given: Sequence[tuple[str, str]]) -> None:
        """Refuse parameters; a page takes them all."""

    @cached_property
    def takes(self) -> dict[str, FieldInfo]:
        """The query parameters by name, those of the dependencies included."""
        every = {parameter.alias: parameter.field_info for parameter in get_flat_params(self.dependant)}
        return {name: about for name, about in every.items() if not isinstance(about, Path)}

    def _refused(self, errors: Sequence[Any]) -> ParameterError:
        first = errors[0]
        name = next((str(part) for part in first["loc"][1:] if isinstance(part, str)), "")
        hint = _example(name, self.takes.get(name))
        if first["type"] == "missing":
            return ParameterError(f"{self.path} needs {name}.", hint=hint)
        shown = str(first["input"])
        near = nearest(shown, _allowed(first)) if first["type"] == "literal_error" else []
        hint = suggestion(near) or hint
        shown = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
        return ParameterError(f"{name}={shown!r} is not {_expected(first)}.", hint=hint, nearest=near)


def complete(routes: Iterable[BaseRoute]) -> None:
    """Have all routes ready to answer."""
    for route in routes:
        if isinstance(route, PageRoute):
            route.complete()


class StrictRoute(PageRoute):
    """A route that refuses parameters it does not know, and one that comes too often."""

    def check(self, given: Sequence[tuple[str, str]]) -> None:
        """Refuse what is unknown or doubled.

        Raises:
            ParameterError: with the parameters that there are.
        """
        known = self.takes
        counts: dict[str, int] = {}
        for name, _ in given:
            counts[name] = counts.get(name, 0) + 1
            if name not in known:
                near = nearest(name, known)
                hint = f"{suggestion(near)} It takes {', '.join(known)}.".strip()
                raise ParameterError(f"{self.path} has no parameter {name[:_LONGEST]!r}.", hint=hint, nearest=near)
        for name, count in counts.items():
            if count > 1 and not _is_repeatable(known[name]):
                raise ParameterError(f"{self.path} takes one {name}, {count} were given.")


class RouteTable:
    """Finds routes by their path, and leaves what has none to the router.

    A router asks one route after the other, which costs about 5 µs each: half a millisecond for the last of a hundred.
    A path without parameters is looked up; of those with parameters the ones are tried that begin with the same name.

    Args:
        routes: in the order of the router.
        router: answers whatever is not in the table.
    """

    def __init__(self, routes: Iterable[BaseRoute], router: ASGIApp) -> None:
        every = [route for route in routes if isinstance(route, APIRoute)]
        self._exact = {route.path: route for route in every if "{" not in route.path}
        named: dict[str, list[APIRoute]] = {}
        for route in every:
            first = _first(route.path)
            if "{" in first:
                # It could be any path, so none that comes behind it can be told by its name.
                break
            if "{" in route.path:
                named.setdefault(first, []).append(route)
        self._named = named
        self._router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        for route in self._likely(scope) if scope["type"] == "http" else ():
            match, found = route.matches(scope)
            if match is Match.FULL:
                scope.update(found)
                await route.handle(scope, receive, send)
                return
        await self._router(scope, receive, send)

    def _likely(self, scope: Scope) -> Sequence[APIRoute]:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        exact = self._exact.get(path)
        return self._named.get(_first(path), ()) if exact is None else (exact,)


def _first(path: str) -> str:
    """The first part of a path."""
    return path.split("/", 2)[1] if path.startswith("/") else ""


def _allowed(error: Any) -> list[str]:
    """The values of an enumeration that was missed."""
    return re.findall(r"'([^']*)'", error["ctx"]["expected"])


def _expected(error: Any) -> str:
    kind = error["type"]
    if kind == "literal_error":
        return f"one of {', '.join(_allowed(error))}"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind.startswith(("date_", "datetime_")):
        return "of type date"
    return _EXPECTED.get(kind) or f"valid: {error['msg']}"


def _example(name: str, about: FieldInfo | None) -> str:
    if about is not None and about.examples:
        value = about.examples[0]
        return f"For example: {name}={value[0] if isinstance(value, list) else value}"
    return ""


def _is_repeatable(about: FieldInfo) -> bool:
    return getattr(about.annotation, "__origin__", None) is list
