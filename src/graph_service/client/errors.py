"""What goes wrong between a client and a service, as one tree.

    GraphServiceError
    └── ClientError
        ├── Unreachable        no connection, or it broke, or it took too long
        ├── AnswerTooLarge     an answer is larger than the client takes
        ├── LibraryMissing     a frame or a graph needs a library that is not installed
        └── Problem            the service answered with an error

Each says what is wrong and how to repair it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from graph_service.errors import GraphServiceError

_JSON = "application/problem+json"


class ClientError(GraphServiceError):
    """A request has no answer."""


class Unreachable(ClientError):
    """No connection, or it broke, or it took too long."""


class AnswerTooLarge(ClientError):
    """An answer is larger than the client takes."""


class LibraryMissing(ClientError):
    """A library is not installed that only some methods need."""


class Problem(ClientError):
    """A problem document (RFC 9457), or any other answer with an error status.

    Attributes:
        status: of HTTP.
        kind: the last part of its type, as docs/sparql.md lists them (`parameter`, `not-entailed`, `busy` …); empty
            where the status says it all.
        title: the kind in words.
        detail: what is wrong here; the hint is its end.
        hint: how to repair it; may be empty.
        nearest: the known names or values that are spelled most like the wrong one.
        request_id: under which the log of the service has the request.
        retry_after: seconds after which a busy service may be asked again, if it says so.
        members: the whole document.
    """

    def __init__(self, status: int, members: Mapping[str, Any], retry_after: float | None = None) -> None:
        self.status = status
        self.retry_after = retry_after
        self.members = members
        self.title = str(members.get("title") or _phrase(status))
        self.detail = str(members.get("detail", ""))
        kind = str(members.get("type", "about:blank"))
        self.kind = "" if kind == "about:blank" else kind.rpartition("/")[2]
        self.nearest = tuple(map(str, members.get("nearest", ())))
        self.request_id = str(members.get("request_id", ""))
        super().__init__(self.detail or self.title, hint=str(members.get("hint", "")))

    def __str__(self) -> str:
        return f"{self.status} {self.title}: {self.detail}" if self.detail else f"{self.status} {self.title}"


def problem_of(status: int, content_type: str, content: bytes, retry_after: float | None = None) -> Problem:
    """The problem in an answer with an error status; a page of a proxy gives only the status."""
    try:
        members = json.loads(content) if content_type.startswith(_JSON) else {}
    except ValueError:
        members = {}
    return Problem(status, members if isinstance(members, dict) else {}, retry_after)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
