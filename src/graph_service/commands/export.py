"""The command `graph-service export`: the data set as a file, or the whole site for plain web hosting."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from graph_service.commands.flags import format_option, say, settings_of, taken_from
from graph_service.errors import SettingsError
from graph_service.settings import BuildSettings, ServeSettings
from graph_service.snapshots.snapshot import Snapshot

# What the pages of a site depend on; the rest of how a service listens does not matter to files.
_OF_SITE = ("notices", "contact", "pages", "publisher", "licence", "templates", "logo", "accent", "accent_dark")


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@format_option(
    ("nquads", "trig", "jsonld", "ntriples"), "Format of FILE; ntriples has each statement once, without its graph."
)
@click.option("--site", type=click.Path(path_type=Path), help="Directory that gets the whole site as files.")
@click.option("--address", help="URL where the site will be; default: the base IRI.")
@click.option("--service", default="", help="URL of a service, for links of the site that need one.")
@settings_of(ServeSettings, _OF_SITE)
@settings_of(BuildSettings)
def export(file: Path | None, form: str, site: Path | None, address: str | None, service: str, **given: Any) -> None:
    """Write the data set to FILE, or to standard output; with --site, write the site with all pages, data and dumps."""
    from graph_service.building.inputs import find_inputs
    from graph_service.building.pipeline import current_or_build

    if file and site:
        raise SettingsError("FILE and --site exclude each other.", hint="Run the command once for each.")
    settings = taken_from(given, BuildSettings)
    snapshot = current_or_build(find_inputs(settings), say)
    if site is None:
        _write(snapshot, form, file)
    else:
        _write_site(
            snapshot,
            settings,
            site,
            address or settings.base,
            service,
            ServeSettings(**{name: given[name] for name in _OF_SITE}),
        )


def _write(snapshot: Snapshot, form: str, file: Path | None) -> None:
    """Write the data set; a file is there when it is whole."""
    from graph_service.snapshots import dumps

    if file is None:
        sys.stdout.buffer.writelines(dumps.pieces(snapshot, form))
        return
    draft = file.with_name(f".{file.name}.draft")
    try:
        with draft.open("wb") as out:
            out.writelines(dumps.pieces(snapshot, form))
        draft.replace(file)
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror}.", hint="Name another file.") from None
    finally:
        draft.unlink(missing_ok=True)
    say(f"{file}: data set {snapshot.digest[:12]}")


def _write_site(
    snapshot: Snapshot, build: BuildSettings, directory: Path, address: str, service: str, settings: ServeSettings
) -> None:
    from graph_service.building.inputs import query_files
    from graph_service.catalogue.queries import Catalogue
    from graph_service.serving.static_site.exporting import export_site
    from graph_service.serving.static_site.target import SiteTarget

    target = SiteTarget(directory, address, service)
    catalogue = Catalogue(query_files(build))
    count = export_site(snapshot, catalogue, target, settings=settings, progress=say)
    say(f"{directory}: {count} files, data set {snapshot.digest[:12]}")
