"""The start page, and the list of questions that the graph answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from graph_service.http.pages.visit import Page, Visit
from graph_service.queries import Catalogue
from graph_service.snapshot import Manifest


@dataclass(frozen=True)
class Example:
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


def start(manifest: Manifest) -> Callable[[Visit], Awaitable[Page]]:
    """The start page of a snapshot."""

    async def page(visit: Visit) -> Page:
        counts = {row["kind"]["value"]: int(row["count"]["value"]) for row in await visit.rows("counts")}
        return Page("start", {"manifest": manifest, "counts": counts})

    return page


def questions(catalogue: Catalogue) -> Callable[[Visit], Awaitable[Page]]:
    """The page of the questions in a catalogue, each with a way into the editor."""

    async def page(visit: Visit) -> Page:
        return Page("questions", {"examples": list(_examples(catalogue, visit.language))})

    return page


def _examples(catalogue: Catalogue, spoken: str) -> Iterator[Example]:
    for query in catalogue:
        params = "".join(f" -p {name}={value}" for name, values in query.examples.items() for value in values)
        yield Example(
            name=query.name,
            title=query.header.title.get(spoken, query.name),
            description=query.header.description.get(spoken, ""),
            tag=next(iter(query.header.tags), ""),
            command=f"{query.name}{params}",
        )
