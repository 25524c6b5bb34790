"""Problem details (RFC 9457): every error of the tree in `errors` as a status, a type and a sentence.

Statuses follow RFC 9110, section 15, and the SPARQL 1.1 Protocol, section 2.1.7:

- a query that is no SPARQL is malformed: 400;
- SERVICE, LOAD and updates are understood and refused: 403, and asking again will not help;
- an answer beyond a limit is 422: 413 speaks of the size of the request alone;
- a query that ran out of time is 504: the workers did not answer the server in front of them. 503 would invite
  clients to send the same query again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeAlias

from graph_service import errors
from graph_service.settings import BASE

Fields: TypeAlias = tuple[tuple[bytes, bytes], ...]

# Names out of a request come back in sentences; a giant one is cut.
LONGEST_DETAIL = 1000
# Seconds after which a client that met a full queue may come back.
RETRY_AFTER = 2


class RequestError(errors.GraphServiceError):
    """A request that HTTP itself answers with an error: wrong method, media type, size, parameter.

    Args:
        status: of RFC 9110, section 15.
        message: what is wrong, one sentence.
        hint: how to repair it.
        fields: header fields that belong to the answer, such as `Allow`.
        members: further members of the problem object.
    """

    def __init__(self, status: int, message: str, *, hint: str = "", fields: Fields = (), **members: object) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.fields = fields
        self.members = members


@dataclass(frozen=True)
class ProblemType:
    """What an error class becomes; `own_words` says whether its message is meant for strangers."""

    status: int
    name: str
    title: str
    own_words: bool = True


# The one table. A class that is not here takes its nearest base's row.
KINDS: Mapping[type[BaseException], ProblemType] = {
    errors.QuerySyntaxError: ProblemType(400, "query-syntax", "The query is not valid SPARQL"),
    errors.QueryRefused: ProblemType(403, "query-refused", "This service does not run such queries"),
    errors.NotWritable: ProblemType(406, "not-writable", "The requested format cannot express the answer"),
    errors.ParameterError: ProblemType(422, "parameter", "A parameter is missing or wrong"),
    errors.QueryNotFound: ProblemType(404, "query-not-found", "There is no query with this name"),
    errors.NotEntailed: ProblemType(
        404, "not-entailed", "This triple is neither stated in the data nor does it follow from them"
    ),
    errors.LimitExceeded: ProblemType(422, "limit-exceeded", "The query exceeds a limit"),
    errors.QueryTimeout: ProblemType(504, "query-timeout", "The query took too long"),
    errors.StoreBusy: ProblemType(503, "busy", "All workers are busy"),
    errors.WorkerLost: ProblemType(503, "worker-lost", "The query's worker was lost"),
    errors.EndpointError: ProblemType(502, "endpoint", "The database behind this service did not answer"),
    errors.SnapshotError: ProblemType(503, "snapshot", "The data are not available", own_words=False),
    BaseException: ProblemType(500, "internal", "Something went wrong on our side", own_words=False),
}


@dataclass(frozen=True)
class Problem:
    """One problem object (RFC 9457, section 3) and the fields that travel with it."""

    status: int
    type: str
    title: str
    detail: str
    members: Mapping[str, object] = field(default_factory=dict)
    fields: Fields = ()

    @property
    def name(self) -> str:
        """The type's short name; of a problem that has none of its own, the status."""
        return str(self.status) if self.type == "about:blank" else self.type.rpartition("/")[2]

    def json(self) -> bytes:
        """The object as UTF-8 JSON, safe to stand in HTML: `<`, `>` and `&` are escaped."""
        known = {"type": self.type, "title": self.title, "status": self.status, "detail": self.detail}
        text = json.dumps({**known, **self.members}, ensure_ascii=False)
        for character in "<>&":
            text = text.replace(character, f"\\u{ord(character):04x}")
        # A lone surrogate out of a broken request has no UTF-8; its escape is valid JSON.
        return text.encode("utf-8", "backslashreplace") + b"\n"


def type_iri(name: str) -> str:
    """The IRI of a problem type, by its short name as `docs/sparql.md` lists them."""
    return f"{BASE}problem/{name}"


def problem(error: BaseException, request_id: str = "") -> Problem:
    """The problem that a client sees: never a trace, a path, or words meant for the log."""
    members: dict[str, object] = {"request_id": request_id} if request_id else {}
    if isinstance(error, RequestError):
        return _of_request(error, members)
    kind = next(KINDS[base] for base in type(error).__mro__ if base in KINDS)
    if not kind.own_words or not isinstance(error, errors.GraphServiceError):
        detail = "The log has the details under this request id." if request_id else kind.title + "."
        return Problem(kind.status, type_iri(kind.name), kind.title, detail, members)
    members |= _place(error)
    members |= _repair(error)
    # An error that met a limit says which, and how high it is.
    members |= {name: value for name in ("reason", "limit") if (value := getattr(error, name, None)) is not None}
    if isinstance(error, errors.QuerySyntaxError):
        told = {"line_text": error.line_text, "declaration": error.declaration}
        members |= {name: text for name, text in told.items() if text}
    detail = _shorten(f"{error.message} {error.hint}")
    return Problem(kind.status, type_iri(kind.name), kind.title, detail, members, _retry(error))


def _of_request(error: RequestError, members: dict[str, object]) -> Problem:
    """A problem of HTTP's own; `about:blank` means that the status says it all (RFC 9457, section 4.2.1)."""
    title = HTTPStatus(error.status).phrase
    detail = _shorten(f"{error.message} {error.hint}")
    members = {**members, **_repair(error), **error.members}
    return Problem(error.status, "about:blank", title, detail, members, error.fields)


def _repair(error: errors.GraphServiceError) -> dict[str, object]:
    """The hint by itself, which also ends the detail, and the known names that are spelled like a wrong one."""
    nearest = getattr(error, "nearest", ())
    return ({"hint": _shorten(error.hint)} if error.hint else {}) | ({"nearest": list(nearest)} if nearest else {})


def _place(error: errors.GraphServiceError) -> dict[str, object]:
    """Line and column in the text that was sent, both from 1; files of ours have no place in an answer."""
    where = error.where
    if where is None or where.path is not None:
        return {}
    return {name: number for name, number in (("line", where.line), ("column", where.column)) if number}


def _retry(error: BaseException) -> Fields:
    """`Retry-After` in whole seconds (RFC 9110, section 10.2.3) where coming back makes sense."""
    if not isinstance(error, errors.StoreBusy):
        return ()
    seconds = getattr(error, "retry_after", None) or RETRY_AFTER
    return ((b"retry-after", str(max(1, round(seconds))).encode()),)


def _shorten(text: str) -> str:
    """One line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_DETAIL else line[: LONGEST_DETAIL - 1] + "…"
