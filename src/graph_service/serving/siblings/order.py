"""What siblings are told at their start."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, replace

from graph_service.errors import SettingsError
from graph_service.http.protocol.limits import HTTPLimits
from graph_service.serving.route_settings import RouteSettings
from graph_service.settings import ServeSettings

# More would share out cache and connections until nothing is left of them.
MOST_PROCESSES = 64


@dataclass(frozen=True)
class SiblingOrder:
    """What a sibling serves with.

    Attributes:
        routes: what routes are made with, and the settings.
        limits: of this process.
    """

    routes: RouteSettings
    limits: HTTPLimits

    def encode(self) -> str:
        """As JSON."""
        return json.dumps([self.routes.encode(), asdict(self.limits)])

    @classmethod
    def decode(cls, text: str) -> SiblingOrder:
        """What `encode` made."""
        routes, limits = json.loads(text)
        return cls(RouteSettings.decode(routes), HTTPLimits(**limits))


def part_of(limits: HTTPLimits, processes: int) -> HTTPLimits:
    """The limits of one of several processes: its part of what they may have together."""
    return replace(
        limits, cache_bytes=limits.cache_bytes // processes, connections=max(1, limits.connections // processes)
    )


def check(settings: ServeSettings) -> None:
    """Whether there can be so many processes.

    Raises:
        SettingsError: there cannot.
    """
    if not 1 <= settings.processes <= MOST_PROCESSES:
        hint = f"Choose 1 to {MOST_PROCESSES}, at most the number of cores."
        raise SettingsError(f"{settings.processes} processes cannot serve.", hint=hint)
    if settings.processes > 1 and settings.endpoint:
        hint = "Leave out --processes, or --endpoint."
        raise SettingsError("With --endpoint one process serves: the other store does the work.", hint=hint)
    if settings.processes > 1 and sys.platform != "linux":
        raise SettingsError("Several processes serve on Linux only.", hint="Leave out --processes.")
