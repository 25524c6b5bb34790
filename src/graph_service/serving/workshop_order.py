"""What a workshop is told at its start: what it builds, and what its routes are made with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graph_service.serving.route_settings import RouteSettings
from graph_service.settings import BuildSettings
from graph_service.workers.wire import line


@dataclass(frozen=True)
class WorkshopOrder:
    """The order of a workshop.

    Attributes:
        build: what is built.
        routes: what the routes of its editions are made with.
    """

    build: BuildSettings
    routes: RouteSettings

    def encode(self) -> bytes:
        """As one line."""
        return line({"build": self.build.encode(), "routes": self.routes.encode()})

    @classmethod
    def decode(cls, message: dict[str, Any]) -> WorkshopOrder:
        """What `encode` wrote."""
        return cls(BuildSettings.decode(message["build"]), RouteSettings.decode(message["routes"]))
