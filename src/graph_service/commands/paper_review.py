"""`graph-service paper review`: the draft of a paper on a page of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from graph_service.commands.flags import say, settings_of
from graph_service.commands.paper import coder_option, papers_option
from graph_service.settings import BuildSettings


@click.command()
@click.argument("name")
@coder_option
@papers_option
@click.option(
    "--port", default=0, show_default=True, help="Port of the page; 0: that of the last time, else a free one."
)
@settings_of(BuildSettings, only=("ontology", "data", "base"))
def review(name: str, coder: str, papers: Path, port: int, **given: Any) -> None:
    """Review the draft on the paper NAME in a browser on this machine.

    The page is for you alone: open the address that is printed. Each change is on disk before the page says so.
    """
    from graph_service.building import sources
    from graph_service.importing import ImportTarget
    from graph_service.rdf.namespaces import Names
    from graph_service.reading.shelf import Shelf
    from graph_service.reviewing import choices, serving
    from graph_service.reviewing.review import Review

    shelf = Shelf(papers)
    paper = shelf.read(name)
    target = ImportTarget.of(BuildSettings(**given))
    names = Names(target.base)
    say("reading what the graph knows")
    known = choices.read(sources.discover(target.ontology, target.data, names), names)
    reviewed = Review(shelf, paper, coder, known)
    reviewed.draft()
    serving.serve(reviewed, port, lambda address: click.echo(f"{address}\nstop with Ctrl-C"))
