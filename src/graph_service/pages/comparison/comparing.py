"""Comparison and time: the answers of `/api/compare` and `/api/timeline` for readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graph_service.http.api.comparing import ACTOR, ALL, FILTERS
from graph_service.http.protocol.cache import Recent
from graph_service.pages.choices import choices_of
from graph_service.pages.chronology import by_year, within
from graph_service.pages.parts import PAGE, Part, part_of
from graph_service.pages.stances.passages import anchor
from graph_service.pages.stances.positions import STANCES, PositionEntry, SharedCautions, positions_among, shown_by
from graph_service.pages.stances.standings import KEYS, SIGNS, standings
from graph_service.pages.stances.ties import tied_speakers
from graph_service.pages.visit import PageContent, Visit
from graph_service.views.comparing.briefing import MOST_ACTORS
from graph_service.views.comparing.coded_positions import Position, count_incomparable, in_time
from graph_service.views.comparing.comparison import (
    Cell,
    ComparisonOutcome,
    Stances,
    count_left_out,
    read_looked_for,
)

COMPARE_PARAMS = {"actor": ACTOR, **FILTERS, "all": ALL}
TIMELINE_PARAMS = {**COMPARE_PARAMS, "page": PAGE}
_KEPT = 16
# Positions of a timeline at a time.
_FEW = 50
_OUTCOMES = (
    ComparisonOutcome.DIFFERENCE,
    ComparisonOutcome.CONDITIONAL,
    ComparisonOutcome.COMMON,
    ComparisonOutcome.ONE_SIDED,
    ComparisonOutcome.UNCOVERED,
)
# Where nothing stands against each other, signs that lead to the positions are enough.
_IN_SHORT = (ComparisonOutcome.ONE_SIDED, ComparisonOutcome.UNCOVERED)


@dataclass
class ComparisonRow:
    """A proposition with the cells of the actors that are compared."""

    proposition: str
    cells: list[Cell] = field(default_factory=list)


class _Memory:
    """What is kept for a data set: the last few answers on what was searched."""

    def __init__(self) -> None:
        # What was searched changes with the issue only, so the last few answers serve most visits.
        self.searched: Recent[str, dict[str, dict[str, list[str]]]] = Recent(_KEPT)


async def compare(visit: Visit) -> PageContent:
    """Two or more actors; fewer than two are asked for more."""
    choices = await choices_of(visit)
    actors = list(dict.fromkeys(visit.show.names.expand(one) for one in visit.arguments.get("actor", ())))
    sections: dict[str, list[ComparisonRow]] = {outcome.value: [] for outcome in _OUTCOMES}
    if len(actors) > 1:
        for proposition, outcome, cells in (await stances_of(visit)).compare(actors):
            sections[outcome.value].append(ComparisonRow(proposition, cells))
    cells = [cell for rows in sections.values() for row in rows for cell in row.cells]
    told = [row for outcome, rows in sections.items() if outcome not in _IN_SHORT for row in rows]
    shown = {position.iri for row in told for cell in row.cells for position in cell.positions}
    entries = await positions_among(visit, sorted(shown))
    tied = await tied_speakers(visit, [one for one in actors if one not in choices.actors])
    speakers = {one: {other: tied[one][other] for other in tied[one] if other not in actors} for one in tied}
    facts = {
        "choices": choices,
        "actors": actors,
        "sections": sections,
        "in_short": _IN_SHORT,
        "entries": {one.iri: one for one in entries},
        # In the order of the entries, the latest first.
        "documents": list({one.document.iri: one.document for one in entries}.values()),
        "speakers": speakers,
        "notes": SharedCautions([one.document.all("caution") for one in entries]),
        "coverage": _coverage(actors, cells),
        "left_out": count_left_out(cells),
        "briefed": _briefed(visit),
    }
    named = {other for others in speakers.values() for other in others}
    named |= {iri for cell in cells for iri in (cell.actor, cell.proposition, *cell.searched)}
    return PageContent("compare", common_facts(visit) | facts, named | shown_by(entries) | set(actors))


def _briefed(visit: Visit) -> dict[str, list[str]]:
    """The parameters of a brief on the same; empty where a brief has no such filters."""
    asked = {name: values for name, values in visit.arguments.items() if name not in ("all", "lang")}
    narrow = asked.keys() <= {"actor", "issue"} and len(asked.get("issue", ())) <= 1 and not _all(visit)
    return asked if narrow and len(asked.get("actor", ())) <= MOST_ACTORS else {}


async def timeline(visit: Visit) -> PageContent:
    """Positions in chronological order, by document and a few at a time; undated ones last."""
    choices = await choices_of(visit)
    asked = any(visit.arguments.get(name) for name in ("actor", "proposition", "issue"))
    every = await _positions(visit) if asked else []
    positions = sorted((one for one in every if _all(visit) or one.comparable), key=in_time)
    part = part_of(visit, positions, _FEW)
    shown = await _in_full(visit, part.entries)
    years = by_year(shown)
    facts = {
        "choices": choices,
        "years": years,
        "notes": SharedCautions([entry.cautions for entries in years.values() for entry in entries]),
        "elsewhere": _elsewhere(part, positions),
        "part": part,
        "asked": asked,
        "left_out": {} if _all(visit) else count_incomparable(every),
        "anchor": anchor,
        "differs": {name: len({getattr(one, name) for one in positions}) > 1 for name in ("actor", "proposition")},
    }
    return PageContent("timeline", common_facts(visit) | facts, _named(shown))


def _elsewhere(part: Part[Position], positions: Sequence[Position]) -> dict[str, Mapping[str, list[str]]]:
    """All years, each with the parameters of the page that it begins on; empty for years that begin on this page."""
    found: dict[str, Mapping[str, list[str]]] = {}
    for place, one in enumerate(positions):
        number = place // part.most + 1
        found.setdefault(one.since[:4], {} if number == part.number else part.page(number))
    return found


def common_facts(visit: Visit) -> dict[str, Any]:
    """What the templates of comparisons share: arguments, signs and words of stances."""
    arguments = visit.arguments
    same = {name: values for name, values in arguments.items() if name not in ("lang", "actor_kind", "least", "page")}
    return {
        "arguments": arguments,
        "same": same,
        "signs": SIGNS,
        "keys": KEYS,
        "stances": STANCES,
        "visit": visit,
    }


async def stances_of(visit: Visit) -> Stances:
    """Where actors stand by the positions that meet the filters of the visit."""
    looked_for = await _looked_for(visit)
    return Stances(await _positions(visit), looked_for, all_positions=_all(visit))


async def _positions(visit: Visit) -> list[Position]:
    """The positions that meet the filters of the visit, with no more than the query `stances` has of them."""
    looked_for = await _looked_for(visit)
    expand, days = visit.show.names.expand, (visit.one("since"), visit.one("until"))
    actors, kinds = ({expand(one) for one in visit.arguments.get(name, ())} for name in ("actor", "source_kind"))
    return [
        one
        for one in (await standings(visit)).positions
        if one.proposition in looked_for
        and (not actors or one.actor in actors)
        and (not kinds or one.source_kind in kinds)
        and within(one.since, one.until, *days)
    ]


async def _in_full(visit: Visit, positions: Sequence[Position]) -> list[Position]:
    """The same positions with texts, passages and cautions."""
    found = {one.iri: one for one in await positions_among(visit, sorted({one.iri for one in positions}))}
    return [_with(found[one.iri], one) for one in positions]


def _with(entry: PositionEntry, position: Position) -> Position:
    texts = {one.get("xml:lang", "").lower(): one["value"] for one in entry.position.texts("text")}
    return replace(position, passages=set(entry.position.all("passage")), cautions=set(entry.cautions), texts=texts)


async def _looked_for(visit: Visit) -> dict[str, dict[str, list[str]]]:
    return await looked_for(visit, visit.arguments)


async def looked_for(visit: Visit, asked: Mapping[str, Sequence[str]]) -> dict[str, dict[str, list[str]]]:
    """The propositions that filters leave, each with the actors that were searched for it and the documents.

    Args:
        visit: asks.
        asked: values by filter; those that the query file `looked-for` does not have are left out.

    Raises:
        QueryError: the store did not answer.
    """
    searched = visit.edition.remembered("comparisons", _Memory).searched
    file = visit.questions.file("looked-for")
    query = file.bind({key: values for key, values in asked.items() if key in file.header.params}, visit.edition.names)
    found = searched.get(query)
    if found is None:
        found = read_looked_for(await visit.questions.rows(query, visit.client))
        searched.put(query, found)
    return found


def _all(visit: Visit) -> bool:
    return visit.flag("all")


def _named(positions: Sequence[Position]) -> set[str]:
    shown = {iri for one in positions for iri in (one.actor, one.proposition, one.document, one.source_kind, one.iri)}
    return (shown | {iri for one in positions for iri in (*one.cautions, *one.passages)}) - {""}


def _coverage(actors: Sequence[str], cells: Sequence[Cell]) -> dict[str, dict[str, int]]:
    """How many propositions of each actor stand how."""
    found: dict[str, dict[str, int]] = {actor: dict.fromkeys(SIGNS, 0) for actor in actors}
    for cell in cells:
        found[cell.actor][KEYS[cell.status]] += 1
    return found
