"""The start page, and the list of questions that the graph answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph_service.catalogue.queries import Catalogue
from graph_service.http.pages.positions import documents_of
from graph_service.http.pages.schema_org import dataset
from graph_service.http.pages.things import RecordedThing, iris_of, of_rows
from graph_service.http.pages.visit import PageContent, Visit
from graph_service.snapshots.snapshot import Manifest


@dataclass(frozen=True)
class FeaturedQuestion:
    """A query of the catalogue as the page of questions shows it.

    Attributes:
        name: of the query.
        title, description: in the language of the page.
        tag: what it is about first of all.
        command: what follows `graph-service query`.
    """

    name: str
    title: str
    description: str
    tag: str
    command: str


@dataclass(frozen=True)
class StartSummary:
    """What the start page shows of a data set.

    Attributes:
        counts: how many things of each kind there are.
        contested: propositions with most voices on both sides, each with fields `for`, `against`, `mixed`.
        newest: documents, the latest first.
    """

    counts: Mapping[str, int]
    contested: Sequence[RecordedThing]
    newest: Sequence[RecordedThing]


def start(manifest: Manifest, licence: str, publisher: str) -> Callable[[Visit], Awaitable[PageContent]]:
    """The start page of a snapshot; licence and publisher as of `schema_org.dataset`."""
    # The whole data set is counted, and it is the same for every visit: so that is done once.
    known: dict[str, StartSummary] = {}

    async def page(visit: Visit) -> PageContent:
        digest = visit.questions.store.digest
        if digest not in known:
            opening = await _opening(visit)
            known.clear()
            known[digest] = opening
        opening = known[digest]
        told = dataset(manifest, visit.call.request.origin, visit.language, licence=licence, publisher=publisher)
        facts = {"manifest": manifest, "opening": opening, "json_ld": lambda: told}
        return PageContent("start", facts, iris_of([*opening.contested, *opening.newest]))

    return page


async def _opening(visit: Visit) -> StartSummary:
    counts, contested, newest = await asyncio.gather(
        visit.rows("counts"), visit.rows("contested"), visit.rows("newest-documents")
    )
    # Asked in two steps: Virtuoso loses values where a subquery with a limit is joined.
    documents = await documents_of(visit, (row["item"]["value"] for row in newest))
    return StartSummary(
        counts={row["kind"]["value"]: int(row["count"]["value"]) for row in counts},
        contested=list(of_rows(contested).values()),
        newest=sorted(documents.values(), key=lambda one: (one.one("since"), one.one("until"), one.iri), reverse=True),
    )


def questions(catalogue: Catalogue) -> Callable[[Visit], Awaitable[PageContent]]:
    """The page of the questions in a catalogue, each with a way into the editor."""

    async def page(visit: Visit) -> PageContent:
        return PageContent("questions", {"examples": list(_examples(catalogue, visit.language))})

    return page


def _examples(catalogue: Catalogue, spoken: str) -> Iterator[FeaturedQuestion]:
    for query in catalogue:
        params = "".join(f" -p {name}={value}" for name, values in query.examples.items() for value in values)
        yield FeaturedQuestion(
            name=query.name,
            title=query.header.title.get(spoken, query.name),
            description=query.header.description.get(spoken, ""),
            tag=next(iter(query.header.tags), ""),
            command=f"{query.name}{params}",
        )
