"""The start page, and the list of questions that the graph answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from graph_service.formats import by_name
from graph_service.guard import inspect
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
        answer: address of its answer, below the root of the service.
    """

    name: str
    title: str
    description: str
    tag: str
    command: str
    answer: str


def start(manifest: Manifest) -> Callable[[Visit], Awaitable[Page]]:
    """The start page of a snapshot."""

    async def page(visit: Visit) -> Page:
        counts = {row["kind"]["value"]: int(row["count"]["value"]) for row in await visit.rows("counts")}
        return Page("start", {"manifest": manifest, "counts": counts})

    return page


def questions(manifest: Manifest, catalogue: Catalogue) -> Callable[[Visit], Awaitable[Page]]:
    """The page of the questions in a catalogue, each with an example that answers."""
    # Neither the catalogue nor the snapshot changes while it is served.
    examples = cache(lambda spoken, root: tuple(_examples(manifest, catalogue, spoken, root)))

    async def page(visit: Visit) -> Page:
        return Page("questions", {"examples": examples(visit.language, visit.show.root)})

    return page


def _examples(manifest: Manifest, catalogue: Catalogue, spoken: str, root: str) -> Iterator[Example]:
    for query in catalogue:
        text = query.bind(query.examples, manifest.names)
        wanted = by_name(inspect(text).form, None)
        params = "".join(f" -p {name}={value}" for name, values in query.examples.items() for value in values)
        yield Example(
            name=query.name,
            title=query.header.title.get(spoken, query.name),
            description=query.header.description.get(spoken, ""),
            tag=next(iter(query.header.tags), ""),
            command=f"{query.name}{params}",
            answer=f"{root}/sparql?query={quote(_without_header(text))}&format={wanted.name}",
        )


def _without_header(text: str) -> str:
    """The query alone, for a link that is not longer than it must be."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))
