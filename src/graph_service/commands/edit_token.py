"""`graph-service edit-token`: a token for somebody who may edit over HTTP."""

from __future__ import annotations

from pathlib import Path

import click

from graph_service.commands.flags import say, settings_of
from graph_service.editing import tokens
from graph_service.errors import SettingsError
from graph_service.settings import ServeSettings


@click.command("edit-token")
@click.argument("name")
@click.option("--files", multiple=True, help="Pattern of files that it may write, such as documents/*; default: all.")
@settings_of(ServeSettings, only=("edit_tokens",))
def edit_token(name: str, files: tuple[str, ...], edit_tokens: Path | None) -> None:
    """Make a token for the editor NAME, add its digest to the file of tokens, and print it, this once.

    NAME stands in the graph with each edit, so it is no name of a person.
    """
    if edit_tokens is None:
        raise SettingsError("There is no file for the token.", hint="Name one: --edit-tokens FILE")
    secret, token = tokens.made(name, files)
    tokens.add(edit_tokens, token)
    click.echo(secret)
    say(f"Added to {edit_tokens}: {name} may write {', '.join(token.files)}. Keep the token, nobody can show it again.")
