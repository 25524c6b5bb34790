"""The relations of an actor, seen from its own end, with dates and evidence.

A place in a body is grouped by how it came about: the actor's own, one it takes for another, one that another takes
for it, or one that follows through a part, of which no paper speaks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from graph_service.pages.shown import Show
from graph_service.pages.stances.passages import places
from graph_service.pages.things import RecordedThing
from graph_service.pages.visit import Visit

# The ends of a relation: who relates, to whom, in whose name.
_ENDS = ("of", "to", "on_behalf_of")
_PLACES = ("participation", "representation")
# Class of the relation and end at which the actor stands, in the order of the page.
WORDS = (
    "membership.of", "membership.to", "parthood.of", "parthood.to", "participation.of", "representation.of",
    "representation.on_behalf_of", "participation.to", "representation.to", "partnership.of", "partnership.to",
    "succession.of", "succession.to",
)  # fmt: skip


@dataclass(frozen=True)
class Tie:
    """A relation from one of its ends: `of`, `to` or `on_behalf_of`."""

    relation: RecordedThing
    end: str

    @property
    def kind(self) -> str:
        """The class of the relation as words name it, such as `membership`; empty if none is known."""
        return self.relation.one("relation").rpartition("#")[2].lower()

    @property
    def others(self) -> list[str]:
        """Who stands at the other end: of a seat in another's name, the body."""
        return self.relation.all("of" if self.end == "to" else "to")

    @property
    def delegates(self) -> list[str]:
        """Who takes the actor's seat for it."""
        return self.relation.all("of") if self.end == "on_behalf_of" else []

    @property
    def represented(self) -> list[str]:
        """In whose name a seat is taken, where that is not the actor's."""
        return [] if self.end == "on_behalf_of" else self.relation.all("on_behalf_of")

    def places(self, show: Show) -> list[tuple[str, str]]:
        """The passages that it rests on, each with its address on the page of the document."""
        return places(show, self.relation)


def ties(actor: str, around: Iterable[RecordedThing]) -> dict[str, list[Tie]]:
    """The ties of an actor by `WORDS`, in this order.

    Args:
        actor: its IRI.
        around: the things of the query `actor`; what is no relation is left out.
    """
    found = [
        Tie(thing, end) for thing in sorted(around, key=lambda one: one.iri) for end in _ENDS if actor in thing.all(end)
    ]
    sorted_by_word = {word: [one for one in found if f"{one.kind}.{one.end}" == word] for word in WORDS}
    return {word: tied for word, tied in sorted_by_word.items() if tied}


async def tied_speakers(visit: Visit, actors: Collection[str]) -> dict[str, dict[str, int]]:
    """For actors the wholes, members, parties and groups of theirs that hold positions, by number, the most first.

    Args:
        visit: asks.
        actors: IRIs, of which none need hold a position.

    Raises:
        QueryError: the store did not answer.
    """
    if not actors:
        return {}
    rows = await visit.rows("tied-speakers", actor=actors)
    counts = sorted((-int(row["count"]["value"]), row["other"]["value"], row["actor"]["value"]) for row in rows)
    found: dict[str, dict[str, int]] = {}
    for count, other, actor in counts:
        found.setdefault(actor, {})[other] = -count
    return found


def through_parts(actor: str, places: Iterable[str], tied: Mapping[str, list[Tie]]) -> list[str]:
    """The bodies among an actor's places that none of its own relations names; itself is no place of it."""
    own = {
        body
        for ties_ in tied.values()
        for one in ties_
        if one.kind in _PLACES and one.end != "to"
        for body in one.others
    }
    return sorted({*places} - own - {actor})
