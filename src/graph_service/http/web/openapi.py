"""Additions to FastAPI's OpenAPI document: formats of answers, problems, header fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from graph_service.http.protocol.certificates import CERTIFICATE, Certificate
from graph_service.rdf.formats import Format

TAGS = {
    "resources": "Things of the graph as lists and items.",
    "comparison": "Who says what on which proposition, and who says nothing.",
    "networks": "Discourse and affiliation networks, each edge with its reasons.",
    "search": "Full text.",
    "queries": "Named queries: one file, one operation.",
    "explanation": "Why a statement holds.",
}
_PROBLEMS = {
    400: "The request cannot be read.",
    404: "There is no such thing.",
    406: "None of the formats asked for is offered.",
    422: "A parameter is missing, unknown or wrong; the detail says which and how to repair it.",
    500: "Something went wrong on our side.",
    502: "The store behind the service did not answer.",
    503: "All workers are busy; Retry-After says when to come back.",
    504: "The query took too long.",
}
_HEADERS = {
    "ETag": "The version of an answer: data set, request, format, language, coding, software. Certificates have none.",
    "Link": "Licence, the query behind the answer (describedby), and of a list the next page.",
    "X-Dataset-Digest": "SHA-256 of the data set that was asked.",
    "X-Request-ID": "The id under which logs speak of this request.",
}


class Problem(BaseModel):
    """What is wrong with a request (RFC 9457), and how to repair it."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "https://w3id.org/migration-policy/problem/parameter",
                    "title": "A parameter is missing or wrong",
                    "status": 422,
                    "detail": "limit='many' is not of type integer. For example: limit=10",
                    "hint": "For example: limit=10",
                    "request_id": "5f0c1e0b7a3d9c42",
                }
            ]
        },
    )

    type: str
    title: str
    status: int
    detail: str
    hint: str | None = None
    nearest: list[str] | None = None
    request_id: str | None = None


def answered_in(
    formats: Sequence[Format], statuses: Mapping[int, str] | None = None
) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route.

    Args:
        formats: what it answers in.
        statuses: problems that only it has, as status to sentence.
    """
    content: dict[str, Any] = {one.content_type: {} for one in formats}
    if CERTIFICATE in formats:
        content[CERTIFICATE.content_type] = {"schema": {"$ref": "#/components/schemas/Certificate"}}
    responses: dict[int | str, dict[str, Any]] = {200: {"description": "The answer.", "content": content}}
    return responses | {status: {"description": text} for status, text in (statuses or {}).items()}


def in_german(title: str, description: str) -> dict[str, Any]:
    """The `openapi_extra` of a route: its title and description in German."""
    return {"x-summary-de": title, "x-description-de": description}


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """The document with what holds for every operation of the API; completed once, since FastAPI keeps it."""
    components = document.setdefault("components", {})
    if "responses" in components:
        return document
    schemas = components.setdefault("schemas", {})
    for model in (Problem, Certificate):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= {**schema.pop("$defs", {}), model.__name__: schema}
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    components["responses"] = {f"Problem{status}": _problem(text) for status, text in _PROBLEMS.items()}
    components["headers"] = {
        name: {"description": text, "required": name != "ETag", "schema": {"type": "string"}}
        for name, text in _HEADERS.items()
    }
    used = {
        tag for methods in document["paths"].values() for about in methods.values() for tag in about.get("tags", ())
    }
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in used]
    for path, methods in document["paths"].items():
        if path.startswith("/api"):
            _complete(methods["get"]["responses"], has_parts="{" in path)
            for parameter in methods["get"].get("parameters", ()):
                parameter["schema"] = _without_null(parameter["schema"])
    return document


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a query parameter, which is left out and never null."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) != 1:
        return schema
    return {**choices[0], **{name: value for name, value in schema.items() if name != "anyOf"}}


def _complete(responses: dict[str, Any], *, has_parts: bool) -> None:
    responses["200"]["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}
    responses["304"] = {"description": "The client has this version (If-None-Match)."}
    own = {status: about["description"] for status, about in responses.items() if status[0] == "4" and status != "422"}
    for status in _PROBLEMS:
        if status != 404 or has_parts:
            responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    for name, text in own.items():
        responses[name] = _problem(text)


def _problem(text: str) -> dict[str, Any]:
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": text, "content": {"application/problem+json": reference, "text/html; charset=utf-8": {}}}
