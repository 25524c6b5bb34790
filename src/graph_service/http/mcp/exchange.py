"""A call of a tool as one exchange: a request in, its answer out, in the task that has the request.

For protocols before 2026-07-28 the SDK serves each stateless request as a session: a task group, five streams and a
dispatcher, 0.8 ms of CPU for an answer that nothing else goes with. A plain call needs none of these. Everything else,
and whatever is wrong with a call, is left to the SDK's transport, which says it in the protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import anyio
import mcp_types as types
from mcp.server.connection import Connection
from mcp.server.lowlevel.server import Server
from mcp.server.runner import serve_one
from mcp.server.streamable_http import check_accept_headers
from mcp.shared.dispatcher import CallOptions
from mcp.shared.exceptions import NoBackChannelError
from mcp.shared.inbound import MCP_PROTOCOL_VERSION_HEADER
from mcp.shared.message import ServerMessageMetadata
from mcp.shared.transport_context import TransportContext
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from pydantic_core import to_json
from starlette.requests import Request

_CALL = "tools/call"
_JSON = "application/json"


@dataclass
class _Exchange:
    """What the SDK's handlers know of a request (`DispatchContext`): nothing but the answer can be sent."""

    request_id: types.RequestId
    message_metadata: ServerMessageMetadata
    transport: TransportContext = field(
        default_factory=lambda: TransportContext(kind="streamable-http", can_send_request=False)
    )
    cancel_requested: anyio.Event = field(default_factory=anyio.Event)
    can_send_request: bool = False

    async def send_raw_request(
        self, method: str, params: Mapping[str, Any] | None, opts: CallOptions | None = None
    ) -> dict[str, Any]:
        raise NoBackChannelError(method)

    async def notify(self, method: str, params: Mapping[str, Any] | None, opts: CallOptions | None = None) -> None:
        """Drop it: a body of JSON carries only the answer."""

    async def progress(self, progress: float, total: float | None = None, message: str | None = None) -> None:
        """Drop it."""


async def answer(server: Server, request: Request, body: bytes) -> bytes | None:
    """The answer to a call of a tool, as JSON-RPC.

    Args:
        server: has the tools.
        request: whose host and origin were checked before.
        body: of the request.

    Returns:
        None if it is something else than a call in a protocol with a handshake, or fails.
    """
    version = request.headers.get(MCP_PROTOCOL_VERSION_HEADER, "")
    is_json = request.headers.get("content-type", "").partition(";")[0].strip() == _JSON
    if version not in HANDSHAKE_PROTOCOL_VERSIONS or not is_json or not check_accept_headers(request)[0]:
        return None
    try:
        message = types.JSONRPCRequest.model_validate_json(body, by_name=False)
        if message.method != _CALL:
            return None
        exchange = _Exchange(message.id, ServerMessageMetadata(request_context=request))
        connection = Connection.from_envelope(version, None, None)
        result = await serve_one(server, exchange, _CALL, message.params, connection=connection, lifespan_state={})
    except Exception:  # noqa: BLE001 - the SDK's transport asks again and tells what went wrong
        return None
    return to_json({"jsonrpc": "2.0", "id": message.id, "result": result})
