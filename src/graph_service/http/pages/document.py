"""The page of a document: its imprint, the extent of its coding, and its positions passage by passage."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from graph_service.http.pages.passages import anchor, passages
from graph_service.http.pages.positions import PositionEntry
from graph_service.http.pages.shown import Show
from graph_service.http.pages.things import RecordedThing, iris_of
from graph_service.http.pages.visit import PageContent, Visit
from graph_service.views.labels import Label

T = TypeVar("T")
# Between the parts of the name of a place: heading, paragraph, sentence, page.
_APART = ", "


@dataclass(frozen=True)
class DocumentPlace:
    """A passage and what rests on it.

    Attributes:
        passage: where it stands.
        anchor: what it is called within the page.
        entries: the positions.
        others: relations and whatever else, as IRIs.
    """

    passage: RecordedThing
    anchor: str
    entries: Sequence[PositionEntry]
    others: Sequence[str]

    def name(self, show: Show) -> Label:
        """What the place is called."""
        return show.labels.label(self.passage.iri, show.language)


@dataclass(frozen=True)
class DocumentPart:
    """Passages that follow one another under one heading of their document."""

    places: Sequence[DocumentPlace]

    def name(self, show: Show) -> Label:
        """What the places are called as far as all of them are called the same."""
        first = self.places[0].name(show)
        return Label(_APART.join(self._common(show)), first.language)

    def within(self, place: DocumentPlace, show: Show) -> str:
        """What one of the places is called beyond that."""
        return _APART.join(_parts(place, show)[len(self._common(show)) :])

    def _common(self, show: Show) -> list[str]:
        names = [_parts(place, show) for place in self.places]
        return [one for one, *others in zip(*names, strict=False) if all(other == one for other in others)]


async def document(visit: Visit, iri: str) -> PageContent:
    """The page.

    Args:
        visit: asks.
        iri: of the document.

    Raises:
        QueryError: the store did not answer.
    """
    found, positions, resting, read = await asyncio.gather(
        visit.things("document", item=[iri]),
        visit.things("positions", by=["mp:statedIn"], of=[iri]),
        visit.things("resting", document=[iri]),
        passages(visit, document=[iri]),
    )
    thing = found.get(iri, RecordedThing(iri))
    entries = [PositionEntry(position, thing) for position in sorted(positions.values(), key=lambda one: one.iri)]
    others = {one.iri: one for one in resting.values() if one.all("passage")}
    await visit.label(others)
    entries_at = _at_passages((one.position, one) for one in entries)
    others_at = _at_passages((others[iri], iri) for iri in visit.by_name(others))
    here = {one.iri for one in read}
    await visit.label(here)
    places = [
        DocumentPlace(one, anchor(visit.show, one.iri), entries_at.get(one.iri, ()), others_at.get(one.iri, ()))
        for one in read
    ]
    facts = {
        "document": thing,
        "places": _grouped(places, visit.show),
        "number": len(places),
        "kinds": {iri: one.all("kind") for iri, one in resting.items()},
        "holders": list(dict.fromkeys(holder for one in entries for holder in one.position.all("holder"))),
        "unplaced": [one for one in entries if not {*one.position.all("passage")} & here],
    }
    return PageContent("document", facts, iris_of([thing, *positions.values(), *resting.values(), *read]))


def _grouped(places: Iterable[DocumentPlace], show: Show) -> list[DocumentPart]:
    """Places that follow one another and whose names begin alike, each group under one heading."""
    return [DocumentPart(list(group)) for _, group in groupby(places, key=lambda place: _parts(place, show)[0])]


def _parts(place: DocumentPlace, show: Show) -> list[str]:
    return place.name(show).text.split(_APART)


def _at_passages(found: Iterable[tuple[RecordedThing, T]]) -> dict[str, list[T]]:
    """The things that rest on each passage, in their given order."""
    at: dict[str, list[T]] = {}
    for thing, one in found:
        for passage in thing.all("passage"):
            at.setdefault(passage, []).append(one)
    return at
