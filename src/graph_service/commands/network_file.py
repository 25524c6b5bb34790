"""`graph-service network`: options and output of the command."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, BinaryIO, TypeVar

import click

from graph_service.commands.flags import pairs
from graph_service.errors import ParameterError
from graph_service.networks.affiliation import affiliation
from graph_service.networks.choices import CHEAP, Duplicates, Figure, Isolates, Measure, Mode, Normalisation, Unit
from graph_service.networks.discourse import network, networks_over_time
from graph_service.networks.figures import with_figures
from graph_service.networks.formats import FORMATS, write
from graph_service.networks.network import Network
from graph_service.networks.selection import select
from graph_service.networks.specification import Specification
from graph_service.networks.statements import Statements
from graph_service.networks.windows import Window

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class NetworkOptions:
    """What the options of the command line say; each field is one, made by `network_options`.

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
    """A decorator that gives a command all options of a network; they arrive as the fields of `NetworkOptions`."""
    for option in reversed(_options()):
        command = option(command)
    return command


def write_network(statements: Statements, options: NetworkOptions, out: BinaryIO) -> None:
    """Compute the network of statements, or one for each time window, and write it.

    Raises:
        ParameterError: options do not go together, or name what does not exist.
        LimitExceeded: the network is too large for what is asked.
    """
    for piece in pieces(statements, options):
        out.write(piece)


def pieces(statements: Statements, options: NetworkOptions) -> Iterator[bytes]:
    """What `write_network` writes. Windows come as a JSON array of networks."""
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
    if options.network_format != "json" or options.affiliation:
        raise ParameterError("Time windows are written as JSON, of statements.", hint="Add --format json.")
    window = Window(options.window, Unit(options.unit), options.step, options.since, options.until)
    before = b"["
    for _, computed in networks_over_time(chosen, options.specification, window, options.figures):
        yield before
        yield from write(computed, "json")
        before = b","
    yield b"]\n" if before == b"," else b"[]\n"


def _whole(statements: Statements, options: NetworkOptions) -> Network:
    if options.affiliation:
        return affiliation(statements, options.affiliation, options.specification)
    return network(statements, options.specification)


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
        ("measure", Measure, "What numbers say; default: congruence, in two modes and with --affiliation ignore."),
        ("normalisation", Normalisation, "What they are divided by."),
        ("duplicates", Duplicates, "Within which period a repeated statement counts once."),
        ("isolates", Isolates, "Which nodes without an edge stay."),
        ("unit", Unit, "What window and step are counted in."),
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
        click.option("--minimum", type=float, default=0.0, help="Leave out edges whose number is nearer to 0."),
        click.option("--limit", type=click.IntRange(0), help="Keep so many edges, the strongest."),
        click.option("--window", type=click.IntRange(1), help="A network for each time window of this size, as JSON."),
        click.option("--step", type=click.IntRange(1), default=1, show_default=True, help="How far windows move."),
        click.option(
            "--figure",
            "figures",
            multiple=True,
            type=_choice(Figure),
            default=[str(figure) for figure in default.figures],
            help="An attribute of nodes; repeatable. Default: those that cost nothing.",
        ),
        click.option(
            "-f",
            "--format",
            "network_format",
            type=click.Choice([known.name for known in FORMATS]),
            default=default.network_format,
            show_default=True,
            help="How the network is written.",
        ),
        click.option("--column", "network_columns", multiple=True, metavar="OURS=THEIRS", help="Name of a column."),
        click.option("--binary", is_flag=True, help="Levels are codes (agreed or not), no scale."),
    ]
