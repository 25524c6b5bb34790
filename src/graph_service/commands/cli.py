"""The command line: thin commands over the library.

Flags are made from the fields of the settings; each is an environment variable too. An error is one line on standard
error, with one more for each finding, and exit status 1; a wrong call exits with 2.
"""

from __future__ import annotations

import errno
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graph_service.commands import settings_file
from graph_service.commands.flags import FROM_FILE, format_option, pages_of_file, say, settings_of, taken_from
from graph_service.errors import FindingsError, GraphServiceError
from graph_service.settings import BuildSettings, ServeSettings
from graph_service.version import __version__

if TYPE_CHECKING:
    from graph_service.snapshots.snapshot import Snapshot

_UNCHANGED = "What was there before is as it was."
_NO_ROOM = {
    errno.ENOSPC: f"Make room and try again. {_UNCHANGED}",
    errno.EDQUOT: f"Make room and try again. {_UNCHANGED}",
    errno.EFBIG: f"Raise the limit of the size of files (ulimit -f) and try again. {_UNCHANGED}",
}
# Commands with a module of their own, which is loaded when they are called, and how the list of commands explains them.
_ELSEWHERE = {
    "agreement": "Measure the agreement of coders: share of equal codes and Krippendorff's alpha.",
    "check": "Check data, consistency and evidence; put nothing into use.",
    "diff": "Show what was added, removed or changed from OLD to NEW.",
    "edit-token": "Make a token for the editor NAME, add its digest to the file of tokens, and print it, this once.",
    "export": "Write the data set to FILE, or to standard output; with --site, write the site with all pages, data "
    "and dumps.",
    "init": "Make a project in DIRECTORY: settings, an ontology, shapes, one document, one query.",
    "mcp": "Let an assistant ask the graph over standard input and output (Model Context Protocol).",
    "network": "Compute a discourse network of the graph's comparable positions, or of the statements in a CSV FILE.",
    "paper": "Read a position paper, draft and review its positions, bring them into the graph.",
    "publish": "Put a snapshot into use: built anew if anything changed, or the kept EDITION of this digest.",
    "query": "Answer a query of the catalogue by NAME, or one in a FILE; without either, list the catalogue.",
    "verify": "Check a certificate, or the JSON of a proof, in FILE against the edition it names.",
}


class _Group(click.Group):
    """Turns the errors of the package into one line each, and loads a slow command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, by name."""
        return sorted([*super().list_commands(ctx), *_ELSEWHERE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, None if there is none."""
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module = cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(f"graph_service.commands.{module}"), module)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List all commands, without loading any."""
        listed = {**self.commands, **{name: click.Command(name, help=text) for name, text in _ELSEWHERE.items()}}
        width = formatter.width - 6 - max(map(len, listed))
        with formatter.section("Commands"):
            formatter.write_dl([(name, listed[name].get_short_help_str(width)) for name in sorted(listed)])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FindingsError as error:
            say(f"error: {error}")
            for finding in error.findings:
                say(f"  {finding}")
        except GraphServiceError as error:
            say(f"error: {error}")
        except OSError as error:
            if error.errno == errno.EPIPE:  # who reads our output has had enough, which click knows
                raise
            say(f"error: {_of_the_system(error)}")
        sys.exit(1)


def _of_the_system(error: OSError) -> str:
    """What the system refused and where, and how to go on where a disk is full or a file too large."""
    where = f"{error.filename}: " if error.filename else ""
    hint = _NO_ROOM.get(error.errno or 0, "")
    return f"{where}{error.strerror or error}. {hint}".rstrip()


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="graph-service")
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path),
    envvar="GRAPH_SERVICE_SETTINGS",
    show_envvar=True,
    help=f"File of settings; default: {settings_file.NAME}, if it lies here. Flags go before it.",
)
@click.pass_context
def main(context: click.Context, file: Path | None) -> None:
    """Migration Policy Graph: position papers in, verifiable linked data out."""
    if file is None and Path(settings_file.NAME).is_file():
        file = Path(settings_file.NAME)
    if file is not None:
        context.meta[FROM_FILE] = settings_file.read(file)


@main.command()
@click.option("--full", is_flag=True, help="Go on from nothing, and compare with the snapshot in use.")
@settings_of(BuildSettings)
def build(*, full: bool, **given: Any) -> None:
    """Read, validate, reason, and put a new snapshot into use.

    Where only data have changed, the build goes on from the snapshot in use.
    """
    from graph_service.commands.class_warnings import warn_of_classes

    settings = taken_from(given, BuildSettings)
    if full:
        from graph_service.building.inputs import find_inputs
        from graph_service.building.pipeline import rebuild

        snapshot = rebuild(find_inputs(settings), say)
    else:
        from graph_service.building.resident import ResidentBuilder

        snapshot = ResidentBuilder(settings, say, once=True).build()
    warn_of_classes(pages_of_file(), snapshot.path, snapshot.manifest.names, say)
    click.echo(snapshot.path)


