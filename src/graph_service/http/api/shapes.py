"""JSON Schemas of what several operations answer with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph_service.catalogue.resource_files import FieldKind
from graph_service.catalogue.resources import Resource

_TEXT = {"type": "string"}
_REFERENCE = {"type": "object", "required": ["id", "label"], "properties": {"id": _TEXT, "label": _TEXT}}
_MAYBE_TEXT = {"type": ["string", "null"]}


def reference(*, many: bool = False) -> dict[str, Any]:
    """An IRI with its label, or a list of them."""
    return {"type": "array", "items": _REFERENCE} if many else _REFERENCE


def envelope(properties: Mapping[str, Any]) -> dict[str, Any]:
    """An answer that names data set, query and language beside what it tells."""
    head = {"dataset": _TEXT, "query": _TEXT, "language": _TEXT}
    return {"type": "object", "required": [*head, *properties], "properties": {**head, **properties}}


POSITION: Mapping[str, Any] = {
    "type": "object",
    "required": ["id", "agreement", "comparable", "joint", "document", "from", "to", "passages", "cautions"],
    "properties": {
        "id": _TEXT,
        "agreement": {"type": "integer", "enum": [1, 0, -1]},
        "comparable": {"type": "boolean"},
        "joint": {"type": "boolean"},
        "text": _MAYBE_TEXT,
        "document": _REFERENCE,
        "from": _MAYBE_TEXT,
        "to": _MAYBE_TEXT,
        "passages": reference(many=True),
        "cautions": reference(many=True),
    },
}
CELL: Mapping[str, Any] = {
    "type": "object",
    "required": ["actor", "proposition", "status", "agreement", "positions"],
    "properties": {
        "actor": _TEXT,
        "proposition": _TEXT,
        "status": _TEXT,
        "agreement": {"type": ["number", "null"]},
        "positions": {"type": "array", "items": _TEXT},
    },
}


def _value_schema(kind: FieldKind) -> dict[str, Any]:
    if kind is FieldKind.IRI:
        reference = {"id": {"type": "string"}, "label": {"type": "string"}}
        return {"type": "object", "required": ["id", "label"], "properties": reference}
    return {"type": "integer"} if kind is FieldKind.INTEGER else {"type": "string"}


def _properties(resource: Resource) -> dict[str, Any]:
    properties: dict[str, Any] = {"id": {"type": "string", "format": "iri"}, "slug": {"type": "string"}}
    for name, about in resource.header.fields.items():
        schema = _value_schema(about.type)
        if about.many:
            properties[name] = {"type": "array", "items": schema, "description": about.title["en"]}
        else:
            properties[name] = {"anyOf": [schema, {"type": "null"}], "description": about.title["en"]}
    properties["other_languages"] = {"type": "object", "additionalProperties": {"type": "string"}}
    return properties


def list_schema(resource: Resource) -> dict[str, Any]:
    """A list of things."""
    required = ["id", "slug", *resource.header.fields]
    item = {"type": "object", "required": required, "properties": _properties(resource)}
    count = {"type": "object", "required": ["value", "count"], "properties": {"count": {"type": "integer"}}}
    return {
        "type": "object",
        "required": ["dataset", "query", "language", "items", "next"],
        "properties": {
            "dataset": {"type": "string"},
            "query": {"type": "string"},
            "language": {"type": "string"},
            "items": {"type": "array", "items": item},
            "next": {"type": ["string", "null"]},
            "total": {"type": "integer"},
            "facets": {"type": "object", "additionalProperties": {"type": "array", "items": count}},
        },
    }


def item_schema(resource: Resource) -> dict[str, Any]:
    """One thing with its statements."""
    statement = {
        "type": "object",
        "required": ["predicate", "object", "inferred", "graphs", "explain"],
        "properties": {"inferred": {"type": "boolean"}, "explain": {"type": "string"}},
    }
    head = {name: {"type": "string"} for name in ("dataset", "query", "language")}
    return {
        "type": "object",
        "required": ["dataset", "query", "language", "id", "slug", "statements", *resource.header.fields],
        "properties": {**head, **_properties(resource), "statements": {"type": "array", "items": statement}},
    }


_NODES = {
    "type": "array",
    "items": {"type": "object", "required": ["id", "label"], "properties": {"id": _TEXT, "label": _TEXT}},
}
_EDGE = {
    "type": "object",
    "required": ["source", "target", "weight"],
    "properties": {"source": _TEXT, "target": _TEXT, "weight": {"type": "number"}},
}
NETWORK: Mapping[str, Any] = {
    "type": "object",
    "required": ["directed", "multigraph", "graph", "nodes"],
    "properties": {
        "directed": {"type": "boolean"},
        "multigraph": {"type": "boolean"},
        "graph": {"type": "object"},
        "nodes": _NODES,
        "edges": {"type": "array", "items": _EDGE},
        "windows": {"type": "array", "items": {"type": "object"}},
    },
}
REASONS: Mapping[str, Any] = envelope(
    {
        "source": reference(),
        "target": reference(),
        "weight": {"type": "number"},
        "denominator": {"type": "number"},
        "reasons": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["shared", "first", "second", "contribution", "share"],
                "properties": {"contribution": {"type": "number"}, "share": {"type": "number"}},
            },
        },
    }
)
