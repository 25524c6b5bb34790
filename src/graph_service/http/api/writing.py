"""Tables as responses, in the formats that rows can have."""

from __future__ import annotations

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


def table_formats() -> tuple[Format, ...]:
    """The formats of tables that this installation can write: Parquet and Arrow need the extra `parquet`."""
    has_columns = find_spec("pyarrow") is not None
    return tuple(format_ for format_ in TABLES if has_columns or format_ not in (PARQUET, ARROW))


def table_response(table: Table, call: Call, fields: Fields = ()) -> Response:
    """A table in the format of the call."""
    about = {"dataset": call.edition.digest, "query": call.query_address}
    write: dict[Format, Callable[[], bytes]] = {
        CSV: partial(tables.to_csv, table),
        NDJSON: partial(tables.to_ndjson, table),
        PARQUET: partial(tables.to_parquet, table, about),
        ARROW: partial(tables.to_arrow, table, about),
    }
    return call.response(write[call.format](), fields)


def json_response(content: Any, call: Call, fields: Fields = ()) -> Response:
    """Content as JSON."""
    return call.response(tables.to_json(content), fields)
