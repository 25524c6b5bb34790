"""The start page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_service.pages.chronology import newest_first
from graph_service.pages.classes import sizes
from graph_service.pages.stances.positions import SharedCautions, documents_of
from graph_service.pages.stances.standings import standings
from graph_service.pages.subjects.schema_org import dataset
from graph_service.pages.things import RecordedThing, iris_of
from graph_service.pages.visit import PageContent, Visit

# Contested propositions on the start page.
_CONTESTED = 6


@dataclass(frozen=True)
class StartSummary:
    """What the start page shows of a data set.

    Attributes:
        counts: how many things of each kind there are.
        contested: propositions with most actors on both sides, and how many actors stand how.
        newest: documents, the latest first.
        classes: by name, with how many things they have; only where the data have none of the things above.
    """

    counts: Mapping[str, int]
    contested: Sequence[tuple[str, Mapping[str, int]]]
    newest: Sequence[RecordedThing]
    classes: Mapping[str, int]


class _Memory:
    """What is kept for a data set: it is counted as a whole, and the same for every visit."""

    def __init__(self) -> None:
        self.summary: StartSummary | None = None


async def start(visit: Visit) -> PageContent:
    """The start page."""
    edition = visit.edition
    memory = edition.remembered("start", _Memory)
    if memory.summary is None:
        memory.summary = await _opening(visit)
    opening = memory.summary
    described = dataset(
        edition.manifest, visit.request.origin, visit.language, licence=edition.licence, publisher=edition.publisher
    )
    await visit.label(opening.classes)
    classes = [(one, opening.classes[one]) for one in visit.by_name(opening.classes)]
    facts = {
        "manifest": edition.manifest,
        "opening": opening,
        "notes": SharedCautions([one.all("caution") for one in opening.newest]),
        "classes": classes,
        "json_ld": lambda: described,
    }
    return PageContent("start", facts, {one for one, _ in opening.contested} | iris_of(opening.newest))


async def _opening(visit: Visit) -> StartSummary:
    counts, known, newest = await asyncio.gather(visit.rows("counts"), standings(visit), visit.rows("newest-documents"))
    # Asked in two steps: Virtuoso loses values where a subquery with a limit is joined.
    documents = await documents_of(visit, (row["item"]["value"] for row in newest))
    return StartSummary(
        classes={} if counts else await sizes(visit),
        counts={row["kind"]["value"]: int(row["count"]["value"]) for row in counts},
        contested=[(one, known.counts[one]) for one in known.contested(_CONTESTED)],
        newest=sorted(documents.values(), key=lambda one: (newest_first(one.one("since"), one.one("until")), one.iri)),
    )
