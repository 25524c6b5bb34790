"""A call of the API: the edition that answers, and what was negotiated; and how an answer becomes a response."""

# No `from __future__ import annotations` here: FastAPI reads the annotations when the dependency is created, and they
# use names of the enclosing function.

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query
from starlette.responses import Response

from graph_service.http.protocol import negotiation
from graph_service.http.protocol.documents import negotiate
from graph_service.http.protocol.problems import Fields
from graph_service.http.protocol.request import Receive, Request, Scope, Send
from graph_service.http.web import LANGUAGES
from graph_service.http.web.edition import CurrentEdition, Edition
from graph_service.http.web.parameters import LanguageTag
from graph_service.http.web.routes import CurrentRequest
from graph_service.rdf.formats import Format
from graph_service.rdf.namespaces import Names
from graph_service.views.labels import FALLBACK

Language = Annotated[
    LanguageTag | None,
    Query(
        description="Language of labels and texts; else by Accept-Language, else German",
        examples=["de"],
        json_schema_extra={
            "x-description-de": "Sprache der Bezeichnungen und Texte; sonst nach Accept-Language, sonst Deutsch"
        },
    ),
]


@dataclass(frozen=True)
class Call:
    """One call.

    Attributes:
        edition: what it is answered from.
        request: as it came.
        format: of the answer.
        language: of labels and texts: the one asked for, or what it falls back to.
        given: names and values of the query string, without empty ones and without `format`.
        asked: the language that was asked for, by which numbers are written, too.
    """

    edition: Edition
    request: Request
    format: Format
    language: str
    given: tuple[tuple[str, str], ...]
    asked: str = ""

    @property
    def client(self) -> str:
        """The address of the client."""
        return self.request.client

    @property
    def names(self) -> Names:
        """For CURIEs and the base."""
        return self.edition.names

    @property
    def path(self) -> str:
        """The path that was asked for, with the path below which a proxy serves us."""
        return str(self.request.scope["path"])

    @property
    def root(self) -> str:
        """The path below which a proxy serves us, for links."""
        return str(self.request.scope.get("root_path", ""))

    def address(self, **changes: str) -> str:
        """The address of this call with other arguments, below the host; an empty one is left out."""
        pairs = [(name, value) for name, value in self.given if name not in changes]
        pairs += [(name, value) for name, value in changes.items() if value]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    @property
    def query_address(self) -> str:
        """Where the query behind the answer stands."""
        return self.address(format="sparql")

    @property
    def query_link(self) -> Fields:
        """The `Link` field that names the query behind the answer."""
        return ((b"link", f'<{self.query_address}>; rel="describedby"; type="application/sparql-query"'.encode()),)

    @property
    def head(self) -> dict[str, str]:
        """The first fields of every JSON answer: data set, query and language."""
        return {"dataset": self.edition.digest, "query": self.query_address, "language": self.language}

    def response(self, body: bytes, fields: Fields = ()) -> Response:
        """An answer in the format and language of the call."""
        return respond(body, self.format.content_type, ((b"content-language", self.language.encode()), *fields))


def call_in(*formats: Format) -> Callable[..., Awaitable[Call]]:
    """The dependency of a route that answers in these formats, preferred one first."""
    names = [one.name for one in formats]

    async def call(
        edition: CurrentEdition,
        request: CurrentRequest,
        format: Annotated[  # noqa: A002 - the name of the parameter
            str | None,
            Query(
                description="Format of the answer; else by Accept. The first is the default.",
                json_schema_extra={"enum": names},
            ),
        ] = None,
        lang: Language = None,
    ) -> Call:
        pairs = request.parameters()
        wanted = ",".join(value for name, value in pairs if name == "format")
        given = tuple(pair for pair in pairs if pair[0] != "format")
        language = language_of(request, lang)
        if lang and lang.partition("-")[0] != language:
            # Labels may be in any language; what the data set has no label in is answered in another, which it names.
            spoken = await edition.remembered("languages", _LabelLanguages).of(edition, request.client)
            language = lang if {lang, lang.partition("-")[0]} & spoken else FALLBACK
        return Call(edition, request, negotiate(request, formats, wanted), language, given, lang or language)

    return call


class _LabelLanguages:
    """The languages that a data set has names and titles in; kept in the memory of its edition."""

    def __init__(self) -> None:
        self._tags: set[str] | None = None

    async def of(self, edition: Edition, client: str) -> set[str]:
        if self._tags is None:
            rows = await edition.questions.rows(edition.questions.file("languages").text, client)
            self._tags = {row["language"]["value"].lower() for row in rows}
        return self._tags


def language_of(request: Request, asked: str | None) -> str:
    """The language to answer in: what is asked for, or what it is a variant of; else by `Accept-Language`."""
    return negotiation.language(asked or request.field(b"accept-language"), LANGUAGES)


def respond(body: bytes, content_type: str, fields: Fields = ()) -> Response:
    """A response with these fields and no others; the layer in front adds those of caching."""
    response = Response(body)
    response.raw_headers = [(b"content-type", content_type.encode()), *fields]
    return response


class StreamingAnswer(Response):
    """An answer of the store that is too large to be collected; the pieces go out as the client reads them."""

    def __init__(self, head: bytes, rest: AsyncIterator[bytes], close: Callable[[], Awaitable[Any]]) -> None:
        super().__init__()
        self._head = head
        self._rest = rest
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": self._head, "more_body": True})
            async for piece in self._rest:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await self._close()
