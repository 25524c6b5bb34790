"""Affiliation networks: actors and the bodies they sit in, the documents they sign, the issues they speak about.

An affiliation is a statement without disagreement: the other side stands in for the concept and every level is 1. So
filters, duplicates, time windows, reasons and one-mode networks (actors through shared bodies) are those of
statements.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from graph_service.network_choices import Measure, Mode
from graph_service.networks.computing.discourse import network
from graph_service.networks.network import Network
from graph_service.networks.specification import Specification
from graph_service.networks.table.selection import column
from graph_service.networks.table.statements import Statements


def affiliations(rows: Iterable[Mapping[str, Any]], to: str = "body") -> Statements:
    """The affiliations of rows such as a query for the members of bodies gives.

    Args:
        rows: one mapping an affiliation, with `actor`, the column `to`, and as far as known `date` and `until` (since
            and until when it holds), `id`, `document` and further attributes; see `Statements.from_rows`.
        to: the column of what actors are affiliated with.

    Raises:
        SourceError: a date cannot be read.
    """
    return by(Statements.from_rows(({**row, "level": ""} for row in rows), columns={"concept": to}), "concept")


def by(statements: Statements, to: str) -> Statements:
    """Statements as affiliations of their actors with a column: `document`, `issue` or any other.

    Statements in which the column is empty are left out.

    Raises:
        ParameterError: there is no such column.
    """
    other = column(statements, to)
    kept = dataclasses.replace(statements, concept=other, level=np.ones(len(statements)), binary=False)
    return kept.take(~other.is_in([""]))


def affiliation(statements: Statements, to: str, specification: Specification | None = None) -> Network:
    """The two-mode network of actors and a column: how often each actor comes with each of its values.

    Args:
        statements: after the filters; of `affiliations` take `to="concept"`.
        to: `document`, `issue` or another column.
        specification: of mode `two-mode` and measure `ignore`, or of mode `actors` for actors through what they
            share; by default the former.

    Raises:
        ParameterError: there is no such column.
        LimitExceeded: see `network`.
    """
    chosen = specification or Specification(mode=Mode.TWO_MODE, measure=Measure.IGNORE)
    return network(by(statements, to), chosen).with_attributes({}, affiliation=to)
