"""`graph-service paper export`: drafts for other programs."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graph_service.commands.flags import say, settings_of
from graph_service.commands.paper import papers_option
from graph_service.errors import SettingsError
from graph_service.settings import BuildSettings

if TYPE_CHECKING:
    from graph_service.coding.paper_draft import PaperDraft
    from graph_service.reading.paper import Paper
    from graph_service.reading.shelf import Shelf

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
@click.option("--blank", is_flag=True, help="Paper and codes without positions, for a coder who begins.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File; default: NAME and the format's extension.")
@papers_option
@settings_of(BuildSettings, ("ontology", "data", "base"))
def export(
    name: str, form: str, coders: tuple[str, ...], blank: bool, output: Path | None, papers: Path, **given: Any
) -> None:
    """Write the drafts on the paper NAME for another program."""
    from graph_service.coding import codebook, paper_draft
    from graph_service.coding.exchange import highlight_table, refi_qda_writing, web_annotations
    from graph_service.importing import ImportTarget
    from graph_service.reading.shelf import Shelf, write_whole

    shelf = Shelf(papers)
    paper = shelf.read(name)
    if blank:
        drafts = [paper_draft.empty(paper, coder) for coder in coders or ("coder-1",)]
    else:
        drafts = _drafts(shelf, paper, coders)
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


def _drafts(shelf: Shelf, paper: Paper, coders: tuple[str, ...]) -> list[PaperDraft]:
    from graph_service.coding import draft_file

    standing = draft_file.coders(shelf, paper.name)
    if missing := sorted({*coders} - {*standing}):
        hint = f"Drafts there: {', '.join(standing) or 'none yet'}. For a coder who begins give --blank."
        raise SettingsError(f"There is no draft of {', '.join(missing)} on {paper.name}.", hint=hint)
    return [draft_file.read(shelf, paper, coder) for coder in dict.fromkeys(coders or standing)]
