"""`graph-service paper export`: drafts for other programs."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click

from graph_service.commands.flags import say, settings_of
from graph_service.commands.paper import papers_option
from graph_service.errors import SettingsError
from graph_service.settings import BuildSettings

FORMATS = {"qdpx": ".qdpx", "annotations": ".jsonld", "csv": ".csv"}


@click.command()
@click.argument("name")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice([*FORMATS]),
    required=True,
    help="REFI-QDA project (qdpx), Web Annotation (annotations) or CSV.",
)
@click.option("--coder", "coders", multiple=True, help="Whose draft; may be repeated. Default: everybody's.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File; default: NAME and the format's extension.")
@papers_option
@settings_of(BuildSettings, ("ontology", "data", "base"))
def export(name: str, form: str, coders: tuple[str, ...], output: Path | None, papers: Path, **given: Any) -> None:
    """Write the drafts on the paper NAME for another program."""
    from graph_service.coding import codebook, draft_file
    from graph_service.coding.exchange import highlight_table, refi_qda_writing, web_annotations
    from graph_service.importing import ImportTarget
    from graph_service.reading.shelf import Shelf, write_whole

    shelf = Shelf(papers)
    paper = shelf.read(name)
    standing = draft_file.coders(shelf, name)
    if missing := sorted({*coders} - {*standing}):
        hint = f"Drafts there: {', '.join(standing) or 'none yet'}."
        raise SettingsError(f"There is no draft of {', '.join(missing)} on {name}.", hint=hint)
    drafts = [draft_file.read(shelf, paper, coder) for coder in dict.fromkeys(coders or standing)]
    settings = BuildSettings(**given)
    book = codebook.read(ImportTarget.of(settings))
    if form == "qdpx":
        time = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        content = refi_qda_writing.write(paper, drafts, book, time)
    elif form == "annotations":
        content = web_annotations.write(paper, drafts, book, settings.base)
    else:
        content = highlight_table.write(paper, drafts)
    target = output or Path(f"{name}{FORMATS[form]}")
    write_whole(target, content)
    count = sum(len(draft.positions) for draft in drafts)
    say(f"wrote {count} positions of {len(drafts)} coders to {target}")
