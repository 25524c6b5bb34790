"""`graph-service publish`: put a snapshot into use, a new one or one that was in use before."""

from __future__ import annotations

from typing import Any

import click

from graph_service import retention
from graph_service.flags import settings_of
from graph_service.pipeline import current_or_build, find_inputs
from graph_service.settings import BuildSettings
from graph_service.snapshot import put_into_use


@click.command()
@click.argument("edition", required=False)
@settings_of(BuildSettings)
def publish(edition: str | None, **given: Any) -> None:
    """Put a snapshot into use: built anew if anything changed, or the kept EDITION of this digest.

    A service that runs with --watch takes it over at once, another one on SIGHUP.
    """
    settings = BuildSettings(**given)
    if edition is None:
        made = current_or_build(find_inputs(settings), lambda text: click.echo(text, err=True))
    else:
        made = retention.find(settings.snapshots, edition)
        made.verify()
        put_into_use(made)
    click.echo(made.path)
