"""For and against, by issue or by kind of actor: each actor counts once on a proposition, where it stands last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

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
from graph_service.pages.choices import choices_of
from graph_service.pages.stances.standings import KEYS, standings
from graph_service.pages.visit import Visit
from graph_service.views.charts.bars import Sides, SideWords, diverging_bars
from graph_service.views.comparing.comparison import Cell, count_left_out

_COUNTED = ("against", "for", "mixed", "several")


async def by_issue(visit: Visit) -> ChartContent:
    """A row for each issue: on how many of its propositions an actor, or all actors together, are for and against."""
    under = await propositions(visit)
    cells = await _cells(visit, under)
    return await _content(visit, "sides-by-issue", "issue", cells, under)


async def by_kind(visit: Visit) -> ChartContent:
    """A row for each kind of actor: how many are for and against a proposition, or those of an issue."""
    cells = await _cells(visit, await propositions(visit))
    kinds = (await choices_of(visit)).actors
    return await _content(visit, "sides-by-kind", "kind", cells, kinds)


async def _cells(visit: Visit, among: Iterable[str]) -> list[Cell]:
    known = await standings(visit)
    who = {visit.show.names.expand(one) for one in visit.arguments.get("actor", ())}
    return [cell for proposition in among for cell in known.on(proposition) if not who or cell.actor in who]


async def _content(
    visit: Visit, name: str, column: str, cells: Sequence[Cell], groups: Mapping[str, Sequence[str]]
) -> ChartContent:
    """Cells counted by the groups of their proposition or actor; the group with most comes first."""
    counts: dict[str, Counter[str]] = {}
    for cell in cells:
        key = KEYS[cell.status]
        for group in groups.get(cell.proposition if column == "issue" else cell.actor, ()) if key in _COUNTED else ():
            counts.setdefault(group, Counter())[key] += 1
    await visit.label(counts)
    ordered = sorted(visit.by_name(counts), key=lambda one: -counts[one].total())
    rows = bounded([[visit.show.iri(one), *(counts[one][key] for key in _COUNTED)] for one in ordered])
    sides = [
        Sides(
            visit.show.iri(one).text,
            counts[one]["against"],
            counts[one]["for"],
            counts[one]["mixed"] + counts[one]["several"],
        )
        for one in ordered
    ]
    words = web.words(visit.language)
    return ChartContent(
        title=await titled(visit, name),
        columns=(column, *_COUNTED),
        rows=rows,
        row="{" + column + "}: " + words["chart.row.sides"],
        draw=lambda width: diverging_bars(sides, side_words(words), width),
        nothing=words["chart.nothing"],
        notes=[
            words[f"chart.{name}.note"],
            *([words["chart.sides.neither"]] if any(one.neither for one in sides) else []),
            words["counted.about"],
        ],
        left_out=count_left_out(cells),
    )


def side_words(words: Mapping[str, str]) -> SideWords:
    """What charts call the three counts."""
    return SideWords(
        f"\u2212 {words['stance.against']}", f"+ {words['stance.for']}", f"\u00b1 {words['chart.neither']}"
    )


BY_ISSUE = ChartKind("sides-by-issue", {"actor": actor(repeatable=False), "issue": ISSUE}, by_issue)
BY_KIND = ChartKind("sides-by-kind", {"issue": ISSUE, "proposition": PROPOSITION}, by_kind)
