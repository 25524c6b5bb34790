"""`graph-service paper compare`: find the coded passages of a paper in its new edition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from graph_service.building import sources
from graph_service.coding import draft_file
from graph_service.coding.new_edition import coded_passages as editions
from graph_service.coding.new_edition import edition_draft, edition_report
from graph_service.coding.paper_draft import PaperDraft, Status
from graph_service.commands.flags import settings_of, taken_from
from graph_service.commands.paper import coder_option, papers_option
from graph_service.errors import SettingsError
from graph_service.importing import ImportTarget, known
from graph_service.importing.known import KnownResources
from graph_service.rdf.namespaces import Names
from graph_service.reading.shelf import Shelf, write_whole
from graph_service.settings import BuildSettings


@click.command()
@click.argument("old")
@click.argument("new")
@papers_option
@coder_option
@click.option("--json", "as_json", is_flag=True, help="Write JSON, with the passages in full.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page of HTML to this file.")
@click.option("--likely", is_flag=True, help="Of what is new, name only what `paper draft` would propose.")
@click.option("--into-draft", is_flag=True, help="Begin the draft of NEW with the codes of OLD.")
@settings_of(BuildSettings)
def compare(
    old: str,
    new: str,
    papers: Path,
    coder: str,
    html: Path | None,
    *,
    as_json: bool,
    likely: bool,
    into_draft: bool,
    **given: Any,
) -> None:
    """Find the coded passages of OLD in NEW: which stand, were moved or changed, are gone, and what is new.

    OLD and NEW are papers that were read. Passages that the coder rejected are left out.
    """
    if old == new:
        raise SettingsError(f"{old} is both editions.", hint="Read the new edition under a name of its own.")
    shelf = Shelf(papers)
    older, newer = shelf.read(old), shelf.read(new)
    draft = draft_file.read(shelf, older, coder)
    coded = [position for position in draft.positions if position.status is not Status.REJECTED]
    if not coded:
        known_coders = ", ".join(draft_file.coders(shelf, old)) or "none yet"
        raise SettingsError(f"{coder} has no positions on {old}.", hint=f"Coders with a draft: {known_coders}.")
    found = editions.compare(older, newer, coded)
    settings = taken_from(given, BuildSettings)
    if likely:
        from graph_service.commands.paper_draft import proposed

        proposals, _ = proposed(newer, shelf, settings, None)
        found = found.with_new_among([(one.start, one.end) for one in proposals.within])
    if html:
        write_whole(html, edition_report.as_html(found).encode())
    if as_json:
        click.echo(json.dumps(edition_report.as_json(found), indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(edition_report.lines(found)))
    if into_draft:
        graph = _graph(settings)
        there = set(graph.positions)

        def edit(before: PaperDraft) -> PaperDraft:
            return edition_draft.begin(found, draft, before, there, document=graph.documents.has(old))

        count = len(draft_file.read(shelf, newer, coder).positions)
        after = draft_file.change(shelf, newer, coder, edit)
        click.echo(
            f"{len(after.positions) - count} positions proposed: graph-service paper review {new} --coder {coder}",
            err=as_json,
        )


def _graph(settings: BuildSettings) -> KnownResources:
    """What the graph knows, so that positions in it get a successor."""
    target = ImportTarget.of(settings)
    names = Names(target.base)
    return known.read(sources.discover(target.ontology, target.data, names), names)
