"""`graph-service network`: a discourse network of the graph, or of a file of statements."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import click

from graph_service.building.inputs import find_inputs, query_files
from graph_service.building.pipeline import current_or_build
from graph_service.catalogue.queries import QueryFile
from graph_service.commands.flags import format_option, pairs, say, settings_of
from graph_service.errors import ParameterError
from graph_service.network_choices import CHEAP, Duplicates, Figure, Isolates, Measure, Mode, Normalisation, Unit
from graph_service.networks.computing import discourse
from graph_service.networks.computing.affiliation import affiliation
from graph_service.networks.computing.windows import Window
from graph_service.networks.formats import FORMATS, gexf, write
from graph_service.networks.formats.attributes import of_specification
from graph_service.networks.network import Network
from graph_service.networks.node_figures import with_figures
from graph_service.networks.specification import Specification
from graph_service.networks.table.selection import select
from graph_service.networks.table.statement_files import read_csv
from graph_service.networks.table.statements import Statements
from graph_service.settings import BuildSettings
from graph_service.store.embedded import EmbeddedStore

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class NetworkOptions:
    """Options of the command line; `network_options` makes one for each field.

    `network_columns` are pairs `OURS=THEIRS`; `only` and `without` are pairs `COLUMN=VALUE`.
    """

    mode: str | None = None
    measure: str | None = None
    normalisation: str = Normalisation.NO
    duplicates: str = Duplicates.DOCUMENT
    isolates: str = Isolates.DROP
    affiliation: str | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    minimum: float = 0.0
    limit: int | None = None
    window: int | None = None
    unit: str = Unit.DAYS
    step: int = 1
    figures: tuple[str, ...] = CHEAP
    network_format: str = "edges"
    network_columns: tuple[str, ...] = ()
    binary: bool = False

    @classmethod
    def taken_from(cls, given: dict[str, Any]) -> NetworkOptions:
        """The options among the arguments of a command, which are taken out of them."""
        return cls(**{each.name: given.pop(each.name) for each in fields(cls)})

    @property
    def columns(self) -> dict[str, str]:
        """Where a column of ours has another name in the source; see `Statements.from_rows`."""
        return {name: theirs[-1] for name, theirs in pairs(self.network_columns).items()}

    @property
    def specification(self) -> Specification:
        """The choices of the network: by default actors and congruence, in two modes and for affiliations *ignore*.

        Raises:
            ParameterError: they do not go together.
        """
        mode = Mode(self.mode or (Mode.TWO_MODE if self.affiliation else Mode.ACTORS))
        usual = Measure.IGNORE if self.affiliation or mode is Mode.TWO_MODE else Measure.CONGRUENCE
        return Specification(
            mode=mode,
            measure=Measure(self.measure or usual),
            normalisation=Normalisation(self.normalisation),
            duplicates=Duplicates(self.duplicates),
            isolates=Isolates(self.isolates),
            minimum=self.minimum,
            limit=self.limit,
        )


def network_options(command: Command) -> Command:
    """A decorator that gives a command the options of a network, which arrive as the fields of `NetworkOptions`."""
    for option in reversed(_options()):
        command = option(command)
    return command


def pieces(statements: Statements, options: NetworkOptions) -> Iterator[bytes]:
    """The network of statements in its format; networks for time windows are a JSON array or a dynamic GEXF.

    Raises:
        ParameterError: options do not go together, or name what does not exist.
        LimitExceeded: the network is too large.
    """
    chosen = select(
        statements,
        since=options.since,
        until=options.until,
        only=pairs(options.only),
        without=pairs(options.without),
    )
    if options.window is None:
        yield from write(with_figures(_whole(chosen, options), options.figures), options.network_format)
        return
    if options.network_format not in ("json", "gexf") or options.affiliation:
        hint = "Add --format json or --format gexf."
        raise ParameterError("Time windows are written as JSON or GEXF, of statements.", hint=hint)
    window = Window(options.window, Unit(options.unit), options.step, options.since, options.until)
    computed_ones = discourse.networks_over_time(chosen, options.specification, window, options.figures)
    if options.network_format == "gexf":
        described = {**of_specification(options.specification), "window": f"{window.size} {window.unit}"}
        frames = discourse.frames(computed_ones, window)
        yield from (piece.encode() for piece in gexf.over_time(frames, described, {}))
        return
    before = b"["
    for _, computed in computed_ones:
        yield before
        yield from write(computed, "json")
        before = b","
    yield b"]\n" if before == b"," else b"[]\n"


def _whole(statements: Statements, options: NetworkOptions) -> Network:
    if options.affiliation:
        return affiliation(statements, options.affiliation, options.specification)
    return discourse.network(statements, options.specification)


class _Day(click.ParamType[datetime.date]):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        try:
            return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2019-06-28.", param, ctx)


def _choice(choices: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([str(choice) for choice in choices])


def _option(name: str, choices: type[StrEnum], default: str | None, text: str) -> Callable[[Any], Any]:
    """An option that takes one of the choices."""
    usual = None if default is None else str(default)
    return click.option(f"--{name}", type=_choice(choices), default=usual, show_default=usual is not None, help=text)


def _options() -> list[Callable[[Any], Any]]:
    default = NetworkOptions()
    choices = [
        ("mode", Mode, "What the nodes are; default: actors, with --affiliation two-mode."),
        ("measure", Measure, "What weights measure; default: congruence, in two modes and with --affiliation ignore."),
        ("normalisation", Normalisation, "How weights are normalised."),
        ("duplicates", Duplicates, "Period within which a repeated statement counts once."),
        ("isolates", Isolates, "Which nodes without an edge stay."),
        ("unit", Unit, "Unit of window and step."),
    ]
    return [
        *(_option(name, kind, getattr(default, name), text) for name, kind, text in choices),
        click.option(
            "--affiliation", metavar="COLUMN", help="Actors and this column (document, issue, …) as concepts."
        ),
        click.option("--since", type=_Day(), help="First day."),
        click.option("--until", type=_Day(), help="Last day."),
        click.option(
            "--only", multiple=True, metavar="COLUMN=VALUE", help="Keep statements with this value; repeatable."
        ),
        click.option("--without", multiple=True, metavar="COLUMN=VALUE", help="Leave out this value; repeatable."),
        click.option("--minimum", type=float, default=0.0, help="Minimum absolute weight of an edge."),
        click.option("--limit", type=click.IntRange(0), help="Maximum number of edges; the strongest are kept."),
        click.option(
            "--window", type=click.IntRange(1), help="A network for each time window of this size, as JSON or GEXF."
        ),
        click.option("--step", type=click.IntRange(1), default=1, show_default=True, help="Units a window moves."),
        click.option(
            "--figure",
            "figures",
            multiple=True,
            type=_choice(Figure),
            default=[str(figure) for figure in default.figures],
            help="A metric of nodes; repeatable. Default: those that are quick to compute.",
        ),
        format_option(
            sorted((format_.name for format_ in FORMATS), key=lambda name: name != default.network_format),
            "Format of the network.",
            "network_format",
        ),
        click.option("--column", "network_columns", multiple=True, metavar="OURS=THEIRS", help="Name of a column."),
        click.option("--binary", is_flag=True, help="Levels are codes (agreed or not), not a scale."),
    ]


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@network_options
@settings_of(BuildSettings)
def network(file: Path | None, **given: Any) -> None:
    """Compute a discourse network of the graph's comparable positions, or of the statements in a CSV FILE."""
    options = NetworkOptions.taken_from(given)
    if file is not None:
        statements = read_csv(file, columns=options.columns, binary=options.binary, say=say)
    else:
        statements = Statements.from_rows(_rows(BuildSettings(**given)), binary=options.binary)
    for piece in pieces(statements, options):
        sys.stdout.buffer.write(piece)


def _rows(settings: BuildSettings) -> list[dict[str, str]]:
    """The statements that the API makes networks of."""
    inputs = find_inputs(settings)
    query = QueryFile(query_files(settings).file("api/statements"))
    store = EmbeddedStore.open(current_or_build(inputs, say).path)
    return store.rows(query.bind({}, inputs.names))
