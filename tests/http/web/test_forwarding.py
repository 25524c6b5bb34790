"""A response that breaks off in a worker never looks whole."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from fastapi import FastAPI
from starlette.responses import StreamingResponse

from graph_service.errors import EndpointError, QueryError
from graph_service.http.protocol.request import Receive, Scope, Send
from graph_service.http.web.edition import Edition
from graph_service.http.web.forwarding import encode_request, respond
from graph_service.http.web.framework import framework_with
from graph_service.rdf.query_limits import LimitReached

EDITION = cast(Edition, object())
REQUEST = encode_request(
    {"method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", b"x")], "scheme": "http"}
)


def answered(app: Any, most_bytes: int = 1000) -> bytes:
    written: list[bytes] = []
    asyncio.run(respond(app, EDITION, REQUEST, written.append, most_bytes))
    return b"".join(written)


def failing(error: Exception) -> FastAPI:
    async def pieces() -> Any:
        yield b"one half"
        raise error

    app = framework_with([], title="Test")
    app.add_api_route("/", lambda: StreamingResponse(pieces()))
    return app


@pytest.mark.parametrize("error", [EndpointError("The store hung up."), ValueError("no")])
def test_an_error_in_mid_stream_comes_through(error: Exception) -> None:
    with pytest.raises(type(error), match=str(error)):
        answered(failing(error))


def test_a_response_that_is_too_large_comes_to_nothing() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x" * 2000})

    with pytest.raises(LimitReached, match="more than 1000 bytes"):
        answered(app)
    assert answered(app, 2000).endswith(b"x" * 2000)


def test_an_error_before_it_is_a_response(caplog: pytest.LogCaptureFixture) -> None:
    app = framework_with([], title="Test")

    @app.get("/")
    async def broken() -> None:
        raise ValueError("no")

    assert b'"status": 500' in answered(app, 100_000)


def test_what_only_the_publisher_can_mend_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    app = framework_with([], title="Test")

    @app.get("/")
    async def broken() -> None:
        raise QueryError("templates/house.html:1: nothing is called rows.")

    assert b"house.html" not in answered(app)
    assert "house.html:1" in vars(caplog.records[-1])["fields"]["reason"]
