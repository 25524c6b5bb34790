"""The application behind the page: its HTML, the paper, the draft, and the changes, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import Body, FastAPI, Query
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from graph_service.coding.paper_draft import PaperDraft, Suggestion
from graph_service.errors import GraphServiceError, ParameterError
from graph_service.http import web
from graph_service.reviewing import obstacles, page
from graph_service.reviewing.draft_changes import Conflict, FactChange, PositionChange, Text
from graph_service.reviewing.review import Incomplete, NotShown, Review

_STATIC = Path(__file__).parent / "static"
_Typed = Annotated[str, Query(max_length=500)]


def application(review: Review) -> FastAPI:
    """The application for one review; `door.Door` stands before it."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.mount("/static", StaticFiles(directory=_STATIC))
    app.mount("/site", StaticFiles(directory=web.STATIC))
    for kind in (GraphServiceError, RequestValidationError):
        app.add_exception_handler(kind, _answer)
    _add_reading(app, review)
    _add_positions(app, review)
    _add_facts(app, review)
    _add_rows(app, review)
    return app


def _add_reading(app: FastAPI, review: Review) -> None:
    @app.get("/")
    def html(request: Request) -> Response:
        language = page.language_of(request.query_params.get("lang"), request.headers.get("accept-language", ""))
        return HTMLResponse(page.render(review.paper, review.coder, language))

    @app.get("/paper")
    def paper() -> Response:
        return JSONResponse(page.text_of(review.paper))

    @app.get("/codes")
    def codes() -> dict[str, Any]:
        return {name: [asdict(code) for code in members] for name, members in review.graph.items()}

    @app.get("/draft")
    def draft() -> Response:
        return JSONResponse(review.overview(review.draft()))

    @app.get("/revision")
    def revision() -> dict[str, int]:
        return {"revision": review.draft().revision}

    @app.get("/suggestions/{name}")
    def suggestions(name: str) -> dict[str, tuple[Suggestion, ...]]:
        return {**review.suggestions(name)}

    @app.get("/search/{of}")
    def search(of: str, typed: _Typed) -> list[Suggestion]:
        return review.search(of, typed)


def _add_positions(app: FastAPI, review: Review) -> None:
    def shown(draft: PaperDraft, name: str) -> dict[str, Any]:
        return {"revision": draft.revision, "position": review.shown(draft, name)}

    @app.put("/positions/{name}")
    def put(name: str, change: PositionChange) -> Response:
        try:
            return JSONResponse(shown(review.put(name, change), name))
        except Conflict as conflict:
            return _conflict(conflict, **shown(review.draft(), name))

    @app.delete("/positions/{name}")
    def remove(name: str, revision: int) -> Response:
        try:
            return JSONResponse(shown(review.remove(name, revision), name))
        except Conflict as conflict:
            return _conflict(conflict, **shown(review.draft(), name))


def _add_facts(app: FastAPI, review: Review) -> None:
    def shown(draft: PaperDraft) -> dict[str, Any]:
        wrong = [asdict(one) for one in obstacles.of_document(draft.document, review.paper)]
        return {"revision": draft.revision, "document": draft.document, "document_obstacles": wrong}

    @app.patch("/document")
    def set_facts(facts: dict[str, FactChange]) -> Response:
        try:
            return JSONResponse(shown(review.set_facts(facts)))
        except Conflict as conflict:
            return _conflict(conflict, **shown(review.draft()))


def _add_rows(app: FastAPI, review: Review) -> None:
    @app.post("/tables/{table}")
    def add_row(table: str, row: Annotated[dict[str, Text], Body()], shown: Annotated[list[str], Body()]) -> Response:
        try:
            draft, made = review.add_row(table, row, shown)
        except NotShown as conflict:
            return _conflict(conflict, similar=[one.model_dump() for one in conflict.similar])
        except Incomplete as error:
            return JSONResponse({"message": str(error), "lacking": error.columns}, 422)
        except Conflict as conflict:
            return _conflict(conflict)
        return JSONResponse({"revision": draft.revision, "row": made, "tables": draft.tables})

    @app.delete("/tables/{table}/{name}")
    def remove_row(table: str, name: str) -> Response:
        draft = review.remove_row(table, name)
        return JSONResponse({"revision": draft.revision, "tables": draft.tables})


def _conflict(conflict: Conflict, **members: Any) -> Response:
    return JSONResponse({"message": conflict.message, **members}, 409)


async def _answer(_: Request, error: Exception) -> Response:
    if isinstance(error, RequestValidationError):
        wrong = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        return JSONResponse({"message": wrong}, 422)
    return JSONResponse({"message": str(error)}, 422 if isinstance(error, ParameterError) else 500)
