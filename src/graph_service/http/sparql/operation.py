"""Reading the query operation (SPARQL 1.1 Protocol, section 2.1): parameters and media types, strictly read."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from graph_service.http.protocol import certificates
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import Request
from graph_service.rdf.formats import Form, Format
from graph_service.store import Query

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
ACCEPT_POST = (b"accept-post", f"{FORM}, {DIRECT}".encode())


@dataclass(frozen=True)
class QueryOperation:
    """An operation as it was sent: the text and the protocol's parameters, before anything is decided.

    Attributes:
        text: a query, or an update where `update` is true.
        default_graphs, named_graphs: of the protocol; None where none is named.
        inferred: whether inferred triples take part.
        format: names of formats, by commas.
        update: whether the client calls it an update.
        certified: whether the certificate of the answer is wanted in place of the answer.
    """

    text: str
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    inferred: bool
    format: str
    update: bool = False
    certified: bool = False

    def query(self, form: Form, format_: Format) -> Query:
        """The query, for a store."""
        return Query(self.text, form, format_, self.inferred, self.default_graphs, self.named_graphs)


def read_operation(parameters: list[tuple[str, str]]) -> QueryOperation | None:
    """The operation that these parameters describe (section 2.1.4); None where there is no query among them.

    Parameters that the protocol does not know are left alone: clients send their own.

    Raises:
        RequestError: 400 for anything malformed.
    """
    found: dict[str, list[str]] = {}
    for name, value in parameters:
        found.setdefault(name, []).append(value)
    # The guard refuses an update, whether it calls itself one or a query.
    queries = found.get("update") or found.get("query", [])
    if not queries:
        return None
    if len(queries) > 1:
        raise RequestError(400, "There is more than one query or update.", hint="Send one at a time.")
    return QueryOperation(
        queries[0].removeprefix("\ufeff"),  # the byte order mark of a file that was sent as it is
        _graphs(found, "default-graph-uri"),
        _graphs(found, "named-graph-uri"),
        read_inferred(found.get("inferred", [])),
        ",".join(found.get("format", [])),
        "update" in found,
        certificates.is_wanted(parameters),
    )


def read_inferred(values: list[str]) -> bool:
    """Whether inferred triples take part: they do unless `inferred=false` says otherwise.

    Raises:
        RequestError: 400, neither true nor false.
    """
    value = values[-1].strip().lower() if values else "true"
    if value not in ("true", "false", "1", "0"):
        raise RequestError(400, "The parameter 'inferred' is true or false.")
    return value in ("true", "1")


def _graphs(found: dict[str, list[str]], name: str) -> tuple[str, ...] | None:
    return tuple(absolute_iri(value, name) for value in found[name]) if name in found else None


def absolute_iri(value: str, name: str) -> str:
    """The value, if it is an absolute IRI.

    Raises:
        RequestError: 400.
    """
    try:
        return ox.NamedNode(value).value
    except ValueError:
        raise RequestError(400, f"The parameter '{name}' needs an absolute IRI.", parameter=name) from None


def posted_type(request: Request) -> str:
    """The media type of a posted query.

    Raises:
        RequestError: 415 for a type, charset or content coding that is not read here.
    """
    media_type, _, parameters = request.field(b"content-type").partition(";")
    media_type = media_type.strip().lower()
    if media_type not in (FORM, DIRECT, UPDATE):
        raise RequestError(415, f"Queries are posted as {FORM} or {DIRECT}.", fields=(ACCEPT_POST,))
    charset = parameters.lower().partition("charset=")[2].partition(";")[0].strip(' "')
    if charset not in ("", "utf-8", "utf8"):
        raise RequestError(415, "Queries are read as UTF-8.", fields=(ACCEPT_POST,))
    if request.field(b"content-encoding").strip().lower() not in ("", "identity"):
        refusal = ((b"accept-encoding", b"identity"),)
        raise RequestError(415, "Queries are read without content coding.", fields=refusal)
    return media_type


def utf8(body: bytes) -> str:
    """The text of a posted query.

    Raises:
        RequestError: 400, it is not UTF-8.
    """
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise RequestError(400, "The query is not UTF-8.") from None
