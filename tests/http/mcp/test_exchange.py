"""A call as one exchange says what the SDK's own transport says, and what is no plain call is left to that."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx2
import mcp_types as types
import pytest
from mcp.server.lowlevel.server import Server
from starlette.requests import Request

from graph_service.http.mcp import exchange
from graph_service.http.mcp.tools import TOOLS
from tests.http.mcp.test_transport import JSON, VERSION, client, message, post

__all__ = ["client"]

CALLS = [
    *(message("tools/call", name=tool.name, arguments=dict(tool.example)) for tool in TOOLS),
    message("tools/call", name="nothing"),
    message("tools/call", name="near", arguments={"actor": "spdd"}),
    message("tools/call", name=7),
    {"jsonrpc": "2.0", "id": "a", "method": "tools/call"},
    {"jsonrpc": "1.0", "id": 1, "method": "tools/call", "params": {"name": "model"}},
    {"jsonrpc": "2.0", "id": None, "method": "tools/call", "params": {"name": "model"}},
    [message("tools/call", name="model")],
    message("tools/list"),
    message("ping"),
    "text",
]


@pytest.mark.parametrize("content", CALLS, ids=lambda one: json.dumps(one)[:80])
def test_the_same_as_the_transport_of_the_sdk(client: httpx2.Client, content: Any) -> None:
    """Without a version the SDK assumes 2025-03-26, and its transport answers."""
    one = post(client, content, mcp_protocol_version="2025-03-26")
    other = client.post("/mcp", content=json.dumps(content), headers=JSON)
    assert (one.status_code, one.headers["content-type"]) == (other.status_code, other.headers["content-type"])
    told = [json.loads(answer.content or b"{}") | {"request_id": ""} for answer in (one, other)]
    assert told[0] == told[1]


async def _greet(ctx: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
    if params.name == "broken":
        raise ValueError("broken")
    greeting = f"{params.name} by {ctx.request.headers['user-agent']}"
    return types.CallToolResult(content=[types.TextContent(type="text", text=greeting)])


def answered(content: Any, **fields: str) -> dict[str, Any] | None:
    given = {**JSON, "mcp-protocol-version": VERSION, "user-agent": "tests"} | {
        name.replace("_", "-"): value for name, value in fields.items()
    }
    scope = {"type": "http", "headers": [(name.encode(), value.encode()) for name, value in given.items()]}
    server = Server("tests", on_call_tool=_greet)
    told = asyncio.run(exchange.answer(server, Request(scope), json.dumps(content).encode()))
    return None if told is None else json.loads(told)


HELLO = message("tools/call", name="hello")


def test_a_call_is_answered_in_its_task() -> None:
    told = answered(HELLO)
    assert told is not None
    assert told["id"] == 1
    assert told["result"]["content"] == [{"type": "text", "text": "hello by tests"}]


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (message("tools/list"), {}),
        (message("tools/call", name="broken"), {}),
        (message("tools/call", name=7), {}),
        (HELLO, {"mcp_protocol_version": "2026-07-28"}),
        (HELLO, {"mcp_protocol_version": "1999-01-01"}),
        (HELLO, {"accept": "text/html"}),
        (HELLO, {"content_type": "text/plain"}),
    ],
)
def test_all_else_is_left_to_the_sdk(content: Any, fields: dict[str, str]) -> None:
    assert answered(content, **fields) is None
