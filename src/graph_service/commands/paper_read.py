"""`graph-service paper read`: a file becomes a paper on the curator's shelf."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from graph_service.coding import draft_file
from graph_service.commands.paper import papers_option
from graph_service.errors import SettingsError, SourceError
from graph_service.reading import bounded_reading, file_kinds
from graph_service.reading.file_kinds import Pictures
from graph_service.reading.paper import Paper, Removed
from graph_service.reading.shelf import STRUCTURE, Shelf


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", default=None, help="Short name of the paper; without it, made of the file's name.")
@click.option(
    "--language",
    default="",
    help="Of the text, such as de or en; without it, what the file says, else what paper draft finds.",
)
@click.option("--ocr", "pictures", flag_value=Pictures.READ.value, help="Read pages that are pictures, by tesseract.")
@click.option(
    "--skip-pictures",
    "pictures",
    flag_value=Pictures.SKIP.value,
    help="Leave pages out that are pictures, and list them.",
)
@click.option("--json", "as_json", is_flag=True, help="Write all that was found as JSON, with what was taken out.")
@papers_option
def read(file: Path, name: str | None, language: str, pictures: str | None, *, as_json: bool, papers: Path) -> None:
    """Read FILE (PDF, Word, HTML, Markdown, text): its text with pages, blocks and sentences goes to --papers.

    What belongs to the page and not to the paper (headers, footers, hyphens at line ends) is taken out and listed.
    """
    shelf = Shelf(papers)
    name = file_kinds.short_name(file) if name is None else name
    shelf.path(name, STRUCTURE)
    paper = bounded_reading.read(file, name, language, Pictures(pictures or Pictures.REFUSE))
    state = _put(shelf, paper)
    if as_json:
        click.echo(json.dumps(_described(shelf, paper, state), ensure_ascii=False, indent=1))
        return
    click.echo(f"{shelf.directory / name}: {state}. {_counts(paper)}")
    if paper.removed:
        click.echo(f"Taken out: {_removals(paper.removed)} (--json lists them).")
    click.echo(f"Next: graph-service paper draft {name}")


def _put(shelf: Shelf, paper: Paper) -> str:
    """Put a paper on the shelf and say what became of one that was there under its name.

    Raises:
        SettingsError: drafts rest on another text of it.
    """
    with draft_file.held(shelf, paper.name):
        return _put_held(shelf, paper)


def _put_held(shelf: Shelf, paper: Paper) -> str:
    is_new = paper.name not in shelf.names()
    if coders := [coder for coder in draft_file.coders(shelf, paper.name) if not _rests_on(shelf, paper, coder)]:
        message = f"{shelf.directory / paper.name} has drafts that rest on another text: {', '.join(coders)}."
        hint = "Read the new edition under another --name, then see what changed: graph-service paper compare."
        raise SettingsError(message, hint=hint)
    if not is_new and _is_there(shelf, paper):
        return "unchanged"
    shelf.write(paper)
    return "read" if is_new else "read again, what was there is replaced"


def _rests_on(shelf: Shelf, paper: Paper, coder: str) -> bool:
    try:
        draft_file.read(shelf, paper, coder)
    except SourceError:
        return False
    return True


def _is_there(shelf: Shelf, paper: Paper) -> bool:
    try:
        return shelf.read(paper.name) == paper
    except SourceError:
        return False  # A text that was changed by hand.


def _counts(paper: Paper) -> str:
    kinds = Counter(block.kind for block in paper.blocks)
    blocks = ", ".join(_count(n, kind.value.replace("-", " ")) for kind, n in kinds.items())
    pages = f"{_count(len(paper.pages), 'page')}, " if paper.pages else ""
    return f"{pages}{_count(len(paper.text), 'character')}, {_count(len(paper.sentences), 'sentence')}; {blocks}."


def _removals(removed: Iterable[Removed]) -> str:
    counts: Counter[str] = Counter()
    for each in removed:
        counts[each.kind] += each.count
    return ", ".join(_count(n, kind.replace("-", " ")) for kind, n in counts.items())


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 or thing == 'navigation' else 's'}"


def _described(shelf: Shelf, paper: Paper, state: str) -> dict[str, Any]:
    structure = paper.model_dump(mode="json", exclude={"text"})
    return {"directory": str(shelf.directory / paper.name), "state": state, **structure}
