"""`graph-service diff`: the differences between two editions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from graph_service.building.inputs import query_files
from graph_service.commands.flags import format_option, settings_of
from graph_service.settings import BuildSettings
from graph_service.snapshots import delta, retention
from graph_service.snapshots.snapshot import Snapshot, open_snapshot
from graph_service.views.changes import differences


@click.command()
@click.argument("old", default="previous")
@click.argument("new", default="current")
@format_option(
    ("text", "json", "trig", *delta.WRITERS),
    "Text or JSON about things; stated statements as two named graphs (trig); every quad as JSON lines or RDF patch.",
)
@settings_of(BuildSettings)
def diff(old: str, new: str, form: str, **given: Any) -> None:
    """Show what was added, removed or changed from OLD to NEW.

    Each is a digest or the beginning of one, the directory of a snapshot, `current` or `previous`.
    """
    settings = BuildSettings(**given)
    before, after = _snapshot(old, settings.snapshots), _snapshot(new, settings.snapshots)
    if form in delta.WRITERS:
        for piece in delta.pieces(before, after, form):
            click.echo(piece, nl=False)
        return
    found = differences.compare(before, after, query_files(settings))
    if form == "json":
        click.echo(json.dumps(differences.json(found, settings.language), indent=1, ensure_ascii=False))
    elif form == "trig":
        click.echo("".join(differences.trig(found, after.manifest.base)), nl=False)
    else:
        click.echo(differences.text(found, settings.language), nl=False)


def _snapshot(name: str, root: Path) -> Snapshot:
    path = Path(name)
    return open_snapshot(path) if (path / "manifest.json").is_file() else retention.find(root, name)
