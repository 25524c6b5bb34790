"""`graph-service paper sheet`: a draft as a workbook, and an edited workbook back into the draft."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from graph_service.coding import draft_file
from graph_service.coding.paper_draft import PaperDraft
from graph_service.coding.sheets import sheet_reading, sheet_values
from graph_service.coding.sheets.sheet import workbook
from graph_service.commands.flags import say, settings_of
from graph_service.commands.paper import coder_option, papers_option
from graph_service.errors import SettingsError
from graph_service.importing import ImportTarget
from graph_service.reading.paper import Paper
from graph_service.reading.shelf import Shelf, write_whole
from graph_service.settings import BuildSettings


@click.command
@click.argument("name")
@coder_option
@papers_option
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File; default: NAME.xlsx.")
@click.option("--read", "edited", type=click.Path(path_type=Path), help="Take an edited sheet over into the draft.")
@settings_of(BuildSettings)
def sheet(name: str, coder: str, papers: Path, output: Path | None, edited: Path | None, **given: Any) -> None:
    """Write a draft as XLSX with drop-down lists, or read such a sheet back.

    NAME is the short name of the paper. Texts of propositions come in the language of --language.
    """
    settings = BuildSettings(**given)
    graph, shelf = ImportTarget.of(settings), Shelf(papers)
    paper = shelf.read(name)
    if edited:
        after = _read(edited, shelf, paper, coder, settings, graph)
        counts = Counter(str(position.status) for position in after.positions)
        click.echo(f"{counts['accepted']} accepted, {counts['rejected']} rejected, {counts['proposed']} undecided")
        return
    draft = draft_file.read(shelf, paper, coder)
    file = output or Path(f"{name}.xlsx")
    if file.exists():
        hint = f"Take its edits over with --read {file}, then remove it; or write another with --output."
        raise SettingsError(f"{file} is there already, and may have edits.", hint=hint)
    write_whole(file, workbook(draft, paper, sheet_values.of(graph, draft, settings.language)))
    click.echo(f"wrote {file}: {len(draft.positions)} positions")


def _read(
    edited: Path, shelf: Shelf, paper: Paper, coder: str, settings: BuildSettings, graph: ImportTarget
) -> PaperDraft:
    rows = sheet_reading.read(edited, say)

    def edit(draft: PaperDraft) -> PaperDraft:
        with_tables = sheet_reading.with_tables(draft, paper, rows)
        found = sheet_values.of(graph, with_tables, settings.language)
        return sheet_reading.SheetReader(paper, with_tables, found).apply(rows)

    return draft_file.change(shelf, paper, coder, edit)
