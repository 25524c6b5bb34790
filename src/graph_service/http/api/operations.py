"""Operations of the API as routes, with parameters, formats, response model and texts in both languages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi import Path as PathPart
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from graph_service.catalogue.parameters import Parameter
from graph_service.http.api.certifying import CertifiedRoute, certificate_parameter
from graph_service.http.protocol.certificates import CERTIFICATE
from graph_service.http.web.call import Call, call_in
from graph_service.http.web.openapi import answered_in, in_german
from graph_service.http.web.parameters import query_of
from graph_service.http.web.routes import annotated
from graph_service.rdf.formats import Format

PREFIX = "/api"


@dataclass(frozen=True)
class Operation:
    """What OpenAPI says of one operation.

    Attributes:
        path: below `/api`; `{name}` stands for one part of the path.
        name: unique among all; generated clients name a function after it.
        title, description: by language tag.
        tag: heading under which it stands.
        formats: what it answers in, preferred one first.
        model: of the answer in the preferred format; None where a standard describes it.
        params: what it takes beside `format` and `lang`.
        parts: title and example of each part of the path.
        statuses: problems that only some operations have, as status to sentence.
        is_certified: whether its answers depend on the edition alone, so that certificates of them can be checked.
    """

    path: str
    name: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    tag: str
    formats: tuple[Format, ...]
    model: type[BaseModel] | None
    params: Mapping[str, Parameter] = field(default_factory=dict)
    parts: Mapping[str, Parameter] = field(default_factory=dict)
    statuses: Mapping[int, str] = field(default_factory=dict)
    is_certified: bool = True


def router() -> APIRouter:
    """The router that the operations are added to."""
    return APIRouter(prefix=PREFIX, route_class=CertifiedRoute)


def add(routes: APIRouter, operation: Operation, endpoint: Callable[..., Awaitable[Response]]) -> None:
    """Add the route of an operation.

    Args:
        routes: where to.
        operation: what OpenAPI says of it.
        endpoint: answers; takes `call`, all `arguments`, and each part of the path by its name.
    """
    class_name = "".join(part.title() for part in operation.name.replace("_", "-").split("-"))
    annotated(
        endpoint,
        lambda: {
            "call": Annotated[Call, Depends(call_in(*operation.formats))],
            "arguments": query_of(f"{class_name}Query", operation.params),
            **{name: _part(about) for name, about in operation.parts.items()},
        },
    )
    certified = (CERTIFICATE,) if operation.is_certified else ()
    responses = answered_in((*operation.formats, *certified), operation.statuses)
    routes.add_api_route(
        operation.path,
        endpoint,
        operation_id=operation.name,
        summary=_in(operation.title, "en"),
        description=_in(operation.description, "en"),
        tags=[operation.tag],
        response_model=operation.model,
        response_class=_response_class(operation),
        responses=responses,
        dependencies=[Depends(certificate_parameter)] if operation.is_certified else [],
        openapi_extra=in_german(_in(operation.title, "de"), _in(operation.description, "de")),
    )


def _part(about: Parameter) -> Any:
    extra = {"x-description-de": about.title.get("de", "")}
    return Annotated[
        str, PathPart(description=about.title.get("en"), examples=[about.example], json_schema_extra=extra)
    ]


def _response_class(operation: Operation) -> type[Response]:
    """FastAPI takes the media type of a model from the class of the response, and a model for JSON only."""
    kind = Response if operation.model is None else JSONResponse
    return type("Response", (kind,), {"media_type": operation.formats[0].content_type})


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")
