"""The page of a document: its imprint, the extent of its coding, and its positions passage by passage."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import TypeVar

from graph_service.pages.shown import Show
from graph_service.pages.stances.passages import anchor, passages
from graph_service.pages.stances.position_list import positions_of
from graph_service.pages.stances.positions import PositionEntry
from graph_service.pages.things import RecordedThing, iris_of
from graph_service.pages.visit import PageContent, Visit
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
    """Passages that follow one another under one heading of their document.

    Attributes:
        name: what they are called, as far as all of them are called the same.
        places: each with what it is called beyond that.
    """

    name: Label
    places: Sequence[tuple[str, DocumentPlace]]


async def document(visit: Visit, iri: str) -> PageContent:
    """The page.

    Args:
        visit: asks.
        iri: of the document.

    Raises:
        QueryError: the store did not answer.
    """
    found, stated, resting, read = await asyncio.gather(
        visit.things("document", item=[iri]),
        positions_of(visit, "document", iri, "mp:statedIn"),
        visit.things("resting", document=[iri]),
        passages(visit, document=[iri]),
    )
    thing = found.get(iri, RecordedThing(iri))
    positions = [one.position for one in sorted(stated, key=lambda one: one.iri)]
    entries = [PositionEntry(position, thing) for position in positions]
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
    return PageContent("document", facts, iris_of([thing, *positions, *resting.values(), *read]))


def _grouped(places: Iterable[DocumentPlace], show: Show) -> list[DocumentPart]:
    """Places that follow one another and whose names begin alike, each group under one heading."""
    named = ((place.name(show), place) for place in places)
    split = ((label.text.split(_APART), label.language, place) for label, place in named)
    return [_part(list(group)) for _, group in groupby(split, key=lambda one: one[0][0])]


def _part(group: Sequence[tuple[list[str], str, DocumentPlace]]) -> DocumentPart:
    in_step = zip(*(names for names, _, _ in group), strict=False)
    common = [names[0] for names in takewhile(lambda names: len(set(names)) == 1, in_step)]
    places = [(_APART.join(names[len(common) :]), place) for names, _, place in group]
    return DocumentPart(Label(_APART.join(common), group[0][1]), places)


def _at_passages(found: Iterable[tuple[RecordedThing, T]]) -> dict[str, list[T]]:
    """The things that rest on each passage, in their given order."""
    at: dict[str, list[T]] = {}
    for thing, one in found:
        for passage in thing.all("passage"):
            at.setdefault(passage, []).append(one)
    return at
