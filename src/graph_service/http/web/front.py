"""The layer in front of the routes: validators before any work, cache, single flight, compression.

The entity tag covers everything that an answer depends on: software, data set, query files and texts of the publisher,
address, negotiation, and the host name of the request. It is known before a route is looked for, and it is the key of
the cache. `server.shortcut` answers a repeated request from the cache without creating a task.
"""

from __future__ import annotations

import re
from functools import partial

from graph_service.http.protocol import negotiation
from graph_service.http.protocol.answers import CachedRoute
from graph_service.http.protocol.cache import entity_tag
from graph_service.http.protocol.delivery import Representation, Work, deliver
from graph_service.http.protocol.documents import is_read, negotiate_encoding
from graph_service.http.protocol.request import ASGIApp, Message, Receive, Request, Scope, Send, route_of
from graph_service.http.web import LANGUAGES
from graph_service.http.web.edition import Release, release_of
from graph_service.version import __version__

# Set in the scope of a request whose answer gets more header fields behind this layer: the server must not answer the
# same request from the cache by itself.
AMENDED = "amended"
# In the scope: what an answer depends on beside request and edition, as text, and a function that tells whether it is
# still so, for requests that are answered from the cache without coming here.
STATE, HOLDS = "state", "holds"
_VARY = (b"vary", b"Accept, Accept-Encoding, Accept-Language")
# Longer requests are parsed each time, so that the memory of earlier requests stays small.
_REMEMBERED = 4096
_NAMED = re.compile(r"(?:^|&)(format|lang)=(?=[^&])")


class Front:
    """Answers GET and HEAD of an application whose answers depend on nothing but request and edition.

    Args:
        app: the application; it need not know HEAD.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            RequestError: 405, 406.
            Exception: whatever the application raises.
        """
        request = Request.of(scope, receive)
        if not await is_read(request, send):
            return
        work = partial(self._get, scope, receive)
        release = release_of(scope)
        if release is None:
            await self._plainly(request, work, send)
            return
        representation = _representation(request, release)
        answers = release.answers
        await deliver(request, representation, work, send, answers.cache, answers.metrics)
        _remember(request, release, representation)

    async def _plainly(self, request: Request, work: Work, send: Send) -> None:
        """Answer where there is no edition: health and metrics of a service without pages."""

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await work(without_body if request.method == "HEAD" else send)

    async def _get(self, scope: Scope, receive: Receive, send: Send) -> None:
        as_get = {**scope, "method": "GET"}

        def learn() -> None:
            scope.update((name, as_get[name]) for name in ("route", "problem", "error") if name in as_get)

        async def learning(message: Message) -> None:
            # An answer that is kept is kept with its route.
            learn()
            await send(message)

        try:
            await self._app(as_get, receive, learning)
        finally:
            learn()


def _representation(request: Request, release: Release) -> Representation:
    scope = request.scope
    encoding = negotiate_encoding(request)
    query = scope["query_string"].decode("latin-1")
    # A format or a language that is named makes the preferences of the client void; an empty one names none.
    named = set(_NAMED.findall(query))
    accept = "" if "format" in named else request.field(b"accept")
    language = "" if "lang" in named else negotiation.language(request.field(b"accept-language"), LANGUAGES)
    path = scope.get("raw_path", b"").decode("latin-1") or scope["path"]
    asked = (scope.get("root_path", ""), path, scope["path"], query, accept, language, encoding, request.origin)
    tag = entity_tag(__version__, release.digest, release.made_with, "routes", *asked, scope.get(STATE, ""))
    return Representation(tag, encoding, _VARY, release.fields)


def _remember(request: Request, release: Release, representation: Representation) -> None:
    """Let the next request in the same bytes be answered from the cache at once."""
    scope = request.scope
    answers = release.answers
    holds = scope.get(HOLDS)
    if request.method != "GET" or scope.get(AMENDED) or representation.tag not in answers.cache:
        return
    url = scope.get("raw_path", b"") + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    accept, coding, language, host = (
        request.raw(name) for name in (b"accept", b"accept-encoding", b"accept-language", b"host")
    )
    key = (url, accept, coding, language, host)
    known = answers.routes.get(key)
    if (known is None or known.tag != representation.tag) and sum(map(len, key)) <= _REMEMBERED:
        fields = representation.cache_fields()
        answers.routes.put(key, CachedRoute(release.digest, representation.tag, fields, route_of(scope), holds))
