"""What a workshop is told at its start: what it builds, and what its routes are made with."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
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
        return line({"build": json.loads(json.dumps(asdict(self.build), default=str)), "routes": self.routes.encode()})

    @classmethod
    def decode(cls, message: dict[str, Any]) -> WorkshopOrder:
        """What `encode` wrote."""
        given = message["build"]
        given |= {name: tuple(map(Path, given[name])) for name in ("ontology", "data")}
        given |= {"namespace": tuple(given["namespace"]), "snapshots": Path(given["snapshots"])}
        given["queries"] = Path(given["queries"]) if given["queries"] is not None else None
        return cls(BuildSettings(**given), RouteSettings.decode(message["routes"]))
