"""SPARQL 1.1 Protocol, the query operation (sections 2.1 and 2.2), as plain ASGI before any framework.

Requests that prefer HTML (browsers) and name no format get the editor, with or without a query. So people can share the
address of a query, and programs get its answer there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache

from graph_service.errors import QuerySyntaxError
from graph_service.http.protocol import negotiation
from graph_service.http.protocol.answers import AnswerPlan, Answers
from graph_service.http.protocol.cache import entity_tag
from graph_service.http.protocol.documents import (
    method_not_allowed,
    negotiate,
    negotiate_encoding,
    send_document,
    send_empty,
)
from graph_service.http.protocol.limits import HTTPLimits
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import ASGIApp, Receive, Request, Scope, Send, long_form_parameters
from graph_service.http.sparql.certifying import certify
from graph_service.http.sparql.description import DatasetFacts, describe
from graph_service.http.sparql.mistakes import told_in_full
from graph_service.http.sparql.operation import (
    ACCEPT_POST,
    FORM,
    UPDATE,
    QueryOperation,
    posted_type,
    read_operation,
    utf8,
)
from graph_service.rdf import guard
from graph_service.rdf.formats import DIGEST, GRAPHS, RESULTS, Form, offered

METHODS = "GET, HEAD, POST, OPTIONS"
# Requests and texts longer than this are understood anew each time, so that what is remembered stays small.
_REMEMBERED = guard.SHORT


# Finds the form of a query text for a client, and refuses what is never run.
FormOf = Callable[[str, str], Awaitable[Form]]


class SPARQLEndpoint:
    """The endpoint.

    Args:
        answers: runs and sends queries.
        dataset: facts for the service description.
        form_of: the guard for updates and long texts, which may take its time; raises QueryRefused, QuerySyntaxError
            and LimitExceeded.
        limits: sizes and times of a request.
        query_bytes: size that a query text, and so a body, may have.
        page: the editor for browsers; without it they get what programs get.
    """

    def __init__(
        self,
        answers: Answers,
        dataset: DatasetFacts,
        form_of: FormOf,
        *,
        limits: HTTPLimits,
        query_bytes: int,
        page: ASGIApp | None = None,
    ) -> None:
        self._answers = answers
        self._dataset = dataset
        self._form_of_long = form_of
        self._form = lru_cache(maxsize=1024)(lambda text: guard.inspect(text).form)
        self._limits = limits
        self._query_bytes = query_bytes
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            GraphServiceError: what becomes a problem document.
        """
        request = Request.of(scope, receive)
        if request.method in ("GET", "HEAD"):
            await self._get(request, send)
        elif request.method == "POST":
            operation = await self._posted(request)
            if operation.certified:
                await self._certify(request, operation, send)
            else:
                with told_in_full(operation.text, self._dataset.base):
                    await self._answers.respond(request, await self._plan(request, operation), send)
        elif request.method == "OPTIONS":
            await send_empty(send, ((b"allow", METHODS.encode()), ACCEPT_POST))
        else:
            raise method_not_allowed(METHODS)

    async def _get(self, request: Request, send: Send) -> None:
        """Section 2.1.1. A request that was understood before is not read again: that is what a cached answer costs."""
        raw = request.scope["query_string"]
        if len(raw) > self._limits.url_bytes:
            raise RequestError(
                414, f"The URL has more than {self._limits.url_bytes} bytes.", hint="Send long queries by POST."
            )
        key = (raw, request.raw(b"accept"), request.raw(b"accept-encoding"))
        plan = self._answers.plans.get(key)
        if plan is None:
            parameters = request.parameters()
            operation = read_operation(parameters)
            if operation is not None and operation.certified:
                await self._certify(request, operation, send)
                return
            wanted = ",".join(value for name, value in parameters if name == "format")
            if self._page is not None and _is_browser(request.field(b"accept"), wanted):
                await self._page(request.scope, request.receive, send)
                return
            if operation is None:
                await self._describe(request, wanted, send)
                return
            with told_in_full(operation.text, self._dataset.base):
                plan = await self._plan(request, operation)
            if sum(map(len, key)) <= _REMEMBERED:
                self._answers.plans.put(key, plan)
        with told_in_full(plan.query.text, self._dataset.base):
            await self._answers.respond(request, plan, send)

    async def _posted(self, request: Request) -> QueryOperation:
        """Sections 2.1.2 and 2.1.3."""
        media_type = posted_type(request)
        body = await request.body(self._query_bytes * (3 if media_type == FORM else 1), self._limits.body_seconds)
        parameters = request.parameters()
        if media_type == FORM:
            # Parameters of a form may also stand in the URL: the W3C's own tests send them so.
            parameters = [*parameters, *await long_form_parameters(body)]
            self._check_others(parameters)
        else:
            if any(name == "query" for name, _ in parameters):
                raise RequestError(400, "There is a query in the URL and another in the body.")
            parameters.append(("update" if media_type == UPDATE else "query", utf8(body)))
        operation = read_operation(parameters)
        if operation is None:
            raise RequestError(400, "There is no query.", hint="Send it as the parameter 'query'.")
        return operation

    def _check_others(self, parameters: list[tuple[str, str]]) -> None:
        """A form may be long for its query alone."""
        most = self._limits.url_bytes
        if sum(len(name) + len(value) for name, value in parameters if name not in ("query", "update")) > most:
            raise RequestError(413, f"The parameters beside the query have more than {most} characters.", limit=most)

    async def _plan(self, request: Request, operation: QueryOperation) -> AnswerPlan:
        """Decide on form, format and coding.

        Raises:
            RequestError: 413, 406.
            QueryRefused, LimitExceeded: by the guard.
        """
        form = await self._form_of(operation, request.client)
        query = operation.query(form, negotiate(request, offered(form), operation.format))
        return self._answers.plan(query, negotiate_encoding(request))

    async def _certify(self, request: Request, operation: QueryOperation, send: Send) -> None:
        with told_in_full(operation.text, self._dataset.base):
            form = await self._form_of(operation, request.client)
            await certify(request, operation.query(form, DIGEST), self._dataset.base, self._answers, send)

    async def _form_of(self, operation: QueryOperation, client: str) -> Form:
        """The form of a query that may run; raises as `_plan`."""
        text = operation.text
        if len(text) > self._query_bytes or len(text.encode()) > self._query_bytes:
            raise RequestError(413, f"The query has more than {self._query_bytes} bytes.", limit=self._query_bytes)
        if operation.update:
            await self._refuse(text, client)
        return await self._form_of_long(text, client) if len(text) > _REMEMBERED else self._form(text)

    async def _refuse(self, text: str, client: str) -> None:
        """Refuse an update (section 2.2): 403, or 400 if it is no SPARQL."""
        form = await self._form_of_long(text, client)
        raise QuerySyntaxError(f"{form.value} is a query and no update.", hint="Send it as the parameter 'query'.")

    async def _describe(self, request: Request, wanted: str, send: Send) -> None:
        """Without a query: a service description."""
        format_ = negotiate(request, GRAPHS, wanted)
        endpoint = f"{request.origin}/sparql"
        body = describe(self._dataset, endpoint, format_)
        tag = entity_tag("description", endpoint, self._dataset.digest, format_.name)
        await send_document(request, send, body, format_, tag)


def _is_browser(accept: str, wanted: str) -> bool:
    """Whether a page is asked for, by `?format=` or else by `Accept`."""
    if wanted:
        return negotiation.named(wanted, (HTML,)) is not None
    return negotiation.prefers(accept, HTML, (*RESULTS, *GRAPHS))
