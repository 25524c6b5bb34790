"""`graph-service query`: a named query, or one in a file, answered in this process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from graph_service.catalogue.queries import Catalogue, QueryFile
from graph_service.commands.flags import pairs, settings_of
from graph_service.rdf import formats, guard
from graph_service.rdf.answers import Row, solutions
from graph_service.rdf.namespaces import Names
from graph_service.settings import BuildSettings
from graph_service.store import Query
from graph_service.store.embedded import EmbeddedStore
from graph_service.views.names.known_names import KnownNames


@click.command()
@click.argument("name", required=False)
@click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter; may be repeated.")
@click.option("-f", "--format", "format_name", help="csv, tsv, json, xml; turtle, ntriples, jsonld, rdfxml.")
@click.option("--inferred/--no-inferred", default=True, show_default=True, help="Let inferred triples take part.")
@settings_of(BuildSettings)
def query(name: str | None, params: Iterable[str], format_name: str | None, inferred: bool, **given: Any) -> None:
    """Answer a query of the catalogue by NAME, or one in a FILE; without either, list the catalogue."""
    from graph_service.building.inputs import find_inputs, query_files
    from graph_service.building.pipeline import current_or_build

    settings = BuildSettings(**given)
    files = query_files(settings)
    catalogue = Catalogue(files)
    if name is None:
        for listed in catalogue:
            click.echo(f"{listed.name:34} {listed.header.title.get(settings.language, '')}")
        return
    inputs = find_inputs(settings)
    file = _file(name, catalogue)
    arguments = pairs(params, thing="parameter", form="-p NAME=VALUE")
    # What is wrong whatever the data say is told before they are built.
    text = file.bind(arguments, inputs.names) if file else Path(name).read_text(encoding="utf-8-sig")
    form = guard.inspect(text).form
    preferred = "csv" if form is formats.Form.SELECT else None
    wanted = formats.by_name(form, format_name or preferred)
    store = EmbeddedStore.open_prepared(current_or_build(inputs, lambda done: click.echo(done, err=True)).path)
    if file and arguments:
        known = QueryFile(files.file("api/known-names"))
        text = file.bind(_settled(file, arguments, known, inputs.names, store), inputs.names)
    store.evaluate(Query(text, form, wanted, inferred), sys.stdout.buffer)


def _file(name: str, catalogue: Catalogue) -> QueryFile | None:
    """The query file of a name, or of a path; None for a file without header, which takes no parameters."""
    path = Path(name)
    if name in catalogue or not path.is_file():
        return catalogue[name]
    return QueryFile(path) if path.read_text(encoding="utf-8-sig").lstrip().startswith("#+") else None


def _settled(
    file: QueryFile, arguments: Mapping[str, Sequence[str]], known: QueryFile, names: Names, store: EmbeddedStore
) -> Mapping[str, Sequence[str]]:
    async def ask(text: str) -> list[Row]:
        return solutions(store.query(text, formats.TSV))[1]

    return asyncio.run(KnownNames().settled(file.header.params, arguments, known, names, ask))
