"""`graph-service paper import`: the accepted positions of a draft become files of the data directory."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from graph_service import importing
from graph_service.coding import draft_file, draft_rows
from graph_service.commands.flags import say, settings_of
from graph_service.commands.paper import coder_option, papers_option
from graph_service.reading.shelf import Shelf
from graph_service.settings import BuildSettings


@click.command("import")
@click.argument("name")
@coder_option
@papers_option
@click.option("--into", type=click.Path(path_type=Path), help="Data directory that gets the files; default: the data.")
@click.option("--accept-new", is_flag=True, help="Add actors, propositions, coders and terms the graph does not know.")
@settings_of(BuildSettings)
def import_(name: str, coder: str, papers: Path, into: Path | None, accept_new: bool, **given: Any) -> None:
    """Bring the accepted positions of a draft into the data.

    NAME is the short name of the paper. Positions that are rejected or undecided stay in the draft, and are counted.
    """
    graph = importing.ImportTarget.of(BuildSettings(**given))
    shelf = Shelf(papers)
    paper = shelf.read(name)
    draft = draft_file.read(shelf, paper, coder)
    rows = importing.GivenRows(draft_rows.name_of(draft), draft_rows.rows(draft, paper))
    options = importing.ImportOptions(accept_new=accept_new)
    target = into or graph.directory()
    report = importing.run("coding-sheet", rows, target, graph, options, say)
    for line in report.lines():
        click.echo(line)
    data = _naming([*graph.data, target], graph.data)
    for command in ("build", f"check --sources {shlex.quote(str(papers))}", "serve"):
        click.echo(f"Next: graph-service {command}{data}")


def _naming(read: Sequence[Path], without_asking: Sequence[Path]) -> str:
    """The options that make a command read these data; none if it does so anyway."""
    known = {path.resolve() for path in without_asking}
    if all(known & {path.resolve(), *path.resolve().parents} for path in read):
        return ""
    return "".join(f" --data {shlex.quote(str(path))}" for path in read)
