"""What actors say for and against year by year: the positions of each year, whatever came later."""

from __future__ import annotations

from collections import Counter

from graph_service.errors import ParameterError
from graph_service.http import web
from graph_service.pages.charts.content import (
    ISSUE,
    PROPOSITION,
    ChartContent,
    ChartKind,
    actor,
    bounded,
    propositions,
    titled,
)
from graph_service.pages.charts.sides import side_words
from graph_service.pages.stances.standings import standings
from graph_service.pages.visit import Visit
from graph_service.views.charts.multiples import Panel, YearCount, small_multiples
from graph_service.views.comparing.coded_positions import count_incomparable

# Panels of actors that were asked for, and those of a chart that names none.
_MOST, _FIRST = 24, 6
_KEYS = {1: "for", -1: "against", 0: "mixed"}


async def over_time(visit: Visit) -> ChartContent:
    """A panel for each actor; where none is asked for, for those who say most.

    Raises:
        ParameterError: too many actors are asked for.
    """
    asked = list(dict.fromkeys(visit.show.names.expand(one) for one in visit.arguments.get("actor", ())))
    if len(asked) > _MOST:
        raise ParameterError(f"actor may come {_MOST} times here, not {len(asked)}.", hint="Ask for fewer actors.")
    among = await propositions(visit)
    held = [one for one in (await standings(visit)).positions if one.proposition in among]
    said = Counter(one.actor for one in held if one.comparable and one.since)
    actors = asked or sorted(said, key=lambda one: (-said[one], one))[:_FIRST]
    held = [one for one in held if one.actor in actors]
    counts: dict[str, dict[int, Counter[str]]] = {one: {} for one in actors}
    for one in held:
        if one.comparable and one.since:
            counts[one.actor].setdefault(int(one.since[:4]), Counter())[_KEYS[one.agreement]] += 1
    await visit.label(actors)
    show, words = visit.show, web.words(visit.language)
    rows = bounded(
        [
            [show.iri(one), str(year), count["against"], count["for"], count["mixed"]]
            for one in actors
            for year, count in sorted(counts[one].items())
        ]
    )
    panels = [
        Panel(
            show.iri(one).text,
            {year: YearCount(count["for"], count["against"], count["mixed"]) for year, count in counts[one].items()},
        )
        for one in actors
    ]
    undated = sum(one.comparable and not one.since for one in held)
    return ChartContent(
        title=await titled(visit, "over-time"),
        columns=("actor", "year", "against", "for", "mixed"),
        rows=rows,
        row="{actor} {year}: " + words["chart.row.years"],
        draw=lambda width: small_multiples(panels, side_words(words), width),
        nothing=words["chart.nothing"],
        notes=[
            words["chart.over-time.note"],
            *([] if asked else [words["chart.over-time.first"].format(count=len(actors), every=len(said))]),
            *([words["chart.undated"].format(count=undated)] if undated else []),
        ],
        left_out=count_incomparable(held),
    )


OVER_TIME = ChartKind(
    "over-time", {"actor": actor(repeatable=True), "issue": ISSUE, "proposition": PROPOSITION}, over_time
)
