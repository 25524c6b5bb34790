"""The page that a publisher made for a class: a query file and a template of one name, which `pages.toml` gives it."""

from __future__ import annotations

from collections.abc import Collection

from graph_service.http.web import site
from graph_service.pages.visit import PageContent, Visit
from graph_service.rdf.answers import iris


def page_of(visit: Visit, kinds: Collection[str]) -> str:
    """The name of the page for things of these classes, the first that `pages.toml` lists; empty for none."""
    classes = site.in_force().classes
    return next((name for class_, name in classes.items() if visit.show.names.expand(class_) in kinds), "")


async def own_page(visit: Visit, iri: str, name: str) -> PageContent:
    """The page: `rows` are those of the query file `pages/NAME` for this thing, a value as pages show it by column.

    Raises:
        QueryError: the store did not answer.
    """
    rows = await visit.rows(name, item=[iri])
    shows = {iri, *iris(rows)}
    await visit.label(shows)
    shown = [{column: visit.show.binding(value) for column, value in row.items()} for row in rows]
    return PageContent(f"own/{name}", {"rows": shown}, shows)
