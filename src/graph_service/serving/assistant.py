"""The tools of `/mcp` over standard input and output, for one assistant on this machine.

Queries run in workers, as those of the service do. What is made of their answers is computed in this process, which
serves nobody else.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlsplit

from mcp.server.stdio import stdio_server

from graph_service.catalogue.query_files import QueryFiles
from graph_service.http.mcp import client_queries
from graph_service.http.mcp.server import server
from graph_service.http.web import site
from graph_service.http.web.edition import EDITION
from graph_service.rdf import guard
from graph_service.rdf.formats import Form
from graph_service.serving.kept import PREFIX
from graph_service.serving.press import Press, held
from graph_service.serving.route_settings import RouteSettings
from graph_service.serving.routes import edition, framework
from graph_service.settings import ServeSettings
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import forked

CLIENT = "stdio"


async def run(settings: ServeSettings, snapshot: Snapshot, queries: QueryFiles) -> None:
    """Answer until standard input ends.

    Args:
        settings: limits of a query, and where the edition is served, if anywhere, for permalinks.
        snapshot: what is asked.
        queries: the query files.

    Raises:
        GraphServiceError: the snapshot cannot be opened, or a query file is wrong.
    """
    site.use(site.of(settings, of_model=queries.of_model))
    routes = RouteSettings(settings, queries)
    with held(snapshot):
        opened = await Press(routes, roles=forked.ROLES).open(snapshot, workers=1)
        try:
            scope: dict[str, Any] = {
                "app": framework(routes),
                EDITION: edition(routes, opened.store, snapshot),
                "client": (CLIENT, 0),
                **_address(settings),
            }
            made = server(
                lambda _: scope,
                lambda _: partial(client_queries.run, store=opened.store, form_of=_guard, client=CLIENT),
            )
            async with stdio_server() as (read, write):
                await made.run(read, write, made.create_initialization_options())
        finally:
            await opened.close()


async def _guard(text: str, _: str) -> Form:
    return guard.inspect(text).form


def _address(settings: ServeSettings) -> dict[str, str]:
    """Where answers stay: below the first address under which the service is reached."""
    if not settings.public_url:
        return {"site": "", "root_path": ""}
    parts = urlsplit(settings.public_url[0])
    root = parts.path.rstrip("/")
    return {"site": f"{parts.scheme}://{parts.netloc}", "root_path": root, "editions": f"{root}{PREFIX}"}
