"""The OpenAPI document holds: whatever it allows is answered as it says."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from tests.http.servers import CLIENT_SECONDS, Running


@pytest.fixture(scope="module")
def operations(server: Running) -> list[Any]:
    schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    found: list[Any] = list(schema.get_all_operations())
    return [result.ok() for result in found]


def test_there_is_something_to_hold(operations: list[Any]) -> None:
    assert {"/health", "/ready"} <= {operation.path for operation in operations}


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_the_service_keeps_its_word(operations: list[Any], path: str) -> None:
    """By hand and not by the library's fixture, which does not work with this pytest."""
    operation = next(operation for operation in operations if operation.path == path)

    @given(operation.as_strategy())
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    def check(case: Any) -> None:
        case.call_and_validate(timeout=CLIENT_SECONDS)

    check()
