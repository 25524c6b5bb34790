"""A map of actors: who differs on few of the propositions that both take a side on stands near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http import web
from graph_service.http.protocol.cache import Recent
from graph_service.pages.charts.content import (
    ISSUE,
    ChartContent,
    ChartKind,
    Options,
    bounded,
    propositions,
    titled,
)
from graph_service.pages.choices import choices_of
from graph_service.pages.comparison.matrix import KIND
from graph_service.pages.stances.standings import Neighbour, Standings, standings
from graph_service.pages.visit import Visit
from graph_service.views.charts.distance_map import MapPlace, distance_map
from graph_service.views.charts.scaling import all_near, in_plane

# On fewer propositions in common a distance says little.
_FEWEST = 5
# More names find no room on a narrow map.
_MOST_ACTORS = 30
_KEPT = 32


class _Memory:
    """Neighbours by year and issue, for a data set."""

    def __init__(self) -> None:
        self.pairs: Recent[tuple[str, str], Mapping[tuple[str, str], Neighbour]] = Recent(_KEPT)


async def years(visit: Visit) -> Options:
    """The years that the data have positions of, by default the last one."""
    found = sorted({one.since[:4] for one in (await standings(visit)).positions if one.since})
    return {"year": (found, visit.one("year") or "".join(found[-1:]))}


async def distance(visit: Visit) -> ChartContent:
    """The map at the end of a year, by default the last one.

    Raises:
        ParameterError: there are no positions of this year.
    """
    known, year = (await years(visit))["year"]
    if year not in known:
        raise ParameterError(f"year={year[:80]!r} has no positions.", hint=f"There are {', '.join(known)}.")
    kind = visit.one("actor_kind")
    wanted = (await choices_of(visit)).of_kind(visit.show.names.expand(kind) if kind else "")
    pairs = {pair: found for pair, found in (await _pairs(visit, year)).items() if wanted.issuperset(pair)}
    shared: dict[str, int] = {}
    for pair, found in pairs.items():
        for one in pair:
            shared[one] = shared.get(one, 0) + found.shared
    every = sorted(shared, key=lambda one: (-shared[one], one))
    actors = all_near(pairs, every[:_MOST_ACTORS])
    await visit.label(every)
    absent = visit.by_name(set(every) - set(actors))
    return await _content(visit, year, actors, pairs, absent)


async def _content(
    visit: Visit,
    year: str,
    actors: Sequence[str],
    pairs: Mapping[tuple[str, str], Neighbour],
    absent: Sequence[str],
) -> ChartContent:
    show, words = visit.show, web.words(visit.language)

    def between(one: str, other: str) -> Neighbour:
        return pairs.get((one, other)) or pairs[other, one]

    far = [[_share(between(one, other)) if one != other else 0.0 for other in actors] for one in actors]
    plane = in_plane(far)
    both = ((one, other) for place, one in enumerate(actors) for other in actors[place + 1 :])
    found = [(one, other, between(one, other)) for one, other in both]
    rows = bounded(
        [[show.iri(a), show.iri(b), pair.shared, pair.apart, round(_share(pair), 2)] for a, b, pair in found]
    )
    places = [MapPlace(show.iri(one).text, x, y) for one, (x, y) in zip(actors, plane.places, strict=True)]
    names = ", ".join(show.labels.text(one, visit.language) for one in absent)
    return ChartContent(
        title=f"{await titled(visit, 'distance')}, {year}",
        columns=("actor", "other", "shared", "apart", "distance"),
        rows=rows,
        row="{actor} \u2013 {other}: " + words["chart.row.distance"],
        draw=lambda width: distance_map(places, words["chart.distance.scale"], width),
        nothing=words["chart.nothing"],
        notes=[
            words["chart.distance.note"].format(year=year, fewest=_FEWEST),
            words["chart.distance.stress"].format(stress=show.decimal(plane.stress), told=words[_trust(plane.stress)]),
            *([words["chart.distance.absent"].format(fewest=_FEWEST, names=names)] if absent else []),
        ],
    )


async def _pairs(visit: Visit, year: str) -> Mapping[tuple[str, str], Neighbour]:
    """Actors with enough in common, each pair once, by where they stood at the end of a year."""
    kept = visit.edition.remembered("distances", _Memory).pairs
    key = (year, visit.one("issue"))
    found = kept.get(key)
    if found is None:
        among = await propositions(visit)
        held = [
            one
            for one in (await standings(visit)).positions
            if one.until and one.until[:4] <= year and one.proposition in among
        ]
        then = Standings(held)
        found = {
            (actor, one.actor): one
            for actor in sorted({one.actor for one in held})
            for one in then.neighbours(actor)
            if actor < one.actor and one.shared >= _FEWEST
        }
        kept.put(key, found)
    return found


def _share(one: Neighbour) -> float:
    return one.apart / one.shared


def _trust(stress: float) -> str:
    """How faithful a map is, in the grades of Kruskal (1964)."""
    return "chart.stress.good" if stress <= 0.1 else "chart.stress.fair" if stress <= 0.2 else "chart.stress.poor"


DISTANCE = ChartKind(
    "distance",
    {
        "year": Parameter(type=Type.STRING, example="2025", title={"en": "At the end of", "de": "Ende des Jahres"}),
        "issue": ISSUE,
        "actor_kind": KIND,
    },
    distance,
    years,
)
