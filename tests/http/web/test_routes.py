"""Routes that are made when they first answer."""

from __future__ import annotations

import pytest
from fastapi.exceptions import FastAPIError
from starlette.routing import Match

from graph_service.http.web.routes import PageRoute, complete


def test_what_is_wrong_with_a_route_is_said_each_time() -> None:
    async def answers(wrong: object) -> None:
        """A parameter that FastAPI cannot read."""

    answers.__annotations__["wrong"] = PageRoute
    route = PageRoute("/wrong", answers)
    for _ in range(2):
        with pytest.raises(FastAPIError, match="PageRoute"):
            complete([route])
    assert route.path == "/wrong"


def test_a_line_end_behind_a_path_belongs_to_it() -> None:
    async def answers() -> None:
        """A route."""

    for path, asked in (("/page/{name:path}", "/page/actor/spd"), ("/feed", "/feed"), ("/docs/{name}/x", "/docs/y/x")):
        route = PageRoute(path, answers)
        for _ in range(2):
            scope = {"type": "http", "method": "GET", "headers": []}
            assert route.matches({**scope, "path": asked})[0] is Match.FULL
            assert route.matches({**scope, "path": f"{asked}\n"})[0] is Match.NONE
            complete([route])
