"""Coded positions as a comparison needs them, why some do not count in it, and which of an actor's is the latest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from graph_service.rdf.answers import Row, truth
from graph_service.views.labels import Label, pick


class LeftOut(StrEnum):
    """Why a position counts neither for nor against its proposition. Of several reasons the first holds."""

    PARTIAL = "partial"
    UNVERIFIED = "unverified"
    EARLIER = "earlier"
    CONDITIONAL = "conditional"


@dataclass(frozen=True)
class Position:
    """A position of one holder on one proposition.

    Attributes:
        iri, actor, proposition, document: IRIs.
        agreement: 1, 0 or -1.
        reason: why it is not comparable, `partial` or `unverified`; empty if it is.
        joint: whether the actor answers for the document together with others.
        since, until: first and last possible day of the document, empty if it is undated.
        as_given: the date as the source gives it, such as a year; empty if nothing is stated.
        verb, source_kind: IRIs, empty if nothing is stated.
        kinds, passages, cautions: IRIs.
        texts: own paraphrase by language tag.
    """

    iri: str
    actor: str
    proposition: str
    document: str
    agreement: int
    reason: str
    joint: bool
    since: str = ""
    until: str = ""
    as_given: str = ""
    verb: str = ""
    source_kind: str = ""
    kinds: set[str] = field(default_factory=set)
    passages: set[str] = field(default_factory=set)
    cautions: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def comparable(self) -> bool:
        """Whether it is verified or corrected and meets its proposition in full."""
        return not self.reason

    def text(self, language: str) -> Label | None:
        """The paraphrase, in this language if there is one in it."""
        return pick(self.texts, language)

    def as_json(self, language: str) -> dict[str, Any]:
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
            "date_as_given": self.as_given or None,
            "passages": sorted(self.passages),
            "cautions": sorted(self.cautions),
        }


def latest(positions: Sequence[Position]) -> tuple[Position, ...]:
    """Those after which surely no other comes: none begins after their last possible day. What is undated stays."""
    newest = max((position.since for position in positions), default="")
    return tuple(position for position in positions if not position.until or position.until >= newest)


def count_incomparable(positions: Iterable[Position]) -> dict[str, int]:
    """How many positions are not comparable, by reason; a position of several holders is one."""
    numbers = Counter({position.iri: position.reason for position in positions if position.reason}.values())
    return {reason: numbers[reason] for reason in (LeftOut.PARTIAL, LeftOut.UNVERIFIED)}


def in_time(position: Position) -> tuple[str | bool, ...]:
    """The order of time: by first day, then last; what has only a year last in that year, undated last of all."""
    since, until = position.since, position.until
    names = (position.document, position.iri, position.actor)
    return (not since, since[:4], only_a_year(since, until), since, until, *names)


def newest_first(since: str, until: str) -> tuple[bool, int, bool, int]:
    """A sort key: the latest day first; what has only a year after the days of that year, what is undated last."""
    day = until or since
    if not day:
        return True, 0, False, 0
    return False, -int(day[:4]), only_a_year(since, until), -int(day[5:].replace("-", "") or 0)


def only_a_year(since: str, until: str) -> bool:
    """Whether a document is of a year and nobody knows of which day."""
    return since[:4] == until[:4] and since.endswith("-01-01") and until.endswith("-12-31")


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


def _position(row: Row) -> Position:
    def text(name: str) -> str:
        return row[name]["value"] if name in row else ""

    return Position(
        iri=text("position"),
        actor=text("actor"),
        proposition=text("proposition"),
        document=text("document"),
        agreement=int(text("agreement")),
        reason=text("reason"),
        joint=truth(row, "joint"),
        since=text("from"),
        until=text("to"),
        as_given=text("date_as_given"),
        verb=text("verb"),
        source_kind=text("source"),
    )
