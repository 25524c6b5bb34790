"""Problem documents: each error of the tree has its row, and nothing of the house gets out."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service import errors
from graph_service.errors import GraphServiceError, Location, QueryError
from graph_service.http.protocol.problems import KINDS, RequestError, problem
from graph_service.http.web.problem_page import page
from tests.http.web.test_problem_page import request

CLASSES = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, GraphServiceError) and not issubclass(kind, errors.FindingsError)
]


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_becomes_a_problem(kind: type[GraphServiceError]) -> None:
    told = problem(kind("What is wrong.", where=Location(Path("/home/x/secret.ttl"), 3, 4)), "id-1")
    document = json.loads(told.json())
    assert document["status"] == told.status >= 400
    assert document["request_id"] == "id-1"
    assert "/home" not in str(document)
    assert "line" not in document


def test_every_query_error_that_a_client_can_meet_has_its_own_row() -> None:
    concrete = {kind for kind in CLASSES if issubclass(kind, QueryError)} - {QueryError, errors.QueryFileError}
    assert concrete <= set(KINDS)


def test_what_was_not_meant_for_strangers_is_not_told() -> None:
    for error in (KeyError("password"), errors.SnapshotError("/var/data is gone"), OSError(2, "no", "/etc/x")):
        told = problem(error, "id-1")
        assert told.status >= 500
        for secret in (b"password", b"/var", b"/etc"):
            assert secret not in told.json() + page(told, request())


def test_line_and_column_of_a_query_are_told() -> None:
    document = json.loads(problem(errors.QuerySyntaxError("no", where=Location(line=3, column=7))).json())
    assert (document["line"], document["column"]) == (3, 7)


def test_a_request_error_keeps_fields_and_members() -> None:
    told = problem(RequestError(405, "No.", fields=((b"allow", b"GET"),), allowed=["GET"]))
    assert told.fields == ((b"allow", b"GET"),)
    assert json.loads(told.json()) == {
        "type": "about:blank",
        "title": "Method Not Allowed",
        "status": 405,
        "detail": "No.",
        "allowed": ["GET"],
    }


@given(st.text(max_size=3000))
def test_any_text_is_told_safely(text: str) -> None:
    told = problem(errors.QueryRefused(text))
    assert not set("<>&") & set(told.json().decode())
    assert json.loads(told.json())["detail"] == told.detail
    assert len(told.detail) <= 1000
