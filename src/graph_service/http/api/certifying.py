"""`?certificate` on the operations of the API: the operation answers, and the digest of its answer is sent instead.

The certificate is that of the operation's first format; in which format a client has read the answer does not matter.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from graph_service.http.api.canonical_json import document
from graph_service.http.protocol import request as protocol
from graph_service.http.protocol.certificates import (
    CERTIFICATE,
    PARAMETER,
    Certificate,
    CertifiedEdition,
    CertifiedRequest,
    is_wanted,
    unrepeatable,
)
from graph_service.http.protocol.delivery import NEVER_KEEP
from graph_service.http.web.asking import Collected
from graph_service.http.web.call import respond
from graph_service.http.web.edition import EDITION, Edition
from graph_service.http.web.media import SPARQL
from graph_service.http.web.parameters import UNDERSTOOD, Texts
from graph_service.http.web.routes import Handler, StrictRoute
from graph_service.rdf import canonical
from graph_service.rdf.formats import GRAPHS, RESULTS

_READABLE = {one.content_type: one for one in (*RESULTS, *GRAPHS)}
_OURS = frozenset((PARAMETER, "format"))


async def certificate_parameter(
    certificate: Annotated[
        bool,
        Query(
            description="The certificate of the answer in its place, by which it can be checked later",
            json_schema_extra={
                "x-description-de": "Statt der Antwort ihr Zertifikat, mit dem sie sich später nachprüfen lässt"
            },
        ),
    ] = False,
) -> None:
    """The dependency of a route whose answers have certificates."""


class CertifiedRoute(StrictRoute):
    """A route whose answers have certificates, if it has `certificate_parameter`."""

    def get_route_handler(self) -> Handler:
        """The handler of a request."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            query = request.scope["query_string"]
            may_be = PARAMETER.encode() in query and PARAMETER in self.takes
            given = protocol.form_parameters(query) if may_be else []
            return await _certified(handle, request, given) if is_wanted(given) else await handle(request)

        return answer


async def _certified(handle: Handler, request: Request, given: Sequence[tuple[str, str]]) -> Response:
    """The certificate of an answer.

    Raises:
        ParameterError: the answer depends on clock or chance.
        GraphServiceError: as of the operation.
    """
    pairs = [(name, value) for name, value in given if value and name not in _OURS]
    answer = await _ask(handle, request, pairs)
    if answer.is_volatile:
        raise unrepeatable()
    if (format_ := _READABLE.get(answer.content_type)) is None:
        found = document(json.loads(answer.body))
    else:
        is_table = format_ in RESULTS
        text = (await _ask(handle, request, [*pairs, ("format", SPARQL.name)])).body.decode() if is_table else ""
        found = canonical.read(answer.body, format_, is_ordered=canonical.orders(text))
    scope = request.scope
    edition: Edition = scope[EDITION]
    certificate = Certificate.now(
        CertifiedEdition(digest=edition.digest, base=edition.manifest.base),
        CertifiedRequest(
            method="GET",
            path=scope["path"].removeprefix(scope.get("root_path", "")),
            # A query may have settled on a language of its own.
            parameters={"lang": [answer.language], **answer.understood},
        ),
        found.result,
        edition.queries,
    )
    return respond(certificate.encode(), CERTIFICATE.content_type, (NEVER_KEEP,))


@dataclass(frozen=True)
class _Answer:
    """The answer of an operation, and how it understood the parameters."""

    content_type: str
    body: bytes
    language: str
    understood: Texts
    is_volatile: bool


async def _ask(handle: Handler, request: Request, pairs: Sequence[tuple[str, str]]) -> _Answer:
    """Ask the operation, in its first format if the parameters name none."""
    fields = [(name, value) for name, value in request.scope["headers"] if name != b"accept"]
    scope = {**request.scope, "query_string": urlencode(pairs).encode(), "headers": fields}
    scope.pop(protocol.READ, None)
    response = await handle(Request(scope, request.receive))
    collected = Collected()
    await response(scope, request.receive, collected.send)
    language = dict(collected.headers)[b"content-language"].decode()
    is_volatile = NEVER_KEEP in collected.headers
    return _Answer(collected.content_type, bytes(collected.body), language, scope[UNDERSTOOD], is_volatile)
