"""What crawlers ask for: the sitemap (sitemaps.org, protocol 0.9) and robots.txt (RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from starlette.responses import Response

from graph_service.http import web
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.protocol.problems import RequestError
from graph_service.http.web import addresses
from graph_service.http.web.call import respond
from graph_service.http.web.edition import CurrentEdition
from graph_service.http.web.forwarding import PUBLISHED
from graph_service.http.web.routes import CurrentRequest
from graph_service.rdf.namespaces import Names
from graph_service.snapshots.publication import read_resources

# What one sitemap may list.
MOST_ADDRESSES = 50_000
_SERVICE = """\
# Read what you like without parameters: pages, data, dumps, the lists and items of the API, /openapi.json, /docs.
# An address with parameters is one of endlessly many, and each costs a query. These few are finite.
User-agent: *
Disallow: {root}/*?
{finite}
# An old edition is the whole site once more; /catalog.json lists them.
Disallow: {root}/edition/
{editions}
"""
_SPOKEN = tuple(f"*?lang={one}$" for one in web.LANGUAGES)
_FINITE = (*_SPOKEN, "page?iri=", "data?iri=", "graphs?graph=", "sitemap.xml?part=")
_FILES = """\
# All of this is files.
User-agent: *
Disallow:
"""
_PLACES = """
# For programs that read: {origin}/llms.txt
Sitemap: {origin}/sitemap.xml
"""


async def robots(request: CurrentRequest) -> Response:
    """Everything finite may be read: the longer of two rules that match counts (RFC 9309, section 2.2.2)."""
    root = request.scope.get("root_path", "")
    finite = "\n".join(f"Allow: {root}/{path}" for path in _FINITE)
    # Longer than the rules that open the same parameters elsewhere.
    editions = "\n".join(f"Disallow: {root}/edition/{path}" for path in _SPOKEN)
    body = _SERVICE.format(root=root, finite=finite, editions=editions) + _PLACES.format(origin=request.origin)
    return respond(body.encode(), "text/plain; charset=utf-8")


def robots_of_files(url: str) -> str:
    """The robots.txt of an exported site at a URL without a slash at the end."""
    return _FILES + _PLACES.format(origin=url)


async def sitemap(edition: CurrentEdition, request: CurrentRequest, part: str = "") -> Response:
    """All pages; of more than one map may list, a list of maps."""
    iris = read_resources(Path(request.scope[PUBLISHED]))
    return respond(listed(iris, edition.names, request.origin, part), "application/xml")


def listed(iris: Sequence[str], names: Names, origin: str, part: str) -> bytes:
    """The sitemap of these resources, or a part of it.

    Args:
        iris: of all resources.
        names: those of the data set.
        origin: scheme and host of the service.
        part: its number, from 1; empty for the whole, which is a list of parts if there are too many addresses for one.

    Raises:
        RequestError: there is no such part.
    """
    parts = -(-len(iris) // MOST_ADDRESSES)
    if part:
        if not part.isdecimal() or not 1 <= int(part) <= parts:
            raise RequestError(404, "There is no such part of the sitemap.")
        iris = iris[(int(part) - 1) * MOST_ADDRESSES : int(part) * MOST_ADDRESSES]
    elif parts > 1:
        return sitemap_xml("sitemapindex", "sitemap", (f"{origin}/sitemap.xml?part={n + 1}" for n in range(parts)))
    pages = (_page(names, iri) for iri in iris)
    return sitemap_xml("urlset", "url", (origin + page for page in pages))


def _page(names: Names, iri: str) -> str:
    return addresses.ontology(HTML) if iri == f"{names.base}ontology" else addresses.document(names, iri, HTML)


def sitemap_xml(outer: str, inner: str, places: Iterable[str]) -> bytes:
    """A sitemap (`urlset` of `url`) or a list of sitemaps (`sitemapindex` of `sitemap`), sitemaps.org, protocol 0.9."""
    entries = "".join(f"<{inner}><loc>{escape(place)}</loc></{inner}>\n" for place in places)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</{outer}>\n'.encode()
