"""Duplicates: what an actor repeats within a period counts once.

Leifeld's rules, as DNA 3.1 names them: include all, or one per document, calendar week, month, year, or whole range.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graph_service.network_choices import Duplicates
from graph_service.networks.table import days
from graph_service.networks.table.statements import Statements

_LARGEST = 2**62


def without_duplicates(statements: Statements, rule: Duplicates, *, by_level: bool) -> Statements:
    """The first statement of each actor on each concept in each period, in their order.

    Args:
        statements: any table.
        rule: the period. Statements with an interval belong to the period of its first day, undated ones together to
            a period of their own.
        by_level: whether agreeing and disagreeing are two statements; the measure *ignore* says no.
    """
    if rule is Duplicates.INCLUDE:
        return statements
    levels = np.unique(statements.level, return_inverse=True)[1]
    keys = [statements.actor.codes, statements.concept.codes, _periods(statements, rule)]
    _, firsts = np.unique(fold([*keys, levels] if by_level else keys), return_index=True)
    return statements.take(np.sort(firsts))


def _periods(statements: Statements, rule: Duplicates) -> NDArray[np.integer]:
    match rule:
        case Duplicates.DOCUMENT:
            return statements.document.codes
        case Duplicates.WEEK:
            return days.week(statements.first)
        case Duplicates.MONTH:
            return days.month(statements.first)
        case Duplicates.YEAR:
            return days.year(statements.first)
    return np.zeros(len(statements), np.int64)


def fold(keys: list[NDArray[np.integer]]) -> NDArray[np.int64]:
    """One number for each combination of keys, equal exactly where all of them are; shapes (n,)."""
    folded, distinct = np.zeros(len(keys[0]), np.int64), 1
    for key in keys:
        from_zero = key.astype(np.int64) - int(key.min(initial=0))
        size = int(from_zero.max(initial=0)) + 1
        if distinct * size > _LARGEST:
            folded, distinct = np.unique(folded, return_inverse=True)[1], len(folded)
        folded, distinct = folded * size + from_zero, distinct * size
    return folded
