"""`graph-service init`: a project of one's own, that builds and is served as it is."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

import click

from graph_service.commands.settings_file import NAME
from graph_service.errors import SettingsError
from graph_service.rdf.terms import iri


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--base", default="https://data.example.org/", show_default=True, help="Where your names begin.")
@click.option("--title", default="A knowledge graph", show_default=True, help="What the data are called.")
def init(directory: Path, base: str, title: str) -> None:
    """Make a project in DIRECTORY: settings, an ontology, shapes, one document, one query."""
    _check(directory, base, title)
    values = {"base": base, "title": title}
    for name, text in _files(resources.files(__package__) / "project", ""):
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(text).substitute(values), encoding="utf-8")
        click.echo(path)
    click.echo(f"\nServe it: cd {directory} && graph-service serve")


def _check(directory: Path, base: str, title: str) -> None:
    """See that nothing is overwritten, and that the values can stand in the files.

    Raises:
        SettingsError: the directory holds something, or a value cannot be used.
    """
    if directory.is_dir() and any(directory.iterdir()):
        raise SettingsError(f"{directory} is not empty.", hint="Name a new directory; nothing was written.")
    try:
        iri(base)
    except ValueError:
        raise SettingsError(f"{base!r} is no IRI.", hint="For example: https://data.example.org/") from None
    if not base.startswith(("http://", "https://")) or not base.endswith("/"):
        raise SettingsError(f"{base!r} cannot be a base.", hint="It begins with https:// and ends with a slash.")
    if not title.isprintable() or '"' in title or "\\" in title:
        raise SettingsError(f"{title!r} cannot be a title.", hint='Leave out ", \\ and line ends.')


def _files(directory: Traversable, below: str) -> list[tuple[str, str]]:
    """Name and text of each file of the project that is copied, the settings first."""
    found = []
    for entry in directory.iterdir():
        if entry.is_dir():
            found += _files(entry, f"{below}{entry.name}/")
        else:
            name = ".gitignore" if entry.name == "gitignore" else entry.name
            found.append((f"{below}{name}", entry.read_text(encoding="utf-8")))
    return sorted(found, key=lambda file: (file[0] != NAME, "/" in file[0], file[0]))
