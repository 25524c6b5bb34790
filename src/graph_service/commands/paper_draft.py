"""`graph-service paper draft`: passages that look like positions, with suggested codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from graph_service.building.inputs import find_inputs, query_files
from graph_service.building.pipeline import current_or_build
from graph_service.coding import draft_file
from graph_service.coding.paper_draft import PaperDraft
from graph_service.commands.flags import say, settings_of
from graph_service.commands.paper import coder_option, next_step, papers_option
from graph_service.drafting import corpus, renewing
from graph_service.drafting.proposing import Proposals, propose
from graph_service.drafting.suggesting import Suggester, language_of
from graph_service.errors import SettingsError
from graph_service.reading.paper import Paper
from graph_service.reading.shelf import Shelf
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore
from graph_service.version import __version__


@click.command()
@click.argument("name")
@click.option("--sources", type=click.Path(path_type=Path), help="Directory of source texts to learn from as well.")
@coder_option
@papers_option
@settings_of(BuildSettings)
def draft(name: str, coder: str, papers: Path, sources: Path | None, **given: Any) -> None:
    """Propose passages of the paper NAME that look like positions, each with codes that it may have.

    What a coder has accepted, rejected or changed stays as it is; proposals that nobody has touched are made anew.
    """
    settings, shelf = BuildSettings(**given), Shelf(papers)
    paper = shelf.read(name)
    before = draft_file.read(shelf, paper, coder)
    proposals, snapshot = proposed(paper, shelf, settings, sources)

    def renew(found: PaperDraft) -> PaperDraft:
        if not paper.language:
            found = found.model_copy(update={"document": {"language": proposals.language, **found.document}})
        return renewing.renew(found, paper, proposals.within, f"graph-service {__version__}", snapshot=snapshot.digest)

    after = renew(before)
    if after != before:
        after = draft_file.change(shelf, paper, coder, renew)
    open_now = sum(map(renewing.is_untouched, after.positions))
    click.echo(f"{open_now} passages proposed, {len(after.positions) - open_now} left as they were")
    if proposals.beyond:
        say(f"{proposals.beyond} more were beyond the limits of a draft; those nearest to coded passages were kept")
    click.echo(draft_file.path_of(shelf, name, coder))
    click.echo(f"Next: {next_step('review', name, coder)}")


def proposed(paper: Paper, shelf: Shelf, settings: BuildSettings, sources: Path | None) -> tuple[Proposals, Snapshot]:
    """What is proposed for a paper, and the snapshot that it was learnt from; codings of the paper take no part.

    Raises:
        SettingsError: the language of the paper is not known.
    """
    snapshot = current_or_build(find_inputs(settings), say)
    rows = EmbeddedStore.open(snapshot.path).rows
    known = corpus.read(rows, query_files(settings), sources, shelf, blind_to=paper.name, note=say)
    language = paper.language or language_of(paper.text, known)
    if not language:
        hint = "Name it: graph-service paper read FILE --language de."
        raise SettingsError(f"The language of the paper {paper.name!r} is not known.", hint=hint)
    return propose(paper, Suggester(known, language)), snapshot
