"""`graph-service paper agreement`: how far the coders of a paper agree, and where they differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from graph_service.coding import draft_file
from graph_service.coding.coders.intercoder import IntercoderAgreement, VariableAgreement, compare
from graph_service.coding.coders.settling import AGREED
from graph_service.coding.paper_draft import PaperDraft
from graph_service.commands.paper import papers_option
from graph_service.errors import SettingsError
from graph_service.importing.coder_agreement import Metric
from graph_service.reading.paper import Paper
from graph_service.reading.shelf import Shelf

_SHORT = 160


@click.command()
@click.argument("name")
@click.argument("coders", nargs=-1, metavar="[CODER]...")
@papers_option
@click.option("--json", "as_json", is_flag=True, help="Write JSON, with the passages in full.")
def agreement(name: str, coders: tuple[str, ...], papers: Path, *, as_json: bool) -> None:
    """Measure how far the coders of a paper agree: passages, and each code of the positions that match.

    CODERs are all who have a draft on NAME, unless you name some.
    """
    paper, drafts = drafts_of(Shelf(papers), name, coders)
    found = compare(paper, drafts)
    if as_json:
        click.echo(json.dumps(asdict(found), indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(name, found)))


def drafts_of(shelf: Shelf, name: str, coders: Sequence[str]) -> tuple[Paper, list[PaperDraft]]:
    """A paper and the drafts of these coders, or of all but `agreed`.

    Raises:
        SettingsError: there are not two, or one that was named has no draft.
    """
    paper = shelf.read(name)
    there = draft_file.coders(shelf, name)
    chosen = list(dict.fromkeys(coders)) or [coder for coder in there if coder != AGREED]
    if missing := [coder for coder in chosen if coder not in there]:
        hint = f"Coders with a draft: {', '.join(there) or 'none yet'}."
        raise SettingsError(f"{', '.join(missing)} has no draft on {name}.", hint=hint)
    if len(chosen) < 2:
        hint = f"A second coder begins with: graph-service paper review {name} --coder coder-2."
        raise SettingsError(f"{name} has the codings of {len(chosen)} coder; agreement needs two.", hint=hint)
    return paper, [draft_file.read(shelf, paper, coder) for coder in chosen]


def _lines(name: str, found: IntercoderAgreement) -> Iterator[str]:
    numbers = ", ".join(f"{coder} {number} positions" for coder, number in found.positions.items())
    yield f"{len(found.coders)} coders on {name}: {numbers}; {found.matched} match"
    for coder, number in found.unfinished.items():
        if number:
            yield f"not counted, since neither accepted nor rejected yet: {number} of {coder}"
    yield f"passages that match by half or more: F1 {_figure(found.f1)}"
    yield f"characters that belong to a position: |u-alpha {_figure(found.identified)}"
    yield ""
    yield "| column | coded twice | differ | equal | alpha | difference | u-alpha | cu-alpha |"
    yield "|---|---:|---:|---:|---:|---|---:|---:|"
    yield from map(_row, found.variables)
    if found.differences:
        yield ""
        yield f"| page | passage | column | {' | '.join(found.coders)} |"
        yield f"|---:|---|---|{'---|' * len(found.coders)}"
    for one in found.differences:
        values = (_cell(one.values.get(coder, "")) or "–" for coder in found.coders)
        yield f"| {one.page or ''} | {_cell(one.text)} | {one.column} | {' | '.join(values)} |"


def _row(one: VariableAgreement) -> str:
    codes = one.codes
    metric = "MASI" if one.metric is Metric.MASI else one.metric
    figures = (
        f"{codes.units} | {len(codes.differing)} | {codes.equal:.1%} | {_figure(codes.alpha)}" if codes else "0 | | |"
    )
    return f"| `{one.column}` | {figures} | {metric} | {_figure(one.unitized)} | {_figure(one.coded)} |"


def _figure(value: float | None) -> str:
    """A coefficient; a dash where codes do not vary, so that it is not defined."""
    return "–" if value is None else f"{value:.3f}"


def _cell(text: str) -> str:
    words = " ".join(text.split()).replace("|", "\\|")
    return words if len(words) <= _SHORT else f"{words[:_SHORT]}…"
