"""Tables as responses, in the formats that rows can have."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any

from starlette.responses import Response

from graph_service.http.protocol.problems import Fields
from graph_service.http.web.call import Call
from graph_service.http.web.media import ARROW, CSV, NDJSON, PARQUET, TABLES
from graph_service.rdf.formats import Format
from graph_service.views import tables
from graph_service.views.tables import Table

# From this many rows on, a thread writes the answer, so that other requests go on.
MANY = 2000


def table_formats() -> tuple[Format, ...]:
    """The formats of tables that this installation can write: Parquet and Arrow need the extra `parquet`."""
    has_columns = find_spec("pyarrow") is not None
    return tuple(format_ for format_ in TABLES if has_columns or format_ not in (PARQUET, ARROW))


async def table_response(table: Table, call: Call, fields: Fields = ()) -> Response:
    """A table in the format of the call."""
    about = {"dataset": call.edition.digest, "query": call.query_address}
    write: dict[Format, Callable[[], bytes]] = {
        CSV: partial(tables.to_csv, table),
        NDJSON: partial(tables.to_ndjson, table),
        PARQUET: partial(tables.to_parquet, table, about),
        ARROW: partial(tables.to_arrow, table, about),
    }
    return call.response(await in_background(write[call.format], len(table.rows)), fields)


async def json_response(content: Any, call: Call, fields: Fields = (), *, rows: int = 0) -> Response:
    """Content as JSON; `rows` says how much it is."""
    return call.response(await in_background(partial(tables.to_json, content), rows), fields)


async def in_background(work: Callable[[], bytes], rows: int) -> bytes:
    """Work that may be long, in a thread if there are many rows."""
    return await asyncio.to_thread(work) if rows > MANY else work()
