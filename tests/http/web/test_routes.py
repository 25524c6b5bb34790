"""Routes that are made when they first answer."""

from __future__ import annotations

import pytest
from fastapi.exceptions import FastAPIError

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
