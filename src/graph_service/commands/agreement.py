"""`graph-service agreement`: how far coders agree."""

from __future__ import annotations

from typing import Any

import click

from graph_service.building.inputs import find_inputs, query_files
from graph_service.building.pipeline import current_or_build
from graph_service.catalogue.queries import QueryFile
from graph_service.commands.flags import say, settings_of
from graph_service.importing import coder_agreement
from graph_service.settings import BuildSettings
from graph_service.store.embedded import EmbeddedStore


@click.command()
@click.option(
    "--metric",
    type=click.Choice(["nominal", "ordinal", "interval"]),
    default="nominal",
    show_default=True,
    help="How far apart two codes are.",
)
@click.option("--by-proposition", is_flag=True, help="A Markdown table of the propositions, the worst first.")
@settings_of(BuildSettings)
def agreement(metric: str, *, by_proposition: bool, **given: Any) -> None:
    """Measure the agreement of coders: share of equal codes and Krippendorff's alpha."""
    settings = BuildSettings(**given)
    query = QueryFile(query_files(settings).file("evidence/codings"))
    store = EmbeddedStore.open(current_or_build(find_inputs(settings), say).path)
    report = coder_agreement.report_by_proposition if by_proposition else coder_agreement.report
    click.echo(report(store.rows(query.text), coder_agreement.Metric(metric)))
