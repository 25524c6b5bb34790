"""What files of deployment say in the environment: are these settings, and do they fit the limit beside them?"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from graph_service.settings import BuildSettings, ServeSettings

PREFIX = "GRAPH_SERVICE_"
# What the service itself takes, and what it may write to /tmp.
OWN_MB = 512
# What each further process that serves takes, with its part of the cache.
FURTHER_MB = 128


def unknown_settings(environment: Mapping[str, str]) -> set[str]:
    """Variables that look like settings and are none."""
    fields = (*dataclasses.fields(BuildSettings), *dataclasses.fields(ServeSettings))
    known = {f"{PREFIX}{field.name.upper()}" for field in fields}
    return {name for name in environment if name.startswith(PREFIX)} - known


def sum_of_parts(environment: Mapping[str, str]) -> int:
    """MiB that service, data and queries may take at once: one worker more than the setting says stands by."""
    data, workers, query = (int(environment[f"{PREFIX}{name}"]) for name in ("DATA_MB", "WORKERS", "MEMORY_MB"))
    further = int(environment.get(f"{PREFIX}PROCESSES", "1")) - 1
    return OWN_MB + further * FURTHER_MB + data + (workers + 1) * query
