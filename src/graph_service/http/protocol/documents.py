"""Small documents of the service itself, and the negotiation they share with other answers."""

from __future__ import annotations

from graph_service.http.protocol import negotiation
from graph_service.http.protocol.cache import matches
from graph_service.http.protocol.negotiation import Encoding
from graph_service.http.protocol.problems import Fields, RequestError
from graph_service.http.protocol.request import Request, Send
from graph_service.http.protocol.security import READING, is_shared
from graph_service.rdf.formats import Format


def negotiate(request: Request, offers: tuple[Format, ...], wanted: str = "") -> Format:
    """The format to send: `?format=` over `Accept`.

    Raises:
        RequestError: 406, with the list of what is offered.
    """
    choice = negotiation.named(wanted, offers) if wanted else negotiation.choose(request.field(b"accept"), offers)
    if choice is None:
        raise RequestError(
            406,
            "None of the formats asked for is offered here.",
            hint="Offered: " + ", ".join(f"{offer.name} ({offer.media_type})" for offer in offers) + ".",
            offered=[offer.media_type for offer in offers],
        )
    return choice


def negotiate_encoding(request: Request) -> Encoding:
    """The content coding to send.

    Raises:
        RequestError: 406, not even `identity` is taken.
    """
    coding = negotiation.encoding(request.field(b"accept-encoding"))
    if coding is None:
        raise RequestError(406, "None of the codings asked for is offered: zstd, gzip, identity.")
    return coding


def method_not_allowed(allowed: str) -> RequestError:
    """405 with what is allowed (RFC 9110, section 15.5.6)."""
    return RequestError(405, f"Allowed here: {allowed}.", fields=((b"allow", allowed.encode()),))


async def is_read(request: Request, send: Send) -> bool:
    """Whether a request reads, where nothing else can be done; OPTIONS is answered here.

    Raises:
        RequestError: 404, where an edit would go if editing were on; 405.
    """
    if request.method == "OPTIONS":
        await send_empty(send, ((b"allow", READING.encode()),))
        return False
    if request.method not in ("GET", "HEAD") and not is_shared(request):
        raise RequestError(404, "Nothing is edited here.")
    if request.method not in ("GET", "HEAD"):
        raise method_not_allowed(READING)
    return True


async def send_empty(send: Send, fields: Fields) -> None:
    """204."""
    await send({"type": "http.response.start", "status": 204, "headers": list(fields)})
    await send({"type": "http.response.body", "body": b""})


async def send_document(request: Request, send: Send, body: bytes, format_: Format, tag: str) -> None:
    """Send a small document with its tag, which varies by `Accept`; 304 if the client has it."""
    fields = [(b"etag", tag.encode()), (b"vary", b"Accept"), (b"cache-control", b"public, no-cache")]
    known = matches(request.field(b"if-none-match"), tag)
    if not known:
        fields += [
            (b"content-type", format_.content_type.encode()),
            (b"content-length", str(len(body)).encode()),
        ]
    await send({"type": "http.response.start", "status": 304 if known else 200, "headers": fields})
    await send({"type": "http.response.body", "body": b"" if known or request.method == "HEAD" else body})
