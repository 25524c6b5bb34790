"""`/llms.txt`: what there is to read, for language models (llmstxt.org: title, summary, notes, lists of links).

The notes come before the links: what a reader must know before quoting. In English unless `lang=de` asks for German,
since whoever reads it asks for no language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from graph_service.catalogue.queries import Catalogue
from graph_service.http import web
from graph_service.http.protocol import negotiation
from graph_service.http.protocol.request import Request
from graph_service.http.web.call import Language, respond
from graph_service.http.web.edition import CurrentEdition, Edition
from graph_service.http.web.media import TEXT
from graph_service.http.web.routes import CurrentRequest, PageRoute

PATH = "/llms.txt"
# In each section: address, and the words of its name and of its sentence.
_SECTIONS = {
    "llms.read": (
        ("/actors", "nav.actors", "llms.actors"),
        ("/propositions", "nav.propositions", "llms.propositions"),
        ("/issues", "nav.issues", "llms.issues"),
        ("/documents", "nav.documents", "llms.documents"),
        ("/matrix", "nav.matrix", "llms.matrix"),
        ("/coverage", "coverage.title", "coverage.about"),
        ("/votes", "nav.votes", "vote.about"),
        ("/ontology.html", "ontology.title", "llms.ontology"),
    ),
    "llms.ask": (
        ("/openapi.json", "llms.openapi.name", "llms.openapi"),
        ("/docs", "nav.docs", "llms.docs"),
        ("/api/search?q=Asyl", "llms.search.name", "llms.search"),
        ("/sparql", "nav.sparql", "llms.sparql"),
        ("/reconcile", "llms.reconcile.name", "llms.reconcile"),
    ),
    "llms.data": (
        ("/dump", "nav.dumps", "llms.dump"),
        ("/catalog.json", "llms.editions.name", "llms.editions"),
        ("/catalogue", "llms.catalogue.name", "llms.catalogue"),
        ("/.well-known/void", "llms.void.name", "llms.void"),
        ("/sitemap.xml", "llms.sitemap.name", "llms.sitemap"),
    ),
}

# Instead of these, where the data are in another model.
_OF_OTHERS = {
    "llms.read": (("/things", "things.title", "things.about"), ("/ontology.html", "ontology.title", "llms.ontology")),
    "llms.ask": tuple(link for link in _SECTIONS["llms.ask"] if link[0] in ("/openapi.json", "/docs", "/sparql")),
}


def llms_router(catalogue: Catalogue, *, of_model: bool) -> APIRouter:
    """The route.

    Args:
        catalogue: has the named queries.
        of_model: whether the data are in the shipped model, which has pages and notes of its own.
    """
    routes = APIRouter(route_class=PageRoute)

    async def llms(edition: CurrentEdition, request: CurrentRequest, lang: Language = None) -> Response:
        spoken = negotiation.language(lang or "en", web.LANGUAGES)
        body = "\n".join(_lines(edition, request, catalogue, spoken, of_model)) + "\n"
        return respond(body.encode(), TEXT.content_type, ((b"content-language", spoken.encode()),))

    routes.add_api_route(PATH, llms, include_in_schema=False, response_class=Response)
    return routes


def _lines(edition: Edition, request: Request, catalogue: Catalogue, spoken: str, of_model: bool) -> Iterator[str]:
    words = web.words(spoken)
    yield from (f"# {words['title']}", "", f"> {words['start.about']}", "")
    yield from (f"- {note}" for note in _notes(edition, request, words, of_model))
    for heading, links in (_SECTIONS if of_model else _SECTIONS | _OF_OTHERS).items():
        yield from ("", f"## {words[heading]}", "")
        yield from (_link(request, path, words[name], words[sentence]) for path, name, sentence in links)
    yield from ("", f"## {words['nav.questions']}", "")
    for query in catalogue:
        path = f"/api/queries/{query.name}?{urlencode({**query.examples, 'lang': spoken}, doseq=True, safe='/:')}"
        title, about = (text.get(spoken, query.name) for text in (query.header.title, query.header.description))
        yield _link(request, path, title, about)


def _notes(edition: Edition, request: Request, words: Mapping[str, str], of_model: bool) -> Iterator[str]:
    """What a reader must know before quoting."""
    yield words["llms.stated"].format(graph=edition.manifest.inferred_graph)
    if of_model:
        yield words["llms.silence"]
    if words["footer.caution"]:
        yield words["footer.caution"]
    yield words["llms.cite"].format(digest=edition.digest, triples=edition.manifest.triples)
    if "editions" in request.scope:
        yield words["llms.address"].format(address=f"{request.site}{request.scope['editions']}{edition.digest}/")
    if edition.queried and find_spec("mcp") is not None:
        yield words["llms.mcp"].format(address=f"{request.origin}/mcp")
    if edition.licence:
        yield f"{words['licence.data']} {edition.licence}"


def _link(request: Request, path: str, name: str, sentence: str) -> str:
    # A bracket in a name would end it.
    plain = name.replace("[", "(").replace("]", ")")
    return f"- [{plain}]({request.origin}{path}): {' '.join(sentence.split())}"
