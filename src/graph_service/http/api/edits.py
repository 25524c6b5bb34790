"""`/api/edits`: who changed which files over HTTP, when and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.http.api.models import Answer
from graph_service.http.api.operations import Operation, add
from graph_service.http.api.writing import json_response, table_formats, table_response
from graph_service.http.web.call import Call
from graph_service.http.web.media import JSON, SPARQL
from graph_service.http.web.parameters import Texts
from graph_service.rdf.answers import Row
from graph_service.views.tables import Table

_COLUMNS = ("edit", "started", "ended", "editor", "reason", "file", "before", "after", "undoes", "undone_by")
_PARAMS: Mapping[str, Parameter] = {
    "editor": Parameter(
        type=Type.STRING, repeatable=True, title={"en": "Name of the token", "de": "Name des Zugangsschlüssels"}
    ),
    "file": Parameter(
        type=Type.STRING,
        repeatable=True,
        of="dcterms:identifier",
        title={"en": "Edits that changed this file", "de": "Bearbeitungen, die diese Datei änderten"},
    ),
    "since": Parameter(type=Type.DATE, title={"en": "First day (UTC)", "de": "Erster Tag (UTC)"}),
    "until": Parameter(type=Type.DATE, title={"en": "Last day (UTC)", "de": "Letzter Tag (UTC)"}),
}


class EditedFile(BaseModel):
    """A file that an edit changed: its SHA-256 before and after, hexadecimal; null where it was not there."""

    file: str
    before: str | None
    after: str | None


class Edit(BaseModel):
    """An edit: its IRI, when it began and ended, who made it and why, what it changed, and what took what back."""

    id: str
    started: str
    ended: str
    editor: str
    reason: str
    files: list[EditedFile]
    undoes: str | None
    undone_by: str | None


class Edits(Answer):
    """The edits, the latest first."""

    edits: list[Edit]


def add_route(routes: APIRouter) -> None:
    """Add the operation."""

    async def edits(call: Call, arguments: Texts) -> Response:
        text = call.edition.questions.file("edits").bind(arguments, call.names)
        return call.response(text.encode()) if call.format is SPARQL else await _answer(call, text)

    operation = Operation(
        path="/edits",
        name="edits",
        title={"en": "Edits over HTTP", "de": "Bearbeitungen über HTTP"},
        description={
            "en": "Which files of the data were changed over HTTP, the latest edit first: when, by whom, why. An edit "
            "that took another one back names it. Files that were changed by hand have no edit.",
            "de": "Welche Dateien der Daten über HTTP geändert wurden, die letzte Bearbeitung zuerst: wann, von wem, "
            "warum. Eine Bearbeitung, die eine andere zurücknahm, nennt sie. Was von Hand geändert wurde, hat keine.",
        },
        tag="resources",
        formats=(JSON, *table_formats(), SPARQL),
        model=Edits,
        params=_PARAMS,
    )
    add(routes, operation, edits)


async def _answer(call: Call, query: str) -> Response:
    rows = [_cells(row) for row in await call.edition.questions.rows(query, call.client)]
    if call.format is not JSON:
        return await table_response(Table(_COLUMNS, rows), call, call.query_link)
    edits = [_edit(list(group)) for _, group in groupby(rows, key=lambda row: row[0])]
    return json_response({**call.head, "edits": edits}, call, call.query_link)


def _cells(row: Row) -> Sequence[str | None]:
    return [row[name]["value"] if name in row else None for name in _COLUMNS]


def _edit(rows: Sequence[Sequence[str | None]]) -> dict[str, Any]:
    """The edit that these rows are of: one for each file, and for each edit that took it back."""
    edit, started, ended, editor, reason, _, _, _, undoes, undone_by = rows[0]
    return {
        "id": edit,
        "started": started,
        "ended": ended,
        "editor": editor,
        "reason": reason,
        "files": _files(row[5:8] for row in rows),
        "undoes": undoes,
        "undone_by": undone_by,
    }


def _files(cells: Iterable[Sequence[str | None]]) -> list[dict[str, str | None]]:
    return [dict(zip(("file", "before", "after"), cell, strict=True)) for cell in dict.fromkeys(map(tuple, cells))]
