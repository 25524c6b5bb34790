"""One GET of an ASGI application, in this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from graph_service.http.protocol.request import ASGIApp, without_body


@dataclass(frozen=True)
class SiteAnswer:
    """What came back."""

    status: int
    content_type: str
    body: bytes


async def get(app: ASGIApp, url: str, *, client: str = "") -> SiteAnswer:
    """Ask for a URL.

    Args:
        app: the application.
        url: absolute, so that the application knows under which name it is asked.
        client: address of the client, for applications that share resources fairly among clients.
    """
    parts = urlsplit(url)
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": parts.scheme,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", parts.netloc.encode())],
        "client": (client, 0),
        "server": (parts.hostname or "", parts.port or 0),
    }
    status, content_type, body = 0, "", bytearray()

    async def send(message: Any) -> None:
        nonlocal status, content_type
        if message["type"] == "http.response.start":
            status = message["status"]
            content_type = dict(message["headers"]).get(b"content-type", b"").decode("latin-1")
        else:
            body.extend(message.get("body", b""))

    await app(scope, without_body(), send)
    return SiteAnswer(status, content_type, bytes(body))
