"""Discourse networks: from statements and a specification to a network, or to one for each time window.

After Leifeld, P. (2017), "Discourse Network Analysis: Policy Debates as Dynamic Networks", in: The Oxford Handbook of
Political Networks; the formulas and their names are those of the Discourse Network Analyzer (DNA 3.1).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from graph_service.network_choices import Figure, Measure, Mode
from graph_service.networks.computing.congruence import one_mode
from graph_service.networks.computing.runs import runs
from graph_service.networks.computing.two_modes import two_mode
from graph_service.networks.computing.windows import Window, shift, windows
from graph_service.networks.network import Network
from graph_service.networks.node_figures import with_figures
from graph_service.networks.specification import Specification
from graph_service.networks.table import days
from graph_service.networks.table.counts import Levels
from graph_service.networks.table.duplicates import without_duplicates
from graph_service.networks.table.statements import Statements


def network(statements: Statements, specification: Specification) -> Network:
    """The network of statements that passed the filters (`selection.select`).

    Raises:
        ParameterError: the specification does not go with the statements (*combine* needs codes).
        LimitExceeded: more edges than `specification.ceiling`, or a scale of more than 101 levels.
    """
    return _counted(distinct(statements, specification), Levels.of(statements), specification)


def networks_over_time(
    statements: Statements, specification: Specification, window: Window, figures: Iterable[Figure | str] = ()
) -> Iterator[tuple[datetime.date, Network]]:
    """A network for each time window wholly inside the time range, with the day of its midpoint.

    Duplicates are removed before, over all windows, and the range of a scale is that of all statements, so windows
    can be compared. Windows without statements come too, as networks without edges, since a silence is a finding: one
    network for each unbroken row of them, however many they are.

    A network is computed where a statement enters or leaves the window, not for each window.

    The notes of a network say `midpoint`, `since` and `until` (days) of its window, `windows`, how many it stands
    for, and the `last_midpoint` of these. Only empty networks stand for more than one window.

    Args:
        statements: after the filters.
        specification: of each network.
        window: size, unit, step and time range.
        figures: attributes of nodes; see `node_figures.with_figures`.

    Raises:
        ParameterError, LimitExceeded: see `network` and `with_figures`.
    """
    levels, wanted = Levels.of(statements), tuple(figures)
    for chosen, stretches in runs(distinct(statements, specification), windows(statements, window)):
        counted = with_figures(_counted(chosen, levels, specification), wanted)
        for stretch in stretches:
            yield days.date(stretch.midpoint), counted.with_attributes({}, **stretch.notes)


def frames(
    networks: Iterable[tuple[datetime.date, Network]], window: Window
) -> Iterator[tuple[datetime.date, datetime.date, Network]]:
    """The networks of time windows, each with the days for which it stands when they are shown one after the other.

    Windows overlap; these days do not: a network stands from its midpoint to the day before the next one.

    Args:
        networks: those of `networks_over_time`.
        window: how their windows were made.
    """
    held: tuple[datetime.date, Network] | None = None
    for midpoint, computed in networks:
        if held is not None:
            yield held[0], midpoint - datetime.timedelta(days=1), held[1]
        held = midpoint, computed
    if held is not None:
        last = days.number(datetime.date.fromisoformat(str(held[1].notes["last_midpoint"])))
        yield held[0], days.date(shift(last, window.step, window.unit) - 1), held[1]


def distinct(statements: Statements, specification: Specification) -> Statements:
    """The statements that count under a specification's rule for duplicates."""
    by_level = specification.measure is not Measure.IGNORE
    return without_duplicates(statements, specification.duplicates, by_level=by_level)


def _counted(statements: Statements, levels: Levels, specification: Specification) -> Network:
    compute = two_mode if specification.mode is Mode.TWO_MODE else one_mode
    return compute(statements, levels, specification)
