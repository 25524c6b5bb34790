"""The operations of `/edit`. They are answered in the serving process; where editing is off, there are none."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Depends, Header, Path, Query
from fastapi.security import HTTPBearer
from pydantic import AfterValidator, StringConstraints
from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse, Response

from graph_service.editing.edit_request import Deed, EditRequest
from graph_service.editing.tokens import Token
from graph_service.http.edits.admission import Admission
from graph_service.http.edits.models import Edit, Finding, Tag
from graph_service.http.protocol.limits import HTTPLimits
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import Request
from graph_service.http.web.routes import StrictRoute
from graph_service.rdf.xml_documents import illegal_character

_log = logging.getLogger("graph_service.edits")
Ask = Callable[[EditRequest, bytes], Awaitable[Mapping[str, Any]]]
_LONGEST_REASON = 1000

Name: TypeAlias = Annotated[str, Path(max_length=200)]
Short: TypeAlias = Annotated[str, Path(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]


def _readable(reason: str) -> str:
    if character := illegal_character(reason):
        raise ValueError(f"It holds the character {character}, which is no text.")
    return reason


Reason: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    AfterValidator(_readable),
    Query(
        min_length=3,
        max_length=_LONGEST_REASON,
        description="Why; it is published with the edit.",
        examples=["Seite 4 falsch gelesen"],
    ),
]
DryRun: TypeAlias = Annotated[
    bool, Query(alias="dry-run", description="Only say what would come of it.", examples=["true"])
]
AcceptNew: TypeAlias = Annotated[
    bool, Query(alias="accept-new", description="Add actors, propositions, coders and terms that are not known.")
]
IfMatch: TypeAlias = Annotated[str, Header(alias="If-Match", description="The ETag of what is to be changed.")]
IfNoneMatch: TypeAlias = Annotated[str, Header(alias="If-None-Match", description="`*` for what is new.")]
_BEARER = HTTPBearer(auto_error=False, scheme_name="editToken", description="A token of `graph-service edit-token`.")

_REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"description": "There is no token, or it is not known."},
    403: {"description": "The token does not allow this file, or the request is of another site."},
    404: {"description": "There is no such thing."},
    412: {"description": "It was changed by somebody else; get it again."},
    413: {"description": "The body, or the file, is too large."},
    422: {
        "description": "The edit breaks a rule, and nothing was changed.",
        "content": {
            "application/problem+json": {
                "schema": {"type": "object", "properties": {"findings": {"type": "array", "items": {}}}}
            }
        },
    },
    428: {"description": "If-Match or `If-None-Match: *` is missing."},
    429: {"description": "There were too many wrong tokens."},
    503: {"description": "Too many edits wait; Retry-After says when to come back."},
    504: {"description": "The edit took too long."},
}
_FINDINGS = _REFUSALS[422]["content"]["application/problem+json"]["schema"]["properties"]["findings"]
_FINDINGS["items"] = Finding.model_json_schema()


DOOR = "edit_door"
"""In the scope of a request: the `EditDoor`."""


@dataclass(frozen=True)
class EditDoor:
    """What the operations need.

    Attributes:
        admission: lets in.
        ask: has the process that edits answer.
        most_bytes: that a body may have.
        seconds: the time in which it has to be here.
    """

    admission: Admission
    ask: Ask
    most_bytes: int
    seconds: float = HTTPLimits.body_seconds


def edits_router() -> APIRouter:
    """The operations. A request whose scope has no door is answered 404: there they are only described."""
    routes = APIRouter(route_class=StrictRoute, tags=["edits"], dependencies=[Depends(_BEARER)], responses=_REFUSALS)
    file, sheet, draft = "/edit/file/{name:path}", "/edit/sheet/{name}", "/edit/draft/{paper}/{coder}"
    turtle, table, pair = (_body(one) for one in ("text/turtle", "*/*", "application/json"))
    routes.add_api_route(file, get_file, methods=["GET"], summary="A file of the data as it is now, with its ETag")
    put = partial(routes.add_api_route, methods=["PUT"], response_model=Edit)
    put(file, put_file, summary="Put a Turtle file", openapi_extra=turtle)
    routes.add_api_route(file, delete_file, methods=["DELETE"], response_model=Edit, summary="Remove a file")
    get = partial(routes.add_api_route, methods=["GET"], response_model=Tag)
    get(sheet, get_sheet, summary="What came of a coding sheet, as an ETag")
    put(sheet, put_sheet, summary="Import a coding sheet", openapi_extra=table)
    get(draft, get_draft, summary="What came of a draft, as an ETag")
    put(draft, put_draft, summary="Import the accepted positions of a draft", openapi_extra=pair)
    undo_path = "/edit/undo/{edit}"
    routes.add_api_route(undo_path, undo, methods=["POST"], response_model=Edit, summary="Take an edit back")
    return routes


@dataclass(frozen=True)
class Admitted:
    """Somebody who was let in, and what they ask."""

    token: Token
    request: Request
    door: EditDoor


async def _admitted(starlette: StarletteRequest) -> Admitted:
    door: EditDoor | None = starlette.scope.get(DOOR)
    if door is None:
        raise RequestError(404, "Only the edition in use is edited.")
    request = Request.of(starlette.scope, starlette.receive)
    return Admitted(door.admission.admit(request), request, door)


async def _change(
    reason: Reason, if_match: IfMatch = "", if_none_match: IfNoneMatch = "", dry_run: DryRun = False
) -> dict[str, Any]:
    return {"reason": reason, "if_match": if_match, "if_none_match": if_none_match, "dry_run": dry_run}


Who: TypeAlias = Annotated[Admitted, Depends(_admitted)]
Change: TypeAlias = Annotated[dict[str, Any], Depends(_change)]


async def get_file(who: Who, name: Name) -> Response:
    """The bytes of a Turtle file below the directory of data."""
    answer = await _asked(who, Deed.READ, name)
    return Response(answer["text"], media_type="text/turtle; charset=utf-8", headers=_fields(answer))


async def put_file(who: Who, name: Name, change: Change) -> Response:
    """The file takes the place of the one that is there, if all data with it are valid."""
    return await _edited(who, Deed.PUT, name, **change)


async def delete_file(who: Who, name: Name, change: Change) -> Response:
    """The file is removed, if all data without it are valid."""
    return await _edited(who, Deed.DELETE, name, **change)


async def get_sheet(who: Who, name: Name) -> Response:
    """Whether a sheet was imported, and what its files are now."""
    return await _tag(who, Deed.SHEET_TAG, name)


async def put_sheet(who: Who, name: Name, change: Change, accept_new: AcceptNew = False) -> Response:
    """CSV, XLSX or JSON, as `graph-service import coding-sheet` takes it; the end of the name says which."""
    return await _edited(who, Deed.SHEET, name, accept_new=accept_new, **change)


async def get_draft(who: Who, paper: Short, coder: Short) -> Response:
    """Whether a draft was imported, and what its files are now."""
    return await _tag(who, Deed.DRAFT_TAG, f"{paper}/{coder}")


async def put_draft(who: Who, paper: Short, coder: Short, change: Change, accept_new: AcceptNew = False) -> Response:
    """`{"paper": …, "draft": …}`, as `graph-service paper import` takes them; the text is read and not kept."""
    return await _edited(who, Deed.DRAFT, f"{paper}/{coder}", accept_new=accept_new, **change)


async def undo(who: Who, edit: Name, reason: Reason, dry_run: DryRun = False) -> Response:
    """Each file of the edit becomes what it was before, by another edit; 409 if one was changed since."""
    return await _edited(who, Deed.UNDO, edit, reason=reason, dry_run=dry_run)


async def _tag(who: Admitted, deed: Deed, name: str) -> Response:
    answer = await _asked(who, deed, name)
    return JSONResponse({"sha256": answer["tag"]}, headers=_fields(answer))


async def _edited(who: Admitted, deed: Deed, name: str, **given: Any) -> Response:
    answer = await _asked(who, deed, name, **given)
    is_new = deed is Deed.PUT and answer["edit"] and not answer["files"][0]["before"]
    content = Edit.model_validate(answer).model_dump(exclude_none=True)
    return JSONResponse(content, 201 if is_new else 200, _fields(answer))


async def _asked(who: Admitted, deed: Deed, name: str, **given: Any) -> Mapping[str, Any]:
    """The answer of the process that edits; a line in the log says who did what, or was refused.

    Raises:
        RequestError: with the status of the refusal.
    """
    token, request, door = who.token, who.request, who.door
    has_body = deed in (Deed.PUT, Deed.SHEET, Deed.DRAFT)
    wanted = EditRequest(deed, name, token.editor, token.files, most_bytes=door.most_bytes, **given)
    said = {"request_id": request.scope.get("request_id", ""), "client": request.client}
    said |= {"editor": token.editor, "deed": deed, "name": name, "dry_run": wanted.dry_run, "reason": wanted.reason}
    try:
        body = await request.body(door.most_bytes, door.seconds) if has_body else b""
        answer = await door.ask(wanted, body)
        if refused := answer.get("refused"):
            raise RequestError(refused["status"], refused["message"], hint=refused["hint"], **refused["members"])
    except RequestError as error:
        _log.warning("edit refused", extra={"fields": {**said, "status": error.status, "because": error.message}})
        raise
    if "edit" in answer:
        done = {one: answer.get(one, "") for one in ("edit", "edition")}
        _log.info("edit", extra={"fields": {**said, **done}})
    return {**answer, "editor": token.editor}


def _body(media_type: str) -> dict[str, Any]:
    """The description of a body that the framework does not read."""
    return {"requestBody": {"required": True, "content": {media_type: {"schema": {"type": "string"}}}}}


def _fields(answer: Mapping[str, Any]) -> dict[str, str]:
    tag = {"etag": f'"{answer["tag"]}"'} if answer.get("tag") else {}
    return {"cache-control": "no-store", **tag}
