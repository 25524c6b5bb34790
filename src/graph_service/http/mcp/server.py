"""The server of the official SDK over the tools; loading the SDK takes half a second, so few modules do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit

import mcp_types as types
from fastapi import FastAPI
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from pydantic_core import to_json
from starlette.requests import Request

from graph_service.errors import GraphServiceError, LimitExceeded, ParameterError
from graph_service.http import web
from graph_service.http.mcp import client_queries, exchange
from graph_service.http.mcp.answers import write
from graph_service.http.mcp.client_queries import RunQuery
from graph_service.http.mcp.inquiry import Inquiry, Refused
from graph_service.http.mcp.tools import tool_named, tools_for
from graph_service.http.protocol.request import Receive, Scope
from graph_service.http.web import asking
from graph_service.http.web.forwarding import BODY
from graph_service.version import __version__

# Key of the scope: what ended the work of the process.
FAILED = "mcp_failed"
_LOCAL = ("127.0.0.1", "localhost", "[::1]")
# The body has been read within its limit before.
_ANY_SIZE = 2**40


@cache
def tools_of(app: FastAPI) -> list[types.Tool]:
    """The tools as clients get them."""
    hints = types.ToolAnnotations(read_only_hint=True, open_world_hint=False)
    return [
        types.Tool(name=tool.name, description=tool.description, input_schema=tool.schema(app), annotations=hints)
        for tool in tools_for(app)
    ]


def server(scope_of: Callable[[ServerRequestContext[Any, Any]], Scope], run_for: Callable[[Scope], RunQuery]) -> Server:
    """The server.

    Args:
        scope_of: the scope that a request is answered in: it has `app`, the edition, and `site`.
        run_for: runs queries of the client of a request.
    """

    async def list_tools(ctx: ServerRequestContext[Any, Any], _: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=tools_of(scope_of(ctx)["app"]))

    async def call_tool(
        ctx: ServerRequestContext[Any, Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        scope = scope_of(ctx)
        text, is_error = await call(scope, params.name, params.arguments or {}, run_for(scope))
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=is_error)

    words = web.words("en")
    return Server(
        "migration-policy-graph",
        version=__version__,
        title=words["title"],
        instructions=words["mcp.instructions"],
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def call(scope: Scope, name: str, given: dict[str, Any], run: RunQuery) -> tuple[str, bool]:
    """The answer of a tool as text, or its error, and whether it is one."""
    try:
        if (met := client_queries.problem_of(scope)) is not None:
            raise Refused(met)
        tool = tool_named(name, tools_for(scope["app"]))
        arguments = tool.texts(scope["app"], given)
        asked = arguments.pop("lang", ["en"])[0]
        # A variant, such as de-AT, is answered in its language.
        language = asked.partition("-")[0].lower()
        if language not in web.LANGUAGES:
            raise ParameterError(f"lang={asked[:80]!r} is not one of {', '.join(web.LANGUAGES)}.")
        inquiry = Inquiry.of(scope["app"], scope, site_of(scope), language, run)
        return write(await tool.answer(inquiry, arguments), inquiry), False
    except MemoryError as failure:
        # A worker has to end; over stdio the answer is all there is.
        scope[FAILED] = failure
        return _error(
            Refused.by(LimitExceeded("The answer needs more memory than there is.", hint="Ask for less."))
        ), True
    except Refused as refused:
        return _error(refused), True
    except GraphServiceError as error:
        return _error(Refused.by(error)), True


def _error(refused: Refused) -> str:
    """A problem as an assistant gets it: never empty, with its type."""
    known = {name: value for name, value in refused.problem.items() if name != "request_id"}
    return to_json({"error": known}).decode()


def site_of(scope: Scope) -> str:
    """Scheme and authority under which a request came; over stdio what the settings say, empty for none."""
    if "site" in scope:
        return str(scope["site"])
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    return f"{scope['scheme']}://{host}" if host else ""


def security(public_urls: Sequence[str]) -> TransportSecuritySettings:
    """The hosts that requests may name, and the origins of browsers that may send them: these, and this machine's.

    Another host means that a page has been made to ask a service on its reader's machine (DNS rebinding).
    """
    parts = [urlsplit(url) for url in public_urls]
    hosts = [part.netloc for part in parts]
    origins = [f"{part.scheme}://{part.netloc}" for part in parts]
    local = [f"{host}{port}" for host in _LOCAL for port in ("", ":*")]
    return TransportSecuritySettings(
        allowed_hosts=[*hosts, *local],
        allowed_origins=[*origins, *(f"{scheme}://{host}" for host in local for scheme in ("http", "https"))],
    )


def over_http(public_urls: Sequence[str]) -> Callable[[Scope, Receive], Any]:
    """Answers POST requests: calls as one exchange, all others by a transport of their own that is gone with them."""
    checks = security(public_urls)
    guard = TransportSecurityMiddleware(checks)
    made = server(lambda ctx: cast(Any, ctx.request).scope, client_queries.answered_before)

    async def answer(scope: Scope, receive: Receive) -> asking.Collected:
        collected = asking.Collected()
        request = Request(scope)
        is_allowed = await guard.validate_request(request, is_post=True) is None
        if is_allowed and (told := await exchange.answer(made, request, scope[BODY])) is not None:
            return asking.Collected(200, [(b"content-type", b"application/json")], bytearray(told))
        manager = StreamableHTTPSessionManager(
            made, json_response=True, stateless=True, security_settings=checks, max_request_body_size=_ANY_SIZE
        )
        async with manager.run():
            await manager.handle_request(scope, receive, collected.send)
        return collected

    return answer
