"""The OpenAPI document is valid and complete, and whatever it allows is answered as it says."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import checks

from graph_service.catalogue.queries import Catalogue
from tests.http.servers import CLIENT_SECONDS, Running
from tests.snapshot_servers import QUERIES

from .test_operations import operations

# No 5xx, and no status, content type, header or shape that the document does not tell.
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
PATHS = [
    *(f"/api/queries/{path.stem}" for path in sorted(QUERIES.glob("*.rq"))),
    *(f"/api/{path.stem}{rest}" for path in sorted((QUERIES / "resources").glob("*.rq")) for rest in ("", "/{slug}")),
    *("/api/queries", "/api/search", "/api/explain", "/api/edits", "/api/editions-of-a-statement"),
    *("/api/compare", "/api/matrix", "/api/timeline", "/api/coverage"),
    *(
        f"/api/networks/{kind}{rest}"
        for kind in ("actors", "propositions", "affiliation")
        for rest in ("", "/edges/{a}/{b}")
    ),
]


@pytest.fixture(scope="module")
def found(server: Running) -> dict[str, Any]:
    schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    made: list[Any] = list(schema.get_all_operations())
    return {operation.path: operation for operation in (result.ok() for result in made)}


def test_every_operation_is_told(found: dict[str, Any]) -> None:
    assert {operation.path for operation in operations()} == set(PATHS)
    assert set(PATHS) <= set(found)


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_the_service_keeps_its_word(found: dict[str, Any], path: str) -> None:
    """By hand and not by the library's fixture, which does not work with this pytest."""
    operation = found[path]
    few = 4 if path.startswith("/api/queries/") else 12

    @given(operation.as_strategy())
    @settings(max_examples=few, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def check(case: Any) -> None:
        case.call_and_validate(checks=CHECKS, timeout=CLIENT_SECONDS)

    check()


def test_the_document_is_complete(client: httpx2.Client) -> None:
    document = client.get("/openapi.json").json()
    gets = [about["get"] for about in document["paths"].values()]
    names = [about["operationId"] for about in gets]
    assert len(names) == len(set(names))
    for path in PATHS:
        told = document["paths"][path]["get"]
        assert told["summary"]
        assert told["description"]
        assert told["x-summary-de"]
        assert {"200", "304", "406", "422", "503", "504"} <= set(told["responses"])
        assert told["responses"]["200"]["content"]
        for parameter in told["parameters"]:
            assert parameter["description"], (path, parameter["name"])
            assert parameter["name"] == "format" or parameter["schema"]["x-description-de"], (path, parameter["name"])
            if parameter["required"]:
                assert parameter["schema"]["examples"]


def test_examples_of_parameters_work(client: httpx2.Client) -> None:
    for operation in operations():
        for about in operation.params:
            if about.example and not about.required:
                values = about.example.split(" ") if about.repeatable else [about.example]
                joined = "&".join(f"{about.name}={httpx2.QueryParams({'v': value})['v']}" for value in values)
                address = f"{operation.example}{'&' if '?' in operation.example else '?'}{joined}"
                # Of an edge, a filter may take the nodes away.
                allowed = (200, 404) if "{" in operation.path else (200,)
                assert client.get(address).status_code in allowed, address


def test_the_page_of_the_operations(client: httpx2.Client) -> None:
    for lang in ("de", "en"):
        page = client.get("/docs", params={"lang": lang})
        assert page.status_code == 200
        assert f'<html lang="{lang}">' in page.text
        # That of suggestions, and no other.
        assert page.text.count("<script") == page.text.count('<script src="/static/suggest.js"') == 1
        assert "default-src 'none'" in page.headers["content-security-policy"]
        for operation in operations():
            assert f"GET {operation.path}</code>" in page.text
            assert operation.title[lang].replace("&", "&amp;").split("'")[0] in page.text
    # Nothing is loaded from elsewhere.
    loaded = [part.split('"')[0] for part in page.text.split('src="')[1:] + page.text.split('<link rel="')[1:]]
    assert not any(part.startswith("http") for part in loaded)


def test_shipped_queries_are_all_operations(catalogue: Catalogue) -> None:
    made = [operation for operation in operations() if operation.tag == "queries"]
    assert len(made) == len(list(catalogue)) + 1
