"""Security fields for browsers, cross-origin rules, and the check of the Host field.

Reading is public: any origin may read (Fetch standard, CORS protocol), without credentials, of which there are none.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from itertools import count

from graph_service.http.protocol.problems import Fields, RequestError
from graph_service.http.protocol.request import Request

READING = "GET, HEAD, OPTIONS"
EDITS = "/edit/"
"""What is below changes the data: no page of another origin may ask there or read what it says."""

# RDF/XML can carry elements of the XHTML name space, scripts among them, and browsers run them: `sandbox` on everything
# that is not a page of ours.
_SANDBOX = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox")
_PAGE = (
    b"content-security-policy",
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    b"connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
)
# A picture has its style sheet in itself, which loads nothing.
_PICTURE = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
)
_ALWAYS: Fields = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Content-Location, ETag, Link, Retry-After, X-Dataset-Digest, X-Request-ID"),
)
# By these fields, pages of other origins get an answer.
_SHARING = frozenset(
    (b"cross-origin-resource-policy", b"access-control-allow-origin", b"access-control-expose-headers")
)
_FOR_PAGES: Fields = (*_ALWAYS, _PAGE)
_FOR_DATA: Fields = (*_ALWAYS, _SANDBOX)
_FOR_PICTURES: Fields = (*_ALWAYS, _PICTURE)

_HOST = re.compile(r"(?:[A-Za-z0-9._~-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
# Ids are names and no secrets: the process's and a number, without asking the kernel for chance each time.
_PROCESS = secrets.token_hex(4)
_NUMBERS = count(1)
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def fields_for(content_type: bytes) -> Fields:
    """What goes with every answer of this content type.

    One without a type has no body that a policy could be about; and the policy of a 304 would take the place of the
    page's own in the browser's cache (RFC 9111, section 3.2), which leaves the page without style and scripts.
    """
    if not content_type:
        return _ALWAYS
    if content_type.startswith(b"text/html"):
        return _FOR_PAGES
    return _FOR_PICTURES if content_type == b"image/svg+xml" else _FOR_DATA


def secured(given: Collection[tuple[bytes, bytes]], *, shared: bool = True) -> list[tuple[bytes, bytes]]:
    """The fields of an answer with those for browsers; a policy that the answer brings stays the only one.

    Args:
        given: the fields so far.
        shared: whether pages of any origin may read it.
    """
    fields = dict(given)
    more = fields_for(fields.get(b"content-type", b""))
    return [*given, *(pair for pair in more if pair[0] not in fields and (shared or pair[0] not in _SHARING))]


def is_shared(request: Request) -> bool:
    """Whether pages of any origin may ask for this and read the answer."""
    return not request.scope["path"].removeprefix(request.scope.get("root_path", "")).startswith(EDITS)


def check_host(request: Request) -> None:
    """Refuse a request whose `Host` is absent, doubled or no authority (RFC 9112, section 3.2).

    It comes back in links that we write, so nothing but a name, an address and a port may stand in it.

    Raises:
        RequestError: 400.
    """
    host = request.field(b"host")
    if not host and request.scope.get("http_version") == "1.0":
        return
    # Two fields come joined by a comma, which no host has.
    if not is_host(host):
        raise RequestError(400, "The Host field must name one host.")


def is_host(host: str) -> bool:
    """Whether this is a name or an address, with or without a port."""
    return _HOST.fullmatch(host) is not None


def request_id(offered: str) -> str:
    """The id under which logs and problems speak of a request: the client's own if it is sane, else a new one."""
    return offered if offered and _REQUEST_ID.fullmatch(offered) else f"{_PROCESS}-{next(_NUMBERS):08x}"


def is_preflight(request: Request) -> bool:
    """Whether a browser asks before it sends a request of another origin (Fetch standard, section 3.3.5)."""
    return request.method == "OPTIONS" and bool(request.field(b"access-control-request-method"))


def preflight_fields(methods: str) -> Fields:
    """The answer to a preflight; it holds for a day."""
    return (
        (b"access-control-allow-methods", methods.encode()),
        (b"access-control-allow-headers", b"Accept, Accept-Language, Content-Type, If-None-Match, X-Request-ID"),
        (b"access-control-max-age", b"86400"),
    )
