"""The two clients: `Client` blocks, `AsyncClient` is awaited. All else they have in common."""

from __future__ import annotations

import asyncio
import copy
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TypeVar

import httpx2

from graph_service.client import tables
from graph_service.client.cache import Cache
from graph_service.client.errors import AnswerTooLarge, ClientError, Unreachable
from graph_service.client.exchange import exchange
from graph_service.client.flow import NOTHING, Asynchronous, Blocking, Flow, Received, Send, Wait
from graph_service.client.operations import Operations
from graph_service.client.requests import (
    Arguments,
    AsyncListing,
    AsyncRequest,
    BaseListing,
    BaseRequest,
    Listing,
    Request,
    TableReader,
)
from graph_service.version import __version__

Self = TypeVar("Self", bound="BaseClient")
Result = TypeVar("Result")
_MIB = 2**20
# Items of a list that are fetched at once, unless the caller says it.
_PAGE = 500
_FIELDS = {"user-agent": f"graph-service-client/{__version__}"}


class BaseClient(Operations):
    """What both clients are made of.

    Args:
        address: of the service, such as `http://localhost:8000`.
        language: `de` or `en`, of labels and texts; without one the service chooses.
        timeout: seconds for connecting, for each piece of an answer, for each piece of a request.
        retries: how often a busy service (429, 503) is asked again, after the time that it names.
        cache_bytes: of answers that are kept with their entity tags; 0 keeps none.
        answer_bytes: what one answer may have, unpacked.
    """

    _request_class: type[BaseRequest[Any]]
    _listing_class: type[BaseListing[Any, Any]]

    def __init__(
        self,
        address: str,
        *,
        language: str | None = None,
        timeout: float = 60.0,
        retries: int = 4,
        cache_bytes: int = 64 * _MIB,
        answer_bytes: int = 256 * _MIB,
    ) -> None:
        self.root = address.rstrip("/")
        self.pinned = ""
        self.language = language
        self._retries = retries
        self._cache = Cache(cache_bytes)
        self._answer_bytes = answer_bytes
        self._open(httpx2.Timeout(timeout))

    def edition(self: Self, digest: str) -> Self:
        """A client of the same kind that asks one edition, whatever is in use; both share connections and cache.

        Args:
            digest: of the data set, at least its first eight digits.

        Raises:
            ClientError: this is no digest.
        """
        if not re.fullmatch("[0-9a-f]{8,64}", digest):
            raise ClientError(f"{digest!r} is no digest.", hint="editions() lists them.")
        pinned = copy.copy(self)
        pinned.pinned = f"/edition/{digest}"
        return pinned

    def _open(self, timeout: httpx2.Timeout) -> None:
        raise NotImplementedError

    def _request(
        self, path: str, arguments: Arguments, table: TableReader = tables.of_records, body: bytes | None = None
    ) -> BaseRequest[Any]:
        return self._request_class(self, path, self._spoken(path, arguments), table, body)

    def _listing(self, path: str, arguments: Arguments) -> BaseListing[Any, Any]:
        return self._listing_class(self, path, self._spoken(path, {"limit": _PAGE, **arguments}), tables.of_records)

    def _unpinned(self) -> BaseClient:
        unpinned = copy.copy(self)
        unpinned.pinned = ""
        return unpinned

    def _spoken(self, path: str, arguments: Arguments) -> Arguments:
        """The arguments with the language of the client, where the API takes one."""
        has_language = self.language is not None and path.startswith("/api/")
        return {"lang": self.language, **arguments} if has_language else arguments

    def _run(self, flow: Flow[Any]) -> Any:
        raise NotImplementedError

    def _answer(self, send: Send) -> Flow[Received]:
        return exchange(send, self._cache, self._retries)

    def _longer(self, content: bytearray, piece: bytes, address: str) -> None:
        content += piece
        if len(content) > self._answer_bytes:
            hint = "Ask for less, or give the client a higher answer_bytes."
            raise AnswerTooLarge(f"{address} answers more than {self._answer_bytes} bytes.", hint=hint)


class Client(BaseClient, Blocking):
    """A client whose methods return when the service has answered. Threads may share it."""

    _request_class = Request
    _listing_class = Listing

    def _open(self, timeout: httpx2.Timeout) -> None:
        self._http = httpx2.Client(timeout=timeout, follow_redirects=True, headers=_FIELDS)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections, and those of its editions."""
        self._http.close()

    def _run(self, flow: Flow[Result]) -> Result:
        try:
            step = next(flow)
            while True:
                step = flow.send(self._take(step))
        except StopIteration as end:
            result: Result = end.value
            return result

    def _take(self, step: Send | Wait) -> Received:
        if isinstance(step, Wait):
            time.sleep(step.seconds)
            return NOTHING
        content = bytearray()
        with _reaching(step), self._http.stream(**_request(step)) as response:
            for piece in response.iter_bytes():
                self._longer(content, piece, step.address)
        return _read(response, content)


class AsyncClient(BaseClient, Asynchronous):
    """A client whose methods are awaited, in one event loop."""

    _request_class = AsyncRequest
    _listing_class = AsyncListing

    def _open(self, timeout: httpx2.Timeout) -> None:
        self._http = httpx2.AsyncClient(timeout=timeout, follow_redirects=True, headers=_FIELDS)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close its connections, and those of its editions."""
        await self._http.aclose()

    async def _run(self, flow: Flow[Result]) -> Result:
        try:
            step = next(flow)
            while True:
                step = flow.send(await self._take(step))
        except StopIteration as end:
            result: Result = end.value
            return result

    async def _take(self, step: Send | Wait) -> Received:
        if isinstance(step, Wait):
            await asyncio.sleep(step.seconds)
            return NOTHING
        content = bytearray()
        with _reaching(step):
            async with self._http.stream(**_request(step)) as response:
                async for piece in response.aiter_bytes():
                    self._longer(content, piece, step.address)
        return _read(response, content)


def _request(send: Send) -> dict[str, Any]:
    method = "GET" if send.body is None else "POST"
    return {"method": method, "url": send.address, "headers": send.fields, "content": send.body}


def _read(response: httpx2.Response, content: bytearray) -> Received:
    fields = {name.lower(): value for name, value in response.headers.items()}
    return Received(response.status_code, fields, bytes(content), response.links.get("next", {}).get("url", ""))


@contextmanager
def _reaching(send: Send) -> Iterator[None]:
    """Say in our words what went wrong on the way."""
    try:
        yield
    except httpx2.TimeoutException as error:
        hint = "Try again later, or give the client a longer timeout."
        raise Unreachable(f"{send.address} took too long.", hint=hint) from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        message = f"{send.address} cannot be read: {str(error) or type(error).__name__}."
        raise Unreachable(message, hint="Is the service running at this address?") from error
