"""Roll calls on pages: related propositions and the votes of each group. Totals only, never persons."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from graph_service.http.protocol.cache import Recent
from graph_service.pages.shown import Show
from graph_service.pages.stances.positions import STANCES
from graph_service.pages.stances.standings import SIGNS
from graph_service.pages.things import RecordedThing, iris_of, of_rows
from graph_service.pages.visit import PageContent, Visit

# What a line makes of the meaning of a yes; a tie is no line.
_TURNS = {"yes": 1, "no": -1, "abstentions": 0}
_STANCE = '<span class="stance" data-stance="%s"><span aria-hidden="true">%s</span> %s</span>'
# Actors whose votes are kept; hardly any has some.
_KEPT = 500


@dataclass(frozen=True)
class Bearing:
    """What a roll call says about a proposition: what a yes means, why, and the totals of the groups."""

    bearing: RecordedThing
    roll_call: RecordedThing
    totals: Sequence[RecordedThing]

    @property
    def stances(self) -> dict[str, str]:
        """How the line of a group stands to the proposition, by its total; none where the vote concerns it in part."""
        yes = self.bearing.one("yes_counts")
        return {
            one.iri: STANCES[str(int(yes) * _TURNS[line])]
            for one in self.totals
            if yes and (line := one.one("line")) in _TURNS
        }


async def bearings(visit: Visit, by: str, iri: str) -> list[Bearing]:
    """The bearings that a property links to a thing, the latest roll call first.

    Args:
        visit: asks.
        by: the property, as an IRI or CURIE: `mp:bearsOn` or `mp:bearingOf`.
        iri: of the proposition or the roll call.

    Raises:
        QueryError: the store did not answer.
    """
    found = await visit.things("bearings", by=[by], of=[iri])
    calls = {thing.one("roll_call") for thing in found.values()}
    roll_calls, totals = await asyncio.gather(visit.things("roll-calls", item=calls), _totals(visit, calls))
    found_bearings = [
        Bearing(
            thing,
            roll_calls.get(call := thing.one("roll_call"), RecordedThing(call)),
            [total for total in totals if total.one("roll_call") == call],
        )
        for thing in found.values()
    ]
    return sorted(found_bearings, key=lambda one: (one.roll_call.one("date"), one.bearing.iri), reverse=True)


@dataclass
class GroupVote:
    """How a group voted in a roll call, on its page or on that of its party, whose votes these are not.

    Attributes:
        iri: of the total.
        group, roll_call, date: whose, in which, and when.
        counts: how many voted yes, no, and abstained.
        line: the largest of these as `yes`, `no` or `abstentions`, else `tie`.
        not_linked: why the roll call bears on no proposition, as a text.
        stances: what the line means for each proposition that it bears on in full, empty where in part.
    """

    iri: str
    group: str
    roll_call: str
    date: str
    counts: tuple[str, str, str]
    line: str
    not_linked: str
    stances: dict[str, str] = field(default_factory=dict)

    def html(self, show: Show, words: Mapping[str, str], of: str) -> Markup:
        """Its row on the page of an actor; kept, since there are dozens, and a template takes five times as long."""
        kept: dict[tuple[str, str], Markup] = show.kept("votes")
        if (self.iri, of) not in kept:
            kept[self.iri, of] = self._row(show, words, "" if of == self.group else show.link(self.group))
        return kept[self.iri, of]

    def _row(self, show: Show, words: Mapping[str, str], group: str) -> Markup:
        whose = f"<br>\n<small>{group}</small>" if group else ""
        meanings = "; ".join(
            f"{_STANCE % (one, SIGNS[one], escape(words[f'stance.{one}']))} {show.link(proposition)}"
            if one
            else f"{show.link(proposition)} ({escape(words['actor.votes.part'])})"
            for proposition, one in self.stances.items()
        )
        return Markup(  # noqa: S704 - each part is escaped
            f'<tr><td><time datetime="{escape(self.date)}">{escape(self.date)}</time></td>'
            f'<th scope="row">{show.link(self.roll_call)}{whose}</th>'
            f"<td>{escape(words[f'vote.line.{self.line}'])}<br>\n<small>{escape(' / '.join(self.counts))}</small></td>"
            f"<td>{meanings or escape(words['vote.none'] + ' ' + self.not_linked)}</td></tr>"
        )


class _Memory:
    """What is kept for a data set: the votes of the last groups, by language."""

    def __init__(self) -> None:
        self.votes: Recent[tuple[str, str], list[GroupVote]] = Recent(_KEPT)


async def votes_of(visit: Visit, groups: Iterable[str]) -> list[GroupVote]:
    """The votes of groups, the latest first; what is no group has none.

    Raises:
        QueryError: the store did not answer.
    """
    kept = visit.edition.remembered("votes", _Memory).votes
    found = {group: kept.get((group, visit.language)) for group in groups}
    unknown = sorted(group for group, votes_ in found.items() if votes_ is None)
    if unknown:
        read = await _read(visit, unknown)
        for group in unknown:
            found[group] = read.get(group, [])
            kept.put((group, visit.language), read.get(group, []))
    every = [vote for votes_ in found.values() for vote in votes_ or ()]
    every.sort(key=lambda one: (one.roll_call, one.group))
    return sorted(every, key=lambda one: one.date, reverse=True)


async def _read(visit: Visit, groups: Collection[str]) -> dict[str, list[GroupVote]]:
    found: dict[str, GroupVote] = {}
    for row in await visit.rows("votes-of-groups", group=groups, lang=[visit.language]):
        cells = {name: binding["value"] for name, binding in row.items()}
        vote = found.get(cells["item"])
        if vote is None:
            vote = found[cells["item"]] = GroupVote(
                iri=cells["item"],
                group=cells["group"],
                roll_call=cells["roll_call"],
                date=cells["date"],
                counts=(cells["yes"], cells["no"], cells["abstentions"]),
                line=cells["line"],
                not_linked=cells.get("not_linked", ""),
            )
        if "proposition" in cells:
            vote.stances[cells["proposition"]] = STANCES.get(cells.get("agreement", ""), "")
    by_group: dict[str, list[GroupVote]] = {}
    for vote in found.values():
        by_group.setdefault(vote.group, []).append(vote)
    return by_group


async def roll_call(visit: Visit, iri: str) -> PageContent:
    """The page of a roll call.

    Args:
        visit: asks.
        iri: of the roll call.

    Raises:
        QueryError: the store did not answer.
    """
    found, totals, bears = await asyncio.gather(
        visit.things("roll-calls", item=[iri]),
        _totals(visit, [iri]),
        visit.things("bearings", by=["mp:bearingOf"], of=[iri]),
    )
    facts = {"roll_call": found.get(iri, RecordedThing(iri)), "totals": totals, "bearings": list(bears.values())}
    issues = {iri for thing in found.values() for iri in thing.all("issue")}
    return PageContent("roll-call", facts, {iri} | issues | iris_of([*totals, *bears.values()]))


async def votes(visit: Visit) -> PageContent:
    """The list of all roll calls, the latest first.

    Raises:
        QueryError: the store did not answer.
    """
    found = list((await visit.whole("roll-calls")).values())
    found.sort(key=lambda thing: (thing.one("date"), thing.iri), reverse=True)
    return PageContent("votes", {"roll_calls": found}, iris_of(found))


async def _totals(visit: Visit, roll_calls: Collection[str]) -> list[RecordedThing]:
    """The totals in roll calls: groups by their names in IRIs, then members without a group, then all members."""
    found = of_rows(await visit.rows("vote-totals", of=roll_calls)).values() if roll_calls else ()
    return sorted(found, key=lambda one: (one.one("kind").endswith("OverallTotal"), not one.one("group"), one.iri))


def shown_by_bearings(found_bearings: Sequence[Bearing]) -> set[str]:
    """All IRIs that a page shows for these."""
    return iris_of([thing for one in found_bearings for thing in (one.bearing, one.roll_call, *one.totals)])
