"""Where all actors stand, asked for once in the life of a data set.

Whatever a page counts as for and against, it takes from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph_service.pages.visit import Visit
from graph_service.views.comparing.coded_positions import LeftOut, Position, read_positions
from graph_service.views.comparing.comparison import Cell, Stances, Status, count_left_out, count_stances

# How templates and style sheet name where somebody stands, and the sign of it.
SIGNS = {"for": "+", "against": "−", "mixed": "±", "several": "≠", "none": "○", "uncertain": "?", "uncoded": "·"}
KEYS = {
    Status.AGREES: "for",
    Status.DISAGREES: "against",
    Status.NEUTRAL: "mixed",
    Status.SEVERAL: "several",
    Status.NONE_FOUND: "none",
    Status.NOT_COMPARABLE: "uncertain",
    Status.NOT_CODED: "uncoded",
}
# Those who share fewer propositions are neither near nor far.
_FEWEST_SHARED = 3


@dataclass(frozen=True)
class Neighbour:
    """Another actor, and on how many propositions both take a side, agree and disagree."""

    actor: str
    together: int
    apart: int

    @property
    def shared(self) -> int:
        """On how many propositions both take a side."""
        return self.together + self.apart

    @property
    def nearness(self) -> float:
        """1 if both agree on all that they share, −1 if they disagree on all of it."""
        return (self.together - self.apart) / self.shared


class Standings:
    """Where each actor stands on each proposition.

    Args:
        positions: all of a data set.

    Attributes:
        positions: the same.
        counts: for each proposition, how many actors stand how, by the names of `KEYS`.
    """

    def __init__(self, positions: Sequence[Position]) -> None:
        self.positions = positions
        stances = Stances(positions, {position.proposition: {} for position in positions})
        self._by_actor: dict[str, dict[str, Cell]] = {}
        self._by_proposition: dict[str, list[Cell]] = {}
        for cell in stances.matrix(stances.actors):
            self._by_actor.setdefault(cell.actor, {})[cell.proposition] = cell
            self._by_proposition.setdefault(cell.proposition, []).append(cell)
        cells = (cell for found in self._by_proposition.values() for cell in found)
        self.counts = counts_of(cells)

    def on(self, proposition: str) -> Sequence[Cell]:
        """How each actor that holds a position on a proposition stands to it."""
        return self._by_proposition.get(proposition, ())

    def left_out(self, proposition: str) -> Mapping[LeftOut, int]:
        """How many positions on a proposition count neither for nor against, by reason."""
        return count_left_out(self.on(proposition))

    def contested(self, most: int) -> list[str]:
        """The propositions with actors on both sides, those with most against first."""
        both = [one for one, counts in self.counts.items() if counts.get("for") and counts.get("against")]
        both.sort(key=lambda one: (-self.counts[one]["against"], -self.counts[one]["for"], one))
        return both[:most]

    def neighbours(self, actor: str) -> Iterator[Neighbour]:
        """The other actors that take a side on the same propositions, if there are three at least.

        What both say in one joint paper does not count.
        """
        numbers: dict[str, list[int]] = {}
        for proposition, own in self._by_actor.get(actor, {}).items():
            for other in self._by_proposition[proposition] if _side(own) else ():
                if other.actor != actor and _side(other) and not _joint(own, other):
                    numbers.setdefault(other.actor, [0, 0])[own.status is not other.status] += 1
        for other_actor, (together, apart) in numbers.items():
            if together + apart >= _FEWEST_SHARED:
                yield Neighbour(other_actor, together, apart)


def counts_of(cells: Iterable[Cell]) -> dict[str, dict[str, int]]:
    """How many actors stand how, by proposition and the names of `KEYS`."""
    return {
        proposition: {KEYS[status]: number for status, number in numbers.items()}
        for proposition, numbers in count_stances(cells).items()
    }


def _side(cell: Cell) -> bool:
    return cell.status in (Status.AGREES, Status.DISAGREES)


def _joint(one: Cell, other: Cell) -> bool:
    """Whether both stand where they do by the same joint paper alone."""
    documents = {position.document for position in (*one.positions, *other.positions)}
    return len(documents) == 1 and all(position.joint for position in (*one.positions, *other.positions))


class _Memory:
    def __init__(self) -> None:
        self.standings: Standings | None = None


async def standings(visit: Visit) -> Standings:
    """The standings of the edition that is visited.

    Raises:
        QueryError: the store did not answer.
    """
    memory = visit.edition.remembered("standings", _Memory)
    if memory.standings is None:
        memory.standings = Standings(read_positions(await visit.rows("stances")))
    return memory.standings
