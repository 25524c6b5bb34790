"""SPARQL of clients: it runs where `/sparql` runs it, in a worker that can open nothing, and never in one for routes.

A route cannot ask another worker. So the serving process looks whether a request is a call of `sparql`, has its query
answered, and hands the call to the route with what came of it (`endpoint`). Over stdio the tool asks the store itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic_core import from_json

from graph_service.errors import GraphServiceError, ParameterError
from graph_service.http.protocol.problems import RequestError, problem
from graph_service.http.protocol.request import Scope
from graph_service.http.web.forwarding import FOUND
from graph_service.rdf import guard
from graph_service.rdf.formats import TSV, Form, by_name
from graph_service.store import Query, Store

# The tool whose calls bring a query.
TOOL = "sparql"
# Of an answer; an assistant reads a tenth of it.
MOST_BYTES = 128 * 1024
# A request is a few strings, one of them long. What has more strings, or more around them, would hold up the process
# that serves: 256 kB of empty arrays take it 40 ms.
MOST_REQUEST_BYTES = 256 * 1024
_MOST_STRINGS, _MOST_AROUND = 1_000, 16 * 1024
# One that does not end goes to the end, so that no part of it is looked at twice.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)


class ClientQuery(NamedTuple):
    """A query as a client sent it, which no guard has seen, and whether inferred statements take part."""

    text: str
    inferred: bool = True


@dataclass(frozen=True)
class QueryAnswer:
    """What came of a query.

    Attributes:
        form: of the query; it says how `body` is to be read.
        body: TSV of a SELECT, JSON of an ASK, else N-Triples, up to the last whole line that fits.
        is_cut: whether there was more.
    """

    form: Form
    body: bytes
    is_cut: bool = False


FormOf = Callable[[str, str], Awaitable[Form]]
RunQuery = Callable[[ClientQuery], Awaitable[QueryAnswer]]


def in_call(body: bytes) -> ClientQuery | None:
    """The query in a request, None if it is no call of `sparql`, or one whose arguments the tool will refuse.

    Raises:
        RequestError: 413, reading it would take long.
    """
    if len(body) > _MOST_AROUND and not _is_read_soon(body):
        raise RequestError(
            413, "The request has more values than a call of a tool.", hint="Give the query as one string."
        )
    try:
        message = from_json(body)
        name, given = message["params"]["name"], message["params"]["arguments"]
        if (message["method"], name) == ("tools/call", TOOL) and isinstance(given["query"], str):
            return ClientQuery(given["query"], given.get("inferred") not in (False, "false"))
    except (LookupError, TypeError, ValueError, AttributeError):
        pass  # The SDK says what is wrong with it.
    return None


def _is_read_soon(body: bytes) -> bool:
    """Whether JSON makes few objects when it is read, however long its strings are."""
    around = len(body)
    for number, string in enumerate(_STRING.finditer(body)):
        around -= string.end() - string.start()
        if number == _MOST_STRINGS:
            return False
    return around <= _MOST_AROUND


async def run(asked: ClientQuery, store: Store, form_of: FormOf, client: str) -> QueryAnswer:
    """Answer a query as far as an assistant can read; the rest is not computed.

    Args:
        asked: the query.
        store: answers it.
        form_of: guards a long text.
        client: who asks.

    Raises:
        QueryRefused, QuerySyntaxError, LimitExceeded: by the guard.
        QueryError: as of the store.
    """
    form = guard.inspect(asked.text).form if len(asked.text) <= guard.SHORT else await form_of(asked.text, client)
    format_ = TSV if form is Form.SELECT else by_name(form, "json" if form is Form.ASK else "ntriples")
    answer = await store.query(Query(asked.text, form, format_, asked.inferred), client=client)
    body = bytearray()
    try:
        async for piece in answer:
            body += piece
            if len(body) > MOST_BYTES:
                return QueryAnswer(form, bytes(body[: body.rfind(b"\n", 0, MOST_BYTES) + 1]), is_cut=True)
    finally:
        await answer.aclose()
    return QueryAnswer(form, bytes(body))


def answered_before(scope: Scope) -> RunQuery:
    """Gives the answer that the serving process has had made for a request."""

    async def run_before(_: ClientQuery) -> QueryAnswer:
        if FOUND not in scope:
            raise ParameterError("The query is no text.", hint="Give it as one string.")
        answer = json.loads(scope[FOUND])
        return QueryAnswer(Form(answer["form"]), answer["body"].encode(), answer["is_cut"])

    return run_before


def found(answer: QueryAnswer) -> str:
    """An answer, for the scope of the request that asked for it."""
    return json.dumps({"form": answer.form, "body": answer.body.decode(), "is_cut": answer.is_cut})


def failed(error: GraphServiceError) -> str:
    """The problem in place of an answer."""
    return json.dumps({"problem": json.loads(problem(error).json())})


def problem_of(scope: Scope) -> Mapping[str, Any] | None:
    """The problem that the serving process has met, None if it met none."""
    found: Mapping[str, Any] = json.loads(scope[FOUND]) if FOUND in scope else {}
    return found.get("problem")
