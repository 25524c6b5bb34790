"""`graph-service network`: a discourse network of the graph, or of a file of statements."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from graph_service.building.pipeline import current_or_build, find_inputs, queries_directory
from graph_service.catalogue.queries import QueryFile
from graph_service.commands.flags import settings_of
from graph_service.commands.network_file import NetworkOptions, network_options, write_network
from graph_service.networks import Statements, read_csv
from graph_service.settings import BuildSettings
from graph_service.store.embedded import EmbeddedStore


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@network_options
@settings_of(BuildSettings)
def network(file: Path | None, **given: Any) -> None:
    """Compute a discourse network of the graph's comparable positions, or of the statements in a CSV FILE."""
    options = NetworkOptions.taken_from(given)
    if file is not None:
        statements = read_csv(file, columns=options.columns, binary=options.binary, say=_say)
    else:
        statements = Statements.from_rows(_rows(BuildSettings(**given)), binary=options.binary)
    write_network(statements, options, sys.stdout.buffer)


def _say(text: str) -> None:
    click.echo(text, err=True)


def _rows(settings: BuildSettings) -> list[dict[str, str]]:
    """The statements that the API makes networks of."""
    inputs = find_inputs(settings)
    query = QueryFile(queries_directory(settings) / "api" / "statements.rq")
    store = EmbeddedStore.open(current_or_build(inputs, _say).path)
    return store.rows(query.bind({}, inputs.names))
