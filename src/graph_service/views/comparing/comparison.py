"""Where actors stand, what they share, where they differ, what only one speaks on, and what kind of silence that is.

An actor stands where its latest comparable position stands, and counts once. Comparable is what is verified or
corrected and meets its proposition in full. A conditional position counts neither for nor against. What does not count
is counted as left out, by reason.

Silence is not neutrality. "No position found" means that a whole text of the actor's own was gone through for the
issue; "not coded" that nobody looked; an explicitly neutral or conditional position is a position.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from graph_service.rdf.answers import Row
from graph_service.views.comparing.coded_positions import LeftOut, Position, in_time, latest


class Status(StrEnum):
    """How an actor stands to a proposition."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NEUTRAL = "conditional, mixed or neutral"
    SEVERAL = "differs between positions"
    NONE_FOUND = "no position found"
    NOT_COMPARABLE = "coded, but not comparable"
    NOT_CODED = "not coded"


class ComparisonOutcome(StrEnum):
    """What comparing actors on a proposition gives."""

    COMMON = "common"
    DIFFERENCE = "difference"
    CONDITIONAL = "conditional"
    ONE_SIDED = "one-sided"
    UNCOVERED = "uncovered"


# An actor of these statuses takes a side; the conditional stay out of what is common and what differs.
_SIDES = (Status.AGREES, Status.DISAGREES, Status.SEVERAL)
_STATUSES = {1: Status.AGREES, -1: Status.DISAGREES, 0: Status.NEUTRAL}


@dataclass(frozen=True)
class Cell:
    """How one actor stands to one proposition.

    Attributes:
        actor, proposition: IRIs.
        status: where it stands, or its kind of silence.
        positions: the latest that count, in the order of time; where none counts, all that it holds.
        left_out: the positions that count neither for nor against, each with its reason.
        searched: the actor's own documents that were gone through for the proposition.
    """

    actor: str
    proposition: str
    status: Status
    positions: tuple[Position, ...] = ()
    left_out: tuple[tuple[LeftOut, Position], ...] = ()
    searched: tuple[str, ...] = ()

    @property
    def agreement(self) -> float | None:
        """The mean of the agreements, None of silence."""
        if not self.positions or self.status is Status.NOT_COMPARABLE:
            return None
        mean = sum(position.agreement for position in self.positions) / len(self.positions)
        return round(mean, 2)

    @property
    def earliest(self) -> Position:
        """The earliest position from which on the actor stood as it does now throughout; of a cell with positions."""
        before = [position for reason, position in self.left_out if reason is LeftOut.EARLIER and position.since]
        before.sort(key=in_time, reverse=True)
        unbroken = takewhile(lambda position: position.agreement == self.agreement, before)
        return min((*unbroken, *self.positions), key=in_time)


class Stances:
    """All cells of actors and propositions.

    Args:
        positions: coded positions.
        looked_for: documents that were searched, by proposition and actor; each proposition is a key.
        all_positions: whether positions count that are not comparable.

    Attributes:
        actors: who holds one of the positions, or had a document searched for one of the propositions.
        propositions: all of them, in a stable order.
    """

    def __init__(
        self,
        positions: Iterable[Position],
        looked_for: Mapping[str, Mapping[str, Sequence[str]]],
        *,
        all_positions: bool = False,
    ) -> None:
        self.propositions = sorted(looked_for)
        self._looked_for = looked_for
        self._all = all_positions
        self._positions: dict[tuple[str, str], list[Position]] = {}
        for position in sorted(positions, key=in_time):
            self._positions.setdefault((position.actor, position.proposition), []).append(position)
        searched = {actor for actors in looked_for.values() for actor in actors}
        self.actors = sorted({actor for actor, _ in self._positions} | searched)

    def cell(self, actor: str, proposition: str) -> Cell:
        """How an actor stands to a proposition."""
        held = self._positions.get((actor, proposition), ())
        searched = tuple(self._looked_for.get(proposition, {}).get(actor, ()))
        if not held:
            return Cell(actor, proposition, Status.NONE_FOUND if searched else Status.NOT_CODED, searched=searched)
        fit = [position for position in held if self._all or position.comparable]
        counted = latest(fit)
        left_out = [(LeftOut(position.reason), position) for position in held if position.reason and not self._all]
        left_out += [(LeftOut.EARLIER, position) for position in fit if position not in counted]
        left_out += [(LeftOut.CONDITIONAL, position) for position in counted if not position.agreement]
        if not counted:
            return Cell(actor, proposition, Status.NOT_COMPARABLE, tuple(held), tuple(left_out), searched)
        agreements = {position.agreement for position in counted}
        status = _STATUSES[agreements.pop()] if len(agreements) == 1 else Status.SEVERAL
        return Cell(actor, proposition, status, counted, tuple(left_out), searched)

    def compare(self, actors: Sequence[str]) -> Iterator[tuple[str, ComparisonOutcome, list[Cell]]]:
        """Each proposition with what comparing gives and the cells of the actors in their order."""
        for proposition in self.propositions:
            cells = [self.cell(actor, proposition) for actor in actors]
            yield proposition, _outcome(cells), cells

    def matrix(self, actors: Iterable[str]) -> Iterator[Cell]:
        """The cells in which there is anything to tell: all that are missing are not coded."""
        found: dict[str, set[str]] = {}
        pairs = [(actor, proposition) for proposition, searched in self._looked_for.items() for actor in searched]
        for actor, proposition in (*self._positions, *pairs):
            found.setdefault(actor, set()).add(proposition)
        for actor in actors:
            for proposition in sorted(found.get(actor, ())):
                yield self.cell(actor, proposition)


def _outcome(cells: Sequence[Cell]) -> ComparisonOutcome:
    speaking = [cell for cell in cells if cell.agreement is not None]
    if len(speaking) < 2:
        return ComparisonOutcome.ONE_SIDED if speaking else ComparisonOutcome.UNCOVERED
    sides = [cell.status for cell in speaking if cell.status in _SIDES]
    if len(sides) < 2:
        return ComparisonOutcome.CONDITIONAL
    same = len(set(sides)) == 1 and Status.SEVERAL not in sides
    return ComparisonOutcome.COMMON if same else ComparisonOutcome.DIFFERENCE


def count_stances(cells: Iterable[Cell]) -> dict[str, Counter[Status]]:
    """How many actors stand how, by proposition."""
    found: dict[str, Counter[Status]] = {}
    for cell in cells:
        found.setdefault(cell.proposition, Counter())[cell.status] += 1
    return found


def count_left_out(cells: Collection[Cell]) -> dict[LeftOut, int]:
    """How many positions count neither for nor against, by reason; one that counts for any actor is not among them."""
    reasons = {position.iri: reason for cell in cells for reason, position in cell.left_out}
    for cell in cells:
        without = {position.iri for _, position in cell.left_out}
        for position in cell.positions:
            if position.iri not in without:
                reasons.pop(position.iri, None)
    numbers = Counter(reasons.values())
    return {reason: numbers[reason] for reason in LeftOut}


def read_looked_for(rows: Iterable[Row]) -> dict[str, dict[str, list[str]]]:
    """Documents by proposition and actor in the rows of the query file `looked-for`."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        actors = found.setdefault(row["proposition"]["value"], {})
        if "actor" in row:
            actors.setdefault(row["actor"]["value"], []).append(row["document"]["value"])
    return found
