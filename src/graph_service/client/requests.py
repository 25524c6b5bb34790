"""What can be taken of an answer: JSON, bytes, rows, a frame, a graph, a permanent address; and lists page by page.

A request is sent when something is taken of it, in the format that this needs.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar
from urllib.parse import urlencode

from graph_service.client import pages
from graph_service.client.errors import LibraryMissing
from graph_service.client.flow import Asynchronous, Blocking, Flow, FlowMethod, Received, Send
from graph_service.client.pages import Asked, Page
from graph_service.client.tables import Row, Table

if TYPE_CHECKING:
    import pandas
    import rdflib

    from graph_service.client.models import Certificate

Content = TypeVar("Content")
Item = TypeVar("Item")
# By name; texts, numbers, truth values, days, or sequences of them.
Arguments: TypeAlias = Mapping[str, object]
TableReader: TypeAlias = Callable[[Asked], Flow[Table]]
_QUERY_TYPE = {"content-type": "application/sparql-query"}


class Session(Protocol):
    """What a request needs of its client.

    Attributes:
        root: address of the service.
        pinned: `/edition/DIGEST` where the client asks one edition, else empty.
    """

    root: str
    pinned: str

    def _answer(self, send: Send) -> Flow[Received]: ...

    def _run(self, flow: Flow[Any]) -> Any: ...


class BaseRequest(Generic[Content]):
    """A request that is not sent yet.

    Args:
        session: the client.
        path: below the edition.
        arguments: parameters; repeated where they are sequences, left out where they are None.
        table: reads its rows.
        body: a SPARQL query that is too long for an address.
    """

    def __init__(
        self,
        session: Session,
        path: str,
        arguments: Arguments,
        table: TableReader,
        body: bytes | None = None,
    ) -> None:
        self._session = session
        self._path = path
        self._arguments = arguments
        self._table = table
        self._body = body

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.address()}>"

    def address(self, format_name: str = "") -> str:
        """Where the answer is, in a format; `permalink` gives an address that lasts."""
        return self._at(self._session.pinned, format=format_name or None)

    @FlowMethod
    def json(self) -> Flow[Content]:
        """The answer as OpenAPI describes it; of a list, its first page."""
        content: Content = json.loads((yield from self.follow(self.address("json"))).content)
        return content

    @FlowMethod
    def content(self, format_name: str) -> Flow[bytes]:
        """The answer in a format that the operation offers, such as `csv`, `parquet`, `graphml` or `sparql`."""
        return (yield from self.follow(self.address(format_name))).content

    @FlowMethod
    def permalink(self, format_name: str = "") -> Flow[str]:
        """The address of this answer in the edition that gives it now."""
        return self._permalink((yield from self.follow(self.address(format_name))), format_name)

    @FlowMethod
    def certificate(self) -> Flow[Certificate]:
        """What was asked of which edition, and the digest of the answer; `graph-service verify` asks it again."""
        address = self._at(self._session.pinned, certificate=True)
        certificate: Certificate = json.loads((yield from self.follow(address)).content)
        return certificate

    @FlowMethod
    def rows(self) -> Flow[list[Row]]:
        """The rows of the answer as plain values, with labels beside IRIs; of a list, all of them."""
        return (yield from self._table(self)).rows

    @FlowMethod
    def to_frame(self) -> Flow[pandas.DataFrame]:
        """The rows as a frame of pandas; its `attrs` name the data set and the permanent address.

        Raises:
            LibraryMissing: pandas is not installed.
        """
        try:
            import pandas
        except ImportError as error:
            raise LibraryMissing("A frame needs pandas.", hint="pip install pandas") from error
        table = yield from self._table(self)
        frame = pandas.DataFrame(table.rows, columns=list(table.columns))
        frame.attrs["dataset"] = table.answer.dataset
        frame.attrs["source"] = self._permalink(table.answer)
        return frame

    @FlowMethod
    def to_graph(self) -> Flow[rdflib.Graph]:
        """The answer as a graph of rdflib, where the service writes it as Turtle.

        Raises:
            LibraryMissing: rdflib is not installed.
        """
        try:
            import rdflib
        except ImportError as error:
            raise LibraryMissing("A graph needs rdflib.", hint="pip install rdflib") from error
        turtle = (yield from self.follow(self.address("turtle"))).content
        return rdflib.Graph().parse(data=turtle, format="turtle")

    def follow(self, address: str) -> Flow[Received]:
        """The answer at an address of this request, or of one of its pages."""
        fields = {} if self._body is None else _QUERY_TYPE
        return (yield from self._session._answer(Send(address, fields, self._body)))

    def _at(self, edition: str, **further: object) -> str:
        query = urlencode(list(_pairs({**self._arguments, **further})))
        return f"{self._session.root}{edition}{self._path}{'?' if query else ''}{query}"

    def _permalink(self, answer: Received, format_name: str = "") -> str:
        address = self._at(f"/edition/{answer.dataset}", format=format_name or None)
        if self._body is None:
            return address
        return f"{address}{'&' if '?' in address else '?'}{urlencode({'query': self._body})}"

    def _run(self, flow: Flow[Any]) -> Any:
        return self._session._run(flow)


class BaseListing(BaseRequest[Content], Generic[Content, Item]):
    """A list that is fetched page by page; `json`, `content` and `permalink` are those of its first page."""

    def _first(self) -> Flow[tuple[list[Item], Page]]:
        page = yield from pages.first(self, "json")
        return json.loads(page.answer.content)["items"], page

    def _after(self, page: Page) -> Flow[tuple[list[Item], Page]]:
        page = yield from pages.after(self, page)
        return json.loads(page.answer.content)["items"], page


class Request(BaseRequest[Content], Blocking):
    """A request of `Client`."""


class AsyncRequest(BaseRequest[Content], Asynchronous):
    """A request of `AsyncClient`."""


class Listing(BaseListing[Content, Item], Blocking):
    """A list of `Client`: `for` goes through all items."""

    def __iter__(self) -> Iterator[Item]:
        items, page = self._run(self._first())
        while True:
            yield from items
            if not page.answer.next:
                return
            items, page = self._run(self._after(page))


class AsyncListing(BaseListing[Content, Item], Asynchronous):
    """A list of `AsyncClient`: `async for` goes through all items."""

    async def __aiter__(self) -> AsyncIterator[Item]:
        items, page = await self._run(self._first())
        while True:
            for item in items:
                yield item
            if not page.answer.next:
                return
            items, page = await self._run(self._after(page))


def _pairs(arguments: Arguments) -> Iterator[tuple[str, str]]:
    for name, given in arguments.items():
        for value in [given] if isinstance(given, str) or not isinstance(given, Sequence) else given:
            if value is not None:
                yield name, str(value).lower() if isinstance(value, bool) else str(value)
