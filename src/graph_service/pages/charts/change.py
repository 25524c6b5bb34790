"""What changed between two programmes of an actor, or between two years."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http import web
from graph_service.pages.charts.content import (
    ISSUE,
    PROPOSITION,
    ChartContent,
    ChartKind,
    Options,
    actor,
    bounded,
    propositions,
    titled,
)
from graph_service.pages.stances.standings import standings
from graph_service.pages.visit import Visit
from graph_service.views.charts.dumbbells import Change, ChangeWords, dumbbells
from graph_service.views.comparing.coded_positions import Position

_WORDS = {1: "stance.for", 0: "stance.mixed", -1: "stance.against"}
_TITLES = {
    "earlier": {"en": "Earlier: legislature or year", "de": "Früher: Wahlperiode oder Jahr"},
    "later": {"en": "Later: legislature or year", "de": "Später: Wahlperiode oder Jahr"},
}


class _Memory:
    """The documents that are written for each legislature, for a data set."""

    def __init__(self) -> None:
        self.documents: dict[str, set[str]] | None = None


async def _programmes(visit: Visit) -> Mapping[str, set[str]]:
    memory = visit.edition.remembered("programmes", _Memory)
    if memory.documents is None:
        memory.documents = {}
        for row in await visit.rows("elections"):
            memory.documents.setdefault(row["legislature"]["value"], set()).add(row["document"]["value"])
    return memory.documents


async def periods(visit: Visit) -> Options:
    """What `earlier` and `later` may be: legislatures that texts are for, then years; by default the last two."""
    programmes = sorted(await _programmes(visit))
    years = sorted({one.since[:4] for one in (await standings(visit)).positions if one.since})
    newest = (programmes if len(programmes) > 1 else years)[-2:]
    found = [*programmes, *years]
    return {
        name: (found, visit.one(name) or (newest[place] if newest else ""))
        for name, place in (("earlier", 0), ("later", -1))
    }


async def change(visit: Visit) -> ChartContent:
    """A row for each proposition on which an actor took one stand in both periods; those that did not move on demand.

    Raises:
        ParameterError: there is no such period.
    """
    first, second = await _asked(visit)
    among = await propositions(visit)
    who = {visit.show.names.expand(one) for one in visit.arguments.get("actor", ())}
    held = [
        one
        for one in (await standings(visit)).positions
        if one.comparable and one.proposition in among and (not who or one.actor in who)
    ]
    programmes = await _programmes(visit)
    then, now = (_stands(held, _is_of(period, programmes)) for period in (first, second))
    both = [key for key in then if key in now]
    divided = sum(len(then[key]) > 1 or len(now[key]) > 1 for key in both)
    pairs = {key: (min(then[key]), min(now[key])) for key in both if len(then[key]) == len(now[key]) == 1}
    shown = {key: ends for key, ends in pairs.items() if visit.flag("all") or ends[0] != ends[1]}
    await visit.label({iri for key in shown for iri in key})
    place = {iri: number for number, iri in enumerate(visit.by_name({iri for key in shown for iri in key}))}
    ordered = sorted(shown, key=lambda key: (place[key[0]], shown[key][0] == shown[key][1], place[key[1]]))
    return await _content(visit, ordered, shown, (first, second), (len(pairs), divided))


async def _content(
    visit: Visit,
    ordered: Sequence[tuple[str, str]],
    ends: Mapping[tuple[str, str], tuple[int, int]],
    periods: tuple[str, str],
    numbers: tuple[int, int],
) -> ChartContent:
    show, words = visit.show, web.words(visit.language)
    told = {level: words[key] for level, key in _WORDS.items()}
    rows = bounded([[show.iri(who), show.iri(on), *(told[end] for end in ends[who, on])] for who, on in ordered])
    changes = [Change(*_label(show.iri(who).text, show.iri(on).text, ordered), *ends[who, on]) for who, on in ordered]
    named = ChangeWords(
        f"\u2212 {words['stance.against']}", f"\u00b1 {words['chart.mixed']}", f"+ {words['stance.for']}", *periods
    )
    compared, divided = numbers
    moved = sum(one != other for one, other in ends.values())
    return ChartContent(
        title=f"{await titled(visit, 'change')}, {periods[0]} \u2192 {periods[1]}",
        columns=("actor", "proposition", "earlier", "later"),
        rows=rows,
        row="{actor}, {proposition}: {earlier} \u2192 {later}",
        draw=lambda width: dumbbells(changes, named, width),
        nothing=words["chart.nothing"],
        notes=[
            words["chart.change.note"],
            words["chart.change.moved"].format(count=compared, moved=moved),
            *([words["chart.change.divided"].format(count=divided)] if divided else []),
        ],
    )


def _label(who: str, on: str, ordered: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The group and the label of a row: no group where all rows are of one actor or one proposition."""
    actors, propositions = ({pair[end] for pair in ordered} for end in (0, 1))
    return ("", who) if len(propositions) == 1 < len(actors) else ("" if len(actors) == 1 else who, on)


async def _asked(visit: Visit) -> tuple[str, str]:
    """The two periods."""
    (known, first), (_, second) = (await periods(visit)).values()
    for name, period in (("earlier", first), ("later", second)):
        if period not in known:
            raise ParameterError(f"{name}={period[:80]!r} is no period here.", hint=f"There are {', '.join(known)}.")
    return first, second


def _is_of(period: str, programmes: Mapping[str, set[str]]) -> Callable[[Position], bool]:
    documents = programmes.get(period)
    if documents is None:
        return lambda one: one.since[:4] == one.until[:4] == period
    return lambda one: one.document in documents


def _stands(held: Sequence[Position], is_of: Callable[[Position], bool]) -> dict[tuple[str, str], set[int]]:
    """The agreements of a period by actor and proposition."""
    found: dict[tuple[str, str], set[int]] = {}
    for one in held:
        if is_of(one):
            found.setdefault((one.actor, one.proposition), set()).add(one.agreement)
    return found


CHANGE = ChartKind(
    "change",
    {
        "actor": actor(repeatable=True),
        "issue": ISSUE,
        "proposition": PROPOSITION,
        **{name: Parameter(type=Type.STRING, example="2021", title=title) for name, title in _TITLES.items()},
        "all": Parameter(
            type=Type.BOOLEAN,
            default="false",
            title={"en": "Show what did not change, too", "de": "Auch zeigen, was gleich blieb"},
        ),
    },
    change,
    periods,
)
