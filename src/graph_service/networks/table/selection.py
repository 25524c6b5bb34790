"""Filters: the statements of a network, chosen before anything is counted."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Mapping

import numpy as np

from graph_service.errors import ParameterError
from graph_service.networks.table import days
from graph_service.networks.table.coded_column import CodedColumn, Mask
from graph_service.networks.table.statements import Statements


def select(
    statements: Statements,
    *,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    only: Mapping[str, Collection[str]] | None = None,
    without: Mapping[str, Collection[str]] | None = None,
) -> Statements:
    """The statements that pass all filters, in their order.

    Dates also choose which actors and concepts the table knows, and so what `Isolates.ALL` lists: as in the Discourse
    Network Analyzer, nobody who only speaks outside of them. The other filters leave that as it is.

    Args:
        statements: any table.
        since: the first day. A statement whose date is an interval passes if it may have been made on or after it.
        until: the last day. An undated statement passes only where neither `since` nor `until` is given.
        only: for each column (`actor`, `concept`, `document`, `id` or an attribute) the values kept.
        without: for each column the values left out.

    Raises:
        ParameterError: there is no such column.
    """
    if since is not None or until is not None:
        statements = _between(statements, since, until)
    kept = np.ones(len(statements), np.bool_)
    for name, values in (only or {}).items():
        kept &= column(statements, name).is_in(values)
    for name, values in (without or {}).items():
        kept &= ~column(statements, name).is_in(values)
    return statements if kept.all() else statements.take(kept)


def _between(statements: Statements, since: datetime.date | None, until: datetime.date | None) -> Statements:
    first, last = (None if day is None else days.number(day) for day in (since, until))
    dated = statements.take(within(statements, first, last))
    return dataclasses.replace(
        dated, actor=dated.actor.without_unused_words(), concept=dated.concept.without_unused_words()
    )


def within(statements: Statements, since: int | None, until: int | None) -> Mask:
    """Which statements may have been made between two days, both inclusive; shape (n,)."""
    kept = np.ones(len(statements), np.bool_)
    if since is not None:
        kept &= statements.last >= since
    if until is not None:
        kept &= statements.first <= until
    return kept


def column(statements: Statements, name: str) -> CodedColumn:
    """A column of words by its name.

    Raises:
        ParameterError: there is none.
    """
    named = {
        "actor": statements.actor,
        "concept": statements.concept,
        "document": statements.document,
        "id": statements.id,
        **statements.attributes,
    }
    if name not in named:
        raise ParameterError(f"The statements have no column {name!r}.", hint=f"Choose from {', '.join(named)}.")
    return named[name]
