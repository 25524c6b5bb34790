"""A running answer of a remote store: a thread reads, checks and rewrites it, pieces wait until somebody takes them.

What the endpoint sends is parsed and written anew: stores differ in how they write JSON, CSV and Turtle, and some do it
wrong. So an answer is the same bytes wherever it comes from, and half an answer is noticed.
"""

from __future__ import annotations

import asyncio
import http.client
import threading
import time
import traceback
from collections.abc import Callable
from typing import IO, cast

import pyoxigraph as ox

from graph_service.errors import EndpointError, GraphServiceError, QueryTimeout
from graph_service.rdf.formats import Form
from graph_service.store import Query
from graph_service.store.complaints import remote_error
from graph_service.store.counting import CountingWriter
from graph_service.store.remote.endpoint import Connection, query_request
from graph_service.store.writing import write
from graph_service.workers.coding import IDENTITY
from graph_service.workers.limits import PAGING, Limits, too_many_rows

PIECE = 64 * 1024
_WAITING_PIECES = 2
_COMPLAINT_BYTES = 4096
_VIRTUOSO_ASK = "?__ASK_RETVAL"
_STACK = 16 * 1024 * 1024

_RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
}
_GRAPHS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
_ACCEPT_RESULTS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_ACCEPT_GRAPHS = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"


class RemoteAnswer:
    """Pieces of an answer; see `store.Answer`.

    Two clocks run, as in `ForkedAnswer`: the time limit counts while a piece is awaited, the limit for clients counts
    from the start to the end.

    Args:
        connection: to the endpoint; not used by anybody else until `ended` is called.
        limits: of time and size.
        ended: called once, in the event loop, when the connection is free again.
    """

    coding = IDENTITY

    def __init__(self, connection: Connection, limits: Limits, ended: Callable[[], None]) -> None:
        self._connection = connection
        self._limits = limits
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._items: asyncio.Queue[bytes | BaseException | None] = asyncio.Queue()
        self._room = threading.Semaphore(_WAITING_PIECES)
        self._left = limits.seconds
        self._first: bytes | None = None
        self._over = False
        self._cut = False
        self._returned = False
        self._clock = self._loop.call_later(limits.client_seconds, self._expire)
        self._expired = False

    def __aiter__(self) -> RemoteAnswer:
        return self

    async def __anext__(self) -> bytes:
        """The next piece.

        Raises:
            QueryError: the work ended; what was handed out is incomplete.
        """
        piece, self._first = self._first, None
        piece = piece or await self._next()
        if piece is None:
            raise StopAsyncIteration
        return piece

    async def begin(self, query: Query, graphs: dict[str, tuple[str, ...]], base: str = "") -> None:
        """Send the query and wait for the first piece.

        Raises:
            QueryError: see `RemoteStore.query`.
        """
        usual = threading.stack_size(_STACK)
        try:
            thread = threading.Thread(target=self._run, args=(query, graphs, base), name="remote query", daemon=True)
            thread.start()
        finally:
            threading.stack_size(usual)
        self._first = await self._next()

    async def aclose(self) -> None:
        """End the work if it still runs."""
        if not self._over:
            self._end()

    async def _next(self) -> bytes | None:
        """What comes next; None at the end."""
        if self._expired:
            raise self._too_slow_client()
        if self._over:
            return None
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._left):
                item = await self._items.get()
        except TimeoutError:
            self._end()
            hint = f"Make its patterns more specific. {PAGING}"
            raise QueryTimeout(f"The query took more than {self._limits.seconds:g} seconds.", hint=hint) from None
        except BaseException:
            self._end()
            raise
        self._left -= time.monotonic() - started
        self._room.release()
        if isinstance(item, bytes):
            return item
        self._over = True
        if self._expired:
            raise self._too_slow_client()
        if item is not None:
            raise item
        return None

    def _expire(self) -> None:
        self._expired = True
        self._end()

    def _too_slow_client(self) -> QueryTimeout:
        seconds = self._limits.client_seconds
        return QueryTimeout(f"The answer was not taken within {seconds:g} seconds.", hint=PAGING)

    def _end(self) -> None:
        """Cut the connection, and let the thread go wherever it waits."""
        self._over = True
        if self._returned:
            # The thread has ended and given the connection back: another answer may use it.
            return
        self._cut = True
        self._connection.cut()
        self._room.release(_WAITING_PIECES)

    def _run(self, query: Query, graphs: dict[str, tuple[str, ...]], base: str) -> None:
        """The thread."""
        verdict: BaseException | None = None
        try:
            self._answer(query, graphs, base)
        except (GraphServiceError, _AnswerClosed) as error:
            verdict = error
        except (OSError, http.client.HTTPException):
            verdict = EndpointError("The store ended its answer before it was complete.", hint="Ask again.")
        except (SyntaxError, ValueError):
            verdict = EndpointError("The store answered something that is not a SPARQL result.", hint="Ask for less.")
        except BaseException as error:  # noqa: BLE001 - it is raised again in the task that waits
            verdict = error
        if verdict is not None:
            # Results must be let go of in the thread that they were made in.
            for one in (verdict, verdict.__context__):
                traceback.clear_frames(one.__traceback__ if one else None)
            self._connection.reset()
        self._loop.call_soon_threadsafe(self._done, verdict)

    def _done(self, verdict: BaseException | None) -> None:
        self._clock.cancel()
        self._returned = True
        if self._cut:
            self._connection.reopen()
        self._items.put_nowait(verdict)
        self._ended()

    def _answer(self, query: Query, graphs: dict[str, tuple[str, ...]], base: str) -> None:
        accept = _ACCEPT_GRAPHS if query.form.gives_graph else _ACCEPT_RESULTS
        # On the same line, so that the lines of a complaint stay those of the query.
        prologue = f"BASE <{base}> " if base else ""
        response = self._connection.ask(query_request(self._connection.address, prologue + query.text, accept, graphs))
        if response.status != 200:
            raise remote_error(response.status, _complaint(response), query.text, len(prologue))
        if response.getheader("x-sql-state") == "S1TAT":  # Virtuoso's time is over; what follows is a part
            raise QueryTimeout("The store ended the query when its own time limit was met.", hint=PAGING)
        output = CountingWriter(
            _PieceBuffer(self), query.format.name, rows=self._limits.rows, size=self._limits.answer_bytes
        )
        kind = (response.getheader("content-type") or "").partition(";")[0].strip().lower()
        source = cast(IO[bytes], response)
        if query.form.gives_graph and kind in _GRAPHS:
            quads = ox.parse(source, _GRAPHS[kind])
            write((quad.triple for quad in quads), query, output)
        elif not query.form.gives_graph and kind in _RESULTS:
            write(_results(source, kind, query.form), query, output)
        else:
            raise EndpointError(f"The store answered {kind[:60] or 'without a type'}, not a SPARQL result.")
        response.read()
        _check_whole(output.rows, response.getheader("x-sparql-maxrows"))
        output.flush()

    def hand_over(self, piece: bytes) -> None:
        """Called in the thread: wait for room, then put a piece there.

        Raises:
            _Unwanted: nobody wants any more of it.
        """
        self._room.acquire()
        if self._cut:
            raise _AnswerClosed
        self._loop.call_soon_threadsafe(self._items.put_nowait, piece)


