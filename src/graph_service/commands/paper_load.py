"""`graph-service paper load`: highlights of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from graph_service.commands.flags import settings_of
from graph_service.commands.paper import coder_option, papers_option
from graph_service.errors import SettingsError
from graph_service.settings import BuildSettings

_EXTENSIONS = {".qdpx": "qdpx", ".json": "annotations", ".jsonld": "annotations", ".csv": "csv"}


@click.command()
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["qdpx", "annotations", "csv"]),
    help="Default: by the file's extension.",
)
@click.option("--user", default="", help="Whose highlights, where the file has several users.")
@click.option("--source", default="", help="Which text source of a REFI-QDA project is the paper.")
@click.option(
    "--unit", type=click.Choice(["code-points", "utf-16"]), help="What positions of a REFI-QDA project count."
)
@coder_option
@papers_option
@settings_of(BuildSettings, ("ontology", "data", "base"))
def load(name: str, file: Path, form: str | None, user: str, coder: str, papers: Path, **given: Any) -> None:
    """Bring the highlights of FILE into a coder's draft on the paper NAME.

    They become proposed positions. Known positions are changed, none is removed; nothing is accepted. A highlight
    whose words are not in the paper, or are there twice, is refused and listed.
    """
    from graph_service.coding import codebook, draft_file
    from graph_service.coding.exchange import highlight_table, merging, refi_qda_reading, web_annotations
    from graph_service.coding.exchange.code_units import Unit
    from graph_service.coding.exchange.highlights import of_user
    from graph_service.importing import ImportTarget
    from graph_service.reading.shelf import Shelf

    form = form or _EXTENSIONS.get(file.suffix.lower())
    if form is None:
        raise SettingsError(f"{file.name} has no extension that tells its format.", hint="Give --format.")
    unit = Unit(given.pop("unit")) if given.get("unit") else given.pop("unit")
    source = given.pop("source")
    shelf = Shelf(papers)
    paper = shelf.read(name)
    book = codebook.read(ImportTarget.of(BuildSettings(**given)))
    draft = draft_file.read(shelf, paper, coder)
    if form == "qdpx":
        origin = refi_qda_reading.ORIGIN
        received = refi_qda_reading.read(file, paper, [draft], book, source=source, unit=unit)
    elif form == "annotations":
        origin = web_annotations.ORIGIN
        received = web_annotations.read(file, paper, [draft], book)
    else:
        origin = highlight_table.ORIGIN
        received = highlight_table.read(file, paper, [draft], book)
    highlights = of_user(received.highlights, user, file)
    after, report = merging.merge(draft, paper, highlights, origin)
    if report.added or report.changed:
        draft_file.change(shelf, paper, coder, lambda _: after, draft.revision)
    for line in (*report.lines(), *(f"not read: {sentence}" for sentence in received.unread)):
        click.echo(line)
