"""`graph-service paper review`: the draft of a paper on a page of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from graph_service.building.inputs import find_inputs, query_files
from graph_service.building.pipeline import current_or_build
from graph_service.coding import codes
from graph_service.commands.flags import say, settings_of
from graph_service.commands.paper import coder_option, next_step, papers_option
from graph_service.drafting import corpus, suggesting
from graph_service.errors import GraphServiceError
from graph_service.importing import ImportTarget
from graph_service.reading.paper import Paper
from graph_service.reading.shelf import Shelf
from graph_service.reviewing import serving
from graph_service.reviewing.review import Review
from graph_service.reviewing.suggester import LearningSuggester, NoSuggester, Suggester
from graph_service.settings import BuildSettings
from graph_service.store.embedded import EmbeddedStore


@click.command()
@click.argument("name")
@coder_option
@papers_option
@click.option(
    "--port", default=0, show_default=True, help="Port of the page; 0: that of the last time, else a free one."
)
@settings_of(BuildSettings)
def review(name: str, coder: str, papers: Path, port: int, **given: Any) -> None:
    """Review the draft on the paper NAME in a browser on this machine.

    The page is for you alone: open the address that is printed. Each change is on disk before the page says so.
    """
    settings, shelf = BuildSettings(**given), Shelf(papers)
    paper = shelf.read(name)
    reviewed = Review(shelf, paper, coder, codes.read(ImportTarget.of(settings)), _suggester(settings, paper, shelf))
    # A draft that cannot be read is an error here and not on the page.
    reviewed.draft()
    after = f"Stop with Ctrl-C. Next: {next_step('import', name, coder)} --accept-new"
    serving.serve(reviewed, port, lambda address: click.echo(f"{address}\n{after}"))


def _suggester(settings: BuildSettings, paper: Paper, shelf: Shelf) -> Suggester:
    """What suggests codes, as `paper draft` does; without it the page is still of use."""
    try:
        snapshot = current_or_build(find_inputs(settings), say)
    except GraphServiceError as error:
        say(f"Nothing is suggested: {error}")
        return NoSuggester()

    def learn() -> Suggester:
        store = EmbeddedStore.open(snapshot.path)
        learnt = corpus.read(store.rows, query_files(settings), shelf=shelf, blind_to=paper.name, note=say)
        return suggesting.Suggester(learnt, paper.language or suggesting.language_of(paper.text, learnt))

    return LearningSuggester(learn, lambda error: say(f"Nothing is suggested: {error}"))