@main.command()
@settings_of(ServeSettings)
@settings_of(BuildSettings)
def serve(**given: Any) -> None:
    """Build if anything changed, then serve over HTTP."""
    from graph_service.building.inputs import find_inputs, query_files
    from graph_service.building.pipeline import current_or_build, in_use
    from graph_service.commands.class_warnings import warn_of_classes
    from graph_service.serving.app import serve
    from graph_service.serving.live import Live

    settings, build_settings = taken_from(given, ServeSettings), taken_from(given, BuildSettings)
    root = build_settings.snapshots
    queries = query_files(build_settings)
    live = Live.of(settings, build_settings, queries, say) if settings.live else None
    if live is not None:
        snapshot = live.first()
    else:
        snapshot = current_or_build(find_inputs(build_settings), say) if settings.build else in_use(root)
    warn_of_classes(settings.pages, snapshot.path, snapshot.manifest.names, say)
    desk = None
    if settings.edit_tokens is not None:
        from graph_service.serving.desk import Desk

        desk = Desk(settings, build_settings)
    serve(
        settings,
        snapshot,
        queries,
        snapshots=root,
        live=live,
        desk=desk,
        started=lambda address: say(_where_to_go(address, snapshot)),
    )


@main.command()
@click.argument("subject")
@click.argument("predicate")
@click.argument("value", metavar="OBJECT")
@format_option(("text", "json", "turtle"), "Format of the proof.")
@settings_of(BuildSettings)
def explain(subject: str, predicate: str, value: str, form: str, **given: Any) -> None:
    """Prove a triple: the statements it follows from, their sources, and the rules.

    SUBJECT, PREDICATE and OBJECT are IRIs, CURIEs, names relative to the base, or a literal as in N-Triples.
    """
    from graph_service.building.inputs import find_inputs, query_files
    from graph_service.building.pipeline import current_or_build
    from graph_service.catalogue.queries import QueryFile
    from graph_service.explaining.explanation import Explainer

    settings = BuildSettings(**given)
    places = QueryFile(query_files(settings).file("evidence/places"))
    explainer = Explainer(current_or_build(find_inputs(settings), say), places)
    proof = explainer.explain(subject, predicate, value)
    if form == "json":
        click.echo(json.dumps(explainer.json(proof, settings.language), indent=2, ensure_ascii=False))
    else:
        write = explainer.text if form == "text" else explainer.turtle
        click.echo(write(proof, settings.language), nl=False)


@main.command("import")
@click.argument("kind", type=click.Choice(["coding-sheet", "dna", "roll-calls"]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="Data directory that gets the files; default: the data.")
@click.option("--accept-new", is_flag=True, help="Add actors, propositions, coders and terms the graph does not know.")
@click.option("--decisions", type=click.Path(path_type=Path), help="CSV of rows to leave out or set otherwise.")
@click.option("--halves", type=click.Path(path_type=Path), help="JSON that divides propositions and claims on them.")
@click.option(
    "--names", type=click.Path(path_type=Path), help="dna: table of actors, propositions or terms to bring along."
)
@click.option("--document-language", default="", help="dna: language of the documents, such as de.")
@click.option("--source-kind", default="", help="dna: kind of source of the documents, such as press-report.")
@click.option("--coder", default="", help="dna: who coded, such as coder-1; no names of persons.")
@click.option("--scale", is_flag=True, help="dna: agreement is a scale around 0, not 0 and 1.")
@settings_of(BuildSettings)
def import_(kind: str, file: Path, into: Path | None, accept_new: bool, **given: Any) -> None:
    """Turn a coding sheet, an export of the Discourse Network Analyzer or a table of roll calls into files of data."""
    from graph_service import importing

    settings = taken_from(given, BuildSettings)
    corpus = importing.Corpus(given["document_language"], given["source_kind"], given["scale"], given["coder"])
    options = importing.ImportOptions(accept_new, given["decisions"], given["halves"], given["names"], corpus)
    graph = importing.ImportTarget.of(settings)
    report = importing.run(kind, file, into or graph.directory(), graph, options, say)
    for line in report.lines():
        click.echo(line)


def _where_to_go(address: str, snapshot: Snapshot) -> str:
    return (
        f"serving {snapshot.manifest.triples} statements, digest {snapshot.digest[:12]}\n"
        f"  {address}         start page with the questions it answers\n"
        f"  {address}sparql   SPARQL endpoint\n"
        "stop with Ctrl-C"
    )
