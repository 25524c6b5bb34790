"""The OpenAPI 3.1 document of the operations: all of it comes from their descriptions, so it cannot lag behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.http.operations.operation import LANG, Operation

TAGS = {
    "resources": "Things of the graph as lists and items.",
    "comparison": "Who says what on which proposition, and who says nothing.",
    "networks": "Discourse and affiliation networks, each edge with its reasons.",
    "search": "Full text.",
    "queries": "Named queries: one file, one operation.",
    "explanation": "Why a statement holds.",
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
    },
    "examples": [
        {
            "type": "https://w3id.org/migration-policy/problem/parameter",
            "title": "A parameter is missing or wrong",
            "status": 422,
            "detail": "limit='many' is not of type integer. For example: limit=10",
            "request_id": "5f0c1e0b7a3d9c42",
        }
    ],
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
    "ETag": ("The version of this answer: data set, request, format, language, coding, software.", True),
    "Link": ("Licence, the query behind the answer (describedby), and of a list the next page.", True),
    "X-Dataset-Digest": ("SHA-256 of the data set that was asked.", True),
    "X-Request-ID": ("The id under which logs speak of this request.", True),
}


def extend(document: dict[str, Any], operations: Iterable[Operation]) -> None:
    """Add the operations to an OpenAPI document."""
    for operation in operations:
        document["paths"][operation.path] = {"get": _operation(operation)}
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components["responses"] = {f"Problem{status}": _problem(text) for status, text in _PROBLEMS.items()}
    components["headers"] = {
        name: {"description": text, "required": always, "schema": {"type": "string"}}
        for name, (text, always) in _HEADERS.items()
    }
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]


def _operation(operation: Operation) -> dict[str, Any]:
    return {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": _english(operation.title),
        "description": _english(operation.description),
        "x-summary-de": operation.title.get("de", ""),
        "x-description-de": operation.description.get("de", ""),
        "parameters": list(_parameters(operation)),
        "responses": _responses(operation),
    }


def _parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    for name, about in operation.path_params.items():
        yield {**_parameter(name, about), "in": "path", "required": True}
    for name, about in operation.params.items():
        yield _parameter(name, about)
    if "lang" not in operation.params:
        yield _parameter("lang", LANG)
    names = [format_.name for format_ in operation.formats]
    text = "Format of the answer; else by Accept. The first is the default."
    yield {
        "name": "format",
        "in": "query",
        "required": False,
        "description": text,
        "schema": {"type": "string", "enum": names},
    }


def _parameter(name: str, about: Parameter) -> dict[str, Any]:
    schema = value_schema(about)
    if about.default:
        schema["default"] = _typed(about, about.default)
    if about.repeatable:
        schema = {"type": "array", "items": schema}
    parameter: dict[str, Any] = {
        "name": name,
        "in": "query",
        "required": about.required,
        "description": _english(about.title),
        "x-description-de": about.title.get("de", ""),
        "schema": schema,
    }
    if about.example:
        examples = about.example.split(" ") if about.repeatable else _typed(about, about.example)
        parameter["example"] = examples
    return parameter


def value_schema(about: Parameter) -> dict[str, Any]:
    """The JSON Schema of one value of a parameter."""
    match about.type:
        case Type.INTEGER:
            return {"type": "integer"}
        case Type.DECIMAL:
            return {"type": "number"}
        case Type.BOOLEAN:
            return {"type": "boolean"}
        case Type.DATE:
            return {"type": "string", "format": "date"}
        case Type.LANGUAGE:
            return {"type": "string", "pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"}
        case Type.ENUM:
            return {"type": "string", "enum": list(about.values)}
        case Type.IRI:
            return {"type": "string", "format": "iri-reference"}
        case Type.STRING:
            return {"type": "string"}


def _typed(about: Parameter, text: str) -> object:
    if about.type is Type.INTEGER:
        return int(text)
    if about.type is Type.BOOLEAN:
        return text == "true"
    return float(text) if about.type is Type.DECIMAL else text


def _responses(operation: Operation) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for format_ in operation.formats:
        schema = operation.schemas.get(format_.media_type)
        content.setdefault(format_.content_type, {"schema": schema} if schema else {})
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}
    responses: dict[str, Any] = {
        "200": {"description": "The answer.", "headers": headers, "content": content},
        "304": {"description": "The client has this version (If-None-Match)."},
    }
    for status in _PROBLEMS:
        if status != 404 or operation.path_params or operation.statuses:
            responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    for status, text in operation.statuses.items():
        responses[str(status)] = _problem(text)
    return responses


def _problem(text: str) -> dict[str, Any]:
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    content = {"application/problem+json": reference, "text/html; charset=utf-8": {}}
    return {"description": text, "content": content}


def _english(texts: Mapping[str, str]) -> str:
    return texts.get("en") or next(iter(texts.values()), "")
