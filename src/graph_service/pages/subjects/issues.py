"""Issues as a tree, the page of an issue, and propositions by issue with the number of actors on each side."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.pages.hierarchy import Branch, tree
from graph_service.pages.stances.position_list import facets_if_few
from graph_service.pages.stances.standings import standings
from graph_service.pages.things import RecordedThing, iris_of
from graph_service.pages.visit import PageContent, Visit

PARAMS: Mapping[str, Parameter] = {
    "issue": Parameter(type=Type.IRI, of="id/scheme/issues", example="id/issue/asylum"),
    "text": Parameter(type=Type.STRING, example="asyl"),
}
_SCHEME = "id/scheme/issues"


async def all_issues(visit: Visit) -> PageContent:
    """The page of all issues.

    Raises:
        QueryError: the store did not answer.
    """
    issues, propositions = await asyncio.gather(visit.whole("concepts", _SCHEME), visit.whole("propositions"))
    await visit.label(issues)
    facts = {"tree": tree_of(issues, visit), "issues": issues, "direct": _by_issue(propositions, visit)}
    return PageContent("issues", facts, iris_of([*issues.values()]))


async def issue(visit: Visit, iri: str) -> PageContent:
    """The page of one issue: where it stands in the tree, and its propositions with those of the issues below.

    Args:
        visit: asks.
        iri: of the issue.

    Raises:
        QueryError: the store did not answer.
    """
    issues, every, known, calls = await asyncio.gather(
        visit.whole("concepts", _SCHEME), visit.whole("propositions"), standings(visit), visit.whole("roll-calls")
    )
    propositions, roll_calls = (_on(issues, iri, things) for things in (every, calls))
    await visit.label([*issues, *propositions])
    facets = await facets_if_few(visit)
    facts = {
        "issue": issues.get(iri, RecordedThing(iri)),
        "narrower": below(issues, visit).get(iri, []),
        "sections": _by_issue(propositions, visit),
        "counts": known.counts,
        "number": facets.counts("issue", {}).get(iri, 0) if facets else None,
        "roll_calls": sorted(roll_calls.values(), key=lambda one: (one.one("date"), one.iri), reverse=True),
    }
    return PageContent("issue", facts, {iri, *roll_calls} | iris_of([*propositions.values()]))


async def propositions(visit: Visit) -> PageContent:
    """The list of propositions by issue, narrowed by issue and text.

    Raises:
        ParameterError: the issue is no IRI.
        QueryError: the store did not answer.
    """
    asked = visit.one("issue")
    found, issues, known = await asyncio.gather(
        visit.whole("propositions"), visit.whole("concepts", _SCHEME), standings(visit)
    )
    if asked:
        found = _on(issues, visit.show.names.expand(asked), found)
    await visit.label([*found, *issues])
    kept = {iri: found[iri] for iri in visit.matching(found, visit.one("text"))}
    facts = {
        "sections": _by_issue(kept, visit),
        "number": len(kept),
        "counts": known.counts,
        "issues": visit.by_name(issues),
        "asked": visit.arguments,
    }
    return PageContent("propositions", facts, iris_of([*kept.values()]))


def below(issues: Mapping[str, RecordedThing], visit: Visit) -> dict[str, list[str]]:
    """The issues right below each, by name; those at the top stand below the empty IRI."""
    found: dict[str, list[str]] = {}
    for iri in visit.by_name(issues):
        for broader in [one for one in issues[iri].all("broader") if one in issues] or [""]:
            found.setdefault(broader, []).append(iri)
    return found


def tree_of(issues: Mapping[str, RecordedThing], visit: Visit) -> list[Branch]:
    """The issues as a tree, by name."""
    return tree(below(issues, visit), visit.by_name(issues))


def _on(issues: Mapping[str, RecordedThing], iri: str, things: Mapping[str, RecordedThing]) -> dict[str, RecordedThing]:
    """The things under an issue or one of those below it."""
    within, size = {iri}, 0
    while len(within) > size:
        size = len(within)
        within |= {one for one, issue in issues.items() if within.intersection(issue.all("broader"))}
    return {one: thing for one, thing in things.items() if within.intersection(thing.all("issue"))}


def _by_issue(propositions: Mapping[str, RecordedThing], visit: Visit) -> dict[str, list[str]]:
    """Propositions right under each issue, both by name."""
    found: dict[str, list[str]] = {}
    for iri in visit.by_name(propositions):
        for one in propositions[iri].all("issue") or [""]:
            found.setdefault(one, []).append(iri)
    # Those under no issue come last.
    return {one: found[one] for one in [*visit.by_name(set(found) - {""}), ""] if one in found}
