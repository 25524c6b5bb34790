"""`graph-service publish`: put a snapshot into use here, or into a remote store."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import current_or_build
from graph_service.commands.flags import say, settings_of
from graph_service.settings import BuildSettings
from graph_service.snapshots import retention
from graph_service.snapshots.draft import put_into_use
from graph_service.snapshots.snapshot import Snapshot


@click.command()
@click.argument("edition", required=False)
@click.option(
    "--to", metavar="URL", help="SPARQL endpoint of a store that gets the snapshot; user:password@ may stand in it."
)
@click.option("--graphs", metavar="URL", help="--to: where the store takes graphs (Graph Store Protocol).")
@click.option(
    "--update", metavar="URL", help="--to: where the store takes updates (SPARQL Update), instead of --graphs."
)
@click.option(
    "--force", is_flag=True, help="--to: also replace graphs of these names that were not put there by this command."
)
@settings_of(BuildSettings)
def publish(
    edition: str | None, to: str | None, graphs: str | None, update: str | None, force: bool, **given: Any
) -> None:
    """Put a snapshot into use: built anew if anything changed, or the kept EDITION of this digest.

    A service that runs with --watch takes it over at once, another one on SIGHUP. With --to, the snapshot's graphs
    are put into a remote store instead, which `serve --endpoint` asks; what was broken off goes on where it stopped.
    """
    settings = BuildSettings(**given)
    if edition is None:
        chosen = current_or_build(find_inputs(settings), say)
    else:
        chosen = retention.find(settings.snapshots, edition)
        chosen.verify()
    if to is None:
        put_into_use(chosen)
        click.echo(chosen.path)
    else:
        click.echo(f"{_sent(chosen, to, graphs, update, force)} graphs written, digest {chosen.digest}")


def _sent(snapshot: Snapshot, to: str, graphs: str | None, update: str | None, force: bool) -> int:
    """Put a snapshot into a store; returns how many graphs had to be written."""
    from graph_service.store.remote.endpoint import Address
    from graph_service.store.remote.graph_writer import ByGraphStoreProtocol, ByUpdate, Reader
    from graph_service.store.remote.upload import Upload

    if (graphs is None) == (update is None):
        raise click.UsageError("--to needs one of --graphs and --update, which say where the store is written to.")
    writer = ByUpdate(Address.parse(update)) if update else ByGraphStoreProtocol(Address.parse(graphs or ""))
    with closing(writer), closing(Reader(Address.parse(to))) as reader:
        return Upload(reader, writer, say, force).run(snapshot)
