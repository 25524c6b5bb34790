"""Tables on their way out: the formats that rows are written in, and what is said beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from urllib.parse import urlencode

from graph_service.http.operations.media import ARROW, CSV, NDJSON, PARQUET, TABLES
from graph_service.http.operations.operation import Call, RenderedAnswer
from graph_service.http.protocol.problems import Fields
from graph_service.rdf.formats import Format
from graph_service.views import tables
from graph_service.views.tables import Table

# Rows from which making the bytes is left to a thread, so that other requests go on.
MANY = 2000


def table_formats() -> tuple[Format, ...]:
    """The formats of tables that can be written here: columns need a library that is an extra."""
    has_columns = find_spec("pyarrow") is not None
    return tuple(format_ for format_ in TABLES if has_columns or format_ not in (PARQUET, ARROW))


async def written(table: Table, call: Call, digest: str, fields: Fields = ()) -> RenderedAnswer:
    """A table in the format of the call."""
    about = {"dataset": digest, "query": query_address(call)}
    write: dict[Format, Callable[[], bytes]] = {
        CSV: partial(tables.to_csv, table),
        NDJSON: partial(tables.to_ndjson, table),
        PARQUET: partial(tables.to_parquet, table, about),
        ARROW: partial(tables.to_arrow, table, about),
    }
    return RenderedAnswer(await in_background(write[call.format], len(table.rows)), fields)


async def text(query: str) -> RenderedAnswer:
    """The text of a query."""
    return RenderedAnswer(query.encode())


async def in_background(work: Callable[[], bytes], rows: int) -> bytes:
    """Work that may be long, in a thread if there are many rows."""
    return await asyncio.to_thread(work) if rows > MANY else work()


def address(call: Call, **changes: str) -> str:
    """The address of the call with other arguments, below the host; empty ones and defaults are left out."""
    params = call.operation.params
    told = {name: values for name, values in call.arguments.items() if values != [params[name].default]}
    pairs = [(name, value) for name, values in told.items() if name not in changes for value in values]
    pairs += [(name, value) for name, value in changes.items() if value]
    return f"{call.address}?{urlencode(pairs)}" if pairs else call.address


def query_address(call: Call) -> str:
    """Where the query behind an answer stands."""
    return address(call, format="sparql")


def query_link(call: Call) -> Fields:
    """The `Link` field that names the query behind an answer."""
    return ((b"link", f'<{query_address(call)}>; rel="describedby"; type="application/sparql-query"'.encode()),)
