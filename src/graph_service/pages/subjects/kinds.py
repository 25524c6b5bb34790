"""The page for each class of resources; any other resource gets the page of its statements."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TypeAlias

from graph_service.pages.stances.votes import roll_call
from graph_service.pages.subjects.actor import actor
from graph_service.pages.subjects.body import body
from graph_service.pages.subjects.concept import concept, scheme
from graph_service.pages.subjects.document import document
from graph_service.pages.subjects.issues import issue
from graph_service.pages.subjects.ontology import ontology_at
from graph_service.pages.subjects.position import position
from graph_service.pages.subjects.proposition import proposition
from graph_service.pages.subjects.relation import relation
from graph_service.pages.visit import PageContent, Visit
from graph_service.rdf.namespaces import Names

Teller: TypeAlias = Callable[[Visit, str], Awaitable[PageContent]]

# The first that fits: classes of the ontology by CURIE, concepts by the scheme they are in.
TELLERS: Mapping[str, Teller] = {
    "mp:Body": body,
    "mp:Actor": actor,
    "mp:Document": document,
    "mp:Proposition": proposition,
    "mp:Position": position,
    "mp:Relation": relation,
    "mp:RollCall": roll_call,
    "id/scheme/issues": issue,
    "mp:Instrument": concept,
    "skos:Concept": concept,
    "skos:ConceptScheme": scheme,
    "owl:Ontology": ontology_at,
}


def teller_of(kinds: Iterable[str], names: Names) -> Teller | None:
    """The function that makes the page of a thing in these classes and schemes; None if there is none."""
    short = {names.shorten(kind) for kind in kinds}
    return next((teller for kind, teller in TELLERS.items() if kind in short), None)