class _AnswerClosed(Exception):
    """The answer was closed."""


class _PieceBuffer:
    """Gathers what is written into pieces."""

    def __init__(self, answer: RemoteAnswer) -> None:
        self._answer = answer
        self._gathered = bytearray()

    def write(self, data: bytes, /) -> int:
        self._gathered += data
        if len(self._gathered) >= PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._gathered:
            self._answer.hand_over(bytes(self._gathered))
            self._gathered.clear()


def _results(source: IO[bytes], kind: str, form: Form) -> ox.QuerySolutions | ox.QueryBoolean:
    """Results as they are parsed. Virtuoso answers ASK with a table that has a row if it is true."""
    found = ox.parse_query_results(source, _RESULTS[kind])
    if form is not Form.ASK or isinstance(found, ox.QueryBoolean) or str(found.variables[0]) != _VIRTUOSO_ASK:
        return found
    answer = b"true" if next(found, None) is not None else b"false"
    return ox.parse_query_results(b'{"head": {}, "boolean": %s}' % answer, ox.QueryResultsFormat.JSON)


def _complaint(response: http.client.HTTPResponse) -> str:
    """The beginning of what a store says about a query that it does not answer."""
    return response.read(_COMPLAINT_BYTES).decode("utf-8", "replace")


def _check_whole(rows: int, most: str | None) -> None:
    """Virtuoso cuts answers at a number of rows of its own, and says so only in a field."""
    if most and most.isdigit() and rows >= int(most):
        raise too_many_rows(int(most))
