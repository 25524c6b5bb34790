"""Runs of time windows that hold the same statements, so that their network is computed once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

import numpy as np

from graph_service.networks.table import days
from graph_service.networks.table.selection import within
from graph_service.networks.table.statements import Statements

Window: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True)
class Stretch:
    """One window, or an unbroken row of empty ones.

    Attributes:
        midpoint, first, last: days of the (first) window.
        last_midpoint: day of the last window.
        windows: how many there are.
    """

    midpoint: int
    first: int
    last: int
    last_midpoint: int
    windows: int = 1

    @property
    def notes(self) -> dict[str, str | int]:
        """The stretch as notes of a network."""
        return {
            "midpoint": days.iso(self.midpoint),
            "since": days.iso(self.first),
            "until": days.iso(self.last),
            "last_midpoint": days.iso(self.last_midpoint),
            "windows": self.windows,
        }


def runs(statements: Statements, windows: Iterable[Window]) -> Iterator[tuple[Statements, list[Stretch]]]:
    """The statements of windows that follow each other, and the windows that hold just these.

    While windows move forward, statements only enter and leave. So as long as as many have begun by a window's last
    day, and as many have ended before its first day, it holds the same statements; this costs two binary searches a
    window, whatever the number of statements.

    Args:
        statements: without duplicates; undated ones are in no window.
        windows: midpoint, first and last day of each, in ascending order.
    """
    dated = statements.take(statements.first != days.NEVER_BEGINS)
    begins, ends = np.sort(dated.first), np.sort(dated.last)

    def passed(window: Window) -> tuple[int, int]:
        _, first, last = window
        return int(np.searchsorted(begins, last, "right")), int(np.searchsorted(ends, first, "left"))

    # Of an empty window only its being empty counts: a statement may have entered and left between two steps.
    for (begun, ended), group in groupby(windows, key=lambda window: _same_when_empty(*passed(window))):
        alike = list(group)
        _, first, last = alike[0]
        if begun == ended:
            yield dated.take(np.arange(0)), [Stretch(*alike[0], last_midpoint=alike[-1][0], windows=len(alike))]
        else:
            yield dated.take(within(dated, first, last)), [Stretch(*each, last_midpoint=each[0]) for each in alike]


def _same_when_empty(begun: int, ended: int) -> tuple[int, int]:
    return (0, 0) if begun == ended else (begun, ended)
