"""Limits of a query text, its length and nesting, and the error that names the exceeded limit."""

from __future__ import annotations

from graph_service.errors import LimitExceeded, Location, QuerySyntaxError
from graph_service.rdf.skimming import too_deep

QUERY_BYTES = 1024 * 1024
NESTING = 100_000


class LimitReached(LimitExceeded):
    """A limit was met.

    Attributes:
        reason: which one: `memory`, `rows`, `answer_bytes`, `query_bytes` or `nesting`.
        limit: its value, in the unit of the limit.
    """

    def __init__(self, message: str, *, reason: str, limit: int, where: Location | None = None, hint: str = "") -> None:
        super().__init__(message, where=where, hint=hint)
        self.reason = reason
        self.limit = limit


def check_size(text: str, limit: int) -> None:
    """Refuse a text whose UTF-8 has more bytes than `limit`.

    A caller that holds the text of a client asks this first: it costs a millisecond a megabyte. Over HTTP the error
    is 413 for a body and 414 for a URL (RFC 9110, sections 15.5.14 and 15.5.15).

    Raises:
        LimitReached: it is too long; `reason` is `query_bytes`.
        QuerySyntaxError: it holds half of a surrogate pair.
    """
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        before = text[: error.start]
        place = Location(line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))
        raise QuerySyntaxError("Half of a surrogate pair is not a character.", where=place) from None
    if size > limit:
        raise LimitReached(
            f"The query text has {size} bytes; the limit is {limit}.",
            reason="query_bytes",
            limit=limit,
            hint="Ask in several queries, each with a part of the values.",
        )


def check_nesting(text: str, limit: int) -> None:
    """Refuse a text in which more than `limit` brackets are open at once.

    Raises:
        LimitReached: `reason` is `nesting`.
    """
    if sum(map(text.count, "([{")) <= limit or (offset := too_deep(text, limit)) is None:
        return
    raise LimitReached(
        f"More than {limit} brackets are open at once.",
        where=Location(line=text.count("\n", 0, offset) + 1, column=offset - text.rfind("\n", 0, offset)),
        reason="nesting",
        limit=limit,
        hint="Reduce the nesting.",
    )
