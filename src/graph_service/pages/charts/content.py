"""A chart before it is drawn: its title, its figures as a table, what is left out of it, and how it is drawn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import LimitExceeded
from graph_service.http import web
from graph_service.http.protocol.cache import Recent
from graph_service.pages.shown import DisplayValue
from graph_service.pages.visit import Visit
from graph_service.views.charts.marks import Chart, captioned, empty
from graph_service.views.comparing.coded_positions import LeftOut
from graph_service.views.tables import Table

Cell: TypeAlias = DisplayValue | int | float | str
Options: TypeAlias = Mapping[str, tuple[Sequence[str], str]]

MOST_ROWS = 1000
# Rows that the sentence for those who do not see the chart tells; all others are in the table.
_TOLD = 12
_KEPT = 64
ISSUE = Parameter(type=Type.IRI, of="id/scheme/issues", example="id/issue/asylum", title={"en": "Issue", "de": "Thema"})
PROPOSITION = Parameter(
    type=Type.IRI, of="mp:Proposition", example="id/proposition/avb", title={"en": "Proposition", "de": "These"}
)


def actor(*, repeatable: bool) -> Parameter:
    """The parameter for one actor or several."""
    title = {"en": "Actor", "de": "Akteur"}
    return Parameter(type=Type.IRI, of="mp:Actor", repeatable=repeatable, example="id/actor/spd", title=title)


@dataclass(frozen=True)
class ChartContent:
    """What a chart shows.

    Attributes:
        title: what it shows, and of whom or what.
        columns: names of the columns of its table; `chart.column.NAME` is what pages call them.
        rows: the figures, a cell for each column.
        row: a phrase for one row, with the columns as placeholders.
        draw: makes the picture at a width, if there are rows.
        nothing: says that there are none.
        notes: sentences on what the reader has to know.
        left_out: how many positions count neither for nor against, by reason.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    row: str
    draw: Callable[[int], Chart]
    nothing: str
    notes: Sequence[str] = ()
    left_out: Mapping[LeftOut, int] | Mapping[str, int] = field(default_factory=dict)

    def sentence(self, language: str) -> str:
        """The chart in a sentence: its title, and the figures of its first rows."""
        words = web.words(language)
        told = [self._told(row) for row in self.rows[:_TOLD]]
        further = len(self.rows) - len(told)
        more = [words["chart.further"].format(count=further)] if further else []
        return f"{self.title}. {'; '.join([*told, *more]) or self.nothing}."

    def _told(self, row: Sequence[Cell]) -> str:
        return self.row.format(**{name: _text(cell) for name, cell in zip(self.columns, row, strict=True)})

    def picture(self, width: int, source: str) -> Chart:
        """The picture with its title, and where it is from."""
        return captioned(self.draw(width) if self.rows else empty(self.nothing, width), self.title, source)

    def table(self) -> Table:
        """The figures as a table in which a column of names follows each column of IRIs, as everywhere in the API."""
        named = {n for n in range(len(self.columns)) if any(isinstance(row[n], DisplayValue) for row in self.rows)}
        columns = [
            one for n, name in enumerate(self.columns) for one in ([name, f"{name}_label"] if n in named else [name])
        ]
        rows = [[value for n, cell in enumerate(row) for value in _values(cell, named=n in named)] for row in self.rows]
        return Table(tuple(columns), rows)


def _values(cell: Cell, *, named: bool) -> list[str | int | float | None]:
    if isinstance(cell, DisplayValue):
        return [cell.title, cell.text]
    return [None, cell] if named else [cell]


def _text(cell: Cell) -> str:
    return cell.text if isinstance(cell, DisplayValue) else str(cell)


@dataclass(frozen=True)
class ChartKind:
    """A chart that can be asked for.

    Attributes:
        name: part of its address; `chart.NAME` is its name for readers.
        params: what it takes.
        content: finds what it shows.
        options: values to choose from, by parameter, where these are no things, and which of them is chosen.
    """

    name: str
    params: Mapping[str, Parameter]
    content: Callable[[Visit], Awaitable[ChartContent]]
    options: Callable[[Visit], Awaitable[Options]] | None = None


class _Memory:
    """The propositions of an issue and the issues of propositions, for a data set."""

    def __init__(self) -> None:
        self.under: Recent[str, Mapping[str, Sequence[str]]] = Recent(_KEPT)


async def propositions(visit: Visit) -> Mapping[str, Sequence[str]]:
    """The propositions that a visit asks for, each with the issues that it stands right under.

    Raises:
        QueryError: the store did not answer.
    """
    issue, only = visit.one("issue"), visit.one("proposition")
    kept = visit.edition.remembered("charts", _Memory).under
    found = kept.get(issue)
    if found is None:
        things = await visit.things("propositions", **({"issue": [issue]} if issue else {}))
        found = {iri: one.all("issue") for iri, one in things.items()}
        kept.put(issue, found)
    iri = visit.show.names.expand(only)
    return {iri: found.get(iri, ())} if only else found


async def named(visit: Visit, name: str) -> str:
    """The thing that a parameter names, as readers call it; empty where it names none."""
    iri = visit.show.names.expand(visit.one(name)) if visit.one(name) else ""
    if not iri:
        return ""
    await visit.label([iri])
    return visit.show.labels.text(iri, visit.language)


async def titled(visit: Visit, kind: str) -> str:
    """The name of a chart, with the things that it is narrowed to behind it."""
    words = web.words(visit.language)
    things = [
        await named(visit, name)
        for name in ("actor", "issue", "proposition", "actor_kind")
        if len(visit.arguments.get(name, ())) < 2
    ]
    narrowed = ", ".join(one for one in things if one)
    return ": ".join(one for one in (words[f"chart.{kind}"], narrowed) if one)


def bounded(rows: Sequence[Sequence[Cell]]) -> Sequence[Sequence[Cell]]:
    """The rows, if there are not too many to be drawn.

    Raises:
        LimitExceeded: there are.
    """
    if len(rows) > MOST_ROWS:
        hint = "Narrow it to an actor, an issue or a proposition."
        raise LimitExceeded(f"This chart would have {len(rows):,} rows; {MOST_ROWS:,} are the limit.", hint=hint)
    return rows
