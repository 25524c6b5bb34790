"""Coverage: which document was searched for which issue, as `/api/coverage` answers it."""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias

from graph_service.http.api.comparing import ACTOR, FILTERS
from graph_service.http.protocol.cache import Recent
from graph_service.pages.choices import choices_of
from graph_service.pages.chronology import newest_first
from graph_service.pages.comparison.comparing import common_facts
from graph_service.pages.parts import PAGE, part_of
from graph_service.pages.things import RecordedThing
from graph_service.pages.visit import PageContent, Visit

PARAMS = {"actor": ACTOR, "issue": FILTERS["issue"], "page": PAGE}
# Documents at a time.
_FEW = 40
_KEPT = 16
# Issues by document, each with its number of positions and the kind of silence where there are none.
_Coverage: TypeAlias = dict[str, list[tuple[str, int, str]]]
_About: TypeAlias = dict[str, RecordedThing]


class _Memory:
    """What is kept for a data set: the last few answers, which serve all parts of the list and both languages."""

    def __init__(self) -> None:
        self.searched: Recent[str, tuple[_Coverage, _About]] = Recent(_KEPT)


async def coverage(visit: Visit) -> PageContent:
    """Which document was searched for which issue, a few documents at a time, the newest first."""
    choices = await choices_of(visit)
    every, about = await _searched(visit)
    part = part_of(visit, list(every), _FEW)
    found = {document: every[document] for document in part.entries}
    shown = {issue for spoken_on in found.values() for issue, _, _ in spoken_on}
    # To which extent the documents that meet the filters were gone through, each with how many were, most first.
    extents = Counter(how for thing in about.values() for how in thing.all("how")).most_common()
    facts = {"choices": choices, "documents": found, "about": about, "part": part, "extents": extents}
    shown |= {how for how, _ in extents}
    return PageContent("coverage", common_facts(visit) | facts, shown | set(found))


async def _searched(visit: Visit) -> tuple[_Coverage, _About]:
    """What the documents that meet the filters of the visit were searched for, and what is recorded of each."""
    kept = visit.edition.remembered("coverage", _Memory).searched
    asked = {name: visit.arguments.get(name, []) for name in ("actor", "issue")}
    found = kept.get(str(asked))
    if found is None:
        documents: _Coverage = {}
        for row in await visit.rows("coverage", **asked):
            issue, number, whole = (row[name]["value"] for name in ("issue", "positions", "searched"))
            spoken_on = (issue, int(number), "none" if int(whole) else "uncoded")
            documents.setdefault(row["document"]["value"], []).append(spoken_on)
        recorded = await visit.things("coverage-of-documents", item=documents)
        about = {iri: recorded.get(iri, RecordedThing(iri)) for iri in sorted(documents)}
        order = sorted(about, key=lambda iri: newest_first(about[iri].one("since"), about[iri].one("until")))
        found = {iri: sorted(documents[iri]) for iri in order}, about
        kept.put(str(asked), found)
    return found
