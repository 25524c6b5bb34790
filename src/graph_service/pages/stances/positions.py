"""Positions on pages, with holder, source, date and verification.

No page shows a position without date, kind of source and cautions, each with the position or once with its document:
without them it would say more than its source does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from graph_service.http.protocol.cache import Recent
from graph_service.pages.chronology import newest_first
from graph_service.pages.shown import Show
from graph_service.pages.stances.passages import places
from graph_service.pages.things import RecordedThing, iris_of
from graph_service.pages.visit import Visit
from graph_service.views.labels import Label

# Agreement as templates and style sheet name it.
STANCES = {"1": "for", "0": "mixed", "-1": "against"}
_KEPT = 2000
# The fields of a position whose values are read as well.
_BACKGROUND = ("document", "proposition")
# A caution that so many entries have is written out with each of them.
_FEW = 3


@dataclass(frozen=True)
class PositionEntry:
    """A position with the document it stands in and the issues of its proposition; kept for many pages."""

    position: RecordedThing
    document: RecordedThing
    issues: Sequence[str] = ()

    @cached_property
    def iri(self) -> str:
        """The position."""
        return self.position.iri

    @property
    def holders(self) -> list[str]:
        """Who holds it."""
        return self.position.all("holder")

    @cached_property
    def proposition(self) -> str:
        """What it is on, empty for positions on no proposition."""
        return self.position.one("proposition")

    @property
    def fit(self) -> list[str]:
        """How far it meets its proposition."""
        return self.position.all("fit")

    @property
    def verification(self) -> list[str]:
        """What holding it against its source again gave."""
        return self.position.all("verification")

    @cached_property
    def holder(self) -> str:
        """The first who holds it."""
        return self.position.one("holder")

    @cached_property
    def stance(self) -> str:
        """`for`, `mixed` or `against` its proposition; empty if it is on none."""
        return STANCES.get(self.position.one("agreement"), "")

    @cached_property
    def since(self) -> str:
        """First possible day of the document, empty if it is undated."""
        return self.document.one("since")

    @cached_property
    def until(self) -> str:
        """Last possible day of the document, empty if it is undated."""
        return self.document.one("until")

    @cached_property
    def order(self) -> tuple[tuple[bool, int, bool, int], str, str]:
        """A sort key: the latest first."""
        return newest_first(self.since, self.until), self.document.iri, self.iri

    @cached_property
    def source_kind(self) -> str:
        """The position's own kind of source, else that of its document."""
        return self.position.one("source_kind") or self.document.one("source_kind")

    @property
    def cautions(self) -> list[str]:
        """Cautions on the position and on its document."""
        return sorted({*self.position.all("caution"), *self.document.all("caution")})

    def places(self, show: Show) -> list[tuple[str, str]]:
        """Its passages, each with its address on the page of the document."""
        return places(show, self.position)

    def place(self, show: Show) -> str:
        """The address of its first passage on the page of the document, else of the document."""
        return next((address for _, address in self.places(show)), "") or show.href(self.document.iri)

    @property
    def comparable(self) -> bool:
        """Whether it is verified or corrected and meets its proposition in full, so that comparisons count it."""
        return bool(self.position.all("class"))

    def text(self, show: Show) -> Label | None:
        """The paraphrase in the language of the page, if there is one in it."""
        return show.text(self.position.texts("text"))


class _Memory:
    """What is kept for a data set: the last positions, documents and propositions, which many pages share."""

    def __init__(self) -> None:
        self.positions: Recent[str, PositionEntry] = Recent(_KEPT)
        self.documents: Recent[str, RecordedThing] = Recent(_KEPT)


async def positions_by(visit: Visit, by: Iterable[str], of: Iterable[str]) -> list[PositionEntry]:
    """The positions that properties link to things, the latest first.

    Args:
        visit: asks.
        by: the properties, as IRIs or CURIEs.
        of: IRIs of the things.

    Raises:
        QueryError: the store did not answer.
    """
    found = await _in_full(visit, await visit.things("positions", by=by, of=of))
    return sorted(found.values(), key=_order)


async def positions_among(visit: Visit, iris: Iterable[str]) -> list[PositionEntry]:
    """These positions, the latest first; raises as `positions_by`."""
    kept = visit.edition.remembered("positions", _Memory).positions
    found = {iri: kept.get(iri) for iri in iris}
    unknown = sorted(iri for iri, entry in found.items() if entry is None)
    read = await _in_full(visit, await visit.things("positions", item=unknown))
    for iri, entry in read.items():
        kept.put(iri, entry)
    return sorted((entry for entry in (found | read).values() if entry is not None), key=_order)


def _order(entry: PositionEntry) -> tuple[tuple[bool, int, bool, int], str, str]:
    return entry.order


async def _in_full(visit: Visit, found: Mapping[str, RecordedThing]) -> dict[str, PositionEntry]:
    background = await documents_of(visit, {thing.one(name) for thing in found.values() for name in _BACKGROUND})
    return {iri: _entry(thing, background) for iri, thing in found.items()}


def _entry(position: RecordedThing, background: Mapping[str, RecordedThing]) -> PositionEntry:
    document, proposition = (background.get(iri, RecordedThing(iri)) for iri in map(position.one, _BACKGROUND))
    return PositionEntry(position, document, proposition.all("issue"))


async def documents_of(visit: Visit, iris: Iterable[str]) -> dict[str, RecordedThing]:
    """Documents with date, kind of source, coverage and cautions, and propositions with their issues, by IRI.

    Raises:
        QueryError: the store did not answer.
    """
    kept = visit.edition.remembered("positions", _Memory).documents
    found = {iri: kept.get(iri) for iri in sorted(iris) if iri}
    read = await visit.things("documents", item=sorted(iri for iri, thing in found.items() if thing is None))
    for iri, thing in read.items():
        kept.put(iri, thing)
    return {iri: thing for iri, thing in (found | read).items() if thing is not None}


class SharedCautions(dict[str, int]):
    """The cautions that many entries of a page share, the most frequent first, with the numbers that stand for them.

    Args:
        of_each: the cautions of each entry.
    """

    def __init__(self, of_each: Collection[Iterable[str]]) -> None:
        counts = Counter(caution for cautions in of_each for caution in cautions)
        many = [one for one, count in counts.items() if count > max(_FEW, len(of_each) / 4)]
        ordered = sorted(many, key=lambda one: (-counts[one], one))
        super().__init__({one: number for number, one in enumerate(ordered, start=1)})

    def numbers(self, cautions: Iterable[str]) -> tuple[int, ...]:
        """The numbers of some cautions, 0 for those that are written out."""
        return tuple(self.get(one, 0) for one in cautions)

    def html(self, cautions: Sequence[str], show: Show) -> Markup:
        """Some cautions: first those with a number, each linked to its words, then the others by name."""
        numbers = [self[one] for one in cautions if one in self]
        written = [f'<a href="#note-{number}">{number}</a>' for number in numbers]
        if len(numbers) < len(cautions):
            written.append(show.plain([one for one in cautions if one not in self]))
        return Markup(", ".join(written))  # noqa: S704 - each part is escaped


def shown_by(entries: Sequence[PositionEntry]) -> set[str]:
    """All IRIs that are shown of these positions."""
    return iris_of([one.position for one in entries]) | iris_of([one.document for one in entries])
