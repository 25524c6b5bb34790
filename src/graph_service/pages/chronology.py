"""Positions in chronological order, by year and document; cautions about a document stand with it once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from graph_service.views.comparing.coded_positions import Position, in_time
from graph_service.views.comparing.coded_positions import newest_first as newest_first


@dataclass(frozen=True)
class TimelineEntry:
    """A document with those of its positions that are asked for; one at least."""

    document: str
    positions: Sequence[Position]

    @property
    def since(self) -> str:
        """First possible day of the document, empty if it is undated."""
        return self.positions[0].since

    @property
    def until(self) -> str:
        """Last possible day of the document, empty if it is undated."""
        return self.positions[0].until

    @property
    def source_kind(self) -> str:
        """The kind of source of all these positions; empty if it differs."""
        kinds = {one.source_kind for one in self.positions}
        return kinds.pop() if len(kinds) == 1 else ""

    @property
    def cautions(self) -> list[str]:
        """The cautions that all these positions share."""
        return sorted(set.intersection(*(one.cautions for one in self.positions)))

    def further(self, position: Position) -> list[str]:
        """The cautions on one of the positions beyond those that all share."""
        return sorted(position.cautions.difference(self.cautions))


def by_year(positions: Iterable[Position]) -> dict[str, list[TimelineEntry]]:
    """The documents of positions by year, the earliest first; undated ones last, under an empty text."""
    years: dict[str, list[TimelineEntry]] = {}
    for (since, document), found in groupby(sorted(positions, key=in_time), key=lambda one: (one.since, one.document)):
        years.setdefault(since[:4], []).append(TimelineEntry(document, list(found)))
    return years


def within(first: str, last: str, since: str = "", until: str = "") -> bool:
    """Whether what is of these days may be of a period, as `coded-positions` has it: what is undated is of none."""
    return (not since or last >= since) and (not until or (bool(first) and first <= until))
