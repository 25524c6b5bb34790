"""`graph-service check`: data, consistency, evidence, wording, and web addresses if asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from graph_service.building import evidence, links
from graph_service.building.inputs import find_inputs, query_files
from graph_service.building.pipeline import draft
from graph_service.catalogue.queries import QueryFile
from graph_service.commands.class_warnings import warn_of_classes
from graph_service.commands.flags import pages_of_file, say, settings_of
from graph_service.errors import EvidenceError
from graph_service.reading import wording
from graph_service.settings import BuildSettings
from graph_service.store.embedded import EmbeddedStore


@click.command()
@click.option("--sources", type=click.Path(path_type=Path), help="Directory of source texts: check each passage.")
@click.option("--links", "ask_links", is_flag=True, help="Ask each web address that the data name whether it answers.")
@settings_of(BuildSettings)
def check(sources: Path | None, ask_links: bool, **given: Any) -> None:
    """Check data, consistency and evidence; put nothing into use."""
    evidence.require(sources)
    settings = BuildSettings(**given)
    files = query_files(settings).below("evidence")
    passages, paraphrases = QueryFile(files.file("passages")), QueryFile(files.file("paraphrases"))
    one_language = QueryFile(files.file("paraphrases-in-one-language"))
    inputs = find_inputs(settings)
    with draft(inputs, say) as snapshot:
        warn_of_classes(pages_of_file(), snapshot.path, inputs.names, say)
        store = EmbeddedStore.open(snapshot.path)
        findings = evidence.check(evidence.passages(store.rows(passages.text)), sources)
        alone = wording.in_one_language(store.rows(one_language.text))
        copied = wording.copies(store.rows(paraphrases.text), sources) if sources else []
        asked = store.rows(QueryFile(files.file("links")).text) if ask_links else []
    click.echo(evidence.summary(findings, sources))
    if alone:
        click.echo(alone)
    if wrong := [str(finding) for finding in findings if finding.is_wrong]:
        raise EvidenceError(f"{len(wrong)} of {len(findings)} passages do not match their source.", wrong)
    if copied:
        raise EvidenceError(f"{len(copied)} paraphrases copy a source.", copied)
    if ask_links:
        say(f"asking {len(asked)} web addresses")
        answered = links.check(asked)
        click.echo(links.summary(answered))
        for one in answered:
            if one.state not in (links.LinkState.ANSWERS, links.LinkState.GONE):
                click.echo(f"  {one}")
        if gone := [str(one) for one in answered if one.state is links.LinkState.GONE]:
            raise EvidenceError(f"{len(gone)} of {len(answered)} links are broken.", gone)
