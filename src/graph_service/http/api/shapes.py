"""JSON Schemas of what several operations answer with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
