"""What these tests share: the schemas of messages, and a batch sent as a form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import httpx2
import pytest
from jsonschema import Draft202012Validator

HERE = Path(__file__).parent
ID = "https://w3id.org/migration-policy/id"
Check: TypeAlias = Callable[[str, Any], None]
Reconcile: TypeAlias = Callable[[Mapping[str, Any]], dict[str, list[dict[str, Any]]]]


@pytest.fixture(scope="session")
def check() -> Check:
    """Hold a message against the schema of its kind."""
    schemas = json.loads((HERE / "schemas.json").read_text(encoding="utf-8"))

    def checked(kind: str, message: Any) -> None:
        schema = {**schemas, "$ref": f"#/$defs/{kind}"}
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(message)

    return checked


@pytest.fixture
def reconcile(client: httpx2.Client, check: Check) -> Reconcile:
    """Send a batch as a form; the candidates by key."""

    def sent(batch: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
        check("batch", batch)
        answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
        assert answer.status_code == 200, answer.text
        check("results", answer.json())
        return {key: found["result"] for key, found in answer.json().items()}

    return sent
