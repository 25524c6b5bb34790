"""Certificates of answers of `/sparql`: a worker writes the digest of the answer in place of the answer."""

from __future__ import annotations

import json
from typing import Literal

from graph_service.http.protocol.answers import Answers
from graph_service.http.protocol.cache import volatile
from graph_service.http.protocol.certificates import (
    CERTIFICATE,
    Certificate,
    CertifiedEdition,
    CertifiedRequest,
    unrepeatable,
)
from graph_service.http.protocol.delivery import Representation, deliver
from graph_service.http.protocol.documents import negotiate_encoding
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import Request, Send
from graph_service.store import Query, collect

PATH = "/sparql"
# A digest has some hundred bytes.
_MOST = 10_000
# Characters of the query, which stands in its certificate: as JSON it may be six times as long.
_LONGEST = 64 * 1024


async def certify(request: Request, query: Query, base: str, answers: Answers, send: Send) -> None:
    """Send the certificate of an answer; it is never kept, since it says when it was issued.

    Args:
        request: what is answered.
        query: what is asked, in the format `formats.DIGEST`.
        base: IRI that relative ones of the query are resolved against.
        answers: of the edition.
        send: where the certificate goes.

    Raises:
        RequestError: 413, the query is too long for a certificate.
        ParameterError: the answer depends on clock or chance.
        QueryError: as of the store; an answer beyond a limit has no certificate.
    """
    if len(query.text) > _LONGEST:
        detail = f"A query of more than {_LONGEST} characters has no certificate."
        raise RequestError(413, detail, hint="Ask without ?certificate.", limit=_LONGEST)
    if volatile(query.text):
        raise unrepeatable()

    async def work(send: Send) -> None:
        result = json.loads(await collect(await answers.store.query(query, client=request.client), _MOST))
        edition = CertifiedEdition(digest=answers.store.digest, base=base)
        body = Certificate.now(edition, _request(request, query), result).encode()
        headers = [(b"content-type", CERTIFICATE.content_type.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    representation = Representation("", negotiate_encoding(request), (b"vary", b"Accept-Encoding"))
    await deliver(request, representation, work, send, answers.cache, answers.metrics)


def _request(request: Request, query: Query) -> CertifiedRequest:
    graphs = {"default-graph-uri": query.default_graphs, "named-graph-uri": query.named_graphs}
    parameters = {name: list(iris) for name, iris in graphs.items() if iris is not None}
    parameters["inferred"] = ["true" if query.inferred else "false"]
    method: Literal["GET", "POST"] = "POST" if request.method == "POST" else "GET"
    return CertifiedRequest(method=method, path=PATH, parameters=parameters, query=query.text)
