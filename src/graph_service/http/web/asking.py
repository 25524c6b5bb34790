"""One GET of an ASGI application, in this process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from graph_service.http.protocol.request import ASGIApp, Message, Send, without_body


@dataclass
class Collected:
    """A whole response."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)

    @property
    def content_type(self) -> str:
        """The media type with its parameters, empty for none."""
        return dict(self.headers).get(b"content-type", b"").decode("latin-1")

    async def send(self, message: Message) -> None:
        """Take a message of ASGI."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            self.body.extend(message.get("body", b""))

    async def pass_on(self, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": bytes(self.body)})


async def get(app: ASGIApp, url: str, *, client: str = "", more: Mapping[str, Any] | None = None) -> Collected:
    """Ask for a URL.

    Args:
        app: the application.
        url: absolute, so that the application knows under which name it is asked.
        client: address of the client, for applications that share resources fairly among clients.
        more: further keys of the scope, such as `root_path`.
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
        **(more or {}),
    }
    collected = Collected()
    await app(scope, without_body(), collected.send)
    return collected
