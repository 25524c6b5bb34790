"""Who may use the page: the one curator, in a browser on this machine, with the token of the address.

The token becomes a cookie that no script reads and no other site sends (RFC 6265bis, `HttpOnly` and
`SameSite=Strict`). Ports of one host share cookies, so its name has the port. A name that an attacker makes point to
this machine is refused by the Host field, a request that another page makes by `Origin` (Fetch standard, section 3.1)
and `Sec-Fetch-Site`.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAFE = frozenset({"GET", "HEAD"})
_LONGEST_BODY = 1_000_000
_FIELDS: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
_WRONG_ADDRESS = "Open the address that graph-service paper review has printed; it holds the token of this review.\n"


@dataclass(frozen=True)
class Door:
    """Lets requests of the curator's page through to the application, and no others.

    Attributes:
        app: what they are for.
        port: on which the page is served.
        token: of the address.
    """

    app: ASGIApp
    port: int
    token: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an ASGI request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_FIELDS)
            await send(message)

        answer = self._refusal(Request(scope))
        await (answer or self.app)(scope, receive, send_safely)

    def _refusal(self, request: Request) -> Response | None:
        """Why a request does not come through, or the cookie for one that brings the token; None if it may pass."""
        hosts = {f"{name}:{self.port}" for name in ("127.0.0.1", "localhost")}
        host = request.headers.get("host", "")
        if host not in hosts:
            return _refused(421, f"This page is http://127.0.0.1:{self.port}/ and nothing else.\n")
        if _comes_from_elsewhere(request):
            return _refused(403, "Other pages have no access.\n")
        if request.method not in _SAFE and request.headers.get("origin") != f"http://{host}":
            return _refused(403, "Changes come from the page itself.\n")
        if (given := request.query_params.get("token")) is not None:
            return (
                self._enter(given)
                if request.url.path == "/" and request.method in _SAFE
                else _refused(403, _WRONG_ADDRESS)
            )
        if not self._knows(request.cookies.get(self._cookie, "")):
            return _refused(403, _WRONG_ADDRESS)
        return _misshapen(request)

    @property
    def _cookie(self) -> str:
        return f"review-{self.port}"

    def _knows(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token.encode())

    def _enter(self, token: str) -> Response:
        if not self._knows(token):
            return _refused(403, _WRONG_ADDRESS)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self._cookie, self.token, httponly=True, samesite="strict", path="/")
        return answer


def _comes_from_elsewhere(request: Request) -> bool:
    """Whether another page loads or sends something; a link there may lead here."""
    if request.headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return False
    return request.headers.get("sec-fetch-mode") != "navigate" or request.method not in _SAFE


def _misshapen(request: Request) -> Response | None:
    """A body must be JSON, which no form of another page can send, and say how long it is."""
    if request.method in _SAFE or request.method == "DELETE":
        return None
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return _refused(415, "Changes are JSON.\n")
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        return _refused(411, "A change says how long it is.\n")
    return _refused(413, f"A change has at most {_LONGEST_BODY} bytes.\n") if int(length) > _LONGEST_BODY else None


def _refused(status: int, text: str) -> Response:
    return PlainTextResponse(text, status)
