"""Pages that count over all data are visited once in the keeper: workers forked afterwards have what they found.

A worker that counts over much data has much memory of its own afterwards, so it leaves, and the next one would count
again: a second for each visit of the page of an ontology whose terms are used a million times. Over the shipped data,
the first visit of the list of positions costs 170 ms in each new worker, and 10 ms after this. The page
of the operations has FastAPI make the OpenAPI document, which takes 400 ms.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message, Scope

from graph_service.http.protocol.negotiation import HTML
from graph_service.http.protocol.request import with_body
from graph_service.http.web import addresses
from graph_service.http.web.edition import EDITION, Edition
from graph_service.rdf.answers import Row

_COUNTED = ("/matrix", "/positions", "/coverage", "/sparql", "/docs", "/ontology.html", "/network", "/changes")
# The first of these reads what all texts for legislatures say, and how all actors stand to each other.
_ONE_OF = ("mp:Actor", "mp:Proposition")
_KINDS = ("owl:Ontology", "skos:ConceptScheme")
_MOST = 20
# Larger classes take more than a page may cost to be sorted: 350 ms for 20,000 things. Of these so many are listed.
_LARGE, _MOST_CLASSES = 1000, 8


async def visit_counted(routes: ASGIApp, edition: Edition) -> None:
    """Visit the pages that count all positions or list all terms or operations; arguments as `visit_terms`."""
    for path in _COUNTED:
        await _ask(routes, edition, path)
    await _ask_for(routes, edition, _ONE_OF, 1)


async def visit_terms(routes: ASGIApp, edition: Edition) -> None:
    """Visit the page of classes, the lists of large ones, and the pages of ontologies, schemes and wide concepts.

    Args:
        routes: the application that has them.
        edition: what they answer from; it remembers what they counted.
    """
    await _ask(routes, edition, "/things")
    sizes = {row["class"]["value"]: int(row["count"]["value"]) for row in await _rows(edition, "classes")}
    large = sorted((one for one, size in sizes.items() if size > _LARGE), key=lambda one: (-sizes[one], one))
    for one in large[:_MOST_CLASSES]:
        await _ask(routes, edition, f"/things?{urlencode({'class': one})}")
    await _ask_for(routes, edition, _KINDS, _MOST)
    for row in await _rows(edition, "wide-concepts"):
        await _ask(routes, edition, addresses.document(edition.names, row["item"]["value"], HTML))


async def _rows(edition: Edition, file: str) -> list[Row]:
    return await edition.questions.rows(edition.page_file(file).bind({}, edition.names))


async def _ask_for(routes: ASGIApp, edition: Edition, kinds: Iterable[str], most: int) -> None:
    """Visit the pages of the first things of each class."""
    for kind in kinds:
        query = edition.page_file("things-of-a-class").bind({"class": [kind]}, edition.names)
        rows = await edition.questions.rows(query)
        for row in rows[:most]:
            await _ask(routes, edition, addresses.document(edition.names, row["item"]["value"], HTML))


async def _ask(routes: ASGIApp, edition: Edition, address: str) -> None:
    path, _, query = address.partition("?")
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"accept", HTML.media_type.encode())],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
        EDITION: edition,
    }
    await routes(scope, with_body(b""), _nowhere)


async def _nowhere(message: Message) -> None:
    """What is answered is of no interest; a page that cannot be made says so to its readers."""
