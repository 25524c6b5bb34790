"""`graph-service mcp`: the tools for assistants over standard input and output."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import Any

import click

from graph_service.building.inputs import find_inputs, query_files
from graph_service.building.pipeline import current_or_build, in_use
from graph_service.commands.flags import say, settings_of
from graph_service.errors import SettingsError
from graph_service.settings import BuildSettings, ServeSettings

_TAKEN = ("public_url", "build", "seconds", "memory_mb", "data_mb", "rows", "megabytes")


@click.command()
@settings_of(ServeSettings, _TAKEN)
@settings_of(BuildSettings)
def mcp(**given: Any) -> None:
    """Let an assistant ask the graph over standard input and output (Model Context Protocol).

    Build first if anything changed. With --public-url, where this edition is served, answers have permalinks.
    """
    if find_spec("mcp") is None:
        hint = "Install the extra: pip install 'graph-service[mcp]'"
        raise SettingsError("This installation has no Model Context Protocol.", hint=hint)
    from graph_service.serving import assistant

    settings = ServeSettings(**{name: given.pop(name) for name in _TAKEN})
    build_settings = BuildSettings(**given)
    if settings.build:
        snapshot = current_or_build(find_inputs(build_settings), say)
    else:
        snapshot = in_use(build_settings.snapshots)
    asyncio.run(assistant.run(settings, snapshot, query_files(build_settings)))
