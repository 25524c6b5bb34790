"""Coverage: which document was searched for which issue, as `/api/coverage` answers it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeAlias

from graph_service.http.api.comparing import ACTOR, FILTERS
from graph_service.http.pages.choices import choices_of
from graph_service.http.pages.comparing import common_facts
from graph_service.http.pages.parts import PAGE, part_of
from graph_service.http.pages.things import RecordedThing
from graph_service.http.pages.visit import PageContent, Visit
from graph_service.http.protocol.cache import Recent

PARAMS = {"actor": ACTOR, "issue": FILTERS["issue"], "page": PAGE}
# Documents at a time.
_FEW = 40
_KEPT = 16
# Issues by document, each with its number of positions and the kind of silence where there are none.
_Coverage: TypeAlias = dict[str, list[tuple[str, int, str]]]


class _Memory:
    """What is kept for a data set: the last few answers, which serve all parts of the list and both languages."""

    def __init__(self) -> None:
        self.documents: Recent[str, _Coverage] = Recent(_KEPT)
        self.extents: Recent[str, list[tuple[str, int]]] = Recent(_KEPT)


async def coverage(visit: Visit) -> PageContent:
    """Which document was searched for which issue, a few documents at a time."""
    choices = await choices_of(visit)
    every = await _searched(visit)
    part = part_of(visit, list(every), _FEW)
    found = {document: every[document] for document in part.entries}
    about = await visit.things("coverage-of-documents", item=found)
    shown = {issue for spoken_on in found.values() for issue, _, _ in spoken_on}
    about = {document: about.get(document, RecordedThing(document)) for document in found}
    shown |= {how for thing in about.values() for how in thing.all("how")}
    extents = await _extents(visit, every)
    facts = {"choices": choices, "documents": found, "about": about, "part": part, "extents": extents}
    shown |= {how for how, _ in extents}
    return PageContent("coverage", common_facts(visit) | facts, shown | set(found))


async def _extents(visit: Visit, documents: Iterable[str]) -> list[tuple[str, int]]:
    """To which extent the documents that meet the filters were gone through, each with how many were, most first."""
    kept, asked = visit.edition.remembered("coverage", _Memory).extents, str(_asked(visit))
    found = kept.get(asked)
    if found is None:
        about = await visit.things("coverage-of-documents", item=documents)
        found = Counter(how for thing in about.values() for how in thing.all("how")).most_common()
        kept.put(asked, found)
    return found


def _asked(visit: Visit) -> dict[str, list[str]]:
    return {name: visit.arguments.get(name, []) for name in ("actor", "issue")}


async def _searched(visit: Visit) -> _Coverage:
    """What the documents that meet the filters of the visit were searched for."""
    kept, asked = visit.edition.remembered("coverage", _Memory).documents, _asked(visit)
    found = kept.get(str(asked))
    if found is None:
        documents: _Coverage = {}
        for row in await visit.rows("coverage", **asked):
            issue, number, whole = (row[name]["value"] for name in ("issue", "positions", "searched"))
            spoken_on = (issue, int(number), "none" if int(whole) else "uncoded")
            documents.setdefault(row["document"]["value"], []).append(spoken_on)
        found = {document: sorted(documents[document]) for document in sorted(documents)}
        kept.put(str(asked), found)
    return found
