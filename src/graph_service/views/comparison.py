"""Comparison of actors: what they share, where they differ, what only one speaks on, and what kind of silence that is.

Silence is not neutrality. "No position found" means that a whole text of the actor's own was gone through for the
issue; "not coded" that nobody looked; an explicitly neutral or conditional position is a position. Only comparable
positions count unless all are wanted: verified or corrected, and meeting their proposition in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from graph_service.rdf.answers import Row, truth
from graph_service.views.labels import Label, pick


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
    ONE_SIDED = "one-sided"
    UNCOVERED = "uncovered"


_STATUSES = {1: Status.AGREES, -1: Status.DISAGREES, 0: Status.NEUTRAL}


@dataclass(frozen=True)
class Position:
    """A position of one holder on one proposition.

    Attributes:
        iri, actor, proposition, document: IRIs.
        agreement: 1, 0 or -1.
        comparable: whether it is verified or corrected and meets the proposition in full.
        joint: whether the actor answers for the document together with others.
        since, until: first and last possible day of the document, empty if it is undated.
        verb, source_kind: IRIs, empty if nothing is stated.
        kinds, passages, cautions: IRIs.
        texts: own paraphrase by language tag.
    """

    iri: str
    actor: str
    proposition: str
    document: str
    agreement: int
    comparable: bool
    joint: bool
    since: str = ""
    until: str = ""
    verb: str = ""
    source_kind: str = ""
    kinds: set[str] = field(default_factory=set)
    passages: set[str] = field(default_factory=set)
    cautions: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)

    def text(self, language: str) -> Label | None:
        """The paraphrase, in this language if there is one in it."""
        return pick(self.texts, language)

    def told(self, language: str) -> dict[str, Any]:
        """The position as JSON, references as IRIs."""
        text = self.text(language)
        return {
            "id": self.iri,
            "agreement": self.agreement,
            "comparable": self.comparable,
            "joint": self.joint,
            "text": text.text if text else None,
            "verb": self.verb or None,
            "kinds": sorted(self.kinds),
            "document": self.document,
            "source_kind": self.source_kind or None,
            "from": self.since or None,
            "to": self.until or None,
            "passages": sorted(self.passages),
            "cautions": sorted(self.cautions),
        }


@dataclass(frozen=True)
class Cell:
    """How one actor stands to one proposition.

    `positions` are in the order of time; `searched` are the actor's own documents that were gone through for it.
    """

    actor: str
    proposition: str
    status: Status
    positions: tuple[Position, ...] = ()
    searched: tuple[str, ...] = ()

    @property
    def agreement(self) -> float | None:
        """The mean of the agreements, None of silence."""
        if not self.positions or self.status is Status.NOT_COMPARABLE:
            return None
        mean = sum(position.agreement for position in self.positions) / len(self.positions)
        return round(mean, 2)


class Stances:
    """All cells of actors and propositions.

    Args:
        positions: coded positions.
        looked_for: documents that were gone through, by proposition and actor; each proposition is a key.
        all_positions: whether positions count that are not comparable.

    Attributes:
        actors: who holds one of the positions, or had a document gone through for one of the propositions.
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
        held = self._positions.get((actor, proposition), [])
        counted = tuple(position for position in held if self._all or position.comparable)
        searched = tuple(self._looked_for.get(proposition, {}).get(actor, ()))
        if counted:
            agreements = {position.agreement for position in counted}
            status = _STATUSES[agreements.pop()] if len(agreements) == 1 else Status.SEVERAL
            return Cell(actor, proposition, status, counted, searched)
        if held:
            return Cell(actor, proposition, Status.NOT_COMPARABLE, tuple(held), searched)
        return Cell(actor, proposition, Status.NONE_FOUND if searched else Status.NOT_CODED, (), searched)

    def compare(self, actors: Sequence[str]) -> Iterator[tuple[str, ComparisonOutcome, list[Cell]]]:
        """Each proposition with what comparing gives and the cells of the actors in their order."""
        for proposition in self.propositions:
            cells = [self.cell(actor, proposition) for actor in actors]
            yield proposition, _outcome(cells), cells

    def matrix(self, actors: Iterable[str]) -> Iterator[Cell]:
        """The cells in which there is anything to tell: all that are missing are not coded."""
        for actor in actors:
            for proposition in self.propositions:
                cell = self.cell(actor, proposition)
                if cell.status is not Status.NOT_CODED:
                    yield cell


def _outcome(cells: Sequence[Cell]) -> ComparisonOutcome:
    speaking = [cell for cell in cells if cell.agreement is not None]
    if len(speaking) < 2:
        return ComparisonOutcome.ONE_SIDED if speaking else ComparisonOutcome.UNCOVERED
    statuses = {cell.status for cell in speaking}
    same = len(statuses) == 1 and Status.SEVERAL not in statuses
    return ComparisonOutcome.COMMON if same else ComparisonOutcome.DIFFERENCE


def in_time(position: Position) -> tuple[str, ...]:
    """The order of time: by first day, then last day; what is undated comes last."""
    undated = "9999" if not position.since else ""
    names = (position.document, position.iri, position.actor)
    return (undated, position.since, position.until, *names)


def read_positions(rows: Iterable[Row]) -> list[Position]:
    """The positions in the rows of the query file `coded-positions`; several rows may tell of one."""
    found: dict[tuple[str, str], Position] = {}
    for row in rows:
        key = (row["position"]["value"], row["actor"]["value"])
        if key not in found:
            found[key] = _position(row)
        position = found[key]
        named = (("kind", position.kinds), ("passage", position.passages), ("caution", position.cautions))
        for name, values in named:
            if name in row:
                values.add(row[name]["value"])
        if "text" in row:
            position.texts[row["text"].get("xml:lang", "").lower()] = row["text"]["value"]
    return list(found.values())


def read_looked_for(rows: Iterable[Row]) -> dict[str, dict[str, list[str]]]:
    """Documents by proposition and actor in the rows of the query file `looked-for`."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        actors = found.setdefault(row["proposition"]["value"], {})
        if "actor" in row:
            actors.setdefault(row["actor"]["value"], []).append(row["document"]["value"])
    return found


def _position(row: Row) -> Position:
    def text(name: str) -> str:
        return row[name]["value"] if name in row else ""

    return Position(
        iri=text("position"),
        actor=text("actor"),
        proposition=text("proposition"),
        document=text("document"),
        agreement=int(text("agreement")),
        comparable=truth(row, "comparable"),
        joint=truth(row, "joint"),
        since=text("from"),
        until=text("to"),
        verb=text("verb"),
        source_kind=text("source"),
    )
