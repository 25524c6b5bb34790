"""The list of positions, narrowed and counted by facets: who, on what, to whom, in which source, when, how checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import LimitExceeded, ParameterError
from graph_service.http.protocol.cache import Recent
from graph_service.pages.chronology import newest_first, within
from graph_service.pages.parts import PAGE, part_of
from graph_service.pages.stances.positions import PositionEntry, SharedCautions, positions_among, positions_by, shown_by
from graph_service.pages.things import RecordedThing
from graph_service.pages.visit import PageContent, Visit
from graph_service.views.facets import Facets

PATH = "/positions"
# By name, as `/api/positions` calls them, and the class or scheme of their values.
FACETS: Mapping[str, str] = {
    "holder": "mp:Actor",
    "holder_kind": "id/scheme/actor-kinds",
    "issue": "id/scheme/issues",
    "proposition": "mp:Proposition",
    "agreement": "",
    "addressee": "mp:Actor",
    "group": "id/scheme/target-groups",
    "source_kind": "id/scheme/source-kinds",
    "fit": "id/scheme/fits",
    "verification": "id/scheme/verifications",
}
_AGREEMENT = ("1", "0", "-1")
_DAYS = ("since", "until")
PARAMS: Mapping[str, Parameter] = {
    **{name: Parameter(type=Type.IRI, repeatable=True, of=of) for name, of in FACETS.items() if of},
    "agreement": Parameter(type=Type.INTEGER, repeatable=True, values=_AGREEMENT, example="1"),
    **{name: Parameter(type=Type.DATE, example="2021-01-01") for name in _DAYS},
    # Other pages lead here by any property of positions.
    "by": Parameter(type=Type.IRI, example="mp:concernsGroup"),
    "of": Parameter(type=Type.IRI, example="id/target-group/refugees"),
    "page": PAGE,
}
# Positions that are held in memory to be counted: 3 kB each while they are read.
MOST = 50_000
_FEW = 30
_KEPT = 16


@dataclass(frozen=True)
class FacetValue:
    """A value to choose: as addresses write it, as readers read it, how many positions have it, if it is chosen."""

    value: str
    text: str
    count: int
    chosen: bool


class PositionFacets:
    """All positions of a data set by their facets, the latest first; kept in the memory of its edition."""

    def __init__(self) -> None:
        self._facets: Facets | None = None
        self._days: dict[str, tuple[str, str]] = {}
        self._linked: Recent[tuple[str, str], list[str]] = Recent(_KEPT)

    async def of(self, visit: Visit) -> Facets:
        """The facets, read when they are first asked for.

        Raises:
            LimitExceeded: there are more positions than are held.
            QueryError: the store did not answer.
        """
        if self._facets is None:
            counts = {row["kind"]["value"]: int(row["count"]["value"]) for row in await visit.rows("counts")}
            if counts.get("positions", 0) > MOST:
                hint = "Narrow /api/positions by its filters instead."
                raise LimitExceeded(f"The data set has more than {MOST} positions, too many for this page.", hint=hint)
            things = await visit.things("positions-faceted")
            self._days = {iri: (one.one("since"), one.one("until")) for iri, one in things.items()}
            ordered = sorted(things.values(), key=lambda one: (newest_first(*self._days[one.iri]), one.one("document")))
            self._facets = Facets((one.iri, _fields(one)) for one in ordered)
        return self._facets

    async def among(self, visit: Visit) -> set[str] | None:
        """The positions of the days and with the property that a visit asks for; None where it asks for neither."""
        await self.of(visit)
        since, until = visit.one("since"), visit.one("until")
        found: set[str] | None = None
        if since or until:
            found = {iri for iri, days in self._days.items() if within(*days, since, until)}
        if visit.one("by") and visit.one("of"):
            linked = set(await self._with(visit, visit.one("by"), visit.one("of")))
            found = linked if found is None else found & linked
        return found

    async def _with(self, visit: Visit, by: str, of: str) -> list[str]:
        items = self._linked.get((by, of))
        if items is None:
            items = [row["item"]["value"] for row in await visit.rows("positions-listed", by=[by], of=[of])]
            thing = visit.show.names.expand(of)
            ask = visit.questions.asked_by(visit.client)
            if not items and await visit.edition.descriptions.known([thing], ask) is None:
                hint = f"For example: of={PARAMS['of'].example}"
                raise ParameterError(f"of={of[:80]!r} is not known in this data set.", hint=hint)
            self._linked.put((by, of), items)
        return items


async def facets_of(visit: Visit) -> Facets:
    """The facets of the positions in the edition that is visited; raises as `PositionFacets.of`."""
    return await visit.edition.remembered("position-facets", PositionFacets).of(visit)


async def facets_if_few(visit: Visit) -> Facets | None:
    """The same for pages that do without: None of more positions than are held.

    Raises:
        QueryError: the store did not answer.
    """
    try:
        return await facets_of(visit)
    except LimitExceeded:
        return None


async def positions_of(visit: Visit, facet: str, iri: str, by: str) -> list[PositionEntry]:
    """The positions of a holder, a document or the like, the latest first.

    Args:
        visit: asks.
        facet: field of the facets, which are asked where they are held.
        iri: the value.
        by: the property of positions that has this value.

    Raises:
        QueryError: the store did not answer.
    """
    if (facets := await facets_if_few(visit)) is not None:
        return await positions_among(visit, facets.narrowed({facet: [iri]}))
    return await positions_by(visit, [by], [iri])


async def positions(visit: Visit) -> PageContent:
    """The positions that were asked for, the latest first and a few at a time, counted by every facet.

    Raises:
        LimitExceeded: as of `PositionFacets.of`.
        ParameterError: the data set knows no such thing.
        QueryError: the store did not answer.
    """
    memory = visit.edition.remembered("position-facets", PositionFacets)
    facets, among = await memory.of(visit), await memory.among(visit)
    expand = visit.show.names.expand
    chosen = {
        name: [expand(value) if of else value for value in visit.arguments.get(name, ())] for name, of in FACETS.items()
    }
    counts = {name: facets.counts(name, chosen, among) for name in FACETS}
    await visit.label({value for name in FACETS if name != "agreement" for value in (*counts[name], *chosen[name])})
    part = part_of(visit, facets.narrowed(chosen, among), _FEW)
    entries = await positions_among(visit, part.entries)
    asked = {name: visit.arguments[name] for name in (*FACETS, *_DAYS) if visit.arguments.get(name)}
    linked = [expand(visit.one(name)) for name in ("by", "of")] if visit.one("by") and visit.one("of") else []
    facts = {
        "values": {name: _values(visit, name, counts[name], chosen[name]) for name in FACETS},
        "chosen": {name: values for name, values in chosen.items() if values},
        "days": {name: visit.one(name) for name in _DAYS},
        "asked": asked,
        "linked": linked,
        "every": len(facets),
        "positions": entries,
        "part": part,
        "notes": SharedCautions([one.cautions for one in entries]),
    }
    return PageContent("positions", facts, shown_by(entries) | {*linked} | _iris(chosen))


def _values(visit: Visit, name: str, counts: Mapping[str, int], chosen: Sequence[str]) -> list[FacetValue]:
    """What a facet offers, by name; what is chosen stays although nothing has it."""
    counts = {**dict.fromkeys(chosen, 0), **counts}
    if name == "agreement":
        return [FacetValue(one, one, counts[one], one in chosen) for one in _AGREEMENT if one in counts]
    show = visit.show
    return [
        FacetValue(show.short(iri), show.labels.text(iri, visit.language), counts[iri], iri in chosen)
        for iri in visit.by_name(counts)
    ]


def _fields(thing: RecordedThing) -> Mapping[str, Iterable[str]]:
    fields = {name: thing.all(name) for name in (*FACETS, "document")}
    # A position's own kind of source stands before that of its document.
    return fields | {"source_kind": thing.all("own_source_kind") or thing.all("source_kind")}


def _iris(chosen: Mapping[str, Sequence[str]]) -> set[str]:
    return {value for name, values in chosen.items() if name != "agreement" for value in values}
