"""The page of a resource: that of its kind, or with `view=statements` all statements about it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from fastapi import APIRouter

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.http.linked_data.documents import known_iri, ontology_fields, resource_fields
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.web import addresses
from graph_service.pages.page_routes import add_page
from graph_service.pages.parts import PAGE
from graph_service.pages.subjects import ontology
from graph_service.pages.subjects.kinds import teller_of
from graph_service.pages.subjects.own_class import own_page, page_of
from graph_service.pages.subjects.schema_org import outline_of
from graph_service.pages.subjects.statements import statements
from graph_service.pages.visit import PageContent, Visit
from graph_service.rdf.namespaces import OWL

_ONTOLOGY = f"{OWL}Ontology"
_IRI = Parameter(type=Type.STRING, required=True, example="http://eurovoc.europa.eu/2509")
_VIEW = Parameter(type=Type.ENUM, values=("statements",))
_PARAMS = {"view": _VIEW, "page": PAGE}


def add_resources(routes: APIRouter) -> None:
    """Add the pages of single resources, and that of the ontology."""
    add_page(routes, "/page/{path:path}", resource, _PARAMS, listed=False)
    add_page(routes, "/page", resource, {**_PARAMS, "iri": _IRI})
    add_page(routes, addresses.ontology(HTML), _ontology, listed=False)


async def resource(visit: Visit) -> PageContent:
    """The page of what the address stands for.

    Raises:
        RequestError: 404.
        QueryError: the store did not answer.
    """
    edition = visit.edition
    iri = await known_iri(edition, visit.request, visit.one("iri"), addresses.below(visit.request))
    outline = await outline_of(visit, iri)
    if not outline.kinds and "#" not in iri:
        # An ontology that is called `…#` has its document here.
        ontology_here = await outline_of(visit, f"{iri}#")
        if _ONTOLOGY in ontology_here.kinds:
            iri, outline = f"{iri}#", ontology_here
    own, teller = "", None
    if not visit.one("view"):
        own, teller = page_of(visit, outline.kinds), teller_of(outline.kinds, edition.names)
    if own or teller is not None:
        page = await own_page(visit, iri, own) if own or teller is None else await teller(visit, iri)
        parts = await edition.descriptions.parts(iri.removesuffix("#"), visit.questions.asked_by(visit.client))
    else:
        page, parts = await statements(visit, iri), []
    documents = [(one, visit.show.data(iri, one)) for one in addresses.DATA]
    # A client that asks for one of these gets this page, and looks for the place of its fragment.
    further = [(one.partition("#")[2], one) for one in parts if one != iri and one not in page.facts.get("placed", ())]
    facts = {
        "iri": iri,
        "parts": further,
        "documents": documents,
        "json_ld": partial(outline.json_ld, visit.show),
        **page.facts,
    }
    fields = resource_fields(edition, visit.request, iri, HTML, {"lang": visit.language})
    return replace(page, facts=facts, shows={*page.shows, *outline.shows, *(one for _, one in further)}, fields=fields)


async def _ontology(visit: Visit) -> PageContent:
    page = await ontology.ontology(visit)
    return replace(page, fields=ontology_fields(visit.request, HTML, {"lang": visit.language}))
