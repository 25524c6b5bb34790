"""Tables as responses, in the formats that rows can have."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from typing import Any

from starlette.responses import Response

from graph_service.http.api.workbooks import workbook_of
from graph_service.http.protocol.problems import Fields
from graph_service.http.web.call import Call
from graph_service.http.web.media import ARROW, CSV, CSV_EXCEL, NDJSON, PARQUET, TABLES, XLSX
from graph_service.rdf.csv_cells import of_excel
from graph_service.rdf.formats import Format
from graph_service.rdf.workbooks import Sheet
from graph_service.views import tables
from graph_service.views.tables import Table


def table_formats() -> tuple[Format, ...]:
    """The formats of tables that this installation can write: Parquet and Arrow need the extra `parquet`."""
    has_columns = find_spec("pyarrow") is not None
    return tuple(format_ for format_ in TABLES if has_columns or format_ not in (PARQUET, ARROW))


async def table_response(table: Table, call: Call, fields: Fields = (), following: str = "") -> Response:
    """A table in the format of the call; `following` is the address of its next page.

    Raises:
        LimitExceeded: a workbook cannot hold it.
    """
    if call.format is XLSX:
        return await workbook_response([table.sheet("data")], call, fields, following)
    about = {"dataset": call.edition.digest, "query": call.query_address}
    write: dict[Format, Callable[[], bytes]] = {
        CSV: partial(tables.to_csv, table),
        CSV_EXCEL: partial(tables.to_csv, table, of_excel(call.asked or call.language)),
        NDJSON: partial(tables.to_ndjson, table),
        PARQUET: partial(tables.to_parquet, table, about),
        ARROW: partial(tables.to_arrow, table, about),
    }
    return file_response(write[call.format](), call, fields)


async def workbook_response(sheets: Sequence[Sheet], call: Call, fields: Fields = (), following: str = "") -> Response:
    """Sheets as a workbook, with one on their source.

    Raises:
        LimitExceeded: a sheet is too large.
    """
    return file_response(await workbook_of(call, sheets, following), call, fields)


def file_response(body: bytes, call: Call, fields: Fields = ()) -> Response:
    """A body as a response; what is meant for Excel gets the name of a file (RFC 6266)."""
    if call.format is XLSX or call.format.name.endswith("-excel"):
        name = "-".join(re.findall(r"[A-Za-z0-9_-]+", call.path.rpartition("/")[2])) or "table"
        file = f'attachment; filename="{name}.{call.format.extension}"'
        fields += ((b"content-disposition", file.encode()),)
    return call.response(body, fields)


def json_response(content: Any, call: Call, fields: Fields = ()) -> Response:
    """Content as JSON."""
    return call.response(tables.to_json(content), fields)
