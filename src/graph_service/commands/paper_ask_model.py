"""`graph-service paper ask-model`: a language model as one more coder."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import click

from graph_service.commands.flags import say, settings_of
from graph_service.commands.paper import papers_option
from graph_service.settings import BuildSettings

KEY = "GRAPH_SERVICE_MODEL_KEY"


@click.command("ask-model")
@click.argument("name")
@click.option(
    "--address",
    required=True,
    envvar="GRAPH_SERVICE_MODEL_ADDRESS",
    show_envvar=True,
    help="Where the model answers, such as http://localhost:8080/v1; there is no default.",
)
@click.option("--model", required=True, envvar="GRAPH_SERVICE_MODEL", show_envvar=True, help="Its name there.")
@click.option("--coder", default="model-1", show_default=True, help="Name of its draft; begins with model-.")
@click.option(
    "--run-seconds",
    type=click.FloatRange(1, 86_400),
    default=1800,
    show_default=True,
    help="Limit of the run, in seconds.",
)
@click.option(
    "--requests", type=click.IntRange(1, 10_000), default=400, show_default=True, help="Limit of the run, in seconds."
)
@papers_option
@settings_of(BuildSettings, ("ontology", "data", "base"))
def ask_model(
    name: str, address: str, model: str, coder: str, run_seconds: float, requests: int, papers: Path, **given: Any
) -> None:
    """Send the paper NAME to a language model and keep what it proposes as a draft of its own.

    The text of the paper leaves this machine if the address does. A key is read from GRAPH_SERVICE_MODEL_KEY.
    Quotations are looked for in the paper and replaced by its own words; what is not there is dropped and counted.
    """
    from graph_service.coding import codebook, draft_file
    from graph_service.drafting.chat_completions import ChatModel, Limits, completions_address
    from graph_service.drafting.language_model import ModelRun, Progress, check_names
    from graph_service.importing import ImportTarget
    from graph_service.reading.shelf import Shelf

    check_names(coder, model)
    key = os.environ.get(KEY, "").strip()
    limits = Limits(seconds=run_seconds, requests=requests)
    asked = ChatModel(completions_address(address, key), model, key, limits)
    shelf = Shelf(papers)
    paper = shelf.read(name)
    draft_file.read(shelf, paper, coder)
    book = codebook.read(ImportTarget.of(BuildSettings(**given)))
    run = ModelRun(paper, book, asked, lambda edit: draft_file.change(shelf, paper, coder, edit))
    say(f"sends {len(paper.text)} characters of {name} to {asked.address}")

    async def follow() -> Progress | None:
        progress = None
        async for progress in run.code():
            say(progress.lines()[0])
        return progress

    progress = asyncio.run(follow())
    for line in progress.lines() if progress else ["the paper has no text"]:
        click.echo(line)
    if progress and progress.stopped:
        raise click.exceptions.Exit(1)
